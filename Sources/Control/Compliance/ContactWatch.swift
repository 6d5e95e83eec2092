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
  /// What a reaction takes for granted beside `slow`: a model that is wrong is wrong otherwise in another place [N·m].
  var allowance: JointVector
  /// By which each joint's fast channel is measured now [N·m].
  private(set) var threshold: JointVector
  private let thresholds: ContactThresholds
  /// What may be picked up or put down without being a knock [kg].
  private let payload: Double
  /// How long the slow channel takes to follow [s].
  private static let slowTime = 0.25, settlingTime = 0.03

  init(thresholds: ContactThresholds, payload: Double) {
    self.thresholds = thresholds
    self.payload = payload
    slow = JointVector(count: thresholds.base.count)
    fast = slow
    allowance = slow
    threshold = thresholds.base
  }

  /// - Parameters:
  ///   - acceleration: As commanded [rad/s²].
  ///   - weight: What a kilogram at the tool does to the joints [N·m/kg].
  ///   - isTouched: The slow channel is to stand still.
  ///   - isSettling: The arm has just come to rest, and what friction holds is somewhere else than before: the slow channel follows at once.
  /// - Real-time: does not allocate. O(joints).
  mutating func update(
    residual: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector, weight: JointVector, isTouched: Bool,
    isSettling: Bool, period: Double
  ) {
    threshold = thresholds.values(velocity: velocity, acceleration: acceleration, effort: effort)
    fast = residual - slow - allowance
    guard !isTouched else { return }
    for joint in slow.indices {
      // No faster and no farther than a model can turn out wrong: neither a knock nor a wall that is leant on must be taken for one.
      let most = threshold[joint] + payload * abs(weight[joint])
      let farthest = isSettling ? .infinity : max(most, abs(slow[joint]))
      slow[joint] += min(max(fast[joint], -most), most) * (period / (isSettling ? Self.settlingTime : Self.slowTime))
      slow[joint] = min(max(slow[joint], -farthest), farthest)
    }
    fast = fast - load(weight) * weight
  }

  /// The payload that would explain what the joints feel best, as far as it may come and go unannounced [kg].
  ///
  ///     m = argmin Σ ((fᵢ − m wᵢ) / θᵢ)²
  private func load(_ weight: JointVector) -> Double {
    var match = 0.0, size = 1e-6
    for joint in fast.indices {
      let scaled = weight[joint] / threshold[joint]
      match += scaled * fast[joint] / threshold[joint]
      size += scaled * scaled
    }
    return min(max(match / size, -payload), payload)
  }

  /// The outermost joint that is pushed beyond `ratio` of its threshold: what pushes is on its link or beyond. Nil where none is.
  func joint(beyond ratio: Double) -> Int? { fast.indices.last { abs(fast[$0]) > ratio * threshold[$0] } }

  /// How many times its threshold the joint feels that feels most.
  var level: Double {
    var level = 0.0
    for joint in fast.indices { level = max(level, abs(fast[joint]) / threshold[joint]) }
    return level
  }
}
