public import Kinematics

/// What the wire told since the last tick, at the joints.
public struct ControlInput: Sendable {
  /// Last known positions [rad].
  public var position: JointVector
  /// When each position was measured, monotonic [s]; minus infinity before the first reply.
  public var sampleTime: JointVector
  /// What the motors do [N·m]; zero where the motor does not tell.
  public var effort: JointVector
  /// The first motor fault found.
  public var motorFault: ControlFault?
  /// A bus whose channel is gone.
  public var lostBus: Int?
  /// The bus with the largest share of lost or damaged replies.
  public var noisiestBus = 0
  public var noiseShare = 0.0
  public var isEmergencyStopPressed = false
  /// A safety input could not be read.
  public var isSafetyLineDead = false

  public init(jointCount: Int) {
    position = JointVector(count: jointCount)
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    effort = JointVector(count: jointCount)
  }
}

/// What a tick decided.
public struct ControlOutput: Sendable {
  /// False: no torque on any motor.
  public var isPowered: Bool
  public var setpoint: JointVector
  /// [rad/s]
  public var setpointVelocity: JointVector
}
