/// The motion that changes the velocity with the least acceleration, wherever that leads: straight to a constant acceleration, stay, and
/// straight on to the last.
struct EvenMotion {
  /// The constant acceleration [per s²], and how long it stays [s].
  var acceleration, hold: Double
  /// The way it goes.
  var distance: Double
}

/// What is left of a change of velocity beside turning the acceleration straight from a₀ to a₁.
struct Detour {
  /// The velocity to gain on it.
  let gain: Double
  /// The higher and the lower of a₀ and a₁.
  let higher, lower: Double
}

extension Transfer {
  var detour: Detour {
    let higher = max(a0, a1), lower = min(a0, a1)
    let gain = (v1 - v0) - limits.inverseJerk * (higher - lower) * (higher + lower) / 2
    // What rounding leaves of none is none: where both accelerations have one sign, the way to make up for it is long.
    let rounding = Self.precision * (abs(v0) + abs(v1) + limits.inverseJerk * (a0 * a0 + a1 * a1))
    return Detour(gain: abs(gain) <= rounding ? 0 : gain, higher: higher, lower: lower)
  }

  /// The most even motion of a given duration; nil where none of that duration leads from v₀ and a₀ to v₁ and a₁.
  ///
  /// Staying at an acceleration u between a₀ and a₁ gains u·(T − s|a₁ − a₀|) on turning straight. An u above both, with h the higher one,
  /// gains J·gain = 2mu − u² − h² and is therefore
  ///
  ///     u = m − √(m² − h² − J·gain),   m = (JT + a₀ + a₁)/2
  ///
  /// and one below both is the mirror image of that.
  func even(lasting duration: Double) -> EvenMotion? {
    let s = limits.inverseJerk, detour = detour
    guard s > 0 else {
      let acceleration = duration > 0 ? detour.gain / duration : 0
      guard acceleration <= limits.rise * Self.slack, -acceleration <= limits.fall * Self.slack, duration > 0 || detour.gain == 0 else {
        return nil
      }
      return EvenMotion(acceleration: acceleration, hold: duration, distance: (v0 + v1) / 2 * duration)
    }
    let straight = s * (detour.higher - detour.lower)
    guard duration >= straight * (1 - 1e-13) else { return nil }
    let left = max(0, duration - straight)
    let acceleration: Double
    if detour.gain > detour.higher * left {
      guard let u = Self.plateau((limits.jerk * duration + a0 + a1) / 2, beyond: detour.higher, gain: limits.jerk * detour.gain),
        u <= limits.rise * Self.slack
      else { return nil }
      acceleration = min(u, limits.rise)
    } else if detour.gain < detour.lower * left {
      guard let u = Self.plateau((limits.jerk * duration - a0 - a1) / 2, beyond: -detour.lower, gain: -limits.jerk * detour.gain),
        u <= limits.fall * Self.slack
      else { return nil }
      acceleration = -min(u, limits.fall)
    } else {
      acceleration = left > 0 ? detour.gain / left : detour.higher
    }
    return even(at: acceleration, lasting: duration)
  }

  /// u = m − √(m² − h² − g), without cancellation; nil where there is none.
  private static func plateau(_ middle: Double, beyond higher: Double, gain: Double) -> Double? {
    let product = higher * higher + gain
    let discriminant = middle * middle - product
    guard discriminant > -1e-12 * (middle * middle + higher * higher + abs(gain)) else { return nil }
    let root = max(0, discriminant).squareRoot()
    return middle > 0 ? product / (middle + root) : middle - root
  }

  private func even(at acceleration: Double, lasting duration: Double) -> EvenMotion {
    let s = limits.inverseJerk
    let first = s * abs(acceleration - a0), last = s * abs(a1 - acceleration)
    let hold = max(0, duration - first - last)
    let firstWay = first * (v0 + first * (2 * a0 + acceleration) / 6)
    let holdWay = hold * (v0 + first * (a0 + acceleration) / 2 + hold * acceleration / 2)
    let lastWay = last * (v1 - last * (2 * a1 + acceleration) / 6)
    return EvenMotion(acceleration: acceleration, hold: hold, distance: firstWay + holdWay + lastWay)
  }

  /// How much of a limit rounding may take.
  private static let slack = 1 + 1e-12
}
