/// The motion that goes farthest of all that last as long: it gains velocity as early as it can and loses it as late as it can.
///
/// Acceleration rises from a₀ to a peak p, may stay there if that is A, falls to a valley n, may stay there if that is −B, and rises to a₁.
/// Where the velocity would pass V on the way, the fall pauses at zero acceleration and cruises at V.
struct FarthestMotion {
  /// p and n [per s²].
  var peak, valley: Double
  /// How long peak, cruise and valley last [s].
  var peakHold, cruise, valleyHold: Double
  /// The velocity where the acceleration falls through zero, or would.
  var topVelocity = 0.0
  /// The way it goes.
  var distance = 0.0
  /// The derivative of `distance` by the duration.
  var slope = 0.0

  static let idle = Self(peak: 0, valley: 0, peakHold: 0, cruise: 0, valleyHold: 0)

  /// The second derivative of `distance` by the duration.
  ///
  /// Differentiating slope = topVelocity − s p n/2 along each of the four shapes gives these; none depends on the jerk.
  var curvature: Double {
    if cruise > 0 { return 0 }
    switch (peakHold > 0, valleyHold > 0) {
    case (false, false): return (peak - valley) / 4 - peak * valley / (2 * (peak - valley))
    case (true, false): return peak * (peak / 4 - valley) / (peak - valley)
    case (false, true): return valley * (valley / 4 - peak) / (peak - valley)
    case (true, true): return -peak * valley / (peak - valley)
    }
  }
}

extension Transfer {
  /// The motion of a given duration that goes farthest.
  ///
  /// With q = p − n, what rises and falls must add up to the duration, and to the change of velocity:
  ///
  ///     T = s(2q + a₁ − a₀) + holds,     s(p² − n²) + A·peakHold − B·valleyHold = gain
  ///
  /// Without holds that is q from the first and p + n = J·gain/q from the second; a hold at A turns it into n = A − √(2Aq − J·gain), one at
  /// −B into p = −B + √(2Bq + J·gain), both into two linear equations.
  ///
  /// - Parameter duration: [s] One in which v₁ and a₁ can be reached.
  func farthest(lasting duration: Double) -> FarthestMotion {
    let s = limits.inverseJerk, A = limits.rise, B = limits.fall
    guard s > 0 else { return farthestHoldingBoth(lasting: duration) }
    let q = max(0, (limits.jerk * duration + a0 - a1) / 2)
    let sum = limits.jerk * gain
    // Rounding may not make a rise last less than no time, nor 0/0 get through, which this order of arguments keeps out.
    let peak = min(q + a1, max(a0, (q + sum / q) / 2))
    let valley = peak - q
    if peak <= A, valley >= -B { return farthest(lasting: duration, peak: peak, valley: valley, peakHold: 0, valleyHold: 0) }
    if peak > A {
      let valley = min(A - max(0, 2 * A * q - sum).squareRoot(), a1)
      let hold = max(0, duration - s * (2 * (A - valley) + a1 - a0))
      if valley >= -B { return farthest(lasting: duration, peak: A, valley: valley, peakHold: hold, valleyHold: 0) }
    }
    let lowPeak = max(max(0, 2 * B * q + sum).squareRoot() - B, a0)
    let hold = max(0, duration - s * (2 * (lowPeak + B) + a1 - a0))
    if lowPeak <= A { return farthest(lasting: duration, peak: lowPeak, valley: -B, peakHold: 0, valleyHold: hold) }
    return farthestHoldingBoth(lasting: duration)
  }

  private func farthestHoldingBoth(lasting duration: Double) -> FarthestMotion {
    let s = limits.inverseJerk, A = limits.rise, B = limits.fall
    let holds = max(0, duration - s * (2 * (A + B) + a1 - a0))
    let peakHold = min(max(0, (B * holds + gain - s * (A - B) * (A + B)) / (A + B)), holds)
    return farthest(lasting: duration, peak: A, valley: -B, peakHold: peakHold, valleyHold: holds - peakHold)
  }

  private func farthest(lasting duration: Double, peak: Double, valley: Double, peakHold: Double, valleyHold: Double) -> FarthestMotion {
    let s = limits.inverseJerk
    let topVelocity = base0 + s * peak * peak + peak * peakHold
    if topVelocity > limits.highestVelocity, peak > 0, valley < 0 {
      var motion = fastestCruise
      motion.cruise = max(0, duration - motion.cruise)
      motion.distance += motion.cruise * limits.highestVelocity
      return motion
    }
    var motion = FarthestMotion(peak: peak, valley: valley, peakHold: peakHold, cruise: 0, valleyHold: valleyHold, topVelocity: topVelocity)
    motion.distance = distance(of: motion)
    motion.slope = topVelocity - s * peak * valley / 2
    return motion
  }

  /// The shortest of the farthest motions that just reach V. Its `cruise` says how long the whole of it lasts, which is when cruising begins.
  ///
  /// - Precondition: V is finite.
  var fastestCruise: FarthestMotion {
    let s = limits.inverseJerk, V = limits.highestVelocity
    let (peak, peakHold) = swing(by: max(0, V - base0), limit: limits.rise)
    let (valley, valleyHold) = swing(by: max(0, V - base1), limit: limits.fall)
    var motion = FarthestMotion(
      peak: max(peak, a0), valley: min(-valley, a1), peakHold: peakHold, cruise: 0, valleyHold: valleyHold, topVelocity: V, slope: V)
    motion.distance = distance(of: motion)
    motion.cruise = s * (2 * (motion.peak - motion.valley) + a1 - a0) + peakHold + valleyHold
    return motion
  }

  /// How high the acceleration swings, and how long it stays there, to change the velocity by `change`: s·peak² + peak·hold.
  private func swing(by change: Double, limit: Double) -> (peak: Double, hold: Double) {
    let most = limits.inverseJerk * limit * limit
    return change >= most ? (limit, (change - most) / limit) : ((change * limits.jerk).squareRoot(), 0)
  }

  /// The way a motion without cruise goes: each stretch of constant jerk integrated over its acceleration instead of time.
  private func distance(of motion: FarthestMotion) -> Double {
    let s = limits.inverseJerk, peak = motion.peak, valley = motion.valley
    let swings = base0 * (peak - a0) + motion.topVelocity * (peak - valley) + base1 * (a1 - valley)
    let ends = s * (a1 - a0) * (a1 * a1 + a1 * a0 + a0 * a0) / 6
    let peakWay = motion.peakHold * (base0 + peak * (s * peak + motion.peakHold) / 2)
    let valleyWay = motion.valleyHold * (base1 + valley * (s * valley - motion.valleyHold) / 2)
    return s * (swings + ends) + peakWay + valleyWay
  }
}
