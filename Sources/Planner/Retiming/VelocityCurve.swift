internal import Kinematics

/// The fastest course of the squared path velocity along a path that limits on velocities and accelerations allow.
///
/// On each interval of a grid s̈ is constant, so y = ṡ² is straight between its ends, and the limits become linear in the values at the two ends:
///
///     |q′| ṡ ≤ v,   |q′ s̈ + q″ y| ≤ a,   s̈ = (z − y)/2h with z the y of the end
///
/// They hold *within* the interval, too. There q is a polynomial, a joint's acceleration is one in s, and it leaves the chord between its ends by at
/// most h²/8 of its second derivative 5 q‴ s̈ + q⁗ y. The limits at the ends are tightened by just that: q‴ as a part of the factor of s̈, so that
/// standing still remains possible whatever the path, and a solution never fails to exist.
///
/// Two passes then find the fastest course. Backwards, the set of y from which the rest of the path can still be gone is an interval at every grid
/// point, found from the next one's by Newton's method on a concave, piecewise linear function; forwards, each y is the largest that the one
/// before reaches in that set.
///
/// - Source: Pham and Pham, *A New Approach to Time-Optimal Path Parameterization Based on Reachability Analysis*, IEEE T-RO 34 (2018) 645–659:
///   the two passes, and limits taken at both ends of an interval; the bounds within it are our own.
struct VelocityCurve {
  let grid: RetimingGrid
  private var strips: [PathVelocityStrips] = []
  private let stripsAnInterval: Int
  /// What the limits on velocities allow at each grid point.
  private(set) var ceiling: [Double]
  /// From where the rest of the path can be gone.
  private var least, most: [Double]

  /// - Parameter path: The one that the grid is of.
  init(_ grid: RetimingGrid, of path: JointPath, limits: RetimingLimits, _ interruption: Interruption = .never) throws(RetimingRefusal) {
    self.grid = grid
    ceiling = Array(repeating: 1e300, count: grid.count + 1)
    least = Array(repeating: 0, count: grid.count + 1)
    most = ceiling
    let sampled = SampledBounds(limits)
    stripsAnInterval = 4 + 3 * sampled.count
    strips.reserveCapacity(stripsAnInterval * grid.count)
    limitVelocity(limits.joints)
    if sampled.isEmpty {
      for interval in 0..<grid.count {
        guard !interruption.comes() else { throw .stopped }
        limitAcceleration(interval, limits.joints)
      }
    } else {
      try limit(path, by: sampled, joints: limits.joints, interruption)
    }
    guard grid.isStill || ceiling.max() ?? 0 < 1e200 else { throw .unlimited }
  }

  /// Bounds y so that no joint's velocity passes its limit, also within the intervals.
  ///
  /// There |q′| is at most c, straight between its ends but for h²/8 of |q‴|. Where c at one end is no more than twice that at the other,
  /// y = v²/c² at both ends and straight in between passes v²/c² by at most ¾ (c₁/c₀ − 1)², with c₀ the smaller; elsewhere the larger c is taken for
  /// the whole. A joint without a velocity limit gets no faster than its acceleration limit makes it over all its way.
  private mutating func limitVelocity(_ limits: JointLimits) {
    var velocity = limits.velocity.lanes
    if limits.velocity.contains(.infinity) {
      let reached = grid.way * limits.acceleration.lanes
      for joint in limits.velocity.indices where velocity[joint].isInfinite && grid.way[joint] > 0 {
        velocity[joint] = (2 * reached[joint]).squareRoot()
      }
    }
    let inverse = JointVector(lanes: velocity.inverses, count: limits.velocity.count).lanes
    for i in 0..<grid.count {
      let width = grid.width(i)
      let bulge = (width * width / 8) * grid.third[i] + SIMD8(repeating: 1e-150)
      let c0 = (grid.first[i].magnitudes + bulge) * inverse
      let c1 = (grid.first[i + 1].magnitudes + bulge) * inverse
      let larger = c0.larger(c1)
      let smaller = c0.smaller(c1) + SIMD8(repeating: 1e-160)
      let change = larger / smaller - SIMD8(repeating: 1)
      let excess = SIMD8(repeating: 1) + 0.75 * change * change
      let whole = larger * larger
      let one = SIMD8<Double>(repeating: 1)
      let inverse0 = (excess * c0 * c0).replacing(with: whole, where: change .> one)
      let inverse1 = (excess * c1 * c1).replacing(with: whole, where: change .> one)
      ceiling[i] = min(ceiling[i], 1 / inverse0.largest)
      ceiling[i + 1] = min(ceiling[i + 1], 1 / inverse1.largest)
    }
  }

  /// The joints' acceleration limits on an interval.
  ///
  /// The part of the bulge that goes with y takes at most a twentieth of any limit; where it would take more, y is bounded instead.
  @inline(__always)
  private mutating func limitAcceleration(_ i: Int, _ limits: JointLimits) {
    let inverse = JointVector(lanes: limits.acceleration.lanes.inverses, count: limits.acceleration.count).lanes
    let width = grid.width(i)
    let square = width * width
    let half = 1 / (2 * width)
    let fourth = (square / 8) * grid.fourth[i] * inverse
    let allowed = 0.05 / fourth.largest
    ceiling[i] = min(ceiling[i], allowed)
    ceiling[i + 1] = min(ceiling[i + 1], allowed)
    let reach = SIMD8(repeating: 1) - min(allowed, max(ceiling[i], ceiling[i + 1])) * fourth
    let third = (0.625 * square) * grid.third[i] * inverse
    appendStrips(grid.first[i] * inverse, third, grid.second[i] * inverse, reach: reach, at: 0, half)
    appendStrips(grid.first[i + 1] * inverse, third, grid.second[i + 1] * inverse, reach: reach, at: 1, half)
  }

