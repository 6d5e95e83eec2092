internal import Kinematics

/// How fast the joints will be when an answer to a blow acts and a little later, while the blow is still under way.
///
///     q̇ + δ a_m + (δ + λ) a_b + ½ (δ + λ)² ȧ_b
///
/// with a_m what motors and model account for, which lasts until they are told anew, a_b what the blow adds, δ the time until an answer acts, and λ
/// how far beyond it that is looked. A blow grows at first, and so does what it adds, as far as two samples tell. While a joint goes the same
/// way, what was foreseen is not taken back before the blow is over.
struct BlowForesight: Sendable {
  /// [rad/s]
  private(set) var velocity: JointVector
  /// a_b [rad/s²], how fast it changes [rad/s³], and for how long each joint has not been heard [s].
  private var added, growth, unheard: JointVector
  /// Since the sample before the one that told of the blow, and until when it grows [s].
  private var age = Double.infinity, growsUntil = 0.0
  /// δ [s]
  private let delay: Double
  /// Of the loop [s].
  private let period: Double

  /// λ; for how long a blow is taken to go on after it was felt, and to grow [s]; and what of what motors do of their own their model may have wrong,
  /// as a share.
  private static let reach = 0.006, growthTime = 0.006, modelDoubt = 0.3
  private static let blowTime = 0.012

  init(jointCount: Int, delay: Double, period: Double) {
    velocity = JointVector(count: jointCount)
    (added, growth, unheard) = (velocity, velocity, velocity)
    (self.delay, self.period) = (delay, period)
  }

  /// Whether the blow that was felt last is taken to go on.
  var isUnderWay: Bool { age < Self.blowTime }

  /// Takes in the latest sample, whatever the arm does. What acts on a joint that was not heard goes on.
  ///
  /// - Parameters:
  ///   - acceleration: What motors and model do not account for since each joint was last heard [rad/s²].
  ///   - accounted: What they do account for in the same time [rad/s²].
  ///   - fresh: Joints that were heard.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func listen(acceleration: JointVector, accounted: JointVector, fresh: JointSet) {
    age += period
    for joint in added.indices {
      unheard[joint] += period
      growth[joint] = 0
      guard fresh.contains(joint) else { continue }
      let doubted = Self.modelDoubt * abs(accounted[joint]), before = added[joint]
      added[joint] = acceleration[joint] < 0 ? min(0, acceleration[joint] + doubted) : max(0, acceleration[joint] - doubted)
      growth[joint] = (added[joint] - before) / unheard[joint]
      unheard[joint] = 0
    }
  }

  /// A blow was felt.
  ///
  /// - Parameter isSudden: It met the arm at its task. While the arm gives way or comes back its own motors make two samples differ as much.
  mutating func begin(isSudden: Bool) {
    velocity = 0 * velocity
    age = period
    growsUntil = isSudden ? Self.growthTime : 0
  }

  /// Looks ahead, as long as the blow is under way.
  ///
  /// - Parameters:
  ///   - measured: The joints' velocities [rad/s].
  ///   - accounted: a_m [rad/s²].
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func look(from measured: JointVector, accounted: JointVector) {
    guard isUnderWay else { return }
    let ahead = delay + Self.reach
    var coming = measured + delay * accounted + ahead * added
    if age < growsUntil {
      for joint in coming.indices where growth[joint] * coming[joint] > 0 { coming[joint] += 0.5 * ahead * ahead * growth[joint] }
    }
    for joint in coming.indices where velocity[joint] * coming[joint] > 0 && abs(velocity[joint]) > abs(coming[joint]) {
      coming[joint] = velocity[joint]
    }
    velocity = coming
  }
}
