/// A projective map of one plane onto another: what a flat table looks like to a camera, and back.
///
///     (x, y) = (h₀u + h₁v + h₂, h₃u + h₄v + h₅) / (h₆u + h₇v + 1)
///
/// The last element is 1, so the origin of the one plane must not lie on the other's horizon; the middle of what is seen never does.
public struct Homography: Sendable, Equatable {
  /// h₀ to h₇.
  public let elements: [Double]

  public static let identity = Homography(elements: [1, 0, 0, 0, 1, 0, 0, 0])

  /// - Precondition: Eight elements.
  public init(elements: [Double]) {
    precondition(elements.count == 8, "a homography has eight elements, not \(elements.count)")
    self.elements = elements
  }

  /// Where a point goes; nil for one on the horizon or behind it.
  public func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double>? {
    let h = elements
    let depth = h[6] * point.x + h[7] * point.y + 1
    guard depth > 1e-6 else { return nil }
    return SIMD2(h[0] * point.x + h[1] * point.y + h[2], h[3] * point.x + h[4] * point.y + h[5]) / depth
  }

  /// The homography that fits pairs best by weighted least squares of the distances in the second plane.
  ///
  /// - Parameters:
  ///   - pairs: At least four, no three of which may lie on one line.
  ///   - weights: As many; all 1 if not given.
  /// - Returns: nil where the pairs do not determine one.
  public static func fitting(_ pairs: [(from: SIMD2<Double>, to: SIMD2<Double>)], weights: [Double]? = nil) -> Homography? {
    guard pairs.count >= 4 else { return nil }
    let (source, target) = (Scaling(pairs.map(\.from)), Scaling(pairs.map(\.to)))
    var depths = [Double](repeating: 1, count: pairs.count)
    var fitted: Homography?
    // Dividing by the depths of the round before turns the algebraic residuals into distances.
    for _ in 0..<3 {
      var rows: [(row: [Double], value: Double, weight: Double)] = []
      for (index, pair) in pairs.enumerated() {
        let (p, q) = (source.scaled(pair.from), target.scaled(pair.to))
        let weight = (weights?[index] ?? 1) / (depths[index] * depths[index])
        rows.append(([p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y], q.x, weight))
        rows.append(([0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y], q.y, weight))
      }
      guard let h = leastSquares(rows) else { return nil }
      depths = pairs.map { pair in
        let p = source.scaled(pair.from)
        return max(0.05, abs(h[6] * p.x + h[7] * p.y + 1))
      }
      fitted = Homography(h, from: source, to: target)
    }
    return fitted
  }

  /// Undoes the scalings that the elements were found in.
  private init?(_ h: [Double], from source: Scaling, to target: Scaling) {
    // rows of T⁻¹ H S, with S = [s, −s·m; 1] and T⁻¹ = [1/t, n; 1]
    let (s, m, t, n) = (source.factor, source.middle, target.factor, target.middle)
    let full = [[h[0], h[1], h[2]], [h[3], h[4], h[5]], [h[6], h[7], 1]]
    let right = full.map { [$0[0] * s, $0[1] * s, $0[2] - s * ($0[0] * m.x + $0[1] * m.y)] }
    let first = (0..<3).map { right[0][$0] / t + n.x * right[2][$0] }
    let second = (0..<3).map { right[1][$0] / t + n.y * right[2][$0] }
    let last = right[2][2]
    guard abs(last) > 1e-9 else { return nil }
    elements = (first + second + [right[2][0], right[2][1]]).map { $0 / last }
  }

  /// Moves points about the origin and to a mean distance of √2 from it, where least squares lose no digits.
  ///
  /// - Source: Hartley, *In defense of the eight-point algorithm*, 1997.
  private struct Scaling {
    var middle: SIMD2<Double>
    var factor: Double

    init(_ points: [SIMD2<Double>]) {
      let count = Double(points.count)
      let middle = points.reduce(.zero, +) / count
      let spread = points.reduce(0) { $0 + ($1 - middle).length } / count
      self.middle = middle
      factor = spread > 0 ? 2.0.squareRoot() / spread : 1
    }

    func scaled(_ point: SIMD2<Double>) -> SIMD2<Double> { (point - middle) * factor }
  }
}
