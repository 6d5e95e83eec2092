internal import Kinematics

extension JointLimits {
  /// Refuses positions of another count than the limits', or that are not numbers.
  func check(_ q: JointVector, as end: MotionRefusal.End, labels: JointLabels) throws(MotionRefusal) {
    guard q.count == lower.count else { throw .wrongJointCount(end, given: q.count, expected: lower.count) }
    for joint in q.indices where !q[joint].isFinite { throw .notFinite(end, joint: labels[joint]) }
  }

  /// Refuses limits under which there is no motion, or none that takes time.
  func checkUsable(labels: JointLabels) throws(MotionRefusal) {
    for joint in velocity.indices {
      for (quantity, value) in [(MotionQuantity.velocity, velocity[joint]), (.acceleration, acceleration[joint]), (.jerk, jerk[joint])]
      where !(value > 0) {
        throw .unusableLimit(joint: labels[joint], quantity, value: value)
      }
      if acceleration[joint].isInfinite && jerk[joint].isInfinite { throw .unlimited(joint: labels[joint]) }
    }
  }

  /// Refuses a target outside the position limits, unless the joint starts out there and goes no further.
  func checkInside(_ target: JointVector, from start: JointVector, labels: JointLabels) throws(MotionRefusal) {
    let allowed = widened(toInclude: start)
    for joint in target.indices where target[joint] < allowed.lower[joint] || target[joint] > allowed.upper[joint] {
      throw .outsideLimits(joint: labels[joint], value: target[joint], lower: lower[joint], upper: upper[joint])
    }
  }

  /// The same limits, with room for `q` where it is outside: a joint that stands outside may stay or come back, not go further out.
  func widened(toInclude q: JointVector) -> Self {
    var widened = self
    for joint in q.indices {
      widened.lower[joint] = min(lower[joint], q[joint])
      widened.upper[joint] = max(upper[joint], q[joint])
    }
    return widened
  }
}
