// Giving way with motors that only take positions: the setpoint moves as the arm itself would if nothing held it.

internal import Kinematics
internal import Planner

extension Reflex {
  /// What is felt counts in full for so long; afterwards the motors' own work on their way is too easily taken for a push [s].
  private static let feelingTime = 0.06
  /// A joint that is so far from its setpoint is being pushed by more than its motor bears [rad].
  private static let slack = 0.012

  /// What is pushed away from its setpoint takes it along: its motor lets go of what it held against the push, and begins afresh where it is. The
  /// others, and all of them as soon as nothing pushes any more, move as a virtual arm does:
  ///
  ///     u̇ = M⁻¹ deadband(τ_ext) − 2ζω(1 + v/v_d) u − ω² (q_s − q_a),       q̇_s → u as fast as the motors can
  ///
  /// Its mass is the arm's own, which is on the safe side of what an admittance can render.
  /// - Source: A. Keemink, H. van der Kooij, A. Stienen, *Admittance control for physical human–robot interaction*, IJRR 37(11), 2018.
  mutating func leading(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    soften()
    let afresh = takeAlong(dynamics)
    let count = position.count, period = control.period
    let speed = length(model.linkEndVelocity(of: joint, at: position, velocity: push))
    weigh(energy: dynamics.kineticEnergy(at: push), speed: speed)
    let offset = isComingBack ? lead.position - anchor : JointVector(count: count)
    let free = law.acceleration(offset: offset, velocity: push, speed: speed, softness: softness, inertia: dynamics.inertia)
    let felt = dynamics.inertia.solution(of: deadBanded(watch.fast)) ?? JointVector(count: count)
    push += period * (free + felt)

    let capability = ledCapability(dynamics)
    let (braking, urgency) = bound.bounded(
      JointVector(count: count), position: lead.position, velocity: lead.velocity, capability: capability, isPlanned: false)
    for joint in 0..<count {
      let wanted = (push[joint] - lead.velocity[joint]) / period
      let given = min(max(wanted, -capability[joint]), capability[joint])
      acceleration[joint] = given + urgency[joint] * (braking[joint] - given)
    }
    lead.position += period * lead.velocity + (0.5 * period * period) * acceleration
    lead.velocity += period * acceleration
    // What the setpoint may not do, the virtual arm does not do either.
    for joint in 0..<count where urgency[joint] > 0 { push[joint] += urgency[joint] * (lead.velocity[joint] - push[joint]) }
    keepWithinLimits()
    return ReflexCommand(
      setpoint: JointSetpoint(position: lead.position, velocity: lead.velocity, acceleration: acceleration), stiffness: JointVector(count: count),
      damping: JointVector(count: count), effort: JointVector(count: count), isLed: true, afresh: afresh)
  }

  /// Moves the setpoint to where the push has brought the arm, but for joints that have to brake: their motors go on holding against it.
  ///
  /// - Returns: The joints whose motors are to begin afresh.
  private mutating func takeAlong(_ dynamics: ArmDynamics) -> JointSet {
    var afresh = JointSet()
    let (_, urgency) = bound.bounded(
      JointVector(count: position.count), position: position, velocity: velocity, capability: ledCapability(dynamics), isPlanned: false)
    for joint in position.indices {
      // Where it will be when the motor hears of it.
      let here = position[joint] + control.period * velocity[joint]
      guard abs(here - lead.position[joint]) > Self.slack, urgency[joint] < 0.5 else { continue }
      lead.position[joint] = here
      lead.velocity[joint] = velocity[joint]
      push[joint] = velocity[joint]
      afresh.insert(joint)
    }
    return afresh
  }

  private mutating func keepWithinLimits() {
    for joint in lead.position.indices {
      let inside = min(max(lead.position[joint], control.limits.lower[joint]), control.limits.upper[joint])
      guard inside != lead.position[joint] else { continue }
      (lead.position[joint], lead.velocity[joint], push[joint]) = (inside, 0, 0)
    }
  }

  private func deadBanded(_ effort: JointVector) -> JointVector {
    let ratio = sincePhase < Self.feelingTime ? 0.5 : settings.thresholds.collisionRatio
    var banded = effort
    for joint in effort.indices {
      let band = ratio * watch.threshold[joint]
      banded[joint] = effort[joint] > 0 ? max(0, effort[joint] - band) : min(0, effort[joint] + band)
    }
    return banded
  }

  /// How fast a setpoint may speed up and brake [rad/s²].
  private func ledCapability(_ dynamics: ArmDynamics) -> JointVector {
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
