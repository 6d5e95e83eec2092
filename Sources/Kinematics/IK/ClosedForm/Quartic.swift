internal import Foundation

/// The angles where a + b·cos θ + c·sin θ + d·cos 2θ + e·sin 2θ vanishes: up to four, side by side in lanes.
struct SecondHarmonic {
  var constant, cosine, sine, cosine2, sine2: Double

  /// The roots; a pair of roots that is just missed gives the angle nearest to it in two lanes.
  ///
  /// By t = tan ((θ − θ₀)/2) they are the roots of a quartic, where θ₀ is turned so that θ₀ + π is far from being a root; then Newton's
  /// steps on the circle take away what the quartic's formulas lose.
  ///
  /// - Parameter slack: How far from zero, in units of the coefficients, the function may stay at a root.
  /// - Real-time: does not allocate, lock or throw.
  func roots(slack: Double) -> (angle: LaneAngle, isReal: LaneMask) {
    let origin = bestOrigin
    let c1 = cosine * origin.cosine + sine * origin.sine, s1 = sine * origin.cosine - cosine * origin.sine
    let double = UnitAngle(cosine: origin.cosine * origin.cosine - origin.sine * origin.sine, sine: 2 * origin.sine * origin.cosine)
    let c2 = cosine2 * double.cosine + sine2 * double.sine, s2 = sine2 * double.cosine - cosine2 * double.sine
    let leading = constant - c1 + c2
    let (t, isClose) = Self.quarticRoots(
      (2 * s1 - 4 * s2) / leading, (2 * constant - 6 * c2) / leading, (2 * s1 + 4 * s2) / leading, (constant + c1 + c2) / leading, slack: slack)
    let inverse = 1 / (1 + t * t)
    let turned = LaneAngle(cosine: (1 - t * t) * inverse, sine: 2 * t * inverse)
    let (angle, miss) = polished(turned + LaneAngle(origin))
    let scale = abs(constant) + abs(cosine) + abs(sine) + abs(cosine2) + abs(sine2)
    return (angle, isClose .& (miss .<= Lanes(repeating: slack * scale)) .& (-miss .<= Lanes(repeating: slack * scale)))
  }

  /// Of eight directions the one opposite to where the function is largest.
  private var bestOrigin: UnitAngle {
    let half = 0.5.squareRoot()
    let cosines = Lanes(1, half, 0, -half), sines = Lanes(0, half, 1, half)
    let even = constant + cosine2 * (cosines * cosines - sines * sines) + 2 * sine2 * cosines * sines
    let odd = cosine * cosines + sine * sines
    var best = UnitAngle.zero, largest = -1.0
    for choice in 0..<8 {
      let lane = choice / 2, sign = choice % 2 == 0 ? 1.0 : -1.0
      let value = abs(even[lane] - sign * odd[lane])
      if value > largest { (largest, best) = (value, UnitAngle(cosine: sign * cosines[lane], sine: sign * sines[lane])) }
    }
    return best
  }

  /// Newton's steps, as long as they gain: at a double root, where value and slope vanish together, rounding would lead away.
  @inline(__always)
  private func polished(_ start: LaneAngle) -> (angle: LaneAngle, miss: Lanes) {
    var angle = start, (miss, slope) = value(at: start)
    for _ in 0..<3 {
      let step = -miss / slope.replacing(with: 1, where: slope .== Lanes.zero)
      let turned = LaneAngle(cosine: angle.cosine - step * angle.sine, sine: angle.sine + step * angle.cosine)
      let inverse = 1 / (1 + step * step).squareRoot()
      let next = LaneAngle(cosine: turned.cosine * inverse, sine: turned.sine * inverse), (nextMiss, nextSlope) = value(at: next)
      let gains = nextMiss * nextMiss .< miss * miss
      angle.cosine.replace(with: next.cosine, where: gains)
      angle.sine.replace(with: next.sine, where: gains)
      miss.replace(with: nextMiss, where: gains)
      slope.replace(with: nextSlope, where: gains)
    }
    return (angle, miss)
  }

