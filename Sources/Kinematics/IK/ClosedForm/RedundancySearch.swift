extension ClosedFormKinematics {
  /// The values that the redundant parameter of seven joints may take: of the elbow angle a whole turn about the seed's, of a joint its range.
  private func range(of question: Question) -> ClosedRange<Double> {
    switch family {
    case .six: return 0...0
    case .elbow: return -.pi ... .pi
    case .endLocked(let joint, _), .locked(let joint, _):
      let seed = question.seed[joint]
      guard upper[joint] - lower[joint] > 2 * .pi else { return lower[joint]...upper[joint] }
      let middle = min(max(seed, lower[joint] + .pi), upper[joint] - .pi)
      return (middle - .pi)...(middle + .pi)
    }
  }

  func parameter(_ sample: Int, of count: Int, _ question: Question) -> Double {
    let range = range(of: question)
    return range.lowerBound + (range.upperBound - range.lowerBound) * (Double(sample) + 0.5) / Double(count)
  }

  private func cost(at parameter: Double, _ question: Question) -> Double {
    let (one, other) = placed(at: parameter, question)
    let less = one.cost.replacing(with: other.cost, where: other.cost .< one.cost)
    return less.min()
  }

  /// The redundant parameter that brings a branch nearest to the seed, among samples and then by narrowing down about the best of them.
  ///
  /// Where no sample is within the limits, the cost tells how far each passes them, and the least of them lead on.
  func bestParameter(of question: Question) -> (parameter: Double, cost: Double) {
    let range = range(of: question), width = range.upperBound - range.lowerBound
    var samples = Self.firstSamples
    while true {
      let spacing = width / Double(samples)
      var costs = InlineArray<64, Double>(repeating: .infinity)
      for sample in 0..<samples { costs[sample] = cost(at: parameter(sample, of: samples, question), question) }
      for _ in 0..<Self.valleys {
        var best = 0
        for sample in 1..<samples where costs[sample] < costs[best] { best = sample }
        guard costs[best] < .infinity else { break }
        let narrowed = narrowed(about: parameter(best, of: samples, question), cost: costs[best], spacing: spacing, range: range, question)
        if narrowed.cost < Candidate.unfit { return narrowed }
        for neighbour in max(0, best - 1)...min(samples - 1, best + 1) { costs[neighbour] = .infinity }
      }
      guard samples < Self.lastSamples else { return (0, .infinity) }
      samples = Self.lastSamples
    }
  }

  /// Halves the spacing again and again, each time moving to the better side.
  private func narrowed(
    about middle: Double, cost: Double, spacing: Double, range: ClosedRange<Double>, _ question: Question
  ) -> (parameter: Double, cost: Double) {
    var best = (parameter: middle, cost: cost), reach = spacing / 2
    for _ in 0..<Self.halvings {
      let middle = best.parameter
      for side in 0..<2 {
        let candidate = side == 0 ? middle - reach : middle + reach
        guard range.contains(candidate) else { continue }
        let cost = self.cost(at: candidate, question)
        if cost < best.cost { best = (candidate, cost) }
      }
      reach /= 2
    }
    return best
  }

  private static let firstSamples = 16
  private static let lastSamples = 64
  private static let valleys = 3
  private static let halvings = 4
}