  @inline(__always)
  private mutating func appendStrips(
    _ p: SIMD8<Double>, _ third: SIMD8<Double>, _ r: SIMD8<Double>, reach: SIMD8<Double>, at place: Double, _ half: Double
  ) {
    strips.append(PathVelocityStrips(PathBound(p: p + third, r: r, centre: SIMD8(), reach: reach), at: place, inverseOfTwiceWidth: half))
    strips.append(PathVelocityStrips(PathBound(p: p - third, r: r, centre: SIMD8(), reach: reach), at: place, inverseOfTwiceWidth: half))
  }

  /// The limits on tool, efforts and path parameter, at both ends of every interval and in its middle, after the joints' own.
  private mutating func limit(
    _ path: JointPath, by sampled: SampledBounds, joints: JointLimits, _ interruption: Interruption
  ) throws(RetimingRefusal) {
    var near = try sampled.bounds(at: path.point(at: 0), ceiling: ceiling[0], turning: grid.turning(0), place: 0)
    for i in 0..<grid.count {
      guard !interruption.comes(before: 8 * sampled.count) else { throw .stopped }
      limitAcceleration(i, joints)
      let (middle, end) = ((grid.s[i] + grid.s[i + 1]) / 2, grid.s[i + 1])
      let far = try sampled.bounds(
        at: path.point(at: end), ceiling: ceiling[i + 1], turning: grid.turning(i).larger(grid.turning(min(i + 1, grid.count - 1))),
        place: end / path.length)
      let between = try sampled.bounds(
        at: path.point(at: middle), ceiling: (ceiling[i] + ceiling[i + 1]) / 2, turning: grid.turning(i), place: middle / path.length)
      // Straight between two ceilings y may be above the one in the middle.
      let share = min(1, 2 * between.ceiling / (near.ceiling + far.ceiling))
      ceiling[i] = min(ceiling[i], share * near.ceiling)
      ceiling[i + 1] = min(ceiling[i + 1], share * far.ceiling)
      let half = 1 / (2 * grid.width(i))
      for (bounds, place) in [(near.bounds, 0.0), (between.bounds, 0.5), (far.bounds, 1.0)] {
        for bound in bounds { strips.append(PathVelocityStrips(bound, at: place, inverseOfTwiceWidth: half)) }
      }
      near = far
    }
  }

  /// The squared path velocity at every grid point.
  ///
  /// - Parameters:
  ///   - start, end: The path velocities at the ends; the best where nil.
  mutating func solve(start: Double?, end: Double?, _ interruption: Interruption = .never) throws(RetimingRefusal) -> [Double] {
    let last = grid.count
    if let end {
      guard end * end <= ceiling[last] else { throw .endTooFast(end, most: ceiling[last].squareRoot()) }
      least[last] = end * end
      most[last] = end * end
    } else {
      most[last] = ceiling[last]
    }
    for i in stride(from: last - 1, through: 0, by: -1) {
      guard !interruption.comes() else { throw .stopped }
      most[i] = nearestStart(of: i, to: ceiling[i])
      least[i] = least[i + 1] > 0 ? nearestStart(of: i, to: 0) : 0
    }
    var y = most
    if let start {
      let rounding = 1e-9 * most[0]
      guard start * start <= most[0] + rounding else { throw .startTooFast(start, most: most[0].squareRoot()) }
      guard start * start >= least[0] - rounding else { throw .startTooSlow(start, least: least[0].squareRoot()) }
      y[0] = start * start
    }
    for i in 0..<last where !interruption.comes() {
      y[i + 1] = max(0, PathVelocityRange(of: strips(of: i), at: y[i], within: least[i + 1]...most[i + 1]).upper)
    }
    guard !interruption.hasCome else { throw .stopped }
    return y
  }

  private func strips(of interval: Int) -> ArraySlice<PathVelocityStrips> {
    strips[interval * stripsAnInterval..<(interval + 1) * stripsAnInterval]
  }

  /// The y nearest to `wanted` from which an interval leads into the set of its end.
  ///
  /// By Newton's method on how much room the strips leave for z, which is concave and piecewise linear in y; each step comes nearer from outside,
  /// and the last one meets the border.
  private func nearestStart(of interval: Int, to wanted: Double) -> Double {
    let strips = strips(of: interval)
    let target = least[interval + 1]...most[interval + 1]
    var y = wanted
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

extension RetimingGrid {
  /// How far each joint goes along the path, not less.
  var way: SIMD8<Double> {
    var way = SIMD8<Double>()
    for i in 0..<count {
      let width = width(i)
      way += width * (first[i].magnitudes.larger(first[i + 1].magnitudes) + (width * width / 8) * third[i])
    }
    return way
  }

  /// Whether the path stays where it is.
  var isStill: Bool { steepest == 0 }

  /// 1 for the joints that may turn round within an interval, else 0.
  func turning(_ i: Int) -> SIMD8<Double> {
    let bulge = (width(i) * width(i) / 8) * third[i]
    let (lower, upper) = (first[i].smaller(first[i + 1]) - bulge, first[i].larger(first[i + 1]) + bulge)
    return SIMD8().replacing(with: 1, where: lower * upper .<= SIMD8())
  }

  /// Whether some joint moves with the path parameter at a grid point.
  func hasDirection(at index: Int) -> Bool { first[index].magnitudes.largest > 1e-9 * steepest }
}
