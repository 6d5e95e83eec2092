/// Eight limits, one a lane, at one place of a path: |p s̈ + r ṡ² + centre| ≤ reach.
///
/// A joint's acceleration is of this form (p = q′, r = q″), and so are its effort and the tool's acceleration in a direction.
struct PathBound {
  var p, r, centre, reach: SIMD8<Double>
}

/// Eight limits, one a lane, on how the squared path velocity may change across an interval.
///
/// With y = ṡ² at the interval's beginning and z at its end,
///
///     slope·y + lower ≤ z ≤ slope·y + upper
struct PathVelocityStrips {
  let slope, lower, upper: SIMD8<Double>

  /// What a bound at a place of the interval means for its ends, s̈ = (z − y)/2h being constant on it and ṡ² straight:
  ///
  ///     |((1 − place) r − p/2h) y + (place r + p/2h) z + centre| ≤ reach
  ///
  /// A lane that says hardly anything of z is taken as saying a little: so little that it is less than what rounding says of y.
  ///
  /// - Parameters:
  ///   - place: 0 at the interval's beginning, 1 at its end.
  ///   - inverse: 1/2h.
  @inline(__always)
  init(_ bound: PathBound, at place: Double, inverseOfTwiceWidth inverse: Double) {
    let byChange = inverse * bound.p
    let ofBeginning = (1 - place) * bound.r - byChange
    let ofEnd = place * bound.r + byChange
    let magnitude = ofEnd.magnitudes.larger(1e-9 * ofBeginning.magnitudes + SIMD8(repeating: 1e-200))
    let factor = magnitude.inverses
    slope = (SIMD8() - ofBeginning * factor).signed(like: ofEnd)
    let middle = (SIMD8() - bound.centre * factor).signed(like: ofEnd)
    let half = bound.reach * factor
    lower = middle - half
    upper = middle + half
  }
}

/// The range that strips leave for z at one y, and how its ends move with y.
struct PathVelocityRange {
  private(set) var lower, lowerSlope, upper, upperSlope: Double

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