  @inline(__always)
  private func value(at angle: LaneAngle) -> (value: Lanes, slope: Lanes) {
    let c = angle.cosine, s = angle.sine, cc = c * c - s * s, cs = 2 * c * s
    let value = constant + cosine * c + sine * s + cosine2 * cc + sine2 * cs
    return (value, sine * c - cosine * s + 2 * (sine2 * cc - cosine2 * cs))
  }

  /// The roots of t⁴ + a·t³ + b·t² + c·t + d, by two quadratic factors; of complex ones the real part.
  ///
  /// - Source: R. Descartes' factorisation; the largest root of the resolvent cubic z³ + 2p·z² + (p² − 4r)·z − q² makes both factors real.
  private static func quarticRoots(_ a: Double, _ b: Double, _ c: Double, _ d: Double, slack: Double) -> (t: Lanes, isClose: LaneMask) {
    let shift = a / 4, square = a * a
    let p = b - 0.375 * square
    let q = c - a * b / 2 + square * a / 8
    let r = d - a * c / 4 + square * b / 16 - 3 * square * square / 256
    let z = max(largestCubicRoot(2 * p, p * p - 4 * r, -q * q), 0)
    let s = z.squareRoot()
    // The factors' constants are (p + z ∓ split)/2 and their product is r; the larger of two ways to get the split is the sound one.
    let fromProduct = max((p + z) * (p + z) - 4 * r, 0).squareRoot()
    let split = s > 1e-6 * (abs(p) + abs(r).squareRoot()).squareRoot() && s > 0 ? q / s : (q < 0 ? -fromProduct : fromProduct)
    let first = -z - 2 * p + 2 * split, second = -z - 2 * p - 2 * split
    let rootOfFirst = max(first, 0).squareRoot(), rootOfSecond = max(second, 0).squareRoot()
    // y² + s·y + (p + z − split)/2 and y² − s·y + (p + z + split)/2.
    let t = Lanes((-s + rootOfFirst) / 2, (-s - rootOfFirst) / 2, (s + rootOfSecond) / 2, (s - rootOfSecond) / 2) - shift
    let least = -10 * slack * (abs(p) + z + abs(split) + 1e-3)
    let isFirst = first >= least, isSecond = second >= least
    return (t, Lanes(isFirst ? 1 : -1, isFirst ? 1 : -1, isSecond ? 1 : -1, isSecond ? 1 : -1) .> Lanes.zero)
  }

  /// The largest real root of z³ + a·z² + b·z + c.
  ///
  /// - Source: G. Cardano; F. Viète's cosines where there are three real roots; polished by Newton's steps.
  private static func largestCubicRoot(_ a: Double, _ b: Double, _ c: Double) -> Double {
    let third = a / 3
    let p = b - a * third, q = 2 * third * third * third - third * b + c
    let discriminant = q * q / 4 + p * p * p / 27
    var z: Double
    if discriminant > 0 {
      let root = discriminant.squareRoot()
      // Of −q/2 ± root the one that does not cancel.
      let cube = q < 0 ? -q / 2 + root : -q / 2 - root
      let u = cbrt(cube)
      z = (u == 0 ? 0 : u - p / (3 * u)) - third
    } else {
      let radius = (-p / 3).squareRoot()
      let ratio = radius > 0 ? min(max(-q / (2 * radius * radius * radius), -1), 1) : 1
      z = 2 * radius * cos(acos(ratio) / 3) - third
    }
    // Newton's steps, as long as they gain.
    var value = ((z + a) * z + b) * z + c
    for _ in 0..<2 {
      let slope = (3 * z + 2 * a) * z + b
      guard slope != 0 else { break }
      let next = z - value / slope, nextValue = ((next + a) * next + b) * next + c
      guard abs(nextValue) < abs(value) else { break }
      (z, value) = (next, nextValue)
    }
    return z
  }
}
