internal import Foundation

/// Where the eye is [m], and where it looks: a vector of length 1.
typealias SightLine = (origin: SIMD3<Double>, direction: SIMD3<Double>)

/// Where an eye tracker's frame is in the arm's base: `baseFromTracker`.
public struct TrackerPose: Sendable, Equatable {
  /// The tracker's axes in the base.
  public var axes: [SIMD3<Double>]
  /// The tracker's origin in the base [m].
  public var origin: SIMD3<Double>

  public static let identity = TrackerPose(axes: [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], origin: .zero)

  /// - Precondition: Three unit vectors at right angles, right-handed.
  public init(axes: [SIMD3<Double>], origin: SIMD3<Double>) {
    precondition(axes.count == 3, "a frame has three axes, not \(axes.count)")
    self.axes = axes
    self.origin = origin
  }

  public func baseDirection(_ direction: SIMD3<Double>) -> SIMD3<Double> {
    axes[0] * direction.x + axes[1] * direction.y + axes[2] * direction.z
  }

  public func basePoint(_ point: SIMD3<Double>) -> SIMD3<Double> { origin + baseDirection(point) }

  /// The pose that takes sight lines nearest to the points that were looked at, by Gauss and Newton from every way a tracker can be
  /// turned by right angles.
  ///
  /// - Parameters:
  ///   - lines: In the tracker's frame; directions of length 1.
  ///   - points: In the base frame [m]; as many, at least four.
  ///   - weights: As many.
  ///   - start: A pose nearby, if one is known.
  /// - Returns: nil where the lines do not determine it.
  static func fitting(
    _ lines: [SightLine], to points: [SIMD3<Double>], weights: [Double], from start: TrackerPose? = nil
  ) -> TrackerPose? {
    guard lines.count >= 4 else { return nil }
    var best: (pose: TrackerPose, cost: Double)?
    for first in start.map({ [$0] }) ?? rightAngles.map({ TrackerPose(axes: $0, origin: .zero) }) {
      var pose = first
      for _ in 0..<40 {
        guard let better = pose.improved(lines, points, weights) else { break }
        let isDone = (better.origin - pose.origin).length < 1e-9 && (better.axes[0] - pose.axes[0]).length < 1e-10
        pose = better
        if isDone { break }
      }
      var cost = 0.0
      for index in lines.indices {
        let distance = pose.distance(of: points[index], from: lines[index])
        cost += weights[index] * distance * distance
      }
      if cost.isFinite, cost < best?.cost ?? .infinity { best = (pose, cost) }
    }
    return best?.pose
  }

  /// How far a point is from a sight line [m]; infinite behind the eye.
  func distance(of point: SIMD3<Double>, from line: SightLine) -> Double {
    let offset = point - basePoint(line.origin)
    let direction = baseDirection(line.direction)
    let ahead = offset.dot(direction)
    return ahead > 0 ? (offset - direction * ahead).length : .infinity
  }

  /// One step of Gauss and Newton. Turning the tracker by ω and moving it by δ moves the eye by δ + ω × o and turns the line by ω × d; the
  /// residual is the part of point − eye across the line.
  private func improved(_ lines: [SightLine], _ points: [SIMD3<Double>], _ weights: [Double]) -> TrackerPose? {
    var rows: [(row: [Double], value: Double, weight: Double)] = []
    for index in lines.indices {
      let turnedOrigin = baseDirection(lines[index].origin)
      let direction = baseDirection(lines[index].direction)
      let offset = points[index] - origin - turnedOrigin
      let ahead = offset.dot(direction)
      let first = (abs(direction.x) < 0.8 ? SIMD3(1.0, 0, 0) : SIMD3(0, 1.0, 0)).cross(direction).unit
      for across in [first, direction.cross(first)] {
        // across·(offset − δ − ω × o) − ahead · across·(ω × d) = 0, with across·(ω × v) = ω·(v × across)
        let turning = turnedOrigin.cross(across) + direction.cross(across) * ahead
        rows.append(([across.x, across.y, across.z, turning.x, turning.y, turning.z], across.dot(offset), weights[index]))
      }
    }
    guard let x = leastSquares(rows) else { return nil }
    let turn = SIMD3(x[3], x[4], x[5])
    let angle = turn.length
    let limited = angle > 0.5 ? turn * (0.5 / angle) : turn
    let turned = axes.map { rotated($0, by: limited) }
    let xAxis = turned[0].unit
    let zAxis = xAxis.cross(turned[1]).unit
    return TrackerPose(axes: [xAxis, zAxis.cross(xAxis), zAxis], origin: origin + SIMD3(x[0], x[1], x[2]))
  }

  /// The 24 rotations that take axes to axes.
  private static let rightAngles: [[SIMD3<Double>]] = {
    let units = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0)].flatMap { [$0, -$0] }
    return units.flatMap { x in units.filter { $0.dot(x) == 0 }.map { [x, $0, x.cross($0)] } }
  }()
}

/// A vector turned by a rotation vector [rad] (Rodrigues).
private func rotated(_ vector: SIMD3<Double>, by turn: SIMD3<Double>) -> SIMD3<Double> {
  let angle = turn.length
  guard angle > 1e-12 else { return vector + turn.cross(vector) }
  let axis = turn / angle
  return vector * cos(angle) + axis.cross(vector) * sin(angle) + axis * (axis.dot(vector) * (1 - cos(angle)))
}
