/// Joint velocities for a wanted twist of the tool, or for wanted joint rates, period by period within all limits, and without a posture in which the
/// arm sticks.
///
/// What it keeps, whatever is asked:
/// - No joint's velocity changes by more than its acceleration limit times the period.
/// - No joint gets faster than its velocity limit, nor so fast that it could not brake before its position limit.
///
/// and within that, in this order: the direction of the tool's motion, its speed, room between the joints and their limits. The direction is that
/// of the shift and that of the turn, each by itself: a jog along a line stays on its line, slows and stops where it cannot go on, and says which
/// direction is lost; a turn that is lost does not hold up the shift beside it. On its way to a stop the tool strays as
/// ``Settings/directionTolerance`` says. It strays more only while it leaves a singularity: until its gain is up to ``Settings/singularGain``, by
/// some tenths of a typical length or of a radian at most. The joint velocities are found in three steps, each of which depends continuously on what
/// is wanted: 1. The wish, slowed as a whole to the velocity limits, and what it takes, direction by direction
/// (``freeRates(for:directions:situation:)``). 2. The point nearest to it of the box that velocity and position limits leave, where straying from the
/// wanted direction counts in full and loss of speed counts little. An arm with more joints than the task has numbers goes round its limits that
/// way. 3. From the last joint velocity straight towards it, as far as the acceleration limits allow; slower along the way where a joint that does
/// not keep up would make the tool stray.
///
/// A plain value without memory: the last joint velocity, which the caller gives, is all the past it knows.
public struct VelocityKinematics: Sendable {
  public let model: RobotModel
  public let limits: JointLimits
  public let settings: Settings

  public struct Settings: Sendable {
    /// Gain of the Jacobian below which a direction of the tool counts as on its way to be lost: how much the tool moves, in typical lengths or
    /// radians, for a joint motion of a radian. Above 0; large arms and small have like gains.
    public var singularGain = 0.1
    /// By which angle the tool may stray from its way where a singularity or a limit is on it [rad]. Near 0 it slows down and stops instead; at 1
    /// it slides along what stops it.
    public var directionTolerance = 0.05
    /// Share of the acceleration limits that braking before limits counts on, above 0, at most 1; the rest keeps the other joints in step.
    public var brakingShare = 0.5
    /// How fast a joint may near a position limit for what is left of the way [1/s]. Where what is answered is followed with limited jerk, a few of
    /// these let it come to the limit without passing it and swinging back.
    public var approachRate = Double.infinity
    /// Share of the velocity limits with which a redundant arm keeps its joints away from their limits; 0: not at all.
    public var roomSeeking = 0.5

    public init() {}
  }

  /// In which axes a twist is given. Its linear part is always the velocity of the tool frame's origin.
  public enum Axes: String, Sendable, CaseIterable {
    case base, tool
  }

  /// What a metre is measured in, so that it compares with a radian: a quarter of the arm's length [m].
  public let typicalLength: Double
  /// What each joint is measured in: 1 rad, or `typicalLength` where it slides. The limits below are in it.
  let unit: JointScalars
  let lowerLimit, upperLimit, speedLimit, accelerationLimit: JointScalars

  /// - Parameters:
  ///   - limits: nil: those of the model. Where one is infinite nothing is bounded by it; an arm without acceleration limits may change its velocity
  ///     at once.
  /// - Precondition: `limits` has one entry a joint.
  public init(model: RobotModel, limits: JointLimits? = nil, settings: Settings = Settings()) {
    let limits = limits ?? model.limits
    precondition(limits.lower.count == model.jointCount, "limits have one number a joint")
    (self.model, self.limits, self.settings) = (model, limits, settings)
    typicalLength = model.typicalLength
    var unit = JointScalars(repeating: 1)
    for (joint, isPrismatic) in model.isPrismatic.enumerated() where isPrismatic { unit[joint] = typicalLength }
    self.unit = unit
    let units = JointLanes(unit)
    lowerLimit = JointScalars(limits.lower.lanes / units)
    upperLimit = JointScalars(limits.upper.lanes / units)
    speedLimit = JointScalars(limits.velocity.lanes / units)
    accelerationLimit = JointScalars(limits.acceleration.lanes / units)
  }

