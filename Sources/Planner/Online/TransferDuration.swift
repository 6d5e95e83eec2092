extension Transfer {
  /// The shortest time in which the joint can get there.
  var shortestDuration: Double { firstFeasibleDuration(from: 0) }

  /// The shortest time, at least `duration` [s], in which the joint can get there.
  ///
  /// Where the way to go is more than the farthest motion of that duration goes, time must pass until the farthest goes as far; where it is
  /// less than the least far one, until that does; where the velocity cannot be reached in that time at all, until it can.
  func firstFeasibleDuration(from duration: Double) -> Double {
    let window = window
    var duration = max(duration, window.shortest)
    if let gap = window.gap, duration > gap.start {
      duration = max(duration, gap.end)
    } else if let gap = window.gap {
      if let found = feasibleDuration(from: duration, until: gap.start) { return found }
      duration = gap.end
    }
    return feasibleDuration(from: duration, until: nil) ?? duration
  }

  /// For a joint that begins in its target state and moves: the shortest time above none in which it can be in it again; nil for any other.
  ///
  /// Where it accelerates, the window says when it can have its velocity again, whatever the place. Where it does not, it goes away first, and is
  /// not back before it could have stopped. Where the jerk is unlimited there is none: no motion at all counts as the motion, as in Ruckig, whose
  /// durations are the measure of ours.
  var shortestReturn: Double? {
    let window = window
    guard limits.inverseJerk > 0, window.shortest == 0, abs(distance) <= tolerance(lasting: 0) else { return nil }
    if let gap = window.gap { return firstFeasibleDuration(from: gap.end) }
    guard v0 != 0 else { return nil }
    let stop = Transfer(v0: v0, a0: 0, v1: 0, a1: 0, distance: 0, magnitude: 0, limits: limits).window.shortest
    let back = v0 > 0 ? mirrored : self
    return back.crossing(from: stop, back.farthest(lasting: stop), until: nil)
  }

  /// The shortest time of an interval in which v₁ and a₁ can be reached; nil where there is none in it, which has an end then.
  private func feasibleDuration(from start: Double, until end: Double?) -> Double? {
    let farthest = farthest(lasting: start)
    let missing = distance - farthest.distance
    if missing > tolerance(lasting: start) { return crossing(from: start, farthest, until: end) }
    let mirror = mirrored
    let least = mirror.farthest(lasting: start)
    if mirror.distance - least.distance > tolerance(lasting: start) { return mirror.crossing(from: start, least, until: end) }
    return start
  }

  /// The way that rounding may leave [rad; m].
  func tolerance(lasting duration: Double) -> Double {
    Self.precision * (magnitude + duration * (abs(v0) + abs(v1) + limits.inverseJerk * (a0 * a0 + a1 * a1)))
  }

  /// What counts as rounding, relative to the numbers at hand: some thousand units in the last place, as states come out of sums of phases.
  static let precision = 1e-12

  /// When the farthest motion first goes D, given that it does not yet at `start`.
  ///
  /// Where the curve is concave, Newton's steps from the left never pass the crossing, and where they leave the concave part, there was none.
  /// Where it is convex, there is one crossing exactly if D is reached at its end, and steps to the root of the parabola through value,
  /// slope and curvature converge cubically on it, kept between the best bounds known. Beyond that the curve is straight.
  private func crossing(from start: Double, _ first: FarthestMotion, until end: Double?) -> Double? {
    var duration = start, motion = first
    let inflection = inflection
    while duration < inflection, motion.slope > 0 {
      let next = duration + (distance - motion.distance) / motion.slope
      guard next < inflection else { break }
      if let end, next > end { return reaches(at: end) ? end : nil }
      guard next > duration * (1 + 2e-16) else { return next }
      duration = next
      motion = farthest(lasting: duration)
    }
    if duration < inflection {
      if let end, inflection >= end { return reaches(at: end) ? end : nil }
      duration = inflection
      motion = farthest(lasting: duration)
    }

    var longest = Double.infinity
    if let end {
      guard reaches(at: end) else { return nil }
      longest = end
    } else if limits.highestVelocity < .infinity {
      let cruise = fastestCruise
      guard cruise.distance > distance else {
        return max(start, cruise.cruise + (distance - cruise.distance) / limits.highestVelocity)
      }
      longest = cruise.cruise
    }
    return convexCrossing(from: duration, motion, until: longest)
  }

  /// Whether the farthest motion of a duration goes as far as D, but for rounding.
  private func reaches(at duration: Double) -> Bool { farthest(lasting: duration).distance >= distance - tolerance(lasting: duration) }

  private func convexCrossing(from start: Double, _ first: FarthestMotion, until end: Double) -> Double {
    var shortest = start, longest = end
    var duration = start, motion = first
    for _ in 0..<64 {
      let missing = distance - motion.distance
      if missing > 0 { shortest = duration } else { longest = duration }
      let square = motion.slope * motion.slope + 2 * missing * motion.curvature
      let step = missing > 0 || square > 0 ? 2 * missing / (motion.slope + max(0, square).squareRoot()) : missing / motion.slope
      guard abs(step) > 1e-9 * duration else { return duration + step }
      let next = duration + step
      duration = next > shortest && next < longest ? next : longest < .infinity ? (shortest + longest) / 2 : 2 * shortest + 1
      motion = farthest(lasting: duration)
    }
    return duration
  }

  /// The duration from which on the curve is convex.
  ///
  /// Without holds the curvature 3q/8 − (J·gain)²/8q³ vanishes at q = √(J·|gain|/√3); where the peak that belongs to it is above its limit A,
  /// it vanishes with a hold there, at the valley A/4, or jumps across zero where the hold begins.
  private var inflection: Double {
    let s = limits.inverseJerk
    guard s > 0 else { return 0 }
    let limit = gain > 0 ? limits.rise : limits.fall
    let sum = limits.jerk * abs(gain)
    let q = (sum / 3.0.squareRoot()).squareRoot()
    guard q * (1 + 3.0.squareRoot()) / 2 > limit else { return s * (2 * q + a1 - a0) }
    let square = limit * limit
    if sum > square * 15 / 16 { return s * (limit * 3 / 2 + a1 - a0 + (sum - square * 15 / 16) / limit) }
    return s * (2 * (limit - (square - sum).squareRoot()) + a1 - a0)
  }
}
