internal import Kinematics
internal import Planner

/// Hand guiding for motors that only take positions: the setpoint gives way to the hand as a damped mass would.
///
///     M q̈ + D q̇ = deadband(τ_ext)
///
/// The dead band swallows what the reducer's dry friction can hide. `M` is `D` times a time constant; `D` lets the joint's full effort move it at
/// its full velocity. The setpoint's velocity stays within what can be braked before a position limit, `q̇² ≤ 2 a (q_max − q)`.
///
/// - Source: Keemink, van der Kooij, Stienen, "Admittance control for physical human–robot interaction", IJRR 37(11), 2018.
struct FloatAdmittance: Sendable {
  private let limits: JointLimits
  private let deadBand: JointVector
  private let damping: JointVector
  private static let timeConstant = 0.1

  init(limits: JointLimits, coulombFriction: JointVector) {
    self.limits = limits
    deadBand = 1.5 * coulombFriction
    var damping = JointVector(count: limits.velocity.count)
    for joint in damping.indices {
      let ratio = limits.effort[joint] / limits.velocity[joint]
      damping[joint] = ratio.isFinite && ratio > 0 ? ratio : 1
    }
    self.damping = damping
  }

  /// The setpoint one period later.
  ///
  /// - Parameters:
  ///   - setpoint: The present one.
  ///   - externalEffort: What the hand does, estimated [N·m].
  /// - Real-time: does not allocate. O(joints).
  func setpoint(after setpoint: JointSetpoint, externalEffort: JointVector, period: Double) -> JointSetpoint {
    var next = setpoint
    for joint in externalEffort.indices {
      let effort = externalEffort[joint]
      let felt = effort > 0 ? max(0, effort - deadBand[joint]) : min(0, effort + deadBand[joint])
      let wanted = (felt / damping[joint] - setpoint.velocity[joint]) / Self.timeConstant
      let most = limits.acceleration[joint]
      var velocity = setpoint.velocity[joint] + min(max(wanted, -most), most) * period
      let roomAbove = max(0, limits.upper[joint] - setpoint.position[joint])
      let roomBelow = max(0, setpoint.position[joint] - limits.lower[joint])
      velocity = min(velocity, limits.velocity[joint], brakeableSpeed(room: roomAbove, acceleration: most, period: period))
      velocity = max(velocity, -limits.velocity[joint], -brakeableSpeed(room: roomBelow, acceleration: most, period: period))
      next.acceleration[joint] = (velocity - setpoint.velocity[joint]) / period
      next.velocity[joint] = velocity
      next.position[joint] += velocity * period
    }
    return next
  }

  /// The speed [rad/s] from which `room` [rad] is enough to stop in whole periods at `acceleration` [rad/s²].
  private func brakeableSpeed(room: Double, acceleration: Double, period: Double) -> Double {
    guard room.isFinite else { return .infinity }
    let step = acceleration * period
    return max(0, ((step / 2) * (step / 2) + 2 * acceleration * room).squareRoot() - step / 2)
  }
}
