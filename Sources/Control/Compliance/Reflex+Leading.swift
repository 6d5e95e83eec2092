// Giving way with motors that only take positions: the setpoint moves as the arm itself would if nothing held it.

internal import Kinematics
internal import Planner

extension Reflex {
  /// Efforts are felt for so long; afterwards the motors' own work on their way, which is told late, is too easily taken for a push. A joint that has
  /// been taken along is not felt at all: its motion tells more [s].
  static let feelingTime = 0.03
  /// Share of a joint's threshold that what it feels may be wrong by.
  private static let deadBand = 0.1
  /// A joint that is so far from its setpoint is being pushed by more than its motor bears [rad].
  private static let slack = 0.012

  /// What is pushed away from its setpoint takes it along: its motor lets go of what it held against the push, and begins afresh where it is. The
  /// others, and all of them as soon as nothing pushes any more, move as a virtual arm does:
  ///
  ///     u̇ = M⁻¹ deadband(τ_ext) − 2ζω(1 + v/v_d) u − ω² (q_s − q_a),       q̇_s → u as fast as the motors can
  ///
  /// Its mass is the arm's own, which is on the safe side of what an admittance can render. Its spring only brakes: the way back is planned.
  /// - Source: A. Keemink, H. van der Kooij, A. Stienen, *Admittance control for physical human–robot interaction*, IJRR 37(11), 2018.
  mutating func leading(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    soften()
    // What the motors held against before the knock was felt is given back.
    if sincePhase <= control.period { push += dynamics.inertia.solution(of: impulse) ?? 0 * push }
    let capability = ledCapability(dynamics), afresh = takeAlong(capability)
    let none = JointVector(count: position.count)
    noteLeaning(dynamics)
    if isLeantOn { return following(dynamics, afresh: afresh) }
    let speed = length(model.linkEndVelocity(of: joint, at: position, velocity: push))
    weigh(energy: dynamics.kineticEnergy(at: push), speed: speed)
    let free = law.acceleration(offset: brakingOffset, velocity: push, speed: speed, softness: softness, inertia: dynamics.inertia)
    push += control.period * (free + (dynamics.inertia.solution(of: felt) ?? none))
    moveSetpoint(capability)
    return ReflexCommand(
      setpoint: JointSetpoint(position: lead.position, velocity: lead.velocity, acceleration: acceleration), stiffness: none, damping: none,
      effort: none, isLed: true, afresh: afresh, agility: agility(dynamics))
  }

  /// An arm that has come to rest and is still pushed is leant on: by then its motors have told what they do.
  private mutating func noteLeaning(_ dynamics: ArmDynamics) {
    sinceLed = dynamics.kineticEnergy(at: push) < Self.stillness ? sinceLed + control.period : 0
    isLeantOn = strain.isOverworked || (isLeantOn ? watch.level > Self.leftRatio : sinceLed > Self.leanTime && watch.level > Self.lateRatio)
  }

  /// What leans on the arm leads it, as a hand does in mode `float`.
  private mutating func following(_ dynamics: ArmDynamics, afresh: JointSet) -> ReflexCommand {
    var inertia = JointVector(count: position.count)
    for row in inertia.indices {
      for column in inertia.indices { inertia[row] += abs(dynamics.inertia[row, column]) }
    }
    let next = admittance.setpoint(after: lead, externalEffort: watch.fast, inertia: inertia, period: control.period)
    let isBlocked = clearance.isBlocked(next.position, velocity: next.velocity, capability: control.limits.acceleration)
    lead = isBlocked ? JointSetpoint(restingAt: lead.position) : next
    push = lead.velocity
    acceleration = 0 * push
    return ReflexCommand(
      setpoint: lead, stiffness: acceleration, damping: acceleration, effort: acceleration, isLed: true, afresh: afresh, agility: agility(dynamics))
  }

  /// How long an arm that is led has to rest until its motors have told what they hold against [s]; and of the thresholds, from which on nobody
  /// leans on it any more.
  static let leanTime = 0.04
  private static let leftRatio = 0.8

  /// From where the arm comes back to, of the joints that go away from there [rad].
  private var brakingOffset: JointVector {
    var offset = isComingBack ? lead.position - anchor : JointVector(count: position.count)
    for joint in offset.indices where offset[joint] * push[joint] < 0 { offset[joint] = 0 }
    return offset
  }

  /// What pushes, beyond what friction and the model may hide [N·m].
  private var felt: JointVector {
    guard sincePhase < Self.feelingTime else { return 0 * push }
    var felt = watch.fast
    for joint in felt.indices {
      let band = Self.deadBand * watch.threshold[joint]
      felt[joint] = felt[joint] > 0 ? max(0, felt[joint] - band) : min(0, felt[joint] + band)
      if taken.contains(joint) { felt[joint] = 0 }
    }
    return felt
  }

