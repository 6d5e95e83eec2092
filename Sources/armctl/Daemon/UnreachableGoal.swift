internal import Foundation
internal import Kinematics
internal import Planner

extension ServiceError {
  /// Why no configuration reaches a goal, what is missing, and what the arm can do instead.
  ///
  /// - Parameters:
  ///   - free: What the goal left open.
  ///   - solver: The one that failed.
  init(_ failure: InverseKinematics.Failure, goal: Pose, free: InverseKinematics.FreeAxes, solver: InverseKinematics) {
    guard case .notReached(let closest, let pose) = failure else {
      self.init(.parameter, "The target pose is not made of finite numbers.", suggestion: "a position of three numbers and a quaternion of four")
      return
    }
    let obstacle = solver.obstacle(on: goal, free: free, closest: closest), limits = solver.model.limits
    let joints = JointVector(closest.q.indices.map { Self.short(closest.q[$0], within: limits.lower[$0], limits.upper[$0]) })
    let gap = Self.gap(closest.residual.position, closest.residual.orientation)
    self.init(
      .unreachable, Self.sentence(obstacle), why: obstacle.name,
      suggestion: "the closest that was found, \(gap): --joints \(joints.map { plain($0) }.joined(separator: ","))")
    if case .reach(let distance, false) = obstacle, distance > Self.farAway { suggestion = Self.metres }
    if case .limits(let name, let needed, let lower, let upper, _) = obstacle {
      (joint, value, limit) = (name, needed, needed < lower ? lower : upper)
    }
    self.closest = ClosestPose(
      pose: ToolPose(position: pose.translation, quaternion: pose.rotation.quaternion), joints: closest.q, distance: closest.residual.position,
      angle: closest.residual.orientation)
  }

  /// The same without the advice to go where the arm would touch something.
  func advising(against checker: CollisionChecker) -> Self {
    guard let closest, let contact = checker.contacts(at: closest.joints).first else { return self }
    var error = self
    error.closest = nil
    error.suggestion =
      "a pose with more room: the closest that was found, \(Self.gap(closest.distance, closest.angle)), is none, as \(contact)"
    return error
  }

  /// Nobody means to go so far beyond an arm's reach, but who counts in millimetres does [m].
  private static let farAway = 5.0
  private static let metres = "lengths in metres: 60 mm are 0.06"

  /// Whether a length was probably meant in millimetres.
  var isOfMillimetres: Bool { suggestion == Self.metres }

  private static func gap(_ distance: Double, _ angle: Double) -> String {
    String(format: "%.1f mm and %.1f° away", 1000 * distance, angle * 180 / .pi)
  }

  private static func sentence(_ obstacle: InverseKinematics.Obstacle) -> String {
    let cannot = "The arm cannot take the tool there"
    switch obstacle {
    case .reach(let distance, let isTooNear):
      return String(format: "\(cannot): the point is %.1f mm \(isTooNear ? "too near for it" : "beyond its reach").", 1000 * distance)
    case .orientation(let angle):
      return String(format: "\(cannot): it reaches the point, but %.1f° are missing for the tool to be turned so.", angle * 180 / .pi)
    case .limits(let joint, let needed, let lower, let upper, let isSliding):
      func shown(_ position: Double) -> String {
        isSliding ? String(format: "%.4g m", position) : String(format: "%.4g rad (%.1f°)", position, position * 180 / .pi)
      }
      let side = needed < lower ? "below its lower limit of \(shown(lower))" : "above its upper limit of \(shown(upper))"
      return "\(cannot): \(joint) would have to stand at \(shown(needed)), \(side)."
    case .search: return "No posture for this pose was found, though the limits may leave room for one."
    }
  }

  /// With four decimals, and not beyond the limits for it.
  static func short(_ position: Double, within lower: Double, _ upper: Double) -> Double {
    let rounded = (1e4 * position).rounded() / 1e4
    return rounded > upper ? (1e4 * upper).rounded(.down) / 1e4 : rounded < lower ? (1e4 * lower).rounded(.up) / 1e4 : rounded
  }
}
