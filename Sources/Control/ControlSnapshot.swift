public import Kinematics

/// The state after one tick, as everybody but the loop sees it.
public struct ControlSnapshot: Sendable, BitwiseCopyable {
  /// When the tick began, monotonic [s], and its number since the loop began.
  public var time = 0.0
  public var tick = 0
  public var mode = ControlMode.off
  public var fault: ControlFault?
  public var isPowered = false
  public var job: Int?
  /// Share of the job's duration, 0…1.
  public var progress = 0.0
  /// Which way along the job's motion the arm is to go, and how fast as a share of what was planned.
  public var course = Course.forward
  public var speedOverride = 1.0
  /// Measured [rad], [rad/s], [N·m].
  public var position, velocity, effort: JointVector
  /// Estimated external efforts [N·m].
  public var external: JointVector
  public var setpoint: JointVector
  /// What a reaction to a knock may still put into the arm's motion [J]; nil for an arm that has no such reaction.
  public var tank: Double?
  /// How much of the motion that a stream wants is brought about, 1 all of it, and what takes most of the rest.
  public var streamShare = 1.0
  public var hindrance: VelocityKinematics.Hindrance?
  /// What the stream is held back by among the things around the arm.
  public var obstruction: Obstruction?
  /// Whether the setpoint stands still and nothing is about to move it.
  public var isAtRest = false
  /// Whether every motor has been heard of lately, and none is still to be found again after a silence.
  public var isHeard = false
  /// Share of the wire's time that is taken, on the busiest bus, and share of replies that are lost or damaged, on the noisiest; 0…1.
  public var busLoad = 0.0
  public var busErrorShare = 0.0
  /// Events that nobody took in time and that are lost.
  public var droppedEvents = 0

  init(jointCount: Int) {
    let zero = JointVector(count: jointCount)
    position = zero
    velocity = zero
    effort = zero
    external = zero
    setpoint = zero
  }
}

/// An event and when it happened.
public struct TimedEvent: Sendable, Equatable {
  public var event: ControlEvent
  /// Monotonic [s].
  public var time: Double
  public var tick: Int
}
