extension VelocityKinematics {
  /// Joint rates within velocity and position limits, and what is known of them.
  struct Steady {
    var rates: JointLanes
    let task: TwistTask
    let jacobian: Jacobian
    let isFinite: Bool
    var account: Account
    /// The part of the rates that leads out of a singularity.
    let leaving: JointLanes
  }

  @inline(__always)
  func steady(for twist: Twist, in axes: Axes, free: InverseKinematics.FreeAxes?, situation: Situation) -> Steady {
    let count = model.jointCount
    // An exactly singular posture has no direction to leave in; a hundred-millionth of a radian beside it there is one.
    let (pose, jacobian) = model.poseAndJacobian(at: JointVector(lanes: situation.q.lanes + Self.beside, count: count))
    let base = axes == .base ? twist : Twist(linear: pose.rotation * twist.linear, angular: pose.rotation * twist.angular)
    let isFinite = (base.linear * base.linear + base.angular * base.angular).sum().isFinite
    var task = TwistTask(
      twist: isFinite ? base : Twist(), free: free ?? .usual(jointCount: count), pose: pose, jacobian: jacobian, units: unit, length: typicalLength)
    let directions = TaskDirections(rows: task.rows, rowCount: task.rowCount, jointCount: count)

    var account = Account(wanted: task.wanted)
    let (_, excess, first) = slowed(plainRates(for: task.wanted, directions: directions))
    task.wanted /= excess
    account.note(task.wanted) { .velocity(joint: first) }

    var found = freeRates(for: task, directions: directions, situation: situation)
    found.rates += positionFirst(rates: found.rates, wanted: found.wanted, task: task, directions: directions)
    account.note(found.rates, task: task) { singularity(free: found, task: task, directions: directions) }

    let rates = found.rates + roomSeeking(rates: found.rates, directions: directions, situation: situation)
    let (slowed, excessOfAll, fastest) = slowed(rates)
    account.note(slowed, task: task) { .velocity(joint: fastest) }

    let box = box(at: situation.position, period: situation.period, share: settings.brakingShare, approachRate: settings.approachRate)
    let (bounded, pressed) = bounded(slowed, opened: found.opened / excessOfAll, wanted: found.wanted, by: box, task: task)
    account.note(bounded, task: task) { .position(joint: pressed.joint, isUpper: pressed.isUpper) }
    return Steady(rates: bounded, task: task, jacobian: jacobian, isFinite: isFinite, account: account, leaving: found.escape / excessOfAll)
  }

  @inline(__always)
  func motion(_ rates: JointLanes, of steady: Steady) -> Motion {
    let answer = JointVector(lanes: rates * JointLanes(unit), count: model.jointCount)
    return Motion(
      velocity: answer, twist: steady.jacobian.twist(for: answer), share: steady.account.share,
      hindrance: steady.isFinite ? steady.account.hindrance : .notFinite)
  }

  /// In the joints' own units.
  @inline(__always)
  func situation(at q: JointVector, velocity: JointVector, period: Double) -> Situation {
    let units = JointLanes(unit)
    return Situation(q: q, position: JointScalars(q.lanes / units), velocity: JointScalars(velocity.lanes / units), period: period)
  }

  /// How far beside the joints' positions the Jacobian is looked at [rad].
  private static var beside: JointLanes { 1e-8 * JointLanes(1, 0.91, 1.13, 0.83, 1.07, 0.97, 1.19, 0.87) }
}
