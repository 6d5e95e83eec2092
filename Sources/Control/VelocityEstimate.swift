internal import Foundation
internal import Kinematics

/// Joint velocities from encoder positions: differences between samples through a first-order low pass.
///
/// A joint without a new sample keeps its estimate. With 14 bits on the rotor of a 30:1 reducer and 500 samples a second the noise is
/// about 0.001 rad/s. After a gap the estimate is zero and not known; the next difference is then taken as it is, so that two samples are enough.
struct VelocityEstimate: Sendable {
  /// [rad/s]
  private(set) var velocity: JointVector
  private var known = JointSet()
  private var position: JointVector
  private var sampleTime: JointVector
  private let period, longestGap: Double
  /// Corner frequency of the low pass [Hz].
  private static let cutoff = 40.0

  /// - Parameters:
  ///   - period: Usual time between samples [s].
  ///   - longestGap: Samples further apart than this [s] tell nothing about the velocity now.
  init(jointCount: Int, period: Double, longestGap: Double) {
    velocity = JointVector(count: jointCount)
    position = JointVector(count: jointCount)
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    self.period = period
    self.longestGap = longestGap
  }

  /// Whether the joint's estimate rests on samples without a gap.
  func isKnown(_ joint: Int) -> Bool { known.contains(joint) }

  /// - Real-time: does not allocate. O(joints).
  mutating func update(position newPosition: JointVector, sampleTime newTime: JointVector) {
    for joint in newPosition.indices where newTime[joint] > sampleTime[joint] {
      let elapsed = newTime[joint] - sampleTime[joint]
      if elapsed > longestGap {
        velocity[joint] = 0
        known.remove(joint)
      } else {
        // Two samples in quick succession would, taken as they are, make the encoder's steps look like motion.
        guard known.contains(joint) || elapsed > period / 4 else { continue }
        let share = known.contains(joint) ? 1 - exp(-2 * .pi * Self.cutoff * elapsed) : 1
        velocity[joint] += share * ((newPosition[joint] - position[joint]) / elapsed - velocity[joint])
        known.insert(joint)
      }
      position[joint] = newPosition[joint]
      sampleTime[joint] = newTime[joint]
    }
  }
}
