public import Kinematics

/// What a stream of commands wants of the arm now.
public enum ServoTarget: Sendable, Equatable {
  /// Be there, at rest [rad; m].
  case position(JointVector)
  /// Move the joints so [rad/s; m/s].
  case rates(JointVector)
  /// Move the tool so, in axes of the base or of the tool.
  case twist(Twist, VelocityKinematics.Axes)
  /// Have the tool there, in the base.
  case pose(Pose)
}
