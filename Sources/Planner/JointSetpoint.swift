public import Kinematics

/// Where every joint should be at one instant, and how it moves there.
public struct JointSetpoint: Sendable, Equatable {
  /// [rad; m for prismatic], [rad/s], [rad/s²]
  public var position, velocity, acceleration: JointVector

  public init(position: JointVector, velocity: JointVector, acceleration: JointVector) {
    self.position = position
    self.velocity = velocity
    self.acceleration = acceleration
  }

  /// At rest at `position`.
  public init(restingAt position: JointVector) {
    self.init(position: position, velocity: JointVector(count: position.count), acceleration: JointVector(count: position.count))
  }
}
