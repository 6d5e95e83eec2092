/// A smooth course of the squared velocity y = σ̇² over a parameter σ from 0 to 1: a quadratic spline on even intervals.
///
/// Its coefficients are those of the B-splines, but for the first and the last, which are the values at the ends.
struct SmoothCourse {
  var coefficients: [Double]

  init(constant y: Double, intervals: Int) { coefficients = Array(repeating: y, count: intervals + 2) }

  var intervals: Int { coefficients.count - 2 }

  /// What the coefficients of an interval, the three from its index on, weigh in y and its first two derivatives at `tau`, 0…1 of its width.
  func weights(in interval: Int, at tau: Double) -> SplineWeights {
    let rate = Double(intervals)
    var weights = SplineWeights(
      y: SIMD3((1 - tau) * (1 - tau) / 2, 0.5 + tau - tau * tau, tau * tau / 2),
      first: rate * SIMD3(tau - 1, 1 - 2 * tau, tau), second: rate * rate * SIMD3(1, -2, 1))
    // At the ends the outer coefficient is 2y minus its neighbour.
    if interval == 0 { weights.mirror(outer: 0) }
    if interval == intervals - 1 { weights.mirror(outer: 2) }
    return weights
  }

  func value(in interval: Int, at tau: Double) -> (y: Double, first: Double, second: Double) {
    weights(in: interval, at: tau).values(coefficients, interval)
  }

  /// ∫ y dσ from an interval's beginning to `tau`.
  func integral(of interval: Int, to tau: Double) -> Double {
    let (y, first, second) = value(in: interval, at: 0)
    let way = tau / Double(intervals)
    return way * (y + way * (first / 2 + way * second / 6))
  }

  /// The same course on twice as many intervals, by Chaikin's subdivision.
  var refined: Self {
    var nodes = coefficients
    // The B-splines' own coefficients at the ends.
    nodes[0] = 2 * coefficients[0] - coefficients[1]
    nodes[intervals + 1] = 2 * coefficients[intervals + 1] - coefficients[intervals]
    var refined = Self(constant: 0, intervals: 2 * intervals)
    for index in 0...intervals {
      refined.coefficients[2 * index] = 0.75 * nodes[index] + 0.25 * nodes[index + 1]
      refined.coefficients[2 * index + 1] = 0.25 * nodes[index] + 0.75 * nodes[index + 1]
    }
    refined.coefficients[0] = coefficients[0]
    refined.coefficients[2 * intervals + 1] = coefficients[intervals + 1]
    return refined
  }

  /// Where a coefficient has most weight, 0…1.
  func place(ofCoefficient index: Int) -> Double { min(max((Double(index) - 0.5) / Double(intervals), 0), 1) }
}

struct SplineWeights {
  var y, first, second: SIMD3<Double>

  fileprivate mutating func mirror(outer: Int) {
    for part in [\SplineWeights.y, \.first, \.second] {
      self[keyPath: part][1] -= self[keyPath: part][outer]
      self[keyPath: part][outer] *= 2
    }
  }

  @inline(__always)
  func values(_ coefficients: [Double], _ index: Int) -> (y: Double, first: Double, second: Double) {
    let b = SIMD3(coefficients[index], coefficients[index + 1], coefficients[index + 2])
    return ((y * b).sum(), (first * b).sum(), (second * b).sum())
  }
}
