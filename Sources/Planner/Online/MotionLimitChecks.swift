internal import Kinematics

extension MotionLimits {
  /// Refuses what no motion can be made of.
  func check(from start: JointSetpoint, to target: MotionTarget, labels: JointLabels) throws(MotionRefusal) {
    try check(start, as: .start, labels: labels)
    switch target {
    case .state(let state): try check(state, as: .target, labels: labels)
    case .velocity(let velocity, let acceleration):
      try check(JointSetpoint(position: velocity, velocity: velocity, acceleration: acceleration), as: .target, labels: labels)
    }
    for joint in jerk.indices {
      try checkUsable(joint, labels: labels)
      try checkReachable(target.state(of: joint), joint, bindsVelocity: target.bindsPosition, labels: labels)
    }
  }

  private func check(_ state: JointSetpoint, as end: MotionRefusal.End, labels: JointLabels) throws(MotionRefusal) {
    try checkCount(of: state.position, end)
    try checkCount(of: state.velocity, end)
    try checkCount(of: state.acceleration, end)
    for joint in jerk.indices where !(state.position[joint] + state.velocity[joint] + state.acceleration[joint]).isFinite {
      throw .notFinite(end, joint: labels[joint])
    }
  }

  private func checkCount(of vector: JointVector, _ end: MotionRefusal.End) throws(MotionRefusal) {
    guard vector.count == jerk.count else { throw .wrongJointCount(end, given: vector.count, expected: jerk.count) }
  }

  private func checkUsable(_ joint: Int, labels: JointLabels) throws(MotionRefusal) {
    let limits = self[joint]
    guard limits.highestVelocity > 0 else { throw .unusableLimit(joint: labels[joint], .velocity, value: limits.highestVelocity) }
    guard limits.lowestVelocity < 0 else { throw .unusableLimit(joint: labels[joint], .velocity, value: limits.lowestVelocity) }
    guard limits.rise > 0 else { throw .unusableLimit(joint: labels[joint], .acceleration, value: limits.rise) }
    guard limits.fall > 0 else { throw .unusableLimit(joint: labels[joint], .acceleration, value: -limits.fall) }
    guard limits.jerk > 0 else { throw .unusableLimit(joint: labels[joint], .jerk, value: limits.jerk) }
    if limits.jerk.isInfinite, limits.rise.isInfinite || limits.fall.isInfinite { throw .unlimited(joint: labels[joint]) }
  }

  /// Refuses a target that is beyond the limits, or that can only be reached from beyond them.
  private func checkReachable(_ target: ScalarState, _ joint: Int, bindsVelocity: Bool, labels: JointLabels) throws(MotionRefusal) {
    let limits = self[joint], a = target.acceleration
    if limits.inverseJerk > 0, a > limits.rise || a < -limits.fall {
      throw .targetTooFast(joint: labels[joint], .acceleration, value: a, limit: a > 0 ? limits.rise : -limits.fall)
    }
    guard bindsVelocity else { return }
    // Where the acceleration was zero last, on the way to the target.
    let before = target.velocity - limits.inverseJerk * a * abs(a) / 2
    try checkVelocity(target.velocity, joint, labels: labels)
    try checkVelocity(before, joint, labels: labels)
  }

  private func checkVelocity(_ velocity: Double, _ joint: Int, labels: JointLabels) throws(MotionRefusal) {
    guard velocity > maxVelocity[joint] || velocity < minVelocity[joint] else { return }
    let limit = velocity > 0 ? maxVelocity[joint] : minVelocity[joint]
    throw .targetTooFast(joint: labels[joint], .velocity, value: velocity, limit: limit)
  }

  /// Refuses a motion that leaves the position limits, or goes further out where it begins outside.
  func checkInside(_ target: JointVector, _ motion: OnlineTrajectory, from start: JointVector, labels: JointLabels) throws(MotionRefusal) {
    let allowed = widened(toInclude: start)
    for joint in target.indices {
      let lowest = allowed.lower[joint] - Self.slack(allowed.lower[joint]), highest = allowed.upper[joint] + Self.slack(allowed.upper[joint])
      guard target[joint] >= lowest, target[joint] <= highest else {
        throw .outsideLimits(joint: labels[joint], value: target[joint], lower: lower[joint], upper: upper[joint])
      }
      let reach = motion.reach(of: joint)
      guard reach.lowerBound >= lowest, reach.upperBound <= highest else {
        let value = reach.upperBound > highest ? reach.upperBound : reach.lowerBound
        throw .passesLimits(joint: labels[joint], value: value, lower: lower[joint], upper: upper[joint])
      }
    }
  }

  /// What rounding may add to a position [rad; m].
  private static func slack(_ limit: Double) -> Double { limit.isFinite ? 1e-12 * (1 + abs(limit)) : 0 }

  /// The same limits, with room for `q` where it is outside.
  func widened(toInclude q: JointVector) -> Self {
    var widened = self
    for joint in q.indices {
      widened.lower[joint] = min(lower[joint], q[joint])
      widened.upper[joint] = max(upper[joint], q[joint])
    }
    return widened
  }
}