  /// Moves the setpoint to where the push has brought the arm, but for joints that have to brake: their motors go on holding against it.
  ///
  /// - Returns: The joints whose motors are to begin afresh.
  private mutating func takeAlong(_ capability: JointVector) -> JointSet {
    var afresh = JointSet()
    let isBlocked = clearance.isBlocked(position, velocity: velocity, capability: capability)
    for joint in position.indices {
      // Where it will be when the motor hears of it.
      let here = position[joint] + control.period * velocity[joint]
      guard abs(here - lead.position[joint]) > Self.slack else { continue }
      let braking = braking(joint, at: position[joint], velocity: velocity[joint], capability: capability[joint], delay: bound.delay)
      guard !isBlocked || abs(velocity[joint]) < Self.creep, braking.urgency < 0.5 else { continue }
      lead.position[joint] = here
      lead.velocity[joint] = velocity[joint]
      push[joint] = velocity[joint]
      afresh.insert(joint)
      taken.insert(joint)
    }
    return afresh
  }

  /// Slower than this nothing needs to be braked [rad/s].
  private static let creep = 0.05

  /// One period on: the setpoint follows the virtual arm, within its limits and clear of what is in the way.
  private mutating func moveSetpoint(_ capability: JointVector) {
    let period = control.period, isBlocked = clearance.isBlocked(lead.position, velocity: lead.velocity, capability: capability)
    for joint in lead.position.indices {
      let most = capability[joint], wanted = ((isBlocked ? 0 : push[joint]) - lead.velocity[joint]) / period
      let given = min(max(wanted, -most), most)
      let braking = braking(joint, at: lead.position[joint], velocity: lead.velocity[joint], capability: most, delay: period)
      acceleration[joint] = given + braking.urgency * (braking.acceleration - given)
      let lowest = min(bound.lower[joint] + bound.margin[joint], lead.position[joint], anchor[joint])
      let highest = max(bound.upper[joint] - bound.margin[joint], lead.position[joint], anchor[joint])
      lead.position[joint] += period * lead.velocity[joint] + 0.5 * period * period * acceleration[joint]
      lead.velocity[joint] += period * acceleration[joint]
      let inside = min(max(lead.position[joint], lowest), highest)
      if inside != lead.position[joint] { (lead.position[joint], lead.velocity[joint]) = (inside, 0) }
      // What the setpoint may not do, the virtual arm does not do either.
      if isBlocked || inside != lead.position[joint] || braking.urgency > 0 { push[joint] = lead.velocity[joint] }
    }
  }

  /// What a joint has to brake with so as not to pass its limit, and how urgent that is, 0…1.
  private func braking(
    _ joint: Int, at position: Double, velocity: Double, capability: Double, delay: Double
  ) -> (acceleration: Double, urgency: Double) {
    var distance = velocity < 0 ? position - bound.lower[joint] : bound.upper[joint] - position
    // A knock is over sooner than a hand has led a joint anywhere.
    if sincePhase < Self.knockTime { distance = min(distance, max(0, Self.reach + (position - anchor[joint]) * (velocity < 0 ? 1 : -1))) }
    let room = max(distance - bound.margin[joint] - abs(velocity) * delay, Self.leastRoom), need = velocity * velocity / (2 * room)
    let share = (need / max(capability, 1e-3) - Self.onset) / (1 - Self.onset)
    guard share > 0 else { return (0, 0) }
    let most = min(need, abs(velocity) / control.period)
    return (velocity < 0 ? most : -most, min(1, share))
  }

  /// How far a knock takes a joint at most, as far as its motor can help it [rad]; and what lasts longer than this is no knock [s].
  private static let reach = 0.5, knockTime = 0.12

  /// Share of what a motor can do from which on braking begins; and the least room that is counted with [rad].
  private static let onset = 0.5, leastRoom = 0.004

  /// More than the motors can do of their own, so that they are not what holds the joints up [rad/s²]: of joints that are thrown much more, as these
  /// are to be braked with all that there is; of the others only so much that they go smoothly.
  private func agility(_ dynamics: ArmDynamics) -> JointVector {
    var agility = settings.effort
    for joint in agility.indices {
      let isThrown = abs(velocity[joint]) > Self.thrownShare * control.limits.velocity[joint]
      let most = (isThrown ? Self.thrownAgility : Self.ledAgility) * settings.effort[joint] / dynamics.inertia[joint, joint]
      agility[joint] = max(most, control.limits.acceleration[joint])
    }
    return agility
  }

  /// Of the velocity limit, from which on a joint counts as thrown; and times what its motor can do.
  private static let thrownShare = 4.0, thrownAgility = 20.0, ledAgility = 3.0

  /// How fast a setpoint may speed up and brake [rad/s²].
  func ledCapability(_ dynamics: ArmDynamics) -> JointVector {
    var capability = settings.effort
    for joint in capability.indices {
      let spare = capability[joint] - abs(dynamics.gravity[joint] - watch.slow[joint]) - control.coulombFriction[joint]
      capability[joint] = max(0.5 * control.limits.acceleration[joint], Self.spareShare * spare / dynamics.inertia[joint, joint])
    }
    return capability
  }

  /// Of a motor's spare effort, what a setpoint may count with.
  private static let spareShare = 0.7
}
