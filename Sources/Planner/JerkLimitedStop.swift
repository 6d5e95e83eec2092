public import Kinematics

/// Brings every joint to rest, each for itself and as fast as its limits allow, from any motion.
///
/// Starts exactly in the state it is given, also one beyond the limits, and never passes a position limit that braking harder can
/// still avoid: a joint whose fastest stop would pass it takes the shortest stop instead.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws.
public struct JerkLimitedStop: Sendable {
  private(set) var table = PhaseTable()
  private let count: Int
  /// Until the last joint is at rest [s].
  public private(set) var duration = 0.0
  /// Whether a joint passes a position limit on the way, because it cannot help it.
  public private(set) var passesLimit = false

  /// - Parameters:
  ///   - start: The setpoint at the moment of stopping, time 0.
  ///   - limits: Acceleration and jerk limits are positive or infinite; a joint that has neither stops at once.
  /// - Precondition: `limits` is for as many joints as `start`.
  public init(from start: JointSetpoint, limits: JointLimits) { self.init(from: start, limits: MotionLimits(limits)) }

  /// The same under limits that may differ up and down.
  public init(from start: JointSetpoint, limits: MotionLimits) {
    count = start.position.count
    for joint in 0..<count {
      let (profile, excess) = Self.stop(
        from: start.state(of: joint), lower: limits.lower[joint], upper: limits.upper[joint], limits: limits[joint])
      table.write(profile, of: joint)
      duration = max(duration, profile.duration)
      passesLimit = passesLimit || excess > 0
    }
  }

  /// The fastest stop, or if that passes a position limit, the one that passes it least; and by how much.
  private static func stop(
    from state: ScalarState, lower: Double, upper: Double, limits: TransferLimits
  ) -> (profile: ScalarProfile, excess: Double) {
    var best = ScalarProfile.fastestStop(from: state, limits: limits)
    var leastExcess = best.excess(lower: lower, upper: upper)
    guard leastExcess > 0 else { return (best, 0) }
    for direction in stride(from: -1.0, through: 1, by: 2) {
      let candidate = ScalarProfile.shortestStop(from: state, toward: direction, limits: limits)
      let excess = candidate.excess(lower: lower, upper: upper)
      guard excess < leastExcess else { continue }
      best = candidate
      leastExcess = excess
    }
    return (best, leastExcess)
  }

  /// How far each joint's stop from there leaves its position limits at its worst [rad; m]; 0 where it stays within.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public static func excess(from start: JointSetpoint, limits: JointLimits) -> JointVector {
    let motionLimits = MotionLimits(limits)
    var excess = JointVector(count: start.position.count)
    for joint in excess.indices {
      excess[joint] = stop(
        from: start.state(of: joint), lower: limits.lower[joint], upper: limits.upper[joint], limits: motionLimits[joint]
      ).excess
    }
    return excess
  }

  /// Where to be `time` [s] after the stop began; at rest from `duration` on.
  public func setpoint(at time: Double) -> JointSetpoint { table.setpoint(at: max(0, time), count: count) }

  /// Where the joints come to rest.
  public var end: JointVector { setpoint(at: duration).position }
}
