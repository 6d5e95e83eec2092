internal import Kinematics

/// How the clock's rate goes over from one value to another: its second derivative is constant in each half.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws.
struct RateRamp: Sendable {
  /// The motion's time, the rate as its velocity.
  private let profile: ScalarProfile

  /// How long ramps may last [s], from brisk to gentle.
  static let durations: InlineArray<7, Double> = [0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.4]

  /// - Parameters:
  ///   - time: Of the motion, when the ramp begins [s].
  ///   - duration: Of the ramp [s].
  init(from rate: Double, to wanted: Double, at time: Double, lasting duration: Double) {
    let steepness = 4 * (wanted - rate) / (duration * duration)
    var profile = ScalarProfile(from: ScalarState(position: time, velocity: rate))
    profile.append(jerk: steepness, for: duration / 2)
    profile.append(jerk: -steepness, for: duration / 2)
    self.profile = profile
  }

  var duration: Double { profile.duration }

  /// The motion's time, rate, and the rate's derivatives, `seconds` after the ramp began.
  func state(at seconds: Double) -> ScalarState {
    var state = profile.state(at: min(seconds, profile.duration))
    state.position += max(0, seconds - profile.duration) * state.velocity
    return state
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
