internal import Foundation

extension ScalarProfile {
  /// The fastest motion from rest at 0 to rest at `distance`.
  ///
  /// Seven phases, of which any may be empty: acceleration rises for a time t₁, stays for t₂, falls for t₁; the velocity it has
  /// reached stays for t₃; then the mirror image. What ends the rise is what comes first: the acceleration limit A, the velocity
  /// limit V when it leaves just enough room for the fall, or half of the distance D:
  ///
  ///     t₁ = min(A/J, √(V/J), ∛(D/2J))
  ///
  /// Only where A came first is there a plateau, and V or D ends it. With a the reached acceleration,
  ///
  ///     v = a (t₁ + t₂),   D = v (2 t₁ + t₂ + t₃)
  ///
  /// The motion is its own mirror image in time, and ends at `distance` to the last bit.
  ///
  /// - Parameters:
  ///   - distance: Either sign.
  ///   - velocity, acceleration, jerk: Limits on the magnitudes, positive. Any may be infinite, but not acceleration and jerk both.
  /// - Real-time: does not allocate, lock or throw.
  /// - Source: the time-optimal control of a triple integrator from rest to rest; Biagiotti and Melchiorri, *Trajectory Planning for
  ///   Automatic Machines and Robots* (2008), §3.4, with its case list folded into the three minima.
  public init(distance: Double, velocity: Double, acceleration: Double, jerk: Double) {
    self.init(from: ScalarState())
    let d = abs(distance)
    guard d > 0 else { return }

    let rise = min(acceleration / jerk, (velocity / jerk).squareRoot(), cbrt(d / jerk / 2))
    var plateau = 0.0
    if rise == acceleration / jerk {
      let untilVelocity = velocity / acceleration - rise
      let untilHalfway = ((rise * rise + 4 * d / acceleration).squareRoot() - 3 * rise) / 2
      plateau = max(0, min(untilVelocity, untilHalfway))
    }
    let reachedAcceleration = jerk.isFinite ? jerk * rise : acceleration
    let reachedVelocity = reachedAcceleration * (rise + plateau)
    let cruise = max(0, d / reachedVelocity - (2 * rise + plateau))

    let sign = distance < 0 ? -1.0 : 1.0
    let rising = jerk.isFinite ? sign * jerk : 0
    append(jerk: rising, for: rise)
    append(acceleration: sign * reachedAcceleration, for: plateau)
    append(jerk: -rising, for: rise)
    append(acceleration: 0, for: cruise)
    append(jerk: -rising, for: rise)
    append(acceleration: -sign * reachedAcceleration, for: plateau)
    append(jerk: rising, for: rise)
    settle(at: distance)
  }
}
