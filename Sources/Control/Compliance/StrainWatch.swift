internal import Kinematics
internal import Planner

/// Tells what leans on an arm whose drives hold positions, while it gives way and comes back.
///
/// What would be a fault of an arm at its task is a push then: a drive that works beyond its joint's limit for longer than it may, and a joint that
/// is not where its drive was told to be. No model takes part in it.
struct StrainWatch: Sendable {
  private let limit: JointVector, patience: Double, period: Double
  private let followingError: JointVector
  /// For how long each drive has worked beyond its joint's limit [s].
  private var overtime: JointVector
  /// From where it was told to be, how far each joint is [rad].
  private(set) var astray: JointVector

  init(control: ControlSettings) {
    (limit, patience, period) = (control.limits.effort, control.effortPatience, control.period)
    followingError = control.followingError
    overtime = 0 * limit
    astray = overtime
  }

  /// - Parameters:
  ///   - age: How far the setpoint has gone since each joint's position was taken [s].
  ///   - setpoint: The last one that the drives were told.
  ///   - isStraining: Whether the arm gives way or comes back.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func watch(_ position: JointVector, age: JointVector, effort: JointVector, setpoint: JointSetpoint, isStraining: Bool) {
    for joint in position.indices {
      overtime[joint] = isStraining && abs(effort[joint]) > limit[joint] ? overtime[joint] + period : 0
      astray[joint] = isStraining ? position[joint] - (setpoint.position[joint] - setpoint.velocity[joint] * age[joint]) : 0
    }
  }

  /// Whether a drive works beyond its joint's limit.
  func isOverworked(_ joint: Int) -> Bool { overtime[joint] > patience }
  var isOverworked: Bool { overtime.indices.contains(where: isOverworked) }

  /// Whether a joint does not follow its drive.
  func isAstray(_ joint: Int) -> Bool { abs(astray[joint]) > followingError[joint] }
}
