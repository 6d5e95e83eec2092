internal import Foundation
internal import Kinematics

/// Joint velocities from encoder positions: differences between samples through a first-order low pass.
///
/// A joint without a new sample keeps its estimate. With 14 bits on the rotor of a 30:1 reducer and 500 samples a second the noise is
/// about 0.001 rad/s. After a gap the estimate is zero and not known; the next difference is then taken as it is, so that two samples are enough.
struct VelocityEstimate: Sendable {
  /// [rad/s]
  private(set) var velocity: JointVector
  private var known = JointSet(), forgotten = JointSet()
  private var position: JointVector
  private var sampleTime: JointVector
  /// No difference counts for more than this [rad/s], so that one wild sample does not look like a joint run wild.
  private let ceiling: JointVector
  private let period, longestGap: Double
  /// By how much what a motor reports is off in the long run [rad/s]: a code has an end, and seldom an exact zero.
  private var offset: JointVector
  private static let offsetTime = 0.3, largestOffset = 0.03, slowest = 0.3
  /// Corner frequency of the low pass [Hz].
  private static let cutoff = 40.0

  /// - Parameters:
  ///   - limit: What each joint's velocity should stay below [rad/s].
  ///   - period: Usual time between samples [s].
  ///   - longestGap: Samples further apart than this [s] tell nothing about the velocity now.
  init(limit: JointVector, period: Double, longestGap: Double) {
    velocity = JointVector(count: limit.count)
    position = JointVector(count: limit.count)
    sampleTime = JointVector(repeating: -.infinity, count: limit.count)
    ceiling = 3 * limit
    offset = velocity
    self.period = period
    self.longestGap = longestGap
  }

  /// Whether the joint's estimate rests on samples without a gap.
  func isKnown(_ joint: Int) -> Bool { known.contains(joint) }

  /// The joint's next sample tells nothing about its velocity, as after a gap.
  mutating func forget(_ joint: Int) {
    known.remove(joint)
    forgotten.insert(joint)
  }

  /// - Parameters:
  ///   - reported: What motors say of their own velocity [rad/s], where they are `reporting`.
  /// - Real-time: does not allocate. O(joints).
  mutating func update(
    position newPosition: JointVector, sampleTime newTime: JointVector, reported: JointVector? = nil, reporting: JointSet = JointSet()
  ) {
    for joint in newPosition.indices where newTime[joint] > sampleTime[joint] {
      let elapsed = newTime[joint] - sampleTime[joint]
      if elapsed > longestGap || forgotten.contains(joint) {
        velocity[joint] = 0
        known.remove(joint)
        forgotten.remove(joint)
      } else {
        // Two samples in quick succession would, taken as they are, make the encoder's steps look like motion.
        guard known.contains(joint) || elapsed > period / 4 else { continue }
        let share = known.contains(joint) ? 1 - exp(-2 * .pi * Self.cutoff * elapsed) : 1
        let slope = (newPosition[joint] - position[joint]) / elapsed
        if let reported, reporting.contains(joint) {
          velocity[joint] = corrected(reported[joint], joint: joint, slope: slope, elapsed: elapsed)
        } else {
          velocity[joint] += share * (min(max(slope, -ceiling[joint]), ceiling[joint]) - velocity[joint])
        }
        known.insert(joint)
      }
      position[joint] = newPosition[joint]
      sampleTime[joint] = newTime[joint]
    }
  }

  /// What a motor reports, less what differences of its positions show to be its error while the joint is slow.
  private mutating func corrected(_ reported: Double, joint: Int, slope: Double, elapsed: Double) -> Double {
    if abs(reported) < Self.slowest, abs(slope) < 2 * Self.slowest {
      offset[joint] += (slope - reported - offset[joint]) * (elapsed / Self.offsetTime)
      offset[joint] = min(max(offset[joint], -Self.largestOffset), Self.largestOffset)
    }
    return reported + offset[joint]
  }
}
