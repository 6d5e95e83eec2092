extension ClosedFormKinematics {
  /// The values that the redundant parameter of seven joints may take: of the elbow angle a whole turn about the seed's, of a joint its range.
  private func range(of question: Question) -> ClosedRange<Double> {
    switch family {
    case .six: return 0...0
    case .elbow: return -.pi ... .pi
    case .endLocked(let joint, _), .locked(let joint, _):
      guard upper[joint] - lower[joint] > 2 * .pi else { return lower[joint]...upper[joint] }
      return (question.anchor[joint] - .pi)...(question.anchor[joint] + .pi)
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

  /// The redundant parameter that brings a branch nearest to the seed: by narrowing down about the seed's own, if that leads to a near one, else
  /// about the best of samples.
  ///
  /// Where no sample is within the limits, the cost tells how far each passes them, and the least of them lead on.
  func bestParameter(of question: Question) -> (parameter: Double, cost: Double) {
    let range = range(of: question), width = range.upperBound - range.lowerBound
    let own = ownParameter(of: question, in: range), ownCost = cost(at: own, question)
    let near = narrowed(about: own, cost: ownCost, reach: min(width / 32, max(ownCost, 1e-12).squareRoot()), range: range, question)
    if near.cost < Self.nearEnough { return near }
    var samples = Self.firstSamples, found = near
    while true {
      let spacing = width / Double(samples)
      var costs = InlineArray<64, Double>(repeating: .infinity)
      for sample in 0..<samples { costs[sample] = cost(at: parameter(sample, of: samples, question), question) }
      for _ in 0..<Self.valleys {
        var best = 0
        for sample in 1..<samples where costs[sample] < costs[best] { best = sample }
        guard costs[best] < .infinity else { break }
        let about = parameter(best, of: samples, question)
        let narrowed = narrowed(about: about, cost: costs[best], reach: spacing / 2, range: range, question)
        if narrowed.cost < found.cost { found = narrowed }
        if found.cost < Candidate.unfit { return found }
        for neighbour in max(0, best - 1)...min(samples - 1, best + 1) { costs[neighbour] = .infinity }
      }
      guard samples < Self.lastSamples else { return found }
      samples = Self.lastSamples
    }
  }

  /// The redundant parameter of the seed.
  private func ownParameter(of question: Question, in range: ClosedRange<Double>) -> Double {
    switch family {
    case .six, .elbow: 0
    case .endLocked(let joint, _), .locked(let joint, _): min(max(question.seed[joint], range.lowerBound), range.upperBound)
    }
  }

  /// Halves the reach again and again, each time moving to the better side.
  private func narrowed(
    about middle: Double, cost: Double, reach: Double, range: ClosedRange<Double>, _ question: Question
  ) -> (parameter: Double, cost: Double) {
    var best = (parameter: middle, cost: cost), reach = reach
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
  private static let halvings = 5
  /// A branch so near to the seed is taken without looking elsewhere [rad²].
  private static let nearEnough = 0.1
}
