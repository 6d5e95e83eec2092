internal import Kinematics

/// How much time lies between each joint's last two samples, whatever the line and the loop are late by.
struct SampleSpans: Sendable {
  /// Zero where a joint was not heard since the last tick [s].
  private(set) var spans: JointVector
  /// When each joint was last heard, and for how long it has not been heard since [s].
  private var sampleTime, unheard: JointVector
  private let period: Double

  /// Samples that are nearer to each other tell no acceleration, in periods; no span is longer than this [s].
  static let least = 0.6, longest = 0.03

  /// - Parameter period: Of the loop [s].
  init(jointCount: Int, period: Double) {
    spans = JointVector(count: jointCount)
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    unheard = spans
    self.period = period
  }

  /// - Parameter interval: Between the last two times that motors were told something [s].
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func listen(to input: ControlInput, interval: Double) {
    for joint in spans.indices {
      unheard[joint] += interval
      let span = input.sampleTime[joint] - sampleTime[joint]
      // After a tick that came late the next follows at once, and when each was heard is not known so well.
      guard span >= Self.least * period else {
        spans[joint] = 0
        continue
      }
      // Where an answer was lost, the next may be dated too early.
      spans[joint] = min(max(span, unheard[joint] - period), Self.longest)
      (sampleTime[joint], unheard[joint]) = (input.sampleTime[joint], 0)
    }
  }
}
