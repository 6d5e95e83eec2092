/// The unknowns of an arm's efforts that fit its samples best, and how far they are to be believed.
struct EffortFit {
  /// All unknowns, those that were held included.
  let x: [Double]
  /// How much each differs from fold to fold: a standard deviation; 0 of those that were held.
  let deviation: [Double]
  /// How much of what was not known of an unknown beforehand is still not known, 0…1.
  let ignorance: [Double]
  /// One a joint.
  let remainders: [EffortIdentification.Remainder]
  /// What is left of unseen motion, each joint's in shares of what is left by the file.
  let unseen: Double
  /// The unknowns that were not sought, and what they were held at.
  let held: [Int: Double]
  /// Those of them that the motion does not show.
  let unshown: Set<Int>

  /// - Parameters:
  ///   - sums: By fold and joint.
  ///   - spread: How far from zero each unknown is expected to be.
  ///   - byFile: What the file says of each.
  ///   - errorLength: How many samples in a row err alike: they count as one.
  init(
    _ sums: [[NormalEquations]], spread: [Double], byFile: [Double], errorLength: Double, holding held: [Int: Double], unshown: Set<Int> = []
  ) {
    (self.held, self.unshown) = (held, unshown)
    let joints = sums[0].indices, all = sums.indices
    let known = spread.indices.map { held[$0] ?? 0 }, open = spread.indices.map { held[$0] == nil ? spread[$0] : 0 }
    func rootMeanSquare(_ x: [Double], joint: Int) -> Double {
      let rows = all.reduce(0) { $0 + sums[$1][joint].rows }
      return (all.reduce(0) { $0 + sums[$1][joint].squaredError(of: x) } / Double(max(rows, 1))).squareRoot()
    }
    let before = joints.map { rootMeanSquare(byFile, joint: $0) }
    let beyondKnown = sums.map { $0.map { $0.shifted(by: known) } }
    var noise = before.map { max($0, 1e-9) }
    func solution(without fold: Int?) -> (x: [Double], deviation: [Double]) {
      var equations = NormalEquations(unknowns: spread.count)
      for each in all where each != fold {
        for joint in joints { equations.add(beyondKnown[each][joint], weight: 1 / (errorLength * noise[joint] * noise[joint])) }
      }
      equations.addPrior(spread: open)
      let found = equations.solution() ?? (known.map { _ in 0 }, known.map { _ in .infinity })
      return (zip(found.x, known).map { $0 + $1 }, found.deviation)
    }
    // Once more with the noise that was left: a joint that the file describes badly is no noisy joint.
    var found = solution(without: nil)
    for _ in 0..<2 {
      noise = joints.map { max(rootMeanSquare(found.x, joint: $0), 1e-6 * before[$0], 1e-12) }
      found = solution(without: nil)
    }
    let others = all.map { solution(without: $0).x }
    remainders = joints.map { joint in
      let error = all.reduce(0) { $0 + sums[$1][joint].squaredError(of: others[$1]) }
      let rows = all.reduce(0) { $0 + sums[$1][joint].rows }
      return .init(
        before: before[joint], after: rootMeanSquare(found.x, joint: joint), unseen: (error / Double(max(rows, 1))).squareRoot())
    }
    unseen = remainders.reduce(0) { $0 + ($1.before > 0 ? $1.unseen / $1.before : 0) } / Double(sums[0].count)
    x = found.x
    deviation = Self.deviation(of: others)
    ignorance = zip(found.deviation, spread).map { $0 / $1 }
  }

  /// From what was found without each fold: the jackknife's, which minds that samples next to each other err alike.
  ///
  /// - Source: B. Efron and C. Stein, *The jackknife estimate of variance* (1981), equation 1.4.
  private static func deviation(of others: [[Double]]) -> [Double] {
    let count = Double(others.count)
    return others[0].indices.map { unknown in
      let mean = others.reduce(0) { $0 + $1[unknown] } / count
      return ((count - 1) / count * others.reduce(0) { $0 + ($1[unknown] - mean) * ($1[unknown] - mean) }).squareRoot()
    }
  }
}
