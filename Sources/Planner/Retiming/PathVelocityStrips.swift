internal import Kinematics

/// Eight limits, one a lane, on how the squared path velocity may change across an interval.
///
/// With y = ṡ² at the interval's beginning and z at its end,
///
///     slope·y + lower ≤ z ≤ slope·y + upper
struct PathVelocityStrips {
  let slope, lower, upper: SIMD8<Double>

  /// |p s̈ + r ṡ²| ≤ 1 lane by lane, where s̈ = (z − y)/2h is constant on the interval and ṡ² the one at its beginning.
  static func atBeginning(_ p: SIMD8<Double>, _ r: SIMD8<Double>, inverseOf twiceWidth: Double, within bound: SIMD8<Double>) -> Self {
    let byVelocity = twiceWidth * p
    return Self(y: r - byVelocity, z: byVelocity, within: bound)
  }

  /// The same with the ṡ² at its end.
  static func atEnd(_ p: SIMD8<Double>, _ r: SIMD8<Double>, inverseOf twiceWidth: Double, within bound: SIMD8<Double>) -> Self {
    let byVelocity = twiceWidth * p
    return Self(y: -byVelocity, z: r + byVelocity, within: bound)
  }

  /// |a y + b z| ≤ bound. A lane that says hardly anything of z is taken as saying a little, which is less than rounding says of y.
  private init(y a: SIMD8<Double>, z b: SIMD8<Double>, within bound: SIMD8<Double>) {
    let magnitude = b.magnitudes.larger(1e-9 * a.magnitudes + 1e-200)
    let inverse = 1 / magnitude
    slope = -(a * inverse).replacing(with: -(a * inverse), where: b .< SIMD8())
    upper = bound * inverse
    lower = -upper
  }
}

/// The range that strips leave for z at one y, and how its ends move with y.
struct PathVelocityRange {
  var lower, lowerSlope, upper, upperSlope: Double

  @inline(__always)
  init(of strips: ArraySlice<PathVelocityStrips>, at y: Double, within target: ClosedRange<Double>) {
    var highest = SIMD8(repeating: target.upperBound)
    var lowest = SIMD8(repeating: target.lowerBound)
    var highestSlope = SIMD8<Double>()
    var lowestSlope = SIMD8<Double>()
    for strip in strips {
      let middle = y * strip.slope
      let upper = middle + strip.upper
      let lower = middle + strip.lower
      let isNearer = upper .< highest
      highest.replace(with: upper, where: isNearer)
      highestSlope.replace(with: strip.slope, where: isNearer)
      let isHigher = lower .> lowest
      lowest.replace(with: lower, where: isHigher)
      lowestSlope.replace(with: strip.slope, where: isHigher)
    }
    (upper, upperSlope, lower, lowerSlope) = (highest[0], highestSlope[0], lowest[0], lowestSlope[0])
    for lane in 1..<8 {
      if highest[lane] < upper { (upper, upperSlope) = (highest[lane], highestSlope[lane]) }
      if lowest[lane] > lower { (lower, lowerSlope) = (lowest[lane], lowestSlope[lane]) }
    }
  }
}
