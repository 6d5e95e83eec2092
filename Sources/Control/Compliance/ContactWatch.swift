internal import Kinematics

/// Tells a knock from what a model has wrong.
///
/// What an observer takes for external is a knock where it comes fast, and a payload, a tilted base or a wrong mass where it stays. So each joint has
/// two channels: the slow one follows the observer within a quarter of a second while nothing touches the arm, and the fast one is what is left.
/// While something touches, the slow channel stands still: it is then what the model had wrong before.
struct ContactWatch: Sendable {
  /// What the model has wrong [N·m], as an external effort.
  private(set) var slow: JointVector
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
  /// What it was lately, and a little before [N·m], and since when [s].
  private var lately: JointVector, before: JointVector, age = 0.0
  /// What may be picked up or put down without being a knock [kg].
  private let payload: Double
  /// How long the slow channel takes to follow [s].
  private static let slowTime = 0.25, settlingTime = 0.03
  /// How far it goes where it is wary, as a share of what a joint at rest may seem to be pushed by.
  private static let wariness = 0.5
  /// A thing that swings with the arm weighs up to so many times as much as at rest.
  private static let swingingLoad = 3.0
  /// How long something may press before it is felt [s].
  private static let pressingTime = 0.2

  init(thresholds: ContactThresholds, payload: Double) {
    self.thresholds = thresholds
    self.payload = payload
    slow = JointVector(count: thresholds.base.count)
    (fast, leaning) = (slow, slow)
    (allowance, followed, lately, before) = (slow, slow, slow, slow)
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
  ///   - weight: What a kilogram at the tool does to the joints [N·m/kg].
  /// - Real-time: does not allocate. O(joints).
  mutating func update(
    residual: JointVector, position: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector, weight: JointVector,
    following: Following, period: Double
  ) {
    threshold = thresholds.values(
      velocity: velocity, acceleration: acceleration, effort: effort, strayed: following == .not || following == .warily ? position - followed : nil)
    accustomed += (period / Self.slowTime) * (threshold - accustomed)
    if following == .slowly {
      for joint in threshold.indices { threshold[joint] = max(threshold[joint], accustomed[joint]) }
    }
    fast = residual - slow - allowance
    guard following != .not else {
      leaning = fast - load(weight, most: Self.swingingLoad * payload) * weight
      return
    }
    if following != .warily {
      followed = position
      age += period
      if age > Self.pressingTime { (lately, before, age) = (slow, lately, 0) }
    }
    for joint in slow.indices {
      // No faster and no farther than a model can turn out wrong: neither a knock nor a wall that is leant on must be taken for one.
      let most = threshold[joint] + payload * abs(weight[joint])
      let (from, drift) =
        switch following {
        case .warily: (before[joint], Self.wariness * thresholds.base[joint])
        case .waking: (0, Double.infinity)
        default: (0, max(most, abs(slow[joint])))
        }
      slow[joint] += min(max(fast[joint], -most), most) * (period / (following == .slowly ? Self.slowTime : Self.settlingTime))
      slow[joint] = min(max(slow[joint], from - drift), from + drift)
    }
    fast = fast - load(weight, most: payload) * weight
    leaning = fast
  }

  /// What presses now was taken for a wrong model as it began.
  mutating func regret() {
    fast = fast + slow - before
    slow = before
  }

  /// The payload that would explain what the joints feel best [kg], and no more than `most`.
  ///
  ///     m = argmin Σ ((fᵢ − m wᵢ) / θᵢ)²
  private func load(_ weight: JointVector, most: Double) -> Double {
    var match = 0.0, size = 1e-6
    for joint in fast.indices {
      let scaled = weight[joint] / threshold[joint]
      match += scaled * fast[joint] / threshold[joint]
      size += scaled * scaled
    }
    return min(max(match / size, -most), most)
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
