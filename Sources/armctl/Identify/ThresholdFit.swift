internal import Control
internal import Kinematics

/// The lowest thresholds that bear all that was felt where nothing touched, and more by a margin.
struct ThresholdFit {
  /// What is felt in hours exceeds what is felt in minutes.
  static let margin = 1.5
  /// Of jolts, which are single instants, the more so.
  static let joltMargin = 2.0
  /// Of what follows from the model: no measurement of minutes makes an arm feel more than so.
  static let leastShare = 0.25

  let thresholds: ContactThresholds
  /// [rad/s²]
  let jolt: JointVector

  /// - Parameters:
  ///   - felt: Instants of motion that nothing touched.
  ///   - derived, derivedJolt: The thresholds that follow from the model.
  init(_ felt: [ContactReplay.Feeling], derived: ContactThresholds, derivedJolt: JointVector) {
    var fitted = derived
    // A joint's threshold depends on all joints' perVelocity, and on their perAcceleration b: with θ ∋ c·√(Σ bⱼ…), b = c² where the two agree.
    for _ in 0..<4 {
      let last = fitted, shaking = felt.map { last.shaking(at: $0.velocity, $0.acceleration) }
      for joint in derived.base.indices {
        let least = SIMD4(
          derived.base[joint], derived.perVelocity[joint], derived.perAcceleration[joint].squareRoot(), derived.perEffort[joint])
        let floor = Self.leastShare * least / Self.margin
        let rows = zip(felt, shaking).map { SIMD4(1, last.speed(felt: joint, at: $0.velocity), $1, abs($0.effort[joint])) }
        let beyond = zip(rows, felt).map { row, feeling in abs(feeling.residual[joint]) - (row * floor).sum() }
        let found = Self.margin * (floor + Envelope.lowest(over: beyond, rows))
        fitted.base[joint] = found[0]
        fitted.perVelocity[joint] = found[1]
        fitted.perAcceleration[joint] = fitted.perAcceleration[joint].squareRoot() * found[2]
        fitted.perEffort[joint] = found[3]
      }
    }
    thresholds = fitted
    var jolt = Self.leastShare * derivedJolt
    for feeling in felt {
      for joint in jolt.indices { jolt[joint] = max(jolt[joint], Self.joltMargin * abs(feeling.jolt[joint])) }
    }
    self.jolt = jolt
  }
}

/// The lowest a·x above some values: least in the mean over all rows x and where they are largest, with no negative a.
///
/// A linear program of four unknowns whose solution is where four of its constraints meet. The constraints that matter are found one by one: the
/// value that sticks out most comes next.
///
/// - Source: J. E. Kelley, *The cutting-plane method for solving convex programs* (1960).
enum Envelope {
  static func lowest(over values: [Double], _ rows: [SIMD4<Double>]) -> SIMD4<Double> {
    guard !rows.isEmpty else { return .zero }
    var mean = SIMD4<Double>.zero, largest = mean
    for row in rows {
      mean += row / Double(rows.count)
      largest = largest.replacing(with: row, where: row .> largest)
    }
    let cost = mean + 0.25 * largest
    var tight: [Int] = [], a = SIMD4<Double>.zero
    for _ in 0..<200 {
      var worst = 0, excess = 0.0
      for index in rows.indices {
        let beyond = values[index] - (rows[index] * a).sum()
        if beyond > excess { (worst, excess) = (index, beyond) }
      }
      guard excess > 1e-9 * (1 + abs(values[worst])), !tight.contains(worst) else { break }
      tight.append(worst)
      guard let next = corner(tight.map { (rows[$0], values[$0]) }, cost) else { break }
      a = next
      tight = tight.filter { (rows[$0] * a).sum() < values[$0] + 1e-9 * (1 + abs(values[$0])) }
    }
    return a
  }

  /// Of the points where four constraints meet, a ≥ 0 among them, the cheapest that breaks none.
  private static func corner(_ constraints: [(row: SIMD4<Double>, value: Double)], _ cost: SIMD4<Double>) -> SIMD4<Double>? {
    var all = constraints
    for unknown in 0..<4 {
      var unit = SIMD4<Double>.zero
      unit[unknown] = 1
      all.append((unit, 0))
    }
    var best: SIMD4<Double>?
    for i in all.indices {
      for j in all.indices[..<i] {
        for k in all.indices[..<j] {
          for l in all.indices[..<k] {
            let chosen = [all[i], all[j], all[k], all[l]]
            guard let a = solution(of: chosen.map(\.row), SIMD4(chosen.map(\.value))) else { continue }
            guard all.allSatisfy({ ($0.row * a).sum() >= $0.value - 1e-9 * (1 + abs($0.value)) }) else { continue }
            if best.map({ (cost * a).sum() < (cost * $0).sum() }) ?? true { best = a.replacing(with: 0, where: a .< 0) }
          }
        }
      }
    }
    return best
  }
}
