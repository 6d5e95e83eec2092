internal import Foundation

/// A table seen by an eye 0.7 m away and 45° above it, nine targets 80 mm apart on it, and a tracker of which only its samples are known.
enum TrialTable {
  static let targets: [GazeTarget] = (0..<9).map { index in
    let (row, column) = (Double(index / 3 - 1), Double(index % 3 - 1))
    return GazeTarget(name: "target\(index + 1)", position: SIMD2(0.25 + 0.08 * row, 0.08 * column), radius: 0.015)
  }
  /// Looks at it confirm, where looks do.
  static let go = GazeTarget(name: "go", position: SIMD2(0.25, -0.22), radius: 0.03)
  static let plane = TablePlane(height: 0.02)
  static let view = ViewGeometry(size: SIMD2(0.6, 0.45), distance: 0.7)
  static let middle = plane.point(at: SIMD2(0.25, 0))
  /// Ahead, to the right and downwards of somebody who sits behind the far end of the table.
  static let ahead = SIMD3<Double>(-0.5.squareRoot(), 0, -0.5.squareRoot())
  static let right = SIMD3<Double>(0, 1, 0)
  static let down = SIMD3<Double>(0.5.squareRoot(), 0, -0.5.squareRoot())
  static let eye: SIMD3<Double> = middle - ahead * 0.7

  /// Where a place of the table is seen [rad].
  static func angle(of place: SIMD2<Double>) -> SIMD2<Double> {
    let offset = plane.point(at: place) - eye
    let (x, y, z) = ((offset * right).sum(), (offset * down).sum(), (offset * ahead).sum())
    return SIMD2(atan2(x, z), atan2(y, z))
  }

  /// The place of the table at a visual angle.
  static func place(at angle: SIMD2<Double>) -> SIMD2<Double> {
    let line: SIMD3<Double> = ahead + right * tan(angle.x) + down * tan(angle.y)
    return plane.crossing(from: eye, along: line) ?? SIMD2(.nan, .nan)
  }

  static func sample(_ look: SyntheticEye.Look) -> GazeSample {
    let share = look.measured.map { view.share(at: $0) } ?? .zero
    return GazeSample(time: look.time, look: .screen(share), confidence: look.measured == nil ? 0 : 1, isValid: look.measured != nil)
  }

  /// Looks at a grid of points that the arm shows one after the other, one second each.
  static func calibrated(_ eye: inout SyntheticEye, by points: Int = 3, over wire: GazeTrial.Wire = { $0 }) throws(CalibrationError)
    -> GazeCalibration
  {
    var found: [CalibrationPoint] = []
    for row in 0..<points {
      for column in 0..<points {
        let share = SIMD2<Double>(Double(row), Double(column)) / Double(points - 1) * 2 - 1
        let target = SIMD2<Double>(0.25, 0) + share * SIMD2<Double>(0.1, 0.12)
        eye.look(at: angle(of: target))
        let begin = eye.time
        var looks: [GazeSample.Look] = []
        while eye.time < begin + 1.6 {
          let look = eye.next()
          if eye.time > begin + 0.6, look.measured != nil, let sample = wire(Self.sample(look)) { looks.append(sample.look) }
        }
        found.append(try CalibrationPoint(looks: looks, at: target, view: view))
      }
    }
    return try GazeCalibration(found, on: plane, view: view)
  }
}
