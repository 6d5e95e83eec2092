internal import Kinematics

/// Which joints can be felt, as far as the line is concerned.
///
/// What a line loses, holds up or garbles must not pass for a touch. A joint that was not heard for some ticks is felt again after a few samples
/// in a row: the first differences after a gap span unknown times. A line that delivers damaged text is believed in nothing for a while. And a
/// touch counts once two samples in a row show it, in the same direction, as a wrong one is followed by one that takes it back.
struct LineTrust: Sendable {
  /// Joints that are not felt now.
  private(set) var unfelt = JointSet()
  private var sampleTime: JointVector
  /// Since each joint's last sample, and how long it is still not felt after a gap [s].
  private(set) var silence: JointVector
  private var convalescence: JointVector
  /// For how long nothing is felt after damage [s].
  private var distrust = 0.0
  /// Joints beyond their threshold one way and the other, a tick ago.
  private var pulled = JointSet(), pushed = JointSet()

  /// [periods]
  private static let longestGap = 3.5, recoveryPeriods = 5.0
  /// [s]
  private static let distrustTime = 0.03

  init(jointCount: Int) {
    sampleTime = JointVector(repeating: -.infinity, count: jointCount)
    silence = JointVector(count: jointCount)
    convalescence = silence
  }

  /// For how long the joint has not been heard that has been silent longest [s].
  var longestSilence: Double { silence.max() ?? 0 }

  /// Whether the line has garbled something lately.
  var isDistrusted: Bool { distrust > 0 }

  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func listen(to input: ControlInput, period: Double) {
    distrust = input.isGarbled ? Self.distrustTime : max(0, distrust - period)
    unfelt = input.withoutEffort
    for joint in silence.indices {
      let isFresh = input.sampleTime[joint] > sampleTime[joint]
      convalescence[joint] = max(0, convalescence[joint] - (isFresh ? period : 0))
      silence[joint] = isFresh ? 0 : silence[joint] + period
      sampleTime[joint] = input.sampleTime[joint]
      if silence[joint] > Self.longestGap * period { convalescence[joint] = Self.recoveryPeriods * period }
      if convalescence[joint] > 0 { unfelt.insert(joint) }
    }
  }

  /// The outermost joint that is touched now as it was a tick ago; nil where none is.
  ///
  /// - Parameter touch: What each joint feels beyond its threshold, with its sign; zero for nothing.
  mutating func confirmed(_ touch: JointVector) -> Int? {
    var nowPulled = JointSet(), nowPushed = JointSet(), outermost: Int?
    for joint in touch.indices where touch[joint] != 0 && !unfelt.contains(joint) {
      if touch[joint] > 0 { nowPushed.insert(joint) } else { nowPulled.insert(joint) }
      if touch[joint] > 0 ? pushed.contains(joint) : pulled.contains(joint) { outermost = joint }
    }
    (pulled, pushed) = (nowPulled, nowPushed)
    return isDistrusted ? nil : outermost
  }
}
