internal import Foundation
internal import Gaze

/// Looks that are made here: of a synthetic eye, or of the terminal's pointer. Their shares are of the table's area itself.
struct GazePuppet {
  private enum Kind {
    case eye(SyntheticEye)
    case pointer(SIMD2<Double>?)
  }

  private let area: GazeArea
  private let view: ViewGeometry
  private var kind: Kind
  private let period: Double
  private var start: Double
  private var made = 0.0
  private var lastPlace: SIMD2<Double>?

  /// - Parameter start: The present time [s].
  /// - Returns: nil for looks that come from outside.
  init?(_ address: GazeAddress, area: GazeArea, at start: Double) {
    view = Self.view(of: area)
    switch address {
    case .synthetic(let settings):
      kind = .eye(SyntheticEye(settings: settings))
      period = 1 / settings.rate
    case .mouse:
      kind = .pointer(nil)
      period = 1 / 60
    default: return nil
    }
    self.area = area
    self.start = start
  }

  /// The area seen from straight above, 0.7 m away.
  static func view(of area: GazeArea) -> ViewGeometry { ViewGeometry(size: SIMD2(area.size.y, area.size.x), distance: 0.7) }

  /// The map that makes places of such shares: x away from the viewer, y to the left, as somebody sees it who sits behind the base.
  static func calibration(of area: GazeArea, on plane: TablePlane, noise: Double) -> GazeCalibration {
    let (size, upper) = (area.size, area.upper)
    // x = upper.x − v · size.x, y = upper.y − u · size.y
    let map = Homography(elements: [0, -size.x, upper.x, -size.y, 0, upper.y, 0, 0])
    return GazeCalibration(
      plane: plane, map: .screen(map), residuals: [], view: view(of: area), noise: noise, noiseOnTable: noise * view(of: area).distance)
  }

  static func noise(of address: GazeAddress) -> Double { if case .synthetic(let settings) = address { settings.noise } else { 0.1 * .pi / 180 } }

  private func share(of place: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2((area.upper.y - place.y) / area.size.y, (area.upper.x - place.x) / area.size.x)
  }

  /// When the next look is due [s].
  var deadline: Double { start + (made + 1) * period }

  /// The looks up to now; after a pause in which nobody asked, only the latest.
  mutating func looks(upTo time: Double) -> [GazeSample] {
    if time - deadline > 0.2 { start = time - (made + 1) * period }
    var looks: [GazeSample] = []
    while deadline <= time {
      let stamp = deadline
      made += 1
      switch kind {
      case .eye(var eye):
        let look = eye.next()
        kind = .eye(eye)
        looks.append(
          GazeSample(
            time: stamp, look: .screen(look.measured.map { view.share(at: $0) } ?? .zero), confidence: look.measured == nil ? 0 : 1,
            isValid: look.measured != nil))
      case .pointer(let share?): looks.append(GazeSample(time: stamp, look: .screen(share)))
      case .pointer(nil): break
      }
    }
    return looks
  }

  /// Tells the eye where to look.
  /// - Parameter again: Whether to tell it also if it has been told so last.
  mutating func look(at place: SIMD2<Double>, again: Bool = true) {
    guard case .eye(var eye) = kind, again || place != lastPlace else { return }
    lastPlace = place
    eye.look(at: view.angle(of: share(of: place)))
    kind = .eye(eye)
  }

  mutating func browse(_ places: [SIMD2<Double>]) {
    guard case .eye(var eye) = kind else { return }
    lastPlace = nil
    eye.browse(places.map { view.angle(of: share(of: $0)) })
    kind = .eye(eye)
  }

  mutating func close() {
    guard case .eye(var eye) = kind else { return }
    eye.close(for: 0.5)
    kind = .eye(eye)
  }

  /// Puts the pointer somewhere in the picture, as shares of it; nil: it has left.
  mutating func point(_ share: SIMD2<Double>?) { if case .pointer = kind { kind = .pointer(share) } }

  /// Moves the pointer by arrow keys.
  mutating func nudge(_ step: SIMD2<Double>) {
    guard case .pointer(let share) = kind else { return }
    kind = .pointer(pointwiseMin(pointwiseMax((share ?? SIMD2(0.5, 0.5)) + step, .zero), .one))
  }
}
