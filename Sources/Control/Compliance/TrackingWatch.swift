internal import Kinematics
internal import Planner

/// Feels pushes by how far joints are from where their drives were told to be.
///
/// A drive that holds positions follows its setpoint like a stiff spring, wherever that goes and whatever the arm carries. What it is off beyond
/// what is usual is a push, which shows in its encoder sooner and finer than in its current. No model takes part in it:
///
///     give = q − (q_s − q̇_s d + ½ q̈_s d²) − usual,      d = age of the sample + lag
///     θᵢ = joltᵢ/ω² + τᵢ |q̇_s,ᵢ| + κ ‖q̈_s‖ + missedᵢ
///
/// How far behind its setpoint each drive goes, `lag`, is learnt while it moves, and so is τ, by how much the times of samples are off. `missed` is
/// how far a drive may have gone on by itself since a setpoint came late or was lost, which it makes up for in a while.
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
  /// How far off a drive may be that was told late or not at all [rad].
  private var missed: JointVector
  /// By how much the times of samples that follow each other differ, on average [s].
  private var scatter: JointVector
  /// ‖q̈_s‖ lately [rad/s²].
  private var agitation = 0.0
  /// Since the arm began to rest, and since it is at its own task [s].
  private var sinceMotion = 0.0, sinceTask = 0.0

  /// ω: a closed-loop stepper pulls its joint back with so much acceleration for each radian that it is off [1/s²].
  private static let pull = 9e4
  /// τ at least, as a share of the loop's period, as drives are told once in each, and of how much times scatter; and κ beside τ's square [s²].
  private static let timing = 0.35, scatterRatio = 3.5, shaking = 2e-4
  /// How long what is usual, the lag of a joint that moves, and the memory of an acceleration take to follow [s].
  private static let usualTime = 0.2, lagTime = 0.5, agitationTime = 0.012
  /// How many times as long as a joint was silent its drive may have missed its setpoint, and the same of a setpoint that was told later than by a
  /// share of a period, as the drive had gone on by itself; and how long it takes to catch up [s].
  private static let missedRatio = 2.0, lateRatio = 2.0, punctuality = 0.2, missedTime = 0.1
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
    (missed, unrest, scatter) = (give, give, give)
  }

  /// - Parameters:
  ///   - age: How far the setpoint has gone since each joint's position was taken [s].
  ///   - silence: For how long what each drive was told may not have reached it [s].
  ///   - lateness: By how much what the drives were told came too late, or too soon after what they were told before [s].
  ///   - setpoint: The last one that the drives were told.
  ///   - isAtTask: Nobody leads the arm, and it does not give way.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func watch(
    _ position: JointVector, age: JointVector, silence: JointVector, lateness: Double, setpoint: JointSetpoint, isAtTask: Bool, period: Double
  ) {
    let shake = setpoint.acceleration.dot(setpoint.acceleration).squareRoot()
    agitation = max(shake, agitation * (1 - period / Self.agitationTime))
    sinceMotion = isAtTask && shake == 0 && setpoint.velocity.maximumMagnitude == 0 ? sinceMotion + period : 0
    sinceTask = isAtTask ? sinceTask + period : 0
    let late = max(0, lateness - Self.punctuality * period)
    let comesToRest = sinceMotion > Self.restTime - 2 * period && sinceMotion <= Self.restTime
    for joint in position.indices {
      let behind = lag[joint] + age[joint], speed = setpoint.velocity[joint] - setpoint.acceleration[joint] * behind
      let expected = setpoint.position[joint] - (speed + 0.5 * setpoint.acceleration[joint] * behind) * behind
      let before = give[joint]
      give[joint] = position[joint] - expected - usual[joint]
      missed[joint] = max(
        Self.missedRatio * silence[joint] * abs(speed), missed[joint] * (1 - period / Self.missedTime) + Self.lateRatio * late * abs(speed))
      let timing = max(Self.timing * period, Self.scatterRatio * scatter[joint])
      threshold[joint] = still[joint] + timing * abs(speed) + (Self.shaking + period * period) * agitation
      // The less is known of when a drive was told what, the less is learnt from where it is.
      let share = threshold[joint] / (threshold[joint] + missed[joint]), certainty = share * share
      threshold[joint] += missed[joint]
      if sinceMotion > Self.restTime { threshold[joint] = min(still[joint], max(Self.slip, Self.unrestRatio * unrest[joint])) }
      unrest[joint] += (period / Self.unrestTime) * (abs(give[joint]) - unrest[joint])
      guard isReady, !comesToRest else {
        usual[joint] += give[joint] - min(max(give[joint], -missed[joint]), missed[joint])
        give[joint] = 0
        continue
      }
      usual[joint] += certainty * (period / Self.usualTime) * give[joint]
      let surprise = min(max(give[joint], -threshold[joint]), threshold[joint]), slowness = speed / (speed * speed + Self.slowest * Self.slowest)
      let gain = certainty * period / Self.lagTime, change = min(abs((give[joint] - before) * slowness), period)
      scatter[joint] += gain * abs(speed * slowness) * (change - scatter[joint])
      lag[joint] -= gain * surprise * slowness
      lag[joint] = min(max(lag[joint], 0), Self.longestLag * period)
    }
  }

  /// Whether the arm has been at its task for long enough that its drives follow.
  var isReady: Bool { sinceTask > Self.settlingTime }

  /// Whether a joint has gone farther than it does by itself.
  func isPushed(_ joint: Int) -> Bool { isPrompt && abs(give[joint]) > threshold[joint] }
}
