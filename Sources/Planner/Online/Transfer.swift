/// The task of one joint: from one velocity and acceleration to another, a given way apart.
///
/// The whole generator rests on one remark. Of all motions that last a time T, keep the limits and lead from (v₀, a₀) to (v₁, a₁), one goes
/// farthest, one goes least far, and any two can be mixed: limits are intervals and everything is linear, so λ·(one) + (1 − λ)·(other) keeps
/// the limits, meets the ends, lasts T and goes λ·(the one's way) + (1 − λ)·(the other's). Therefore
///
///     a joint can go the distance D in the time T   ⟺   least(T) ≤ D ≤ farthest(T)
///
/// - The shortest time is where D first comes between the two (``shortestDuration``).
/// - Where it falls out of them again lies a blocked interval (``firstFeasibleDuration(from:)``).
/// - The motion for a given time is a mixture, found without solving anything (``motion(lasting:)``).
///
/// Going least far is going farthest in the mirror, so there is one function of the time to know, ``farthest(lasting:)``, and it has a closed
/// form. It is first concave, then convex, then straight, so that its crossings with D are found safely.
///
/// Letters: J jerk, s = 1/J, A the highest acceleration, B the magnitude of the lowest, V the highest velocity. With s = 0 the jerk is
/// unlimited and the accelerations at the ends are free.
///
/// - Source: what bounds exist and that up to two blocked intervals do: L. Berscheid and T. Kröger, *Jerk-limited Real-time Trajectory
///   Generation with Arbitrary Target States* (RSS 2021); T. Kröger, *On-Line Trajectory Generation in Robotic Systems* (2010). There each
///   shape of profile has its polynomial; here the shapes are arcs of one curve.
struct Transfer {
  let v0, a0, v1, a1: Double
  /// D, the way to go.
  let distance: Double
  /// How large the numbers were from whose difference D was made, which says how exactly it is known.
  let magnitude: Double
  let limits: TransferLimits

  /// v₁ − v₀ − s(a₁² − a₀²)/2: the velocity left to gain beside what the two ends' accelerations undo.
  let gain: Double
  /// The velocities from which, and to which, a jerk of J leads through zero acceleration: v₀ − s a₀²/2 and v₁ − s a₁²/2.
  let base0, base1: Double

  init(v0: Double, a0: Double, v1: Double, a1: Double, distance: Double, magnitude: Double, limits: TransferLimits) {
    let s = limits.inverseJerk
    self.v0 = v0
    self.a0 = s > 0 ? a0 : 0
    self.v1 = v1
    self.a1 = s > 0 ? a1 : 0
    self.distance = distance
    self.magnitude = magnitude
    self.limits = limits
    base0 = v0 - s * self.a0 * self.a0 / 2
    base1 = v1 - s * self.a1 * self.a1 / 2
    gain = (v1 - v0) + s * (self.a0 - self.a1) * (self.a0 + self.a1) / 2
  }

  /// The same task with up and down exchanged.
  var mirrored: Self { Self(v0: -v0, a0: -a0, v1: -v1, a1: -a1, distance: -distance, magnitude: magnitude, limits: limits.mirrored) }
}

/// What one joint may do: magnitudes but for the velocities, which have their signs.
struct TransferLimits {
  var lowestVelocity, highestVelocity: Double
  /// A and B.
  var rise, fall: Double
  /// J and s = 1/J; infinite and 0 where there is no limit.
  var jerk, inverseJerk: Double

  init(lowestVelocity: Double, highestVelocity: Double, rise: Double, fall: Double, jerk: Double) {
    self.lowestVelocity = lowestVelocity
    self.highestVelocity = highestVelocity
    self.rise = rise
    self.fall = fall
    self.jerk = jerk
    inverseJerk = 1 / jerk
  }

  var mirrored: Self {
    var mirrored = self
    mirrored.lowestVelocity = -highestVelocity
    mirrored.highestVelocity = -lowestVelocity
    mirrored.rise = fall
    mirrored.fall = rise
    return mirrored
  }
}