  /// The joint velocities of the next period for a wanted twist.
  ///
  /// - Parameters:
  ///   - twist: Of the tool frame's origin [m/s], [rad/s].
  ///   - axes: In which axes it is given.
  ///   - free: Which of its numbers do not bind; `.axis` and `.plane` refer to the tool's z axis; nil: what an arm of so many joints cannot do.
  ///   - q: Where the joints stand [rad; m].
  ///   - velocity: Their velocities of the last period, as this function answered them [rad/s; m/s].
  ///   - period: [s]
  /// - Returns: The joint velocities, what the tool makes of them, and what took the rest.
  /// - Precondition: `q` and `velocity` have one number a joint; `period > 0`.
  /// - Real-time: does not allocate, lock or throw. A few microseconds.
  /// - Source: keeping the direction by F. Flacco, A. De Luca, O. Khatib, *Motion control of redundant robots under joint constraints: saturation in
  ///   the null space* (2012), here as one least-squares problem with weights.
  public func motion(
    for twist: Twist, in axes: Axes = .base, free: InverseKinematics.FreeAxes? = nil, at q: JointVector, velocity: JointVector, period: Double
  ) -> Motion {
    guard q.isFinite, velocity.isFinite else { return braking(from: velocity, period: period) }
    let situation = situation(at: q, velocity: velocity, period: period)
    var steady = steady(for: twist, in: axes, free: free, situation: situation)
    let (next, slowest) = stepped(towards: steady.rates, leaving: steady.leaving, task: steady.task, situation: situation)
    steady.account.note(next, task: steady.task) { .acceleration(joint: slowest) }
    return motion(next, of: steady)
  }

  /// The joint velocities for a wanted twist when acceleration limits have had time to let them come about.
  ///
  /// For whoever brings the whole of the arm up to them in step, so that the tool keeps its direction meanwhile.
  ///
  /// - Parameters, returns and the rest as for ``motion(for:in:free:at:velocity:period:)``.
  public func steadyMotion(
    for twist: Twist, in axes: Axes = .base, free: InverseKinematics.FreeAxes? = nil, at q: JointVector, velocity: JointVector, period: Double
  ) -> Motion {
    guard q.isFinite, velocity.isFinite else { return braking(from: velocity, period: period) }
    let steady = steady(for: twist, in: axes, free: free, situation: situation(at: q, velocity: velocity, period: period))
    return motion(steady.rates, of: steady)
  }

  /// Joint rates within velocity and position limits, and what is known of them.
  private struct Steady {
    var rates: JointLanes
    let task: TwistTask
    let jacobian: Jacobian
    let isFinite: Bool
    var account: Account
    /// The part of the rates that leads out of a singularity.
    let leaving: JointLanes
  }

  @inline(__always)
  private func steady(for twist: Twist, in axes: Axes, free: InverseKinematics.FreeAxes?, situation: Situation) -> Steady {
    let count = model.jointCount, period = situation.period
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

    var free = freeRates(for: task, directions: directions, situation: situation)
    free.rates += positionFirst(rates: free.rates, wanted: free.wanted, task: task, directions: directions)
    account.note(free.rates, task: task) { singularity(free: free, task: task, directions: directions) }

    let rates = free.rates + roomSeeking(rates: free.rates, directions: directions, situation: situation)
    let (slowed, excessOfAll, fastest) = slowed(rates)
    account.note(slowed, task: task) { .velocity(joint: fastest) }

    let box = box(at: situation.position, period: period, share: settings.brakingShare, approachRate: settings.approachRate)
    let (bounded, pressed) = bounded(slowed, opened: free.opened / excessOfAll, wanted: free.wanted, by: box, task: task)
    account.note(bounded, task: task) { .position(joint: pressed.joint, isUpper: pressed.isUpper) }
    return Steady(rates: bounded, task: task, jacobian: jacobian, isFinite: isFinite, account: account, leaving: free.escape / excessOfAll)
  }

  @inline(__always)
  private func motion(_ rates: JointLanes, of steady: Steady) -> Motion {
    let answer = JointVector(lanes: rates * JointLanes(unit), count: model.jointCount)
    return Motion(
      velocity: answer, twist: steady.jacobian.twist(for: answer), share: steady.account.share,
      hindrance: steady.isFinite ? steady.account.hindrance : .notFinite)
  }

  @inline(__always)
  private func situation(at q: JointVector, velocity: JointVector, period: Double) -> Situation {
    let units = JointLanes(unit)
    return Situation(q: q, position: JointScalars(q.lanes / units), velocity: JointScalars(velocity.lanes / units), period: period)
  }

  /// The joint velocities of the next period for wanted joint rates.
  ///
  /// Where a velocity limit is in the way, all joints slow down alike; a position limit stops its own joint alone.
  ///
  /// - Parameters: as for a twist.
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
  private func braking(from velocity: JointVector, period: Double) -> Motion {
    var next = JointVector(count: model.jointCount)
    for joint in next.indices where velocity[joint].isFinite {
      let most = limits.acceleration[joint] * period
      next[joint] = velocity[joint] - min(max(velocity[joint], -most), most)
    }
    return Motion(velocity: next, twist: Twist(), share: 0, hindrance: .unknownState)
  }

  private static var beside: JointLanes { 1e-8 * JointLanes(1, 0.91, 1.13, 0.83, 1.07, 0.97, 1.19, 0.87) }
}
