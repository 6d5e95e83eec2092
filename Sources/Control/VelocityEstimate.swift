internal import Foundation
internal import Kinematics

/// Joint velocities from encoder positions: differences between samples through a first-order low pass.
///
/// A joint without a new sample keeps its estimate. With 14 bits on the rotor of a 30:1 reducer and 500 samples a second the noise is
/// about 0.001 rad/s.
struct VelocityEstimate: Sendable {
  /// [rad/s]
  private(set) var velocity: JointVector
  private var position: JointVector
  private var sampleTime: JointVector
  private let cutoff: Double

  /// - Parameter cutoff: Corner frequency of the low pass [Hz].
  init(jointCount: Int, cutoff: Double = 40) {
    velocity = JointVector(count: jointCount)
    position = JointVector(count: jointCount)
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    self.cutoff = cutoff
  }

  /// - Real-time: does not allocate. O(joints).
  mutating func update(position newPosition: JointVector, sampleTime newTime: JointVector) {
    for joint in newPosition.indices where newTime[joint] > sampleTime[joint] {
      let elapsed = newTime[joint] - sampleTime[joint]
      if elapsed < 0.1 {
        let share = 1 - exp(-2 * .pi * cutoff * elapsed)
        velocity[joint] += share * ((newPosition[joint] - position[joint]) / elapsed - velocity[joint])
      } else {
        velocity[joint] = 0
      }
      position[joint] = newPosition[joint]
      sampleTime[joint] = newTime[joint]
    }
  }
}
