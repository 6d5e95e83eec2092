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
  /// From when nothing has touched the arm for the first time on, what is felt counts as what the model has wrong, and wholly after the second [s].
  private static let doubtTime = (begins: 0.05, ends: 0.1)
  /// Below this energy the arm counts as still [J].
  static let stillness = 0.002

  /// When a blow is over [s]; and of the thresholds, from which on something leans on the arm then. In a thousand knocks on four arms what wrong
  /// models left when the way back began was at most 0.55 of them.
  private static let blowTime = 0.08, leaningRatio = 0.65

  /// The outermost joint of motors that take torque on which something presses.
  ///
  /// - Parameter ratio: Of the thresholds, at other times than while the arm gives way and the blow is over: then it takes less.
  func pressed(beyond ratio: Double) -> Int? {
    if case .yielding = phase, sincePhase > Self.blowTime { return watch.joint(leantOnBeyond: Self.leaningRatio) }
    return watch.joint(beyond: ratio)
  }

  /// Whether the knock is over: nothing touches any more, and the arm has come to its turning point or to rest.
  func isSpent(_ dynamics: ArmDynamics) -> Bool {
    guard sincePhase >= Self.leastYield, sinceTouch >= max(Self.quietTime, pause) else { return false }
    let isLed = settings.hardware != .torque, rate = isLed ? push : velocity
    let momentum = dynamics.inertia * rate
    if isLed, isLeantOn { return false }
    if 0.5 * momentum.dot(rate) < Self.stillness { return !isLed || sinceLed > Self.leanTime }
    // Light parts that drift, as their model is wrong, are not waited for; what is still leant on is.
    if !isLed, sinceTouch > law.swingTime, watch.level < 1 || !isComingBack { return true }
    return isComingBack && pause == 0 && momentum.dot((isLed ? lead.position : position) - anchor) <= 0
  }

  mutating func yielding(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    soften()
    foresight.look(from: velocity, accounted: observer.accounted)
    let speed = length(model.pushedVelocity(feltBy: joint, lever: Self.lever, at: position, velocity: velocity))
    weigh(energy: dynamics.kineticEnergy(at: velocity), speed: speed)
    // What is in the way again and again is kept away from.
    if dynamics.kineticEnergy(at: velocity) > Self.stillness { refuge = position }
    let offset = isComingBack ? position - (pause > 0 ? refuge : anchor) : JointVector(count: position.count)
    let wanted = law.acceleration(offset: offset, velocity: velocity, speed: speed, softness: softness, inertia: dynamics.inertia)
    drift = min(1, max(0, (sinceTouch - Self.doubtTime.begins) / (Self.doubtTime.ends - Self.doubtTime.begins))) * watch.fast
    let effort = dynamics.effort(for: wanted) - watch.slow - drift - Self.dryFrictionLeft * dynamics.dryFriction
    let caught = caught(effort, dynamics, home: isComingBack ? anchor : bound.middle, isFree: true)
    acceleration = wanted + dynamics.mobility * (caught - effort)
    return ReflexCommand(
      setpoint: JointSetpoint(restingAt: position), stiffness: JointVector(count: position.count), damping: JointVector(count: position.count),
      effort: caught)
  }

  /// Share of dry friction that is left to stop the arm by itself: it is never known so well that all of it could be made up for.
  private static let dryFrictionLeft = 0.15

  mutating func soften() {
    if sinceTouch < Self.quietTime {
      if sincePhase > Self.holdTime { softness = max(0, softness - control.period / Self.fadeTime) }
    } else {
      softness = min(1, softness + control.period / Self.fadeTime)
    }
  }

  /// Nearer to a joint's axis nobody expects to be hit [m].
  private static let lever = 0.12

  /// A moving mass m at the speed v has the energy ½ m v².
  mutating func weigh(energy: Double, speed: Double) {
    guard sincePhase <= Self.weighingTime, energy > Self.leastEnergy, speed > 0 else { return }
    law = YieldLaw(settings: settings, speed: max(speed, law.speed), mass: 2 * energy / (speed * speed))
  }
}

func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
