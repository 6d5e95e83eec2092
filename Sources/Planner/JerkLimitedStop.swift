public import Kinematics

/// Brings every joint to rest, each for itself and as fast as its limits allow, from any motion.
///
/// Starts exactly in the state it is given, also one beyond the limits, and never passes a position limit that braking harder can
/// still avoid: a joint whose fastest stop would pass it takes the shortest stop instead.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws.
public struct JerkLimitedStop: Sendable {
  private var profiles: InlineArray<8, ScalarProfile>
  private let count: Int
  /// Until the last joint is at rest [s].
  public private(set) var duration = 0.0

  /// - Parameters:
  ///   - start: The setpoint at the moment of stopping, time 0.
  ///   - limits: Acceleration and jerk limits are positive or infinite; a joint that has neither stops at once.
  /// - Precondition: `limits` is for as many joints as `start`.
  public init(from start: JointSetpoint, limits: JointLimits) {
    count = start.position.count
    profiles = InlineArray(repeating: ScalarProfile(from: ScalarState()))
    for joint in 0..<count {
      let state = ScalarState(
        position: start.position[joint], velocity: start.velocity[joint], acceleration: start.acceleration[joint])
      let profile = Self.stop(
        from: state, lower: limits.lower[joint], upper: limits.upper[joint], acceleration: limits.acceleration[joint],
        jerk: limits.jerk[joint])
      profiles[joint] = profile
      duration = max(duration, profile.duration)
    }
  }

  /// The fastest stop, or if that passes a position limit, the one that passes it least.
  private static func stop(
    from state: ScalarState, lower: Double, upper: Double, acceleration: Double, jerk: Double
  ) -> ScalarProfile {
    var best = ScalarProfile.fastestStop(from: state, acceleration: acceleration, jerk: jerk)
    var leastExcess = best.excess(lower: lower, upper: upper)
    guard leastExcess > 0 else { return best }
    for direction in stride(from: -1.0, through: 1, by: 2) {
      let candidate = ScalarProfile.shortestStop(from: state, toward: direction, acceleration: acceleration, jerk: jerk)
      let excess = candidate.excess(lower: lower, upper: upper)
      guard excess < leastExcess else { continue }
      best = candidate
      leastExcess = excess
    }
    return best
  }

  /// How far each joint's stop from there leaves its position limits at its worst [rad; m]; 0 where it stays within.
  ///
  /// - Real-time: does not allocate, lock or throw.
  public static func excess(from start: JointSetpoint, limits: JointLimits) -> JointVector {
    var excess = JointVector(count: start.position.count)
    for joint in excess.indices {
      let state = ScalarState(
        position: start.position[joint], velocity: start.velocity[joint], acceleration: start.acceleration[joint])
      let (lower, upper) = (limits.lower[joint], limits.upper[joint])
      excess[joint] = stop(
        from: state, lower: lower, upper: upper, acceleration: limits.acceleration[joint], jerk: limits.jerk[joint]
      ).excess(lower: lower, upper: upper)
    }
    return excess
  }

  /// Where to be `time` [s] after the stop began; at rest from `duration` on.
  public func setpoint(at time: Double) -> JointSetpoint {
    var setpoint = JointSetpoint(restingAt: JointVector(count: count))
    for joint in 0..<count {
      let state = profiles[joint].state(at: max(0, time))
      setpoint.position[joint] = state.position
      setpoint.velocity[joint] = state.velocity
      setpoint.acceleration[joint] = state.acceleration
    }
    return setpoint
  }

  /// Where the joints come to rest.
  public var end: JointVector { setpoint(at: duration).position }
}
