internal import Foundation

/// The time that a course takes, and a barrier that grows without end towards every limit:
///
///     φ = ∫ dσ/√y − μ Σ log(slack)
///
/// The coefficients of the course count among the slacks, and with them y is positive everywhere.
///
/// The jerk limit is √y |l| ≤ 1 with l linear in the course, so |l| ≤ 1/√y: both slacks 1/√y ∓ l curve the wrong way in y. Newton's method leaves
/// that curvature out, which keeps its matrix positive definite; a step is shortened until it stays within the limits and lowers φ, so every
/// course on the way is one that could be gone.
///
/// - Source: Debrouwere et al., *Time-Optimal Path Following for Robots with Convex–Concave Constraints Using Sequential Convex Programming*,
///   IEEE T-RO 29 (2013) 1485–1495, for the form of the jerk limit; Boyd and Vandenberghe, *Convex Optimization* (2004), ch. 11, for the method.
struct CourseBarrier {
  private(set) var sites: CourseSites
  /// What an easing of all limits multiplies them by, 1 for the limits as they are.
  var ease = 1.0
  /// How much the time weighs, 1 or 0.
  var timeWeight = 1.0
  /// μ [s]
  var sharpness = 0.0
  /// Coefficients that stay as they are.
  var held: [Int] = []
  /// After it no course is better than another.
  let interruption: Interruption

  init(sites: CourseSites, interruption: Interruption) { (self.sites, self.interruption) = (sites, interruption) }

  /// The number of logarithms.
  var terms: Int { sites.count / 2 + sites.count * (1 + 16 * (sites.boundsASite + sites.jerksASite)) }

  /// The largest of all quantities as a share of its limit, for a course that may be beyond them.
  func largestShare(of course: SmoothCourse) -> Double {
    var largest = 0.0
    for site in 0..<sites.count {
      guard !interruption.comes() else { return 0 }
      let (y, y1, y2) = sites.weights[site].values(course.coefficients, sites.intervals[site])
      largest = max(largest, y * sites.inverseCeiling[site])
      for index in sites.boundIndices(site) { largest = max(largest, sites.bounds[index].value(y, y1).magnitudes.largest) }
      for index in sites.jerkIndices(site) { largest = max(largest, y.squareRoot() * sites.jerks[index].value(y, y1, y2).magnitudes.largest) }
    }
    return largest
  }

  /// Tightens the joints' limits where a course passed them between the sites, by as much as it did; not for what a little slowness mends.
  ///
  /// - Parameter shares: Of each interval: of the limits on velocities, accelerations and jerks.
  /// - Returns: Whether any had to be.
  mutating func tighten(by shares: [SIMD3<Double>]) -> Bool {
    guard shares.contains(where: { max($0.x, $0.y.squareRoot(), cbrt($0.z)) > 1.002 }) else { return false }
    for site in 0..<sites.count { sites.tighten(site, by: shares[sites.intervals[site]]) }
    return true
  }

  /// How long a course takes.
  func time(of course: SmoothCourse) -> Double {
    var time = 0.0
    for site in 0..<sites.count { time += 1 / sites.weights[site].values(course.coefficients, sites.intervals[site]).y.squareRoot() }
    return time / Double(sites.count)
  }

  /// φ; infinite for a course that is not strictly within the limits.
  func value(of course: SmoothCourse) -> Double {
    var time = 0.0
    var logarithms = LogarithmSum()
    let (allBounds, allJerks) = (sites.bounds.span, sites.jerks.span)
    for site in 0..<sites.count {
      let (y, y1, y2) = sites.weights[site].values(course.coefficients, sites.intervals[site])
      guard y > 0, !interruption.comes() else { return .infinity }
      let root = 1 / y.squareRoot()
      time += root
      let slack = ease - y * sites.inverseCeiling[site]
      guard slack > 0 else { return .infinity }
      logarithms.add(slack)
      for index in sites.boundIndices(site) {
        let bound = allBounds[index]
        let value = bound.value(y, y1)
        let (above, below) = (SIMD8(repeating: ease) - value, SIMD8(repeating: ease) + value)
        guard above.smaller(below).isPositive else { return .infinity }
        logarithms.add(above * below)
      }
      for index in sites.jerkIndices(site) {
        let jerk = allJerks[index]
        let value = jerk.value(y, y1, y2)
        let most = SIMD8(repeating: ease * root)
        let (above, below) = (most - value, most + value)
        guard above.smaller(below).isPositive else { return .infinity }
        logarithms.add((above * below).replacing(with: 1, where: jerk.counts .< SIMD8(repeating: 0.5)))
      }
    }
    for coefficient in course.coefficients {
      guard coefficient > 0 else { return .infinity }
      logarithms.add(coefficient)
    }
    return timeWeight * time / Double(sites.count) - sharpness * logarithms.total
  }

