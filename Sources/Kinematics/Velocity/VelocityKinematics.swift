/// Joint velocities for a wanted twist of the tool, or for wanted joint rates, period by period within all limits, and without a posture in which the
/// arm sticks.
///
/// What it keeps, whatever is asked:
/// - No joint's velocity changes by more than its acceleration limit times the period.
/// - No joint gets faster than its velocity limit, nor so fast that it could not brake before its position limit.
///
/// What it gives up last to first, within that:
/// 1. The direction of the tool's motion: that of the shift and that of the turn, each by itself. A jog along a line stays on its line, slows and
///    stops where it cannot go on, and says which direction is lost; a turn that is lost does not hold up the shift beside it.
/// 2. Its speed.
/// 3. Room between the joints and their limits, where the arm has joints to spare.
///
/// On its way to a stop the tool strays as ``Settings/directionTolerance`` says, and more only while it leaves a singularity: until its gain is up to
/// ``Settings/singularGain``, by some tenths of a typical length or of a radian at most.
///
/// How it is found, in steps that each depend continuously on what is wanted:
/// 1. The joint rates for the wish, slowed as a whole to the velocity limits, direction by direction (``freeRates(for:directions:situation:)``).
/// 2. The nearest point of the box that velocity and position limits leave, where straying counts in full and loss of speed little
///    (``bounded(_:opened:wanted:by:task:)``). An arm with joints to spare goes round its limits that way.
/// 3. From the last joint velocity straight towards it as far as the acceleration limits allow, and slower where a joint that does not keep up would
///    make the tool stray (``stepped(towards:leaving:task:situation:)``).
///
/// A plain value without memory: the last joint velocity, which the caller gives, is all the past it knows.
///
/// - Source: keeping the direction after F. Flacco, A. De Luca, O. Khatib, *Motion control of redundant robots under joint constraints: saturation in
///   the null space* (2012), here as one least-squares problem with weights. The other steps name theirs.
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
  /// Takes and answers what ``motion(for:in:free:at:velocity:period:)`` does.
  public func steadyMotion(
    for twist: Twist, in axes: Axes = .base, free: InverseKinematics.FreeAxes? = nil, at q: JointVector, velocity: JointVector, period: Double
  ) -> Motion {
    guard q.isFinite, velocity.isFinite else { return braking(from: velocity, period: period) }
    let steady = steady(for: twist, in: axes, free: free, situation: situation(at: q, velocity: velocity, period: period))
    return motion(steady.rates, of: steady)
  }
}
