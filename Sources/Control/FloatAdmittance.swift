internal import Kinematics
internal import Planner

/// Hand guiding for motors that only take positions: the setpoint gives way to the hand as a damped mass would.
///
///     M q̈ + D q̇ = deadband(τ_ext)
///
/// `D` lets the joint's full effort move it at its full velocity. `M` is `D` times a time constant, and never less than half again as much as the arm
/// itself weighs: what the motors spend on speeding up the arm comes back, a little later, as if a hand had pushed the other way, and only a
/// heavier virtual mass keeps that loop from swinging. The dead band swallows what dry friction can hide and what a gravity model may be wrong by.
/// The setpoint's velocity stays within what a stop, limited in jerk, can brake before a position limit.
///
/// - Source: Keemink, van der Kooij, Stienen, "Admittance control for physical human–robot interaction", IJRR 37(11), 2018; guideline on the
///   least virtual mass.
struct FloatAdmittance: Sendable {
  private let limits: JointLimits
  private let deadBand: JointVector
  private let damping: JointVector
  private static let timeConstant = 0.1
  private static let leastMassRatio = 1.5
  /// Share of the effort limit that a gravity model may be wrong by.
  private static let modelError = 0.03
  /// Nobody sees a joint creep more slowly than this [rad/s].
  private static let standstill = 1e-5

  init(limits: JointLimits, coulombFriction: JointVector) {
    self.limits = limits
    var deadBand = 1.5 * coulombFriction
    var damping = JointVector(repeating: 1, count: limits.velocity.count)
    for joint in damping.indices where limits.effort[joint].isFinite {
      deadBand[joint] = max(deadBand[joint], Self.modelError * limits.effort[joint])
      let ratio = limits.effort[joint] / limits.velocity[joint]
      if ratio > 0, ratio.isFinite { damping[joint] = ratio }
    }
    self.deadBand = deadBand
    self.damping = damping
  }

  /// The setpoint one period later.
  ///
  /// - Parameters:
  ///   - setpoint: The present one.
  ///   - externalEffort: What the hand does, estimated [N·m].
  ///   - inertia: What each joint has to speed up at most, rotor and all [kg·m²].
  ///   - period: [s]
  /// - Real-time: does not allocate. O(joints).
  func setpoint(after setpoint: JointSetpoint, externalEffort: JointVector, inertia: JointVector, period: Double) -> JointSetpoint {
    var next = setpoint
    for joint in externalEffort.indices {
      let effort = externalEffort[joint]
      let felt = effort > 0 ? max(0, effort - deadBand[joint]) : min(0, effort + deadBand[joint])
      let mass = max(damping[joint] * Self.timeConstant, Self.leastMassRatio * inertia[joint])
      let wanted = (felt - damping[joint] * setpoint.velocity[joint]) / mass
      let most = limits.acceleration[joint]
      var velocity = setpoint.velocity[joint] + min(max(wanted, -most), most) * period
      if felt == 0, velocity.magnitude < Self.standstill { velocity = 0 }
      let roomAbove = max(0, limits.upper[joint] - setpoint.position[joint])
      let roomBelow = max(0, setpoint.position[joint] - limits.lower[joint])
      let delay = period + most / (2 * limits.jerk[joint])
      velocity = min(velocity, limits.velocity[joint], brakeableSpeed(room: roomAbove, acceleration: most, delay: delay))
      velocity = max(velocity, -limits.velocity[joint], -brakeableSpeed(room: roomBelow, acceleration: most, delay: delay))
      next.velocity[joint] = velocity
      // A hand knows no limit of jerk. Its acceleration is not passed on, or a stop would first have to let go of it.
      next.acceleration[joint] = 0
      next.position[joint] += velocity * period
    }
    return next
  }

  /// The speed v [rad/s] from which `room` [rad] is enough to stop at `acceleration` [rad/s²], after going on for `delay` [s].
  ///
  ///     v²/2a + v · delay = room
  ///
  /// A jerk-limited stop takes at most v²/2a + v a/2j; the present period is gone too before it can begin.
  private func brakeableSpeed(room: Double, acceleration: Double, delay: Double) -> Double {
    guard room.isFinite, acceleration.isFinite, delay.isFinite else { return .infinity }
    let lost = acceleration * delay
    return max(0, (lost * lost + 2 * acceleration * room).squareRoot() - lost)
  }
}