  /// Newton's step, and by how much φ should fall along it.
  func step(from course: SmoothCourse) -> (step: [Double], fall: Double) {
    var matrix = PentadiagonalMatrix(size: course.coefficients.count)
    var gradient = Array(repeating: 0.0, count: course.coefficients.count)
    for site in 0..<sites.count {
      guard !interruption.comes() else { return (gradient, 0) }
      let weights = sites.weights[site]
      let curvature = curvature(site, weights.values(course.coefficients, sites.intervals[site]))
      let rows = (weights.y, weights.first, weights.second)
      let local = curvature.g.0 * rows.0 + curvature.g.1 * rows.1 + curvature.g.2 * rows.2
      for k in 0..<3 { gradient[sites.intervals[site] + k] -= local[k] }
      let h = curvature.h
      let left = (
        h.0 * rows.0 + h.1 * rows.1 + h.3 * rows.2, h.1 * rows.0 + h.2 * rows.1 + h.4 * rows.2, h.3 * rows.0 + h.4 * rows.1 + h.5 * rows.2
      )
      let (first, second, third) = (
        rows.0.x * left.0 + rows.1.x * left.1 + rows.2.x * left.2, rows.0.y * left.0 + rows.1.y * left.1 + rows.2.y * left.2,
        rows.0.z * left.0 + rows.1.z * left.1 + rows.2.z * left.2
      )
      matrix.add((first.x, second.x, second.y, third.x, third.y, third.z), at: sites.intervals[site])
    }
    for (index, coefficient) in course.coefficients.enumerated() {
      matrix.add(sharpness / (coefficient * coefficient), at: index)
      gradient[index] += sharpness / coefficient
    }
    for index in held {
      matrix.hold(index)
      gradient[index] = 0
    }
    let step = matrix.solution(of: gradient)
    return (step, zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// Gradient and positive definite curvature of a site's part of φ in (y, y′, y″); lower triangle by rows.
  private func curvature(
    _ site: Int, _ at: (y: Double, first: Double, second: Double)
  ) -> (g: (Double, Double, Double), h: (Double, Double, Double, Double, Double, Double)) {
    let y = at.y
    let root = 1 / y.squareRoot()
    let weight = timeWeight / Double(sites.count)
    let byCeiling = sites.inverseCeiling[site] / (ease - y * sites.inverseCeiling[site])
    var g = (-0.5 * weight * root / y + sharpness * byCeiling, 0.0, 0.0)
    var h = (0.75 * weight * root / (y * y) + sharpness * byCeiling * byCeiling, 0.0, 0.0, 0.0, 0.0, 0.0)
    let (allBounds, allJerks) = (sites.bounds.span, sites.jerks.span)
    for index in sites.boundIndices(site) {
      let bound = allBounds[index]
      let value = bound.value(y, at.first)
      let above = (SIMD8(repeating: ease) - value).inverses
      let below = (SIMD8(repeating: ease) + value).inverses
      let slope = sharpness * (above - below)
      let bend = sharpness * (above * above + below * below)
      let half = 0.5 * bound.p
      g.0 += (slope * bound.r).total
      g.1 += (slope * half).total
      h.0 += (bend * bound.r * bound.r).total
      h.1 += (bend * bound.r * half).total
      h.2 += (bend * half * half).total
    }
    let rootSlope = -0.5 * ease * root / y
    for index in sites.jerkIndices(site) {
      let jerk = allJerks[index]
      let value = jerk.value(y, at.first, at.second)
      let most = SIMD8(repeating: ease * root)
      let above = jerk.counts * (most - value).inverses
      let below = jerk.counts * (most + value).inverses
      let slope = sharpness * (above - below)
      let bend = sharpness * (above * above + below * below)
      let twist = (sharpness * rootSlope) * (above * above - below * below)
      g.0 += (slope * jerk.ofY).total - sharpness * rootSlope * (above + below).total
      g.1 += (slope * jerk.ofFirst).total
      g.2 += (slope * jerk.ofSecond).total
      h.0 += (bend * jerk.ofY * jerk.ofY).total + rootSlope * rootSlope * bend.total - 2 * (twist * jerk.ofY).total
      h.1 += (bend * jerk.ofY * jerk.ofFirst).total - (twist * jerk.ofFirst).total
      h.2 += (bend * jerk.ofFirst * jerk.ofFirst).total
      h.3 += (bend * jerk.ofY * jerk.ofSecond).total - (twist * jerk.ofSecond).total
      h.4 += (bend * jerk.ofFirst * jerk.ofSecond).total
      h.5 += (bend * jerk.ofSecond * jerk.ofSecond).total
    }
    return (g, h)
  }

}

extension PathBound {
  @inline(__always)
  fileprivate func value(_ y: Double, _ first: Double) -> SIMD8<Double> { y * r + (0.5 * first) * p + centre }
}

extension JerkBound {
  @inline(__always)
  fileprivate func value(_ y: Double, _ first: Double, _ second: Double) -> SIMD8<Double> { y * ofY + first * ofFirst + second * ofSecond }
}

extension SIMD8<Double> {
  /// The sum of the lanes, in pairs.
  @inline(__always)
  fileprivate var total: Double {
    let four = lowHalf + highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// Whether no lane is 0 or less.
  @inline(__always)
  fileprivate var isPositive: Bool { (Self() - self).largest < 0 }
}

extension SIMD4<Double> {
  fileprivate var product: Double { (x * y) * (z * w) }
}

/// A sum of many logarithms, of which few are taken: factors are multiplied as long as their product is sure to be a number.
private struct LogarithmSum {
  private var sum = 0.0
  private var factors = SIMD8<Double>(repeating: 1)
  private var factor = 1.0
  private var count = 0

  @inline(__always)
  mutating func add(_ values: SIMD8<Double>) {
    factors *= values
    count += 1
    if count == 4 { flush() }
  }

  @inline(__always)
  mutating func add(_ value: Double) {
    factor *= value
    if !(1e-100...1e100 ~= factor) {
      sum += log(factor)
      factor = 1
    }
  }

  private mutating func flush() {
    sum += log(factors.lowHalf.product) + log(factors.highHalf.product)
    factors = SIMD8(repeating: 1)
    count = 0
  }

  var total: Double { sum + log(factor) + log(factors.lowHalf.product) + log(factors.highHalf.product) }
}
