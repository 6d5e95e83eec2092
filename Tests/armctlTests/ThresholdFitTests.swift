import Kinematics
import TestSupport
import Testing

@testable import Control
@testable import armctl

/// Thresholds lie above all that was felt, and no higher than they have to.
@Suite struct ThresholdFitTests {
  private static let derived = ContactThresholds(base: [1, 0.5], perVelocity: [0.4, 0.2], perAcceleration: [0.3, 0.05], perEffort: [0.02, 0.02])
  private static let derivedJolt: JointVector = [20, 80]

  private static func felt(_ count: Int, _ residual: (ContactReplay.Feeling, inout SeededGenerator) -> JointVector) -> [ContactReplay.Feeling] {
    var random = SeededGenerator(seed: 700)
    return (0..<count).map { _ in
      let still = JointVector(count: 2)
      func vector(_ most: Double) -> JointVector { JointVector((0..<2).map { _ in .random(in: -most...most, using: &random) }) }
      var feeling = ContactReplay.Feeling(
        residual: still, jolt: still, velocity: vector(2), acceleration: vector(10), effort: vector(8))
      feeling.residual = residual(feeling, &random)
      return feeling
    }
  }

  /// What the thresholds are made of is found again, where it is what was felt at most.
  @Test func whatWasFeltIsBorne() {
    var truth = Self.derived
    truth.scale(by: 0.9)
    let felt = Self.felt(4000) { feeling, random in
      let most = truth.levels(feeling)
      return JointVector(most.map { $0 * .random(in: -1...1, using: &random) })
    }
    let fitted = ThresholdFit(felt, derived: Self.derived, derivedJolt: Self.derivedJolt).thresholds
    for feeling in felt {
      for (joint, level) in fitted.levels(feeling).enumerated() {
        #expect(level >= 1.2 * abs(feeling.residual[joint]))
        #expect(level <= 1.02 * ThresholdFit.margin * truth.levels(feeling)[joint])
      }
    }
  }

  /// An arm that feels nothing in two minutes is not taken for one that never errs.
  @Test func silenceLeavesAQuarter() {
    let fit = ThresholdFit(Self.felt(100) { _, _ in JointVector(count: 2) }, derived: Self.derived, derivedJolt: Self.derivedJolt)
    let fitted = fit.thresholds
    #expect(fit.jolt == ThresholdFit.leastShare * Self.derivedJolt)
    for joint in 0..<2 {
      #expect(abs(fitted.base[joint] - 0.25 * Self.derived.base[joint]) < 1e-9)
      #expect(abs(fitted.perEffort[joint] - 0.25 * Self.derived.perEffort[joint]) < 1e-9)
      #expect(abs(fitted.perAcceleration[joint] - Self.derived.perAcceleration[joint] / 16) < 0.02)
    }
  }

  @Test func joltsAreBorneWithAMargin() {
    var felt = Self.felt(100) { _, _ in JointVector(count: 2) }
    (felt[20].jolt, felt[70].jolt) = ([-12, 3], [4, 10])
    let fit = ThresholdFit(felt, derived: Self.derived, derivedJolt: Self.derivedJolt)
    #expect(fit.jolt == [24, 20])
  }

  /// Against brute force: the cheapest of a fine grid's planes is no cheaper.
  @Test func theLowestPlaneIsFound() {
    var random = SeededGenerator(seed: 710)
    for _ in 0..<caseCount(20) {
      let rows = (0..<60).map { _ in SIMD4(1, Double.random(in: 0...2, using: &random), .random(in: 0...2, using: &random), 0) }
      let values = rows.map { ($0 * SIMD4(0.5, 0.7, 0.2, 0)).sum() * .random(in: 0...1, using: &random) }
      let found = Envelope.lowest(over: values, rows)
      #expect(zip(rows, values).allSatisfy { ($0 * found).sum() >= $1 - 1e-7 })
      let mean = rows.reduce(SIMD4<Double>.zero) { $0 + $1 / 60 }
      let largest = rows.reduce(SIMD4<Double>.zero) { $0.replacing(with: $1, where: $1 .> $0) }
      let cost = mean + 0.25 * largest
      for i in 0...20 {
        for j in 0...20 {
          var other = SIMD4(0, 0.05 * Double(i), 0.05 * Double(j), 0)
          other[0] = max(0, zip(rows, values).map { $1 - ($0 * other).sum() }.max() ?? 0)
          #expect((cost * found).sum() <= (cost * other).sum() + 1e-7)
        }
      }
    }
  }
}

extension ContactThresholds {
  /// As the controller has them.
  fileprivate func levels(_ feeling: ContactReplay.Feeling) -> JointVector {
    let velocity = feeling.velocity,
      shaking = velocity.indices.reduce(0) {
        $0 + perAcceleration[$1] * (feeling.acceleration[$1] * feeling.acceleration[$1] + velocity[$1] * velocity[$1] * velocity[$1] * velocity[$1])
      }
    return JointVector(
      base.indices.map { joint in
        let leaving = velocity.indices.map { min(perVelocity[joint], perVelocity[$0]) * velocity[$0] }
        return base[joint] + leaving.reduce(0) { $0 + $1 * $1 }.squareRoot() + (perAcceleration[joint] * shaking).squareRoot()
          + perEffort[joint] * abs(feeling.effort[joint])
      })
  }
}
