internal import Kinematics

/// How the clock's rate goes over from one value to another: as a cubic of time that begins with the slope that the rate has and ends level.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws.
struct RateRamp: Sendable {
  /// The motion's time, the rate as its velocity, and the rate's derivatives, at the start.
  private let start: ScalarState
  /// Fourth derivative of the motion's time [1/s³].
  private let snap: Double
  /// [s]
  let duration: Double
  /// The rate at the end.
  private let goal: Double

  /// How long ramps may last [s], from brisk to gentle.
  static let durations: InlineArray<7, Double> = [0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.4]

  /// - Parameters:
  ///   - clock: The motion's time, with the rate as its velocity and the rate's slope as its acceleration.
  ///   - duration: Of the ramp [s].
  init(from clock: ScalarState, to rate: Double, lasting duration: Double) {
    let way = rate - clock.velocity
    start = ScalarState(
      position: clock.position, velocity: clock.velocity, acceleration: clock.acceleration,
      jerk: (6 * way / duration - 4 * clock.acceleration) / duration)
    snap = (6 * clock.acceleration - 12 * way / duration) / (duration * duration)
    (self.duration, goal) = (duration, rate)
  }

  /// The motion's time, rate, and the rate's derivatives, `seconds` after the ramp began.
  func state(at seconds: Double) -> ScalarState {
    let t = min(seconds, duration)
    let velocity = start.velocity + t * (start.acceleration + t * (start.jerk / 2 + t * snap / 6))
    return ScalarState(
      position: start.position + t * (start.velocity + t * (start.acceleration / 2 + t * (start.jerk / 6 + t * snap / 24)))
        + (seconds - t) * velocity,
      velocity: velocity, acceleration: start.acceleration + t * (start.jerk + t * snap / 2), jerk: start.jerk + t * snap)
  }

  /// Whether every joint's acceleration, and its change from one setpoint to the next, keep to the limits on the way.
  ///
  /// Looks at the very setpoints that will be sent, to the first after the ramp or the motion's end.
  ///
  /// - Parameter period: From one setpoint to the next [s].
  func keepsLimits(along trajectory: Trajectory, limits: JointLimits, period: Double) -> Bool {
    var before = trajectory.setpoint(at: trajectory.pathState(at: start))
    for tick in 1...Int((duration / period).rounded(.up)) + 1 {
      let clock = state(at: Double(tick) * period)
      // Beyond the end that it is to lead to, the motion is over; where it turns back beyond the other one, nobody has looked at it.
      guard clock.position >= 0 else { return goal < 0 }
      guard clock.position <= trajectory.duration else { return goal > 0 }
      let next = trajectory.setpoint(at: trajectory.pathState(at: clock))
      guard limits.allow(next, after: before, period: period) else { return false }
      before = next
    }
    return true
  }
}

extension JointLimits {
  /// Whether accelerations, and the jerks that lead to them from those of a period [s] ago, keep to the limits, but for rounding.
  func allow(acceleration: JointVector, after before: JointVector, period: Double) -> Bool {
    for joint in acceleration.indices {
      let jump = abs(acceleration[joint] - before[joint]), most = (1 + Self.rounding) * jerk[joint] * period
      if jump > most || abs(acceleration[joint]) > (1 + Self.rounding) * self.acceleration[joint] { return false }
    }
    return true
  }

  /// Whether a setpoint keeps to the limits of velocity, too, or at least goes no faster than the one a period [s] ago.
  func allow(_ setpoint: JointSetpoint, after before: JointSetpoint, period: Double) -> Bool {
    guard allow(acceleration: setpoint.acceleration, after: before.acceleration, period: period) else { return false }
    for joint in setpoint.velocity.indices {
      guard abs(setpoint.velocity[joint]) <= max((1 + Self.rounding) * velocity[joint], abs(before.velocity[joint])) else { return false }
    }
    return true
  }

  /// As a share of a limit.
  private static let rounding = 5e-7
}

extension Trajectory {
  /// The path parameter and its derivatives when the motion's time runs as `clock` says.
  ///
  ///     ds/dt = ṡσ,   d²s/dt² = s̈σ² + ṡσ̇,   d³s/dt³ = s⃛σ³ + 3s̈σσ̇ + ṡσ̈
  func pathState(at clock: ScalarState) -> ScalarState {
    let s = pathState(at: clock.position), (rate, change) = (clock.velocity, clock.acceleration)
    return ScalarState(
      position: s.position, velocity: s.velocity * rate, acceleration: s.acceleration * rate * rate + s.velocity * change,
      jerk: s.jerk * rate * rate * rate + 3 * s.acceleration * rate * change + s.velocity * clock.jerk)
  }
}
