extension VelocityKinematics {
  /// The joint velocities of the next period for wanted joint rates.
  ///
  /// Where a velocity limit is in the way, all joints slow down alike; a position limit stops its own joint alone.
  ///
  /// - Parameters:
  ///   - rates: [rad/s; m/s]
  ///   - q: Where the joints stand [rad; m].
  ///   - velocity: Their velocities of the last period, as this function answered them [rad/s; m/s].
  ///   - period: [s]
  /// - Precondition: all have one number a joint; `period > 0`.
  /// - Real-time: does not allocate, lock or throw. Less than a microsecond.
  public func motion(for rates: JointVector, at q: JointVector, velocity: JointVector, period: Double) -> Motion {
    guard q.isFinite, velocity.isFinite else { return braking(from: velocity, period: period) }
    let count = model.jointCount, units = JointLanes(unit), isFinite = rates.dot(rates).isFinite
    let situation = situation(at: q, velocity: velocity, period: period)
    let wanted = isFinite ? rates.lanes / units : .zero
    var account = Account(wanted: wanted)
    let (slowed, _, fastest) = slowed(wanted)
    account.note(slowed) { .velocity(joint: fastest) }
    let box = box(at: situation.position, period: period, share: settings.brakingShare, approachRate: settings.approachRate)
    var bounded = JointScalars(slowed), pressed = (joint: 0, isUpper: false), loss = 0.0
    for joint in 0..<count {
      let asked = bounded[joint]
      bounded[joint] = box.clamped(asked, joint: joint)
      if abs(asked - bounded[joint]) > loss { (loss, pressed) = (abs(asked - bounded[joint]), (joint, asked > 0)) }
    }
    account.note(JointLanes(bounded)) { .position(joint: pressed.joint, isUpper: pressed.isUpper) }
    let (next, slowest) = stepped(towards: JointLanes(bounded), situation: situation)
    account.note(next) { .acceleration(joint: slowest) }
    let answer = JointVector(lanes: next * units, count: count)
    return Motion(
      velocity: answer, twist: model.jacobian(at: q).twist(for: answer), share: account.share, hindrance: isFinite ? account.hindrance : .notFinite)
  }

  /// To rest, as fast as the acceleration limits allow: what is left to do where nobody knows how the arm stands or moves.
  func braking(from velocity: JointVector, period: Double) -> Motion {
    var next = JointVector(count: model.jointCount)
    for joint in next.indices where velocity[joint].isFinite {
      let most = limits.acceleration[joint] * period
      next[joint] = velocity[joint] - min(max(velocity[joint], -most), most)
    }
    return Motion(velocity: next, twist: Twist(), share: 0, hindrance: .unknownState)
  }
}
