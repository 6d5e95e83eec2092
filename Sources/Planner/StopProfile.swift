extension ScalarProfile {
  /// The fastest way to rest from `start`, wherever that is.
  ///
  /// An acceleration beyond its limit first returns to it.
  ///
  /// - Parameter start: Any state; its jerk does not matter.
  /// - Real-time: does not allocate, lock or throw.
  static func fastestStop(from start: ScalarState, limits: TransferLimits) -> Self {
    var profile = ScalarProfile(from: start)
    profile.bringBack(limits)
    profile.finishStop(limits)
    return profile
  }

  /// The same with limits on the magnitudes, positive, maybe infinite.
  static func fastestStop(from start: ScalarState, acceleration: Double, jerk: Double) -> Self {
    fastestStop(
      from: start,
      limits: TransferLimits(lowestVelocity: -.infinity, highestVelocity: .infinity, rise: acceleration, fall: acceleration, jerk: jerk))
  }

  /// The way to rest that brakes as hard as it may until the velocity has passed zero, and only then lets go.
  ///
  /// Takes longer than ``fastestStop(from:limits:)`` but goes less far: at rest it comes back a little.
  ///
  /// - Parameter direction: Of the braking acceleration, 1 or −1.
  static func shortestStop(from start: ScalarState, toward direction: Double, limits: TransferLimits) -> Self {
    var profile = ScalarProfile(from: start)
    profile.bringBack(limits)
    let a = direction * profile.end.acceleration
    let v = direction * profile.end.velocity
    let jerk = limits.jerk, most = direction > 0 ? limits.rise : limits.fall
    // When the velocity passes zero upward, if the acceleration were to rise for ever: v + a t + J t²/2 = 0.
    let discriminant = a * a - 2 * jerk * v
    guard v < 0 || a < 0, discriminant >= 0, jerk.isFinite else { return fastestStop(from: start, limits: limits) }
    let crossing = (discriminant.squareRoot() - a) / jerk
    let untilLimit = (most - a) / jerk
    if crossing <= untilLimit {
      profile.append(jerk: direction * jerk, for: crossing)
    } else {
      profile.append(jerk: direction * jerk, for: untilLimit)
      profile.append(acceleration: direction * most, for: max(0, -direction * profile.end.velocity / most))
    }
    profile.finishStop(limits)
    return profile
  }

  /// An acceleration beyond its limit first returns to the limit.
  private mutating func bringBack(_ limits: TransferLimits) {
    let limitReturn = LimitReturn(velocity: end.velocity, acceleration: end.acceleration, limits: limits, bindsVelocity: false)
    append(jerk: limitReturn.backJerk, for: limitReturn.back)
    append(acceleration: min(max(end.acceleration, -limits.fall), limits.rise), for: 0)
  }

  /// From an acceleration within its limit to rest; at once where nothing limits that.
  private mutating func finishStop(_ limits: TransferLimits) {
    if limits.jerk.isFinite || limits.rise.isFinite && limits.fall.isFinite {
      let transfer = Transfer(v0: end.velocity, a0: end.acceleration, v1: 0, a1: 0, distance: 0, magnitude: 0, limits: limits)
      if let motion = transfer.even(lasting: transfer.window.shortest) { append(transfer.phases(of: motion)) }
    }
    settle(at: end.position)
  }

  /// How far the motion leaves `lower…upper` at its worst; 0 where it stays within.
  func excess(lower: Double, upper: Double) -> Double {
    let reach = reach
    return max(0, reach.highest - upper, lower - reach.lowest)
  }
}
