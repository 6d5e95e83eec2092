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
  /// Looks at an instant every two milliseconds, thirty at least and four hundred at most, both ends among them, where the ramp's own jerk is
  /// largest.
  func keepsLimits(along trajectory: Trajectory, limits: JointLimits) -> Bool {
    let count = min(max(30, Int(500 * duration)), 400)
    var (before, spanBefore) = (start, trajectory.timingSpan(at: start.position))
    for index in 0...count {
      let clock = state(at: duration * Double(index) / Double(count))
      guard clock.position >= 0, clock.position <= trajectory.duration else { continue }
      let span = trajectory.timingSpan(at: clock.position)
      guard Self.keepsLimits(clock, span, along: trajectory, limits: limits) else { return false }
      if span != spanBefore {
        // In between the jerk jumps: what was before is looked at up to here, what is after it from there.
        guard Self.keepsLimits(clock, spanBefore, along: trajectory, limits: limits) else { return false }
        guard Self.keepsLimits(before, span, along: trajectory, limits: limits) else { return false }
      }
      (before, spanBefore) = (clock, span)
    }
    return true
  }

  /// Whether the limits are kept with that clock in that span of the motion as planned, or no more is used of them than planned.
  private static func keepsLimits(_ clock: ScalarState, _ span: Int, along trajectory: Trajectory, limits: JointLimits) -> Bool {
    let share = trajectory.share(at: trajectory.pathState(at: clock, inSpan: span), of: limits)
    // A little less than all, lest it be more between two instants.
    guard share > 1 - 1e-4 else { return true }
    let planned = trajectory.share(at: trajectory.timing.state(inSpan: span, at: clock.position), of: limits)
    return share <= min(planned, 1) + 1e-9
  }
}

extension Trajectory {
  /// The path parameter and its derivatives when the motion's time runs as `clock` says.
  ///
  ///     ds/dt = ṡσ,   d²s/dt² = s̈σ² + ṡσ̇,   d³s/dt³ = s⃛σ³ + 3s̈σσ̇ + ṡσ̈
  func pathState(at clock: ScalarState) -> ScalarState { Self.pathState(pathState(at: clock.position), at: clock) }

  /// The same, as if that span of the timing went on until then.
  func pathState(at clock: ScalarState, inSpan span: Int) -> ScalarState {
    Self.pathState(timing.state(inSpan: span, at: clock.position), at: clock)
  }

  private static func pathState(_ s: ScalarState, at clock: ScalarState) -> ScalarState {
    let (rate, change) = (clock.velocity, clock.acceleration)
    return ScalarState(
      position: s.position, velocity: s.velocity * rate, acceleration: s.acceleration * rate * rate + s.velocity * change,
      jerk: s.jerk * rate * rate * rate + 3 * s.acceleration * rate * change + s.velocity * clock.jerk)
  }
}
