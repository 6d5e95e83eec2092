internal import Foundation
internal import Gaze

/// A calibration under way: the arm shows one point of the table after the other, and the looks at each are kept. A point that it cannot show is
/// left out, and one from between the others is shown in its place.
struct GazeCalibrating: Equatable, Sendable {
  enum Stage: Equatable, Sendable {
    /// The arm is on its way to the point.
    case moving
    /// The arm shows it since then [s].
    case looking(since: Double)
  }

  /// A point that the arm could not show.
  struct Omission: Equatable, Sendable {
    /// In the plane's coordinates [m].
    var place: SIMD2<Double>
    var why: String
  }

  /// Where the arm's joints were when it all began [rad; m]; nil where there is no going back to.
  let start: [Double]?
  private(set) var done: [CalibrationPoint] = []
  private(set) var leftOut: [Omission] = []
  private(set) var stage = Stage.moving
  private(set) var looks: [GazeSample.Look] = []
  /// Still to be shown, in the plane's coordinates [m]: the present one first.
  private var ahead: [SIMD2<Double>]
  /// Are shown in place of those that are left out.
  private var spares: [SIMD2<Double>]

  /// How long the eyes take to get there, and how long they are watched then [s].
  static let settling = 0.7
  static let watching = 1.3
  /// Whoever does not look after this time is not there [s].
  static let patience = 6.0

  init(area: GazeArea, start: [Double]?) {
    self.start = start
    ahead = area.grid(rows: 3, columns: 3)
    spares = area.cells(rows: 2, columns: 2)
  }

  /// The point that is shown, or about to be, in the plane's coordinates [m].
  var point: SIMD2<Double>? { ahead.first }
  /// How many points it will have.
  var count: Int { done.count + ahead.count }

  /// How much of the present point's looks is there, 0 to 1.
  func share(at time: Double) -> Double {
    guard case .looking(let since) = stage else { return 0 }
    return min(1, max(0, (time - since - Self.settling) / Self.watching))
  }

  mutating func arrive(at time: Double) {
    stage = .looking(since: time)
    looks = []
  }

  mutating func take(_ look: GazeSample.Look, at time: Double) {
    guard case .looking(let since) = stage, time - since >= Self.settling else { return }
    looks.append(look)
  }

  /// The present point cannot be shown.
  mutating func leaveOut(_ why: String) {
    guard let place = ahead.first else { return }
    leftOut.append(Omission(place: place, why: why))
    ahead.removeFirst()
    if let spare = spares.first {
      ahead.append(spare)
      spares.removeFirst()
    }
    stage = .moving
  }

  /// Goes on after an end: with what was left out, then with the rest.
  mutating func goOn() {
    ahead = Array((leftOut.map(\.place) + ahead).prefix(max(0, Self.wanted - done.count)))
    (leftOut, stage, looks) = ([], .moving, [])
  }

  enum Outcome: Equatable, Sendable {
    case waiting
    /// The point is done; the arm may go on.
    case next
    case complete
    /// Nobody looks.
    case abandoned
  }

  mutating func advance(view: ViewGeometry, at time: Double) -> Outcome {
    guard let target = point else { return .complete }
    guard case .looking(let since) = stage, time - since >= Self.settling + Self.watching else { return .waiting }
    guard let point = try? CalibrationPoint(looks: looks, at: target, view: view) else {
      return time - since > Self.patience ? .abandoned : .waiting
    }
    done.append(point)
    ahead.removeFirst()
    stage = .moving
    return ahead.isEmpty ? .complete : .next
  }

  /// So many points, where they can all be shown.
  private static let wanted = 9
}
