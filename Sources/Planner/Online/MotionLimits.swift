public import Kinematics

/// What each joint may do on its way, where up and down may differ. Infinite where there is no limit.
public struct MotionLimits: Sendable, Equatable {
  /// Positions [rad; m].
  public var lower, upper: JointVector
  /// [rad/s; m/s] The lowest is below zero, the highest above.
  public var minVelocity, maxVelocity: JointVector
  /// [rad/s²; m/s²] The lowest is below zero, the highest above.
  public var minAcceleration, maxAcceleration: JointVector
  /// Magnitude [rad/s³; m/s³]; where infinite, accelerations may jump, those of start and target do not count, and
  /// what follows the target keeps its velocity.
  public var jerk: JointVector

  /// The same both ways, and no limit on the position.
  public init(velocity: JointVector, acceleration: JointVector, jerk: JointVector) {
    upper = JointVector(repeating: .infinity, count: velocity.count)
    lower = -upper
    minVelocity = -velocity
    maxVelocity = velocity
    minAcceleration = -acceleration
    maxAcceleration = acceleration
    self.jerk = jerk
  }

  public init(_ limits: JointLimits) {
    self.init(velocity: limits.velocity, acceleration: limits.acceleration, jerk: limits.jerk)
    lower = limits.lower
    upper = limits.upper
  }

  subscript(joint: Int) -> TransferLimits {
    TransferLimits(
      lowestVelocity: minVelocity[joint], highestVelocity: maxVelocity[joint], rise: maxAcceleration[joint], fall: -minAcceleration[joint],
      jerk: jerk[joint])
  }
}
