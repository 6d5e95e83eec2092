internal import Kinematics

/// Feels blows: what a joint speeds up by suddenly, beyond what its motor and its model account for.
///
///     a_ext = Δq̇/Δt − M⁻¹(τ_m − h − f),      jolt = mean of a_ext over the last 10 ms − mean over the 30 ms before
///
/// Whatever a model has wrong comes and goes as smoothly as the arm moves, and falls out of the difference; so does what is carried, leant on, or
/// pushed already. A blow does not. Told in accelerations it shows most where it is felt best, at the arm's light parts, whichever of them was hit;
/// and what a coarse velocity code rounds in one joint stays in that joint.
struct JoltWatch: Sendable {
  /// [rad/s²]
  private(set) var jolt: JointVector
  private let threshold: JointVector
  private var history: [JointVector]
  private var next = 0
  private let recentCount: Int
  private var recent, before: JointVector

  /// [s]
  static let recentTime = 0.010
  private static let beforeTime = 0.030

  /// - Parameters:
  ///   - threshold: From which on a jolt is a blow [rad/s²].
  ///   - period: Of the loop [s].
  init(threshold: JointVector, period: Double) {
    self.threshold = threshold
    jolt = JointVector(count: threshold.count)
    (recent, before) = (jolt, jolt)
    recentCount = max(1, Int((Self.recentTime / period).rounded()))
    history = Array(repeating: jolt, count: recentCount + max(1, Int((Self.beforeTime / period).rounded())))
  }

  /// Begins anew, with nothing acting.
  mutating func reset() {
    for index in history.indices { history[index] = JointVector(count: jolt.count) }
    (recent, before, jolt) = (history[0], history[0], history[0])
  }

  /// - Parameter acceleration: a_ext since the last tick [rad/s²].
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func update(acceleration: JointVector) {
    let leaving = history[(next + history.count - recentCount) % history.count]
    before = before + leaving - history[next]
    recent = recent + acceleration - leaving
    history[next] = acceleration
    next = (next + 1) % history.count
    jolt = (1 / Double(recentCount)) * recent - (1 / Double(history.count - recentCount)) * before
  }

  /// The outermost joint that is jolted beyond `ratio` of its threshold. Nil where none is.
  func joint(beyond ratio: Double) -> Int? { jolt.indices.last { abs(jolt[$0]) > ratio * threshold[$0] } }

  /// How many times its threshold the joint is jolted that is jolted most.
  var level: Double {
    var level = 0.0
    for joint in jolt.indices { level = max(level, abs(jolt[joint]) / threshold[joint]) }
    return level
  }
}
