// Giving way.

internal import Kinematics
internal import Planner

extension Reflex {
  /// A knock is given this long before the arm may turn back [s].
  private static let leastYield = 0.04
  /// A push that lasts this long is held, and is let go where it wants over the time after [s].
  private static let holdTime = 0.12, fadeTime = 0.3
  /// What the knock meets is told by how the arm moves until then [s], from this energy on [J].
  private static let weighingTime = 0.04, leastEnergy = 0.004
  /// Below this energy the arm counts as still [J].
  private static let stillness = 0.002

  /// Whether the knock is over: nothing touches any more, and the arm has come to its turning point or to rest.
  func isSpent(_ dynamics: ArmDynamics) -> Bool {
    guard sincePhase >= Self.leastYield, sinceTouch >= Self.quietTime else { return false }
    let isLed = settings.hardware != .torque, rate = isLed ? push : velocity
    let momentum = dynamics.inertia * rate
    if 0.5 * momentum.dot(rate) < Self.stillness { return true }
    return isComingBack && momentum.dot((isLed ? lead.position : position) - anchor) <= 0
  }

  mutating func yielding(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    soften()
    let speed = length(model.linkEndVelocity(of: joint, at: position, velocity: velocity))
    weigh(energy: dynamics.kineticEnergy(at: velocity), speed: speed)
    let offset = isComingBack ? position - anchor : JointVector(count: position.count)
    let wanted = law.acceleration(offset: offset, velocity: velocity, speed: speed, softness: softness, inertia: dynamics.inertia)
    let (bounded, urgency) = caught(wanted, dynamics)
    acceleration = bounded
    return ReflexCommand(
      setpoint: JointSetpoint(restingAt: position), stiffness: JointVector(count: position.count), damping: JointVector(count: position.count),
      effort: rated(realisable(bounded, urgency: urgency, dynamics) - Self.dryFrictionLeft * dynamics.dryFriction))
  }

  /// Share of dry friction that is left to stop the arm by itself: it is never known so well that all of it could be made up for.
  private static let dryFrictionLeft = 0.3

  mutating func soften() {
    if sinceTouch < Self.quietTime {
      if sincePhase > Self.holdTime { softness = max(0, softness - control.period / Self.fadeTime) }
    } else {
      softness = min(1, softness + control.period / Self.fadeTime)
    }
  }

  /// A moving mass m at the speed v has the energy ½ m v².
  mutating func weigh(energy: Double, speed: Double) {
    guard sincePhase <= Self.weighingTime, energy > Self.leastEnergy, speed > 0 else { return }
    law = YieldLaw(settings: settings, speed: max(speed, law.speed), mass: 2 * energy / (speed * speed))
  }

  /// The efforts for wanted accelerations, within what may be commanded.
  ///
  /// Where a joint that has to brake cannot do it alone, those before it go along with what it carries, as far as they can: for joint i, whose
  /// motor lacks the effort e, they speed up by
  ///
  ///     Δq̈ⱼ = (Mᵢⱼ/Mⱼⱼ) e / Σ Mᵢⱼ²/Mⱼⱼ,      so that Σ Mᵢⱼ Δq̈ⱼ = e
  func realisable(_ acceleration: JointVector, urgency: JointVector, _ dynamics: ArmDynamics) -> JointVector {
    var wanted = acceleration
    let effort = dynamics.effort(for: acceleration) - watch.slow
    for joint in wanted.indices where urgency[joint] > 0.5 {
      let lacking = rated(effort)[joint] - effort[joint]
      guard abs(lacking) > 0 else { continue }
      var sum = 0.0
      for other in wanted.indices where other != joint {
        sum += dynamics.inertia[joint, other] * dynamics.inertia[joint, other] / dynamics.inertia[other, other]
      }
      guard sum > 0.1 * dynamics.inertia[joint, joint] else { continue }
      for other in wanted.indices where other != joint && urgency[other] < 0.1 {
        wanted[other] += dynamics.inertia[joint, other] / dynamics.inertia[other, other] * lacking / sum
      }
    }
    return rated(dynamics.effort(for: wanted) - watch.slow)
  }
}

func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
