/// The durations in which a joint can get from its first to its last velocity and acceleration, wherever that leads.
///
/// From the shortest on, all of them, but where both accelerations have one sign: then what they gain while they go straight from one to the
/// other and linger is soon too much, and only an excursion to the other sign, which takes its time, makes up for it.
struct TransferWindow {
  let shortest: Double
  /// The durations between which there is none, where there are such.
  let gap: (start: Double, end: Double)?
}

extension Transfer {
  /// With the most acceleration the velocity gained in T is that of a peak p and no plateau below A; with the least, of a valley n:
  ///
  ///     T = s(2p − a₀ − a₁),   p² = h² + J·detour        T = s(a₀ + a₁ − 2n),   n² = l² − J·detour
  ///
  /// with h and l the higher and the lower of a₀ and a₁. Seen so that the detour gains velocity, p decides what is too short. What is too long,
  /// n decides: a positive one comes before the gap and a negative one after it.
  var window: TransferWindow {
    let s = limits.inverseJerk, detour = detour
    let isUp = detour.gain > 0 || detour.gain == 0 && detour.lower > 0
    let gain = abs(detour.gain)
    let higher = isUp ? detour.higher : -detour.lower, lower = isUp ? detour.lower : -detour.higher
    let rise = isUp ? limits.rise : limits.fall, fall = isUp ? limits.fall : limits.rise
    guard gain > 0 else { return TransferWindow(shortest: s * (higher - lower), gap: gap(after: s * (higher - lower), lower, 0, fall, isUp)) }
    let swing = s * higher * higher + gain, most = s * rise * rise
    let shortest =
      swing >= most
      ? s * (2 * rise - higher - lower) + (swing - most) / rise
      : s * (2 * (higher * higher + limits.jerk * gain).squareRoot() - higher - lower)
    return TransferWindow(shortest: shortest, gap: gap(after: shortest, lower, gain, fall, isUp))
  }

  private func gap(after shortest: Double, _ lower: Double, _ gain: Double, _ fall: Double, _ isUp: Bool) -> (start: Double, end: Double)? {
    guard lower > 0 else { return nil }
    let s = limits.inverseJerk, square = lower * lower - limits.jerk * gain
    guard square > 0 else { return nil }
    let valley = square.squareRoot(), sum = isUp ? a0 + a1 : -a0 - a1
    let start = s * (sum - 2 * valley)
    guard start >= shortest else { return nil }
    let end = valley <= fall ? s * (sum + 2 * valley) : s * (sum + 2 * fall + (square - fall * fall) / fall)
    return (start, end)
  }
}
