internal import Foundation
internal import Kinematics

/// Tells a knock from what a model has wrong.
///
/// What an observer takes for external is a knock where it comes fast, and a payload, a tilted base or a wrong mass where it stays. So there are two
/// channels: the slow one follows the observer within a quarter of a second while nothing touches the arm, and the fast one is what is left. While
/// something touches, the slow channel stands still: it is then what the model had wrong before.
///
///     slow = m ℓ + w
///
/// Of what the model has wrong the slow channel takes as much as it can for a thing of mass m at the tool, which swings with the arm; w is the rest.
/// ℓ is what a kilogram there does to the joints (``ToolLoad``), as late as the observer tells it.
struct ContactWatch: Sendable {
  /// What the model has wrong [N·m], as an external effort.
  private(set) var slow: JointVector
  /// w [N·m] and m [kg].
  private var wrong: JointVector, mass = 0.0
  /// ℓ [N·m/kg]
  private var perKilogram: JointVector
  /// What is left of the observer's residual: hands, knocks [N·m].
  private(set) var fast: JointVector
  /// What is left of it without a thing that may have been picked up or put down [N·m].
  private(set) var leaning: JointVector
  /// What a reaction takes for granted beside `slow`: a model that is wrong is wrong otherwise in another place [N·m].
  var allowance: JointVector
  /// By which each joint's fast channel is measured now [N·m].
  private(set) var threshold: JointVector
  /// What it was lately, on average: what the slow channel has learnt meanwhile may be wrong by as much [N·m].
  private var accustomed: JointVector
  private let thresholds: ContactThresholds
  /// Where the slow channel followed last [rad].
  private var followed: JointVector
  /// What was wrong lately, and a little before, and since when [s].
  private var lately: (wrong: JointVector, mass: Double), before: (wrong: JointVector, mass: Double), age = 0.0
  /// What may be picked up or put down without being a knock [kg].
  private let payload: Double
  /// Of the observer [1/s].
  private let gain: Double
  /// How long the slow channel takes to follow [s].
  private static let slowTime = 0.25, settlingTime = 0.03
  /// How far it goes where it is wary, and how much has to be told of a weight, as a share of what a joint may seem to be pushed by.
  private static let wariness = 0.5
  /// How long something may press before it is felt [s].
  private static let pressingTime = 0.2

  init(thresholds: ContactThresholds, payload: Double, observerGain: Double) {
    self.thresholds = thresholds
    self.payload = payload
    gain = observerGain
    slow = JointVector(count: thresholds.base.count)
    (fast, leaning, wrong, perKilogram) = (slow, slow, slow, slow)
    (allowance, followed) = (slow, slow)
    (lately, before) = ((slow, 0), (slow, 0))
    (threshold, accustomed) = (thresholds.base, thresholds.base)
  }

  /// How the slow channel follows.
  enum Following {
    /// Something touches the arm: it stands still.
    case not
    case slowly
    /// The arm came back a moment ago. What friction holds is somewhere else than before: at once, but no farther than friction does, as what was
    /// in the way may still be there.
    case warily
    /// Nothing is known yet of what acts on the arm: at once.
    case waking
  }

  /// - Parameters:
  ///   - acceleration: As commanded [rad/s²].
  ///   - load: What a kilogram at the tool does to the joints.
  /// - Real-time: does not allocate. O(joints).
  mutating func update(
    residual: JointVector, position: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector, load: ToolLoad,
    following: Following, period: Double
  ) {
    threshold = thresholds.values(
      velocity: velocity, acceleration: acceleration, effort: effort, strayed: following == .not || following == .warily ? position - followed : nil)
    if following == .slowly || following == .waking { accustomed += (period / Self.slowTime) * (threshold - accustomed) }
    if following == .slowly || following == .warily {
      for joint in threshold.indices { threshold[joint] = max(threshold[joint], accustomed[joint]) }
    }
    perKilogram += (1 - exp(-gain * period)) * (load.effort - perKilogram)
    slow = wrong + mass * perKilogram
    fast = residual - slow - allowance
    guard following != .not else {
      leaning = fast - explained(by: load.weight, most: payload) * load.weight
      return
    }
    if following != .warily {
      followed = position
      age += period
      if age > Self.pressingTime { (lately, before, age) = ((wrong, mass), lately, 0) }
    }
    let picked = explained(by: perKilogram, most: payload)
    fast -= picked * perKilogram
    leaning = fast
    // What friction holds may look like a weight while the arm rests.
    let isTold = abs(picked) > (velocity.maximumMagnitude > ArmDynamics.slipSpeed ? 0 : Self.wariness * uncertainty(of: perKilogram))
    follow(following, picked: isTold ? picked : 0, rest: isTold ? fast : fast + picked * perKilogram, period: period)
  }

  /// No faster and no farther than a model can turn out wrong: neither a knock nor a wall that is leant on must be taken for one.
  ///
  /// - Parameters:
  ///   - picked: What the thing at the tool weighs more than it did [kg].
  ///   - rest: What that leaves [N·m].
  private mutating func follow(_ following: Following, picked: Double, rest: JointVector, period: Double) {
    let share = period / (following == .slowly ? Self.slowTime : Self.settlingTime)
    if following != .warily { mass = min(max(mass + share * picked, -payload), payload) }
    for joint in wrong.indices {
      let most = threshold[joint]
      let (from, drift) =
        switch following {
        case .warily: (before.wrong[joint], Self.wariness * thresholds.base[joint])
        case .waking: (0, Double.infinity)
        default: (0, max(most, abs(wrong[joint])))
        }
      wrong[joint] += share * min(max(rest[joint], -most), most)
      wrong[joint] = min(max(wrong[joint], from - drift), from + drift)
    }
  }

  /// What presses now was taken for a wrong model as it began.
  mutating func regret() {
    (wrong, mass) = before
    let slower = wrong + mass * perKilogram
    fast += slow - slower
    slow = slower
  }

  /// The mass that would explain best what the joints feel [kg], and no more than `most`.
  ///
  ///     Δm = argmin Σ ((fastᵢ − Δm ℓᵢ) / θᵢ)²
  private func explained(by load: JointVector, most: Double) -> Double {
    var match = 0.0, size = 1e-6
    for joint in fast.indices {
      let scaled = load[joint] / threshold[joint]
      match += scaled * fast[joint] / threshold[joint]
      size += scaled * scaled
    }
    return min(max(match / size, -most), most)
  }

  /// By how much a mass may be wrong where every joint may by its threshold [kg].
  private func uncertainty(of load: JointVector) -> Double {
    var size = 1e-6
    for joint in load.indices { size += load[joint] * load[joint] / (threshold[joint] * threshold[joint]) }
    return 1 / size.squareRoot()
  }

  /// The outermost joint that is pushed beyond `ratio` of its threshold: what pushes is on its link or beyond. Nil where none is.
  func joint(beyond ratio: Double) -> Int? { fast.indices.last { abs(fast[$0]) > ratio * threshold[$0] } }

  /// The outermost joint that something leans on beyond `ratio` of its threshold.
  func joint(leantOnBeyond ratio: Double) -> Int? { leaning.indices.last { abs(leaning[$0]) > ratio * threshold[$0] } }

  /// How many times its threshold the joint feels that feels most.
  var level: Double {
    var level = 0.0
    for joint in fast.indices { level = max(level, abs(fast[joint]) / threshold[joint]) }
    return level
  }
}
