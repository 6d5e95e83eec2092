internal import Kinematics

/// The fastest course of the squared path velocity along a path that velocity and acceleration limits allow.
///
/// On each interval of a grid s̈ is constant, so y = ṡ² is straight between its ends, and the limits become linear in the values at the two ends:
///
///     |q′| ṡ ≤ v,   |q′ s̈ + q″ y| ≤ a,   s̈ = (y₊ − y)/2h
///
/// They hold *within* the interval, too. With q a polynomial there, a joint's acceleration is one in s, and leaves the chord between its ends by at
/// most h²/8 of its second derivative |5 q‴ s̈ + q⁗ y|. The limits at the ends are tightened by just that: as a part of s̈ where s̈ is a factor, so
/// that standing still remains possible whatever the path, and the solution never fails.
///
/// Two passes then find the fastest course. Backwards, the set of y from which the rest of the path can still be gone is an interval [least, most]
/// at every grid point, found from the next one's by Newton's method on a concave piecewise linear function; forwards, each y is the largest that
/// the one before reaches in that set.
///
/// - Source: Pham and Pham, *A New Approach to Time-Optimal Path Parameterization Based on Reachability Analysis*, IEEE T-RO 34 (2018) 645–659:
///   the passes, and limits taken at both ends of an interval (§III-A); the bounds within it are our own.
struct VelocityCurve {
  let grid: RetimingGrid
  private var strips: [PathVelocityStrips] = []
  private var stripsAnInterval = 0
  /// What the velocity limits allow at each grid point [1/s²].
  private var ceiling: [Double]
  /// From where the rest of the path can be gone.
  private var least, most: [Double]

  init(_ grid: RetimingGrid, limits: JointLimits) {
    self.grid = grid
    ceiling = Array(repeating: 1e300, count: grid.count + 1)
    least = Array(repeating: 0, count: grid.count + 1)
    most = ceiling
    limitVelocity(limits.velocity.inverses)
    limitAcceleration(limits.acceleration.inverses)
  }

  /// Bounds y so that no joint's velocity passes its limit, also within the intervals.
  ///
  /// There |q′| is at most c, straight between its ends but for h²/8 of |q‴|. Where c² at one end is no more than four times that at the other,
  /// y = v²/c² at both ends and straight in between passes v²/c² by less than ¾ (c₁ − c₀)²/min²; elsewhere the larger c holds for the whole.
  private mutating func limitVelocity(_ inverse: SIMD8<Double>) {
    for i in 0..<grid.count {
      let width = grid.width(i)
      let bulge = (width * width / 8) * grid.third[i] + 1e-150
      let c0 = (grid.first[i].magnitudes + bulge) * inverse
      let c1 = (grid.first[i + 1].magnitudes + bulge) * inverse
      let larger = c0.larger(c1)
      let smaller = c0.smaller(c1) + 1e-160
      let difference = (larger - smaller) / smaller
      let excess = 1 + 0.75 * difference * difference
      let isUneven = larger .> 2 * smaller
      let whole = larger * larger
      ceiling[i] = min(ceiling[i], 1 / (excess * c0 * c0).replacing(with: whole, where: isUneven).largest)
      ceiling[i + 1] = min(ceiling[i + 1], 1 / (excess * c1 * c1).replacing(with: whole, where: isUneven).largest)
    }
  }

  private mutating func limitAcceleration(_ inverse: SIMD8<Double>) {
    stripsAnInterval = 4
    strips.reserveCapacity(4 * grid.count)
    for i in 0..<grid.count {
      let width = grid.width(i)
      let half = 1 / (2 * width)
      let shareOfCurvature = (width * width / 8) * max(ceiling[i], ceiling[i + 1])
      let bulge = (grid.fourth[i] * inverse)
      let largest = shareOfCurvature * bulge.largest
      if largest > 0.05 {
        ceiling[i] = min(ceiling[i], 0.05 * ceiling[i] / largest)
        ceiling[i + 1] = min(ceiling[i + 1], 0.05 * ceiling[i + 1] / largest)
      }
      let bound = 1 - (shareOfCurvature * bulge).smaller(SIMD8(repeating: 0.05))
      let third = (0.625 * width * width) * grid.third[i] * inverse
      let (p0, r0) = (grid.first[i] * inverse, grid.second[i] * inverse)
      let (p1, r1) = (grid.first[i + 1] * inverse, grid.second[i + 1] * inverse)
      strips.append(.atBeginning(p0 + third, r0, inverseOf: half, within: bound))
      strips.append(.atBeginning(p0 - third, r0, inverseOf: half, within: bound))
      strips.append(.atEnd(p1 + third, r1, inverseOf: half, within: bound))
      strips.append(.atEnd(p1 - third, r1, inverseOf: half, within: bound))
    }
  }

  /// The squared path velocity at every grid point.
  mutating func solve(start: Double, end: Double) -> [Double] {
    let last = grid.count
    let fastest = grid.first.reduce(0.0) { max($0, $1.magnitudes.largest) }
    let isFreeAtStart = grid.first[0].magnitudes.largest < 1e-9 * fastest
    let isFreeAtEnd = grid.first[last].magnitudes.largest < 1e-9 * fastest
    least[last] = isFreeAtEnd ? 0 : end * end
    most[last] = isFreeAtEnd ? ceiling[last] : end * end
    for i in stride(from: last - 1, through: 0, by: -1) {
      most[i] = extremeStart(of: i, from: ceiling[i])
      least[i] = least[i + 1] > 0 ? extremeStart(of: i, from: 0) : 0
    }
    var y = Array(repeating: 0.0, count: last + 1)
    y[0] = isFreeAtStart ? most[0] : start * start
    for i in 0..<last {
      let range = PathVelocityRange(of: strips(of: i), at: y[i], within: least[i + 1]...most[i + 1])
      y[i + 1] = max(range.upper, 0)
    }
    return y
  }

  private func strips(of interval: Int) -> ArraySlice<PathVelocityStrips> {
    strips[interval * stripsAnInterval..<(interval + 1) * stripsAnInterval]
  }

  /// The y nearest to `outside` from which an interval leads into the set of its end.
  ///
  /// By Newton's method on how much room the strips leave for z, which is concave and piecewise linear in y; each step comes nearer from outside,
  /// and the last one meets the border exactly.
  private func extremeStart(of interval: Int, from outside: Double) -> Double {
    let strips = strips(of: interval)
    let target = least[interval + 1]...most[interval + 1]
    var y = outside
    for _ in 0..<100 {
      let range = PathVelocityRange(of: strips, at: y, within: target)
      let room = range.upper - range.lower
      guard room < 0 else { break }
      let step = room / (range.upperSlope - range.lowerSlope)
      guard step.magnitude > 1e-13 * y.magnitude else { break }
      y -= step
    }
    return max(0, y)
  }
}

extension JointVector {
  /// One over each element, and 0 beyond the last.
  fileprivate var inverses: SIMD8<Double> { JointVector(lanes: 1 / lanes, count: count).lanes }
}
