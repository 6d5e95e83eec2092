public import Kinematics

/// What the wire told since the last tick, at the joints.
public struct ControlInput: Sendable {
  /// Last known positions [rad].
  public var position: JointVector
  /// When each position was measured, monotonic [s]; minus infinity before the first reply.
  public var sampleTime: JointVector
  /// What the motors do [N·m]; zero where the motor does not tell.
  public var effort: JointVector
  /// Joints whose motors do not tell their effort.
  public var withoutEffort = JointSet()
  /// As the motors themselves have it [rad/s]; zero where the motor does not tell.
  public var velocity: JointVector
  /// Joints whose motors tell their velocity.
  public var withVelocity = JointSet()
  /// Joints whose motors have let go of them.
  public var withoutTorque = JointSet()
  /// The first motor fault found.
  public var motorFault: ControlFault?
  /// A bus whose channel is gone.
  public var lostBus: Int?
  /// Joints whose motors are on such a bus.
  public var disconnected = JointSet()
  /// The bus with the largest share of lost or damaged replies.
  public var noisiestBus = 0
  public var noiseShare = 0.0
  /// A bus has delivered damaged text since the last tick.
  public var isGarbled = false
  public var isEmergencyStopPressed = false
  /// A safety input could not be read, or a safety output not be set.
  public var isSafetyLineDead = false

  public init(jointCount: Int) {
    position = JointVector(count: jointCount)
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    effort = JointVector(count: jointCount)
    velocity = effort
  }
}

extension ControlInput {
  /// The same, where what is no number counts as not heard: such a joint keeps what `previous` had of it.
  func finite(after previous: ControlInput) -> ControlInput {
    var finite = self
    for joint in position.indices {
      if !position[joint].isFinite {
        finite.position[joint] = previous.position[joint]
        finite.sampleTime[joint] = previous.sampleTime[joint]
      }
      if !effort[joint].isFinite { finite.effort[joint] = previous.effort[joint] }
      if !velocity[joint].isFinite { finite.velocity[joint] = previous.velocity[joint] }
    }
    return finite
  }
}

/// What a tick decided.
public struct ControlOutput: Sendable {
  /// False: no torque on any motor.
  public var isPowered: Bool
  public var setpoint: JointVector
  /// [rad/s]
  public var setpointVelocity: JointVector
  /// What the model takes to be there and to move so [N·m]: gravity, inertia and friction. For motors that can be told beside their setpoint.
  public var effort: JointVector
  /// How stiff [N·m/rad] and how damped [N·m·s/rad] motors that take torque are to hold their setpoints; nil for what the arm's file says.
  public var stiffness: JointVector?
  public var damping: JointVector?
  /// Whether motors that only take positions are to give way, and which of them from where they are.
  public var isYielding = false
  public var afresh = JointSet()
  /// How suddenly those may go that give way [rad/s²].
  public var agility: JointVector?
}
