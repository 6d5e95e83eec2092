/// Fits a model to points of which some may be wrong: a look that went elsewhere must not bend the map.
///
/// First the model through a few points that leaves the smallest median residual (least median of squares, over all small subsets in
/// their order or an even choice of them: the same answer every time); then least squares over the points that agree with it, the
/// farther ones with less weight (Huber).
///
/// - Source: Rousseeuw, *Least median of squares regression*, 1984, for the scale and the cut; Huber, *Robust Statistics*, 1981.
struct RobustFit<Model> {
  var model: Model
  /// The points that were not believed.
  var outliers: [Int]

  /// - Parameters:
  ///   - count: How many points there are.
  ///   - subset: How many determine a model.
  ///   - floor: Residuals as small as this are never held against a point.
  ///   - fit: The model for some points with weights; nil if they do not determine one.
  ///   - residual: How far a point is from a model.
  init?(
    count: Int, subset: Int, floor: Double, fit: ([Int], [Double]) -> Model?, residual: (Model, Int) -> Double
  ) {
    let all = Array(0..<count)
    let ones = [Double](repeating: 1, count: count)
    var best: (model: Model, median: Double)?
    for chosen in Self.subsets(of: subset, from: count) {
      guard let candidate = fit(chosen, Array(ones.prefix(chosen.count))) else { continue }
      let middle = median(all.map { residual(candidate, $0) })
      if middle.isFinite, middle < best?.median ?? .infinity { best = (candidate, middle) }
    }
    guard let start = best else { return nil }
    let freedom = max(1, Double(count - subset))
    let scale = max(floor / 2.5, 1.4826 * (1 + 5 / freedom) * start.median)

    /// Least squares over the points that agree, until these stay the same.
    func refined(_ start: Model) -> (model: Model, outliers: [Int])? {
      var current = start
      for _ in 0..<10 {
        let inliers = all.filter { residual(current, $0) <= 2.5 * scale }
        guard inliers.count >= subset else { return nil }
        let weights = inliers.map { index in min(1, Self.huber * scale / max(residual(current, index), 1e-300)) }
        guard let better = fit(inliers, weights) else { return nil }
        current = better
      }
      return (current, all.filter { residual(current, $0) > 2.5 * scale })
    }

    // Of few and noisy points no four may be good enough to begin with; then all of them together are.
    let candidates = [start.model, fit(all, ones)].compactMap { $0.flatMap(refined) }
    guard let chosen = candidates.min(by: { $0.outliers.count < $1.outliers.count }) else { return nil }
    (model, outliers) = chosen
  }

  /// Where 95 % of the efficiency of least squares is kept.
  private static var huber: Double { 1.345 }
  private static var mostSubsets: Int { 400 }

  /// All subsets in their order, or every n-th of them if there are too many.
  private static func subsets(of size: Int, from count: Int) -> [[Int]] {
    guard count >= size, size > 0 else { return [] }
    var all: [[Int]] = []
    var chosen = Array(0..<size)
    while true {
      all.append(chosen)
      guard let position = chosen.indices.last(where: { chosen[$0] < count - size + $0 }) else { break }
      chosen[position] += 1
      for later in chosen.indices.dropFirst(position + 1) { chosen[later] = chosen[later - 1] + 1 }
      if all.count >= 20_000 { break }
    }
    let stride = max(1, (all.count + mostSubsets - 1) / mostSubsets)
    return Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
  }
}
