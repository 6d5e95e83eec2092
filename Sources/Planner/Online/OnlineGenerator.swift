internal import Kinematics

/// Moves joints from wherever they are toward a target that may change at any instant, one setpoint a period.
///
/// Owns where it is: a new target begins from the present setpoint with its velocity and acceleration, so that the motion is smooth to the
/// jerk whenever it comes. Never leaves the position limits it is given: a target whose motion would is refused, and what was going on goes
/// on; a motion without an end, such as one toward a velocity, is stopped in time. A joint that stands outside may come back or stay.
///
/// - Real-time: nothing here allocates or locks, but a refusal may, to name the joint.
public struct OnlineGenerator: Sendable {
  /// Where the joints should be now, and how they move.
  public private(set) var setpoint: JointSetpoint
  /// For targets from now on.
  public var limits: MotionLimits
  /// For targets from now on.
  public var synchronization: Synchronization
  /// Whether the last motion was stopped because it would have passed a position limit.
  public private(set) var isStoppedByLimit = false

  private let joints: [JointLabel]
  private var motion: OnlineTrajectory
  /// Since the motion began [s].
  private var time = 0.0
  /// Whether the motion, and what follows it, is known to stay within the position limits.
  private var isSafe = true

  /// Begins at rest; where `setpoint` moves, with coming to rest.
  ///
  /// - Parameter joints: What refusals call the joints; "joint 1", … where there is none.
  public init(at setpoint: JointSetpoint, limits: MotionLimits, synchronization: Synchronization = .time, joints: [JointLabel] = []) {
    self.setpoint = setpoint
    self.limits = limits
    self.synchronization = synchronization
    self.joints = joints
    motion = OnlineTrajectory(JerkLimitedStop(from: setpoint, limits: limits), count: setpoint.position.count)
  }

  /// Goes to another target from now on.
  ///
  /// - Parameter minimumDuration: The motion lasts at least so long [s].
  /// - Throws: What ``OnlineTrajectory`` refuses; targets outside the position limits, and such that can only be reached by passing one.
  public mutating func retarget(_ target: MotionTarget, minimumDuration: Double = 0) throws(MotionRefusal) {
    let labels = JointLabels(joints)
    let next = try OnlineTrajectory(
      from: setpoint, to: target, limits: limits, synchronization: synchronization, minimumDuration: minimumDuration, joints: joints)
    if case .state(let end) = target { try limits.checkInside(end.position, next, from: setpoint.position, labels: labels) }
    motion = next
    time = 0
    isSafe = target.isRest
    isStoppedByLimit = false
  }

  /// Comes to rest as fast as the limits allow, each joint for itself.
  public mutating func stop() {
    motion = OnlineTrajectory(JerkLimitedStop(from: setpoint, limits: limits), count: setpoint.position.count)
    time = 0
    isSafe = true
  }

  /// The setpoint `period` [s] later.
  @discardableResult
  public mutating func step(by period: Double) -> JointSetpoint {
    var next = motion.setpoint(at: time + period)
    if !isSafe, JerkLimitedStop(from: next, limits: limits.widened(toInclude: setpoint.position)).isLate {
      // From the last setpoint there was still time.
      isStoppedByLimit = true
      stop()
      next = motion.setpoint(at: period)
    }
    time += period
    setpoint = next
    return next
  }

  /// How long the motion still lasts [s]; 0 when it has arrived.
  public var remaining: Double { max(0, motion.duration - time) }
}

extension MotionTarget {
  /// Whether it is a place to rest at.
  fileprivate var isRest: Bool {
    guard case .state(let target) = self else { return false }
    return target.velocity.maximumMagnitude == 0 && target.acceleration.maximumMagnitude == 0
  }
}
