internal import Foundation
internal import Gaze

/// A calibration under way: the arm shows one point of the table after the other, and the looks at each are kept.
struct GazeCalibrating: Equatable, Sendable {
  enum Stage: Equatable, Sendable {
    /// The arm is on its way to the point.
    case moving
    /// The arm shows it since then [s].
    case looking(since: Double)
  }

  /// In the plane's coordinates [m].
  let points: [SIMD2<Double>]
  private(set) var done: [CalibrationPoint] = []
  private(set) var stage = Stage.moving
  private(set) var looks: [GazeSample.Look] = []
  /// What the last point could not be used for.
  private(set) var remark: String?

  /// How long the eyes take to get there, and how long they are watched then [s].
  static let settling = 0.7
  static let watching = 1.3
  /// Whoever does not look after this time is not there [s].
  static let patience = 6.0

  init(points: [SIMD2<Double>]) { self.points = points }

  static func == (a: Self, b: Self) -> Bool { a.points == b.points && a.done == b.done && a.stage == b.stage && a.looks == b.looks }

  /// The point that is shown, or about to be.
  var point: SIMD2<Double>? { done.count < points.count ? points[done.count] : nil }
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

  enum Outcome: Equatable, Sendable {
    case waiting
    /// The point is done; the arm may go on.
    case next
    case complete
    /// Nobody looks.
    case abandoned
  }

  mutating func advance(view: ViewGeometry, at time: Double) -> Outcome {
    guard case .looking(let since) = stage, let target = point, time - since >= Self.settling + Self.watching else { return .waiting }
    do throws(CalibrationError) {
      done.append(try CalibrationPoint(looks: looks, at: target, view: view))
      remark = nil
      stage = .moving
      return point == nil ? .complete : .next
    } catch {
      remark = "no looks yet: \(looks.count)"
      return time - since > Self.patience ? .abandoned : .waiting
    }
  }
}
