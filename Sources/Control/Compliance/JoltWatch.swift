internal import Foundation
internal import Kinematics

/// Feels blows: what a joint speeds up by suddenly, beyond what its motor and its model account for.
///
///     a_ext = Δq̇/Δt − M⁻¹(τ_m − h − f),      jolt = mean of a_ext over the last 10 ms − mean over the 30 ms before
///
/// Whatever a model has wrong comes and goes as smoothly as the arm moves, and falls out of the difference; so does what is leant on or pushed
/// already. A blow does not. Told in accelerations it shows most where it is felt best, at the arm's light parts, whichever of them was hit;
/// and what a coarse velocity code rounds in one joint stays in that joint.
///
/// A hard blow is felt by its first samples: while the arm is at its task the mean of the latest n of the N samples in those 10 ms counts as well,
/// where it exceeds θᵢ (N/n)ᵏ, as fewer samples are noisier. A weak one is felt by all joints together, where Σ (joltᵢ/θᵢ)² over those 10 ms
/// exceeds ρ². While the arm gives way and comes back its own motors jolt it too much for both.
///
/// What an arm may carry without its model's knowing (``ToolLoad``) swings with it: a jolt has to exceed what that may have done meanwhile, too.
///
/// Where the line loses answers or the loop was late, a motor was told something late, or never, and jolts the arm by itself, and of that a model
/// that is wrong leaves a part: for a while a jolt has to exceed half of what the motors gave as well.
struct JoltWatch: Sendable {
  /// What the arm does of its own: rests where it is told to, moves, or gives way and comes back.
  enum Conduct { case resting, moving, yielding }

  /// At one update, or on average over some [rad/s²].
  private struct Sample {
    /// a_ext; what motors and model account for; and what a load may.
    var external, accounted, carried: JointVector

    static func += (sum: inout Sample, sample: Sample) {
      sum.external += sample.external
      sum.accounted += sample.accounted
      sum.carried += sample.carried
    }

    static func * (share: Double, sample: Sample) -> Sample {
      Sample(external: share * sample.external, accounted: share * sample.accounted, carried: share * sample.carried)
    }
  }

  /// [rad/s²]
  private(set) var jolt: JointVector
  private let threshold: JointVector
  /// The latest updates.
  private var history: [Sample]
  private var next = 0
  private let recentCount: Int
  /// How many times its threshold each joint is jolted.
  private var share: JointVector
  /// √Σ (joltᵢ/θᵢ)² over the whole time, as a share of ρ.
  private var together = 0.0
  /// By how much more a mean of so many samples may be than one over the whole time.
  private let allowance: [Double]
  /// For how many updates each joint has not been heard.
  private var gap: [Int]
  /// Joints that have been heard since the beginning.
  private var begun = JointSet()
  /// For how many updates in a row every motor was told in time.
  private var evenCount = 0
  private let doubtfulCount: Int

  /// [s]
  static let recentTime = 0.010
  private static let beforeTime = 0.030
  /// k: of noise that is independent ½, of the steps in which a speed is told 1.
  private static let allowanceExponent = 0.6
  /// ρ. Joints that set out shake together, as the dry friction of all of them turns. Free motion of arms of six and seven joints, with wrong models,
  /// came to 1.2 where they move and 0.73 where they rest.
  private static let restingRatio = 0.9, movingRatio = 1.3
  /// What of a jolt that its own motors give an arm its model may have wrong, as a share.
  private static let modelDoubt = 0.5
  /// For how long after the line or the loop stumbled [s].
  private static let doubtfulTime = 0.05

