extension ScalarProfile {
  /// The fastest way to rest from `start`.
  ///
  /// Only velocity and acceleration are to become zero; where that ends is what comes of it. An acceleration beyond its limit A is
  /// first brought back to it. Letting the acceleration go at once would end at the velocity v + a|a|/2J: the other way from there
  /// (direction d) the acceleration rises to a peak, stays there only if that is A, and falls to zero:
  ///
  ///     a_peak² = J·Δv + a²/2   with Δv = −d·v and a counted along d
  ///
  /// - Parameters:
  ///   - start: Any state; its jerk does not matter.
  ///   - acceleration, jerk: Limits on the magnitudes, positive, may be infinite.
  /// - Real-time: does not allocate, lock or throw.
  /// - Source: time-optimal control of the double integrator in velocity and acceleration; Kröger, *On-Line Trajectory Generation in
  ///   Robotic Systems* (2010), ch. 5 (velocity-based trajectories).
  static func fastestStop(from start: ScalarState, acceleration: Double, jerk: Double) -> Self {
    var profile = ScalarProfile(from: start)
    profile.bringBack(acceleration: acceleration, jerk: jerk)
    profile.finishStop(acceleration: acceleration, jerk: jerk)
    return profile
  }

  /// The way to rest that brakes as hard as it may until the velocity has passed zero, and only then lets go.
  ///
  /// Takes longer than ``fastestStop(from:acceleration:jerk:)`` but goes less far: at rest it comes back a little.
  static func shortestStop(from start: ScalarState, toward direction: Double, acceleration: Double, jerk: Double) -> Self {
    var profile = ScalarProfile(from: start)
    profile.bringBack(acceleration: acceleration, jerk: jerk)
    let a = direction * profile.end.acceleration
    let v = direction * profile.end.velocity
    // When the velocity passes zero upward, if the acceleration were to rise for ever: v + a t + J t²/2 = 0.
    let discriminant = a * a - 2 * jerk * v
    guard v < 0 || a < 0, discriminant >= 0, jerk.isFinite else {
      return fastestStop(from: start, acceleration: acceleration, jerk: jerk)
    }
    let crossing = (discriminant.squareRoot() - a) / jerk
    let untilLimit = (acceleration - a) / jerk
    if crossing <= untilLimit {
      profile.append(jerk: direction * jerk, for: crossing)
    } else {
      profile.append(jerk: direction * jerk, for: untilLimit)
      profile.append(acceleration: direction * acceleration, for: max(0, -direction * profile.end.velocity / acceleration))
    }
    profile.finishStop(acceleration: acceleration, jerk: jerk)
    return profile
  }

  /// An acceleration beyond its limit first returns to the limit.
  private mutating func bringBack(acceleration: Double, jerk: Double) {
    let excess = abs(end.acceleration) - acceleration
    guard excess > 0 else { return }
    let sign = end.acceleration < 0 ? -1.0 : 1.0
    if jerk.isFinite { append(jerk: -sign * jerk, for: excess / jerk) }
    append(acceleration: sign * acceleration, for: 0)
  }

  /// From an acceleration within its limit to rest.
  private mutating func finishStop(acceleration: Double, jerk: Double) {
    let left = end.velocity + end.acceleration * abs(end.acceleration) / (2 * jerk)
    let direction = left > 0 ? -1.0 : 1.0
    let a = direction * end.acceleration
    let change = -direction * end.velocity
    if jerk.isFinite {
      let peak = min(acceleration, max(0, a, max(0, jerk * change + a * a / 2).squareRoot()))
      let reached = (2 * peak * peak - a * a) / (2 * jerk)
      let plateau = peak < acceleration ? 0 : max(0, (change - reached) / peak)
      append(jerk: direction * jerk, for: (peak - a) / jerk)
      append(acceleration: direction * peak, for: plateau)
      append(jerk: -direction * jerk, for: peak / jerk)
    } else if change != 0, acceleration.isFinite {
      append(acceleration: direction * acceleration, for: abs(change) / acceleration)
    }
    settle(at: end.position)
  }

  /// How far the motion leaves `lower…upper` at its worst; 0 where it stays within.
  func excess(lower: Double, upper: Double) -> Double {
    let reach = reach
    return max(0, reach.highest - upper, lower - reach.lowest)
  }
}
