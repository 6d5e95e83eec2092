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
    self.duration = duration
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

  /// Whether every joint's acceleration and jerk keep to their limits on the way.
  ///
  /// Looks at some thirty instants. What may lie between them is worth two hundredths, but for what the motion as planned needs itself.
  func keepsLimits(along trajectory: Trajectory, limits: JointLimits) -> Bool {
    for index in 0..<32 {
      let clock = state(at: duration * (Double(index) + 0.5) / 32)
      guard clock.position >= 0, clock.position <= trajectory.duration else { continue }
      let share = trajectory.share(at: trajectory.pathState(at: clock), of: limits)
      guard share > 0.98 else { continue }
      let planned = trajectory.share(at: trajectory.pathState(at: clock.position), of: limits)
      if share > min(planned, 1) + 1e-9 { return false }
    }
    return true
  }
}

extension Trajectory {
  /// The path parameter and its derivatives when the motion's time runs as `clock` says.
  ///
  ///     ds/dt = ṡσ,   d²s/dt² = s̈σ² + ṡσ̇,   d³s/dt³ = s⃛σ³ + 3s̈σσ̇ + ṡσ̈
  func pathState(at clock: ScalarState) -> ScalarState {
    let s = pathState(at: clock.position)
    let (rate, change) = (clock.velocity, clock.acceleration)
    return ScalarState(
      position: s.position, velocity: s.velocity * rate, acceleration: s.acceleration * rate * rate + s.velocity * change,
      jerk: s.jerk * rate * rate * rate + 3 * s.acceleration * rate * change + s.velocity * clock.jerk)
  }
}