  /// - Parameters:
  ///   - threshold: θ, from which on a jolt of one joint alone is a blow [rad/s²].
  ///   - period: Of the loop [s].
  init(threshold: JointVector, period: Double) {
    self.threshold = threshold
    jolt = JointVector(count: threshold.count)
    share = jolt
    let count = max(1, Int((Self.recentTime / period).rounded()))
    recentCount = count
    allowance = (1...count).map { pow(Double(count) / Double($0), Self.allowanceExponent) }
    history = Array(
      repeating: Sample(external: jolt, accounted: jolt, carried: jolt), count: count + max(1, Int((Self.beforeTime / period).rounded())))
    gap = Array(repeating: 0, count: threshold.count)
    doubtfulCount = max(1, Int((Self.doubtfulTime / period).rounded()))
  }

  /// Begins anew: what acts on each joint when it is heard next has always done so.
  mutating func reset() {
    begun = JointSet()
    jolt = JointVector(count: jolt.count)
    share = jolt
    together = 0
  }

  /// - Parameters:
  ///   - acceleration: a_ext since each joint was last heard [rad/s²].
  ///   - accounted: What motors and model account for in the same time [rad/s²].
  ///   - carried: What a thing that the arm may carry, and its model does not know, may speed the joints up by now [rad/s²].
  ///   - fresh: Joints that were heard; of the others nothing is known but that they are not jolted.
  ///   - isEven: Every motor was told what it should do, and in time.
  ///   - conduct: Since so long that what it did before has passed.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func update(
    acceleration: JointVector, accounted: JointVector, carried: JointVector, fresh: JointSet, isEven: Bool, conduct: Conduct
  ) {
    evenCount = isEven ? min(evenCount + 1, doubtfulCount) : 0
    next = (next + 1) % history.count
    history[next] = usual()
    history[next].carried = carried
    for joint in gap.indices {
      guard fresh.contains(joint) else {
        gap[joint] = min(gap[joint] + 1, recentCount - 1)
        continue
      }
      // What it did while it was not heard, it did all the time.
      for back in 0...(begun.contains(joint) ? gap[joint] : history.count - 1) {
        history[index(back)].external[joint] = acceleration[joint]
        history[index(back)].accounted[joint] = accounted[joint]
      }
      gap[joint] = 0
      begun.insert(joint)
    }
    compare(conduct)
  }

  /// The means over the time before the latest.
  private func usual() -> Sample {
    var sum = 0 * history[0]
    for back in recentCount..<history.count { sum += history[index(back)] }
    return (1 / Double(history.count - recentCount)) * sum
  }

  /// Of what was told so many updates ago.
  private func index(_ back: Int) -> Int { next >= back ? next - back : next - back + history.count }

  /// Weighs the means of the latest samples.
  private mutating func compare(_ conduct: Conduct) {
    let fewest = conduct == .yielding ? recentCount : 1
    let usual = usual(), doubt = evenCount < doubtfulCount ? Self.modelDoubt : 0
    var latest = 0 * usual
    (share, together) = (0 * jolt, 0)
    for count in 1...recentCount {
      latest += history[index(count - 1)]
      guard count >= fewest else { continue }
      let mean = (1 / Double(count)) * latest
      jolt = mean.external - usual.external
      for joint in share.indices {
        // What was felt before the beginning is nothing to compare with.
        if !begun.contains(joint) { jolt[joint] = 0 }
        let own = abs(mean.accounted[joint] - usual.accounted[joint]), load = abs(mean.carried[joint] - usual.carried[joint])
        let part = abs(jolt[joint]) / (allowance[count - 1] * threshold[joint] + doubt * own + load)
        share[joint] = max(share[joint], part)
        if count == recentCount, conduct != .yielding { together += part * part }
      }
    }
    together = together.squareRoot() / (conduct == .resting ? Self.restingRatio : Self.movingRatio)
  }

  /// The outermost joint that is jolted beyond `ratio` of its threshold, or where all together are, of those that are jolted most. Nil where none is.
  func joint(beyond ratio: Double) -> Int? {
    share.indices.last { share[$0] > ratio } ?? (together > ratio ? share.indices.last { share[$0] > 0.5 * level } : nil)
  }

  /// How many times its threshold the joint is jolted that is jolted most.
  var level: Double { share.maximumMagnitude }
}
