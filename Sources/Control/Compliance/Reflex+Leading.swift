// Giving way with motors that only take positions: the setpoint moves as the arm itself would if nothing held it.

internal import Kinematics
internal import Planner

extension Reflex {
  /// What is felt counts in full for so long; afterwards the motors' own work on their way is too easily taken for a push [s].
  private static let feelingTime = 0.06

  /// The virtual arm:
  ///
  ///     u̇ = M⁻¹ deadband(τ_ext) − 2ζω(1 + v/v_d) u − ω² (q_s − q_a),       q̇_s → u as fast as the motors can
  ///
  /// Its mass is the arm's own, which is on the safe side of what an admittance can render.
  /// - Source: A. Keemink, H. van der Kooij, A. Stienen, *Admittance control for physical human–robot interaction*, IJRR 37(11), 2018.
  mutating func leading(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    soften()
    let count = position.count, period = control.period
    let speed = length(model.linkEndVelocity(of: joint, at: position, velocity: push))
    weigh(energy: dynamics.kineticEnergy(at: push), speed: speed)
    let offset = isComingBack ? lead.position - anchor : JointVector(count: count)
    let free = law.acceleration(offset: offset, velocity: push, speed: speed, softness: softness, inertia: dynamics.inertia)
    let felt = dynamics.inertia.solution(of: deadBanded(watch.fast)) ?? JointVector(count: count)
    push += period * (free + felt)
    push = push.clamped(lower: -control.limits.velocity, upper: control.limits.velocity)

    let (braking, urgency, capability) = leadCaught(dynamics)
    for joint in 0..<count {
      // The drive's own trapezoid follows no faster than half again the joint's limits.
      let most = min(capability[joint], 1.8 * control.limits.acceleration[joint]), wanted = (push[joint] - lead.velocity[joint]) / period
      let given = min(max(wanted, -most), most)
      acceleration[joint] = given + urgency[joint] * (braking[joint] - given)
    }
    lead.position += period * lead.velocity + (0.5 * period * period) * acceleration
    lead.velocity += period * acceleration
    // What the setpoint may not do, the virtual arm does not do either.
    for joint in 0..<count where urgency[joint] > 0 { push[joint] += urgency[joint] * (lead.velocity[joint] - push[joint]) }
    lead.position = lead.position.clamped(lower: control.limits.lower, upper: control.limits.upper)
    return ReflexCommand(
      setpoint: JointSetpoint(position: lead.position, velocity: lead.velocity, acceleration: acceleration), stiffness: JointVector(count: count),
      damping: JointVector(count: count), effort: JointVector(count: count))
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

  /// The catch for a setpoint.
  private func leadCaught(_ dynamics: ArmDynamics) -> (acceleration: JointVector, urgency: JointVector, capability: JointVector) {
    var capability = settings.effort
    for joint in capability.indices {
      let spare = capability[joint] - abs(dynamics.gravity[joint] - watch.slow[joint]) - control.coulombFriction[joint]
      capability[joint] = max(0.5 * control.limits.acceleration[joint], Self.spareShare * spare / dynamics.inertia[joint, joint])
    }
    let (acceleration, urgency) = bound.bounded(
      JointVector(count: capability.count), position: lead.position, velocity: lead.velocity, capability: capability, isPlanned: false)
    return (acceleration, urgency, capability)
  }

  /// Of a motor's spare effort, what a setpoint may count with.
  private static let spareShare = 0.7
}
