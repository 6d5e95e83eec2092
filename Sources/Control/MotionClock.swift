internal import Kinematics
internal import Planner

/// The time along a motion. It slows down while a motor is not heard, as nobody knows whether it follows, and gathers speed when all are heard again.
///
/// The arm stays on its path, because only the time is scaled: with q(s) the motion and σ = ṡ the clock's rate
///
///     q̇ = σ q′,   q̈ = σ² q″ + σ̇ q′
///
/// and σ̇ is as large as every joint's acceleration limit allows.
struct MotionClock: Sendable {
  /// Along the motion [s].
  private(set) var time = 0.0
  /// Seconds of the motion per second, 0…1.
  private(set) var rate = 1.0

  /// From standstill to full rate takes at least this long [s].
  private static let leastRamp = 0.15

  /// The setpoint one period later.
  ///
  /// - Parameters:
  ///   - isHeard: Whether every motor answers.
  /// - Real-time: does not allocate. O(joints).
  mutating func advance(along motion: Trajectory, isHeard: Bool, limits: JointLimits, period: Double) -> JointSetpoint {
    var change = 0.0
    if rate != (isHeard ? 1 : 0) {
      let wanted = ((isHeard ? 1 : 0) - rate) / period
      let most = 1 / Self.leastRamp
      let allowed = allowedChange(at: motion.setpoint(at: time), limits: limits)
      change = min(max(wanted, max(-most, allowed.lowerBound)), min(most, allowed.upperBound))
      rate = min(max(rate + change * period, 0), 1)
    }
    time += rate * period
    let next = motion.setpoint(at: time)
    return JointSetpoint(
      position: next.position, velocity: rate * next.velocity, acceleration: rate * rate * next.acceleration + change * next.velocity)
  }

  /// The changes of the rate [1/s] that keep every joint within its acceleration limit; 0 is always among them.
  private func allowedChange(at setpoint: JointSetpoint, limits: JointLimits) -> ClosedRange<Double> {
    var lower = -Double.infinity
    var upper = Double.infinity
    for joint in setpoint.velocity.indices {
      let speed = setpoint.velocity[joint].magnitude
      guard speed > 1e-9 else { continue }
      let along = rate * rate * setpoint.acceleration[joint] * (setpoint.velocity[joint] < 0 ? -1 : 1)
      // The motion's own acceleration changes by its jerk within the period.
      let most = 0.9 * limits.acceleration[joint]
      lower = max(lower, min(0, (-most - along) / speed))
      upper = min(upper, max(0, (most - along) / speed))
    }
    return lower...upper
  }
}
