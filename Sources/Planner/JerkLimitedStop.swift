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
  /// Whether a joint's fastest stop would pass a position limit, so that it brakes harder than that, or passes it all the same.
  public private(set) var isLate = false

  /// - Parameters:
  ///   - start: The setpoint at the moment of stopping, time 0.
  ///   - limits: Acceleration and jerk limits are positive or infinite; a joint that has neither stops at once.
  /// - Precondition: `limits` is for as many joints as `start`.
  public init(from start: JointSetpoint, limits: JointLimits) { self.init(from: start, limits: MotionLimits(limits)) }

  /// The same under limits that may differ up and down.
  public init(from start: JointSetpoint, limits: MotionLimits) {
    count = start.position.count
    for joint in 0..<count {
      var profile = ScalarProfile.fastestStop(from: start.state(of: joint), limits: limits[joint])
      let excess = profile.excess(lower: limits.lower[joint], upper: limits.upper[joint])
      if excess > 0 {
        isLate = true
        profile = Self.nearestStop(
          from: start.state(of: joint), lower: limits.lower[joint], upper: limits.upper[joint], limits: limits[joint], profile, excess)
      }
      table.write(profile, of: joint)
      duration = max(duration, profile.duration)
    }
  }

  /// The stop that passes a position limit least, if not the fastest, which passes it by `excess`.
  private static func nearestStop(
    from state: ScalarState, lower: Double, upper: Double, limits: TransferLimits, _ fastest: ScalarProfile, _ excess: Double
  ) -> ScalarProfile {
    var best = fastest, leastExcess = excess
    for direction in stride(from: -1.0, through: 1, by: 2) {
      let candidate = ScalarProfile.shortestStop(from: state, toward: direction, limits: limits)
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
    let motionLimits = MotionLimits(limits)
    var excess = JointVector(count: start.position.count)
    for joint in excess.indices {
      let state = start.state(of: joint)
      let (lower, upper) = (limits.lower[joint], limits.upper[joint])
      let fastest = ScalarProfile.fastestStop(from: state, limits: motionLimits[joint])
      excess[joint] = fastest.excess(lower: lower, upper: upper)
      guard excess[joint] > 0 else { continue }
      excess[joint] = nearestStop(from: state, lower: lower, upper: upper, limits: motionLimits[joint], fastest, excess[joint])
        .excess(lower: lower, upper: upper)
    }
    return excess
  }

  /// Where to be `time` [s] after the stop began; at rest from `duration` on.
  public func setpoint(at time: Double) -> JointSetpoint { table.setpoint(at: max(0, time), count: count) }

  /// Where the joints come to rest.
  public var end: JointVector { setpoint(at: duration).position }
}
