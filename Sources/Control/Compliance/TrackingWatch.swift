internal import Kinematics
internal import Planner

/// Feels pushes by how far joints are from where their drives were told to be.
///
/// A drive that holds positions follows its setpoint like a stiff spring, wherever that goes and whatever the arm carries. What it is off beyond
/// what is usual is a push, which shows in its encoder sooner and finer than in its current. No model takes part in it:
///
///     give = q − (q_s − q̇_s d + ½ q̈_s d²) − usual,      d = age of the sample + lag
///     θᵢ = joltᵢ/ω² + τᵢ |q̇_s,ᵢ| + κ ‖q̈_s‖
///
/// How far behind its setpoint each drive goes, `lag`, is learnt while it moves. `τ` is what a line's time may be off by: on one that loses frames
/// more for a while after each that may have been a setpoint.
struct TrackingWatch: Sendable {
  /// [rad]
  private(set) var give: JointVector
  /// From which on that is a push [rad].
  private(set) var threshold: JointVector
  /// Whether the loop is fast enough for this.
  private let isPrompt: Bool
  /// Of a joint that hardly moves [rad].
  private let still: JointVector
  /// [rad], [s]
  private var usual, lag: JointVector
  /// How far off each joint is on average [rad].
  private var unrest: JointVector
  /// By how much what a drive was told may have been late [s].
  private var doubt: JointVector
  /// ‖q̈_s‖ lately [rad/s²].
  private var agitation = 0.0
  /// Since the arm began to rest, and since it is at its own task [s].
  private var sinceMotion = 0.0, sinceTask = 0.0

  /// ω: a closed-loop stepper pulls its joint back with so much acceleration for each radian that it is off [1/s²].
  private static let pull = 9e4
  /// τ as a share of the loop's period, as drives are told once in each; and κ beside its square [s²].
  private static let timing = 0.35, shaking = 2e-4
  /// How long what is usual, the lag of a joint that moves, and the memory of an acceleration take to follow [s].
  private static let usualTime = 0.2, lagTime = 0.5, agitationTime = 0.012
  /// How many times as long as a joint was silent its drive may have missed its setpoint, and how long it takes to catch up [s].
  private static let missedRatio = 2.0, missedTime = 0.03
  /// Below this speed a joint's lag is not learnt [rad/s]; and what it is at first, and at most, in periods.
  private static let slowest = 0.1, firstLag = 0.4, longestLag = 5.0
  /// So long after a motion drives come to hold still, and after a push to follow again [s]; and by so much a joint may slip then that its drive's
  /// integral pushes slowly out of its friction [rad].
  private static let restTime = 0.4, settlingTime = 0.25, slip = 5e-3
  /// Drives that do not quite hold still are off by so many times what they are on average, lately [s].
  private static let unrestRatio = 5.0, unrestTime = 0.1

  /// Of a loop that is slower, drives are told so seldom that they are off by as much as a push makes them [s].
  private static let longestPeriod = 0.005

  /// - Parameters:
  ///   - jolt: What each joint may suddenly speed up by without having been hit [rad/s²].
  ///   - period: Of the loop [s].
  init(jolt: JointVector, period: Double) {
    isPrompt = period <= Self.longestPeriod
    still = (1 / Self.pull) * jolt
    threshold = still
    give = 0 * jolt
    usual = give
    lag = JointVector(repeating: Self.firstLag * period, count: jolt.count)
    (doubt, unrest) = (give, give)
  }

  /// - Parameters:
  ///   - age: How much older than the last setpoint each joint's position is [s].
  ///   - silence: For how long each joint has not been heard on a line that loses frames [s]; zero on others.
  ///   - setpoint: The last one that the drives were told.
  ///   - isAtTask: Nobody leads the arm, and it does not give way.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func watch(
    _ position: JointVector, age: JointVector, silence: JointVector, setpoint: JointSetpoint, isAtTask: Bool, period: Double
  ) {
    let shake = setpoint.acceleration.dot(setpoint.acceleration).squareRoot()
    agitation = max(shake, agitation * (1 - period / Self.agitationTime))
    sinceMotion = isAtTask && shake == 0 && setpoint.velocity.maximumMagnitude == 0 ? sinceMotion + period : 0
    sinceTask = isAtTask ? sinceTask + period : 0
    let comesToRest = sinceMotion > Self.restTime - 2 * period && sinceMotion <= Self.restTime
    for joint in position.indices {
      let late = lag[joint] + age[joint], speed = setpoint.velocity[joint] - setpoint.acceleration[joint] * late
      let expected = setpoint.position[joint] - (speed + 0.5 * setpoint.acceleration[joint] * late) * late
      give[joint] = position[joint] - expected - usual[joint]
      doubt[joint] = max(Self.missedRatio * silence[joint], doubt[joint] * (1 - period / Self.missedTime))
      threshold[joint] = still[joint] + (Self.timing * period + doubt[joint]) * abs(speed) + (Self.shaking + period * period) * agitation
      if sinceMotion > Self.restTime { threshold[joint] = min(still[joint], max(Self.slip, Self.unrestRatio * unrest[joint])) }
      unrest[joint] += (period / Self.unrestTime) * (abs(give[joint]) - unrest[joint])
      guard sinceTask > Self.settlingTime, !comesToRest else {
        usual[joint] += give[joint]
        give[joint] = 0
        continue
      }
      usual[joint] += (period / Self.usualTime) * give[joint]
      let surprise = min(max(give[joint], -threshold[joint]), threshold[joint])
      lag[joint] -= (period / Self.lagTime) * surprise * speed / (speed * speed + Self.slowest * Self.slowest)
      lag[joint] = min(max(lag[joint], 0), Self.longestLag * period)
    }
  }

  /// Whether a joint has gone farther than it does by itself.
  func isPushed(_ joint: Int) -> Bool { isPrompt && abs(give[joint]) > threshold[joint] }
}
