import Foundation
import Kinematics
import TestSupport
import Testing

/// Goals at which an angle is open, and not every choice of it leads somewhere.
@Suite struct SingularGoalTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arm: String
    /// Which joints stand where.
    let fixed: [Int: Double]
    /// Of the goals for which no choice that formulas try leads anywhere; numeric steps help there.
    var missedShare = 0.0
  }

  static let kinds = [
    Kind(testDescription: "ur5, wrist_2 at 0", arm: "ur5", fixed: [4: 0]),
    Kind(testDescription: "ur5, wrist_2 and elbow at 0", arm: "ur5", fixed: [4: 0, 2: 0], missedShare: 0.04),
    Kind(testDescription: "ar4, wrist at 1e-7", arm: "ar4_mk3", fixed: [4: 1e-7]),
    Kind(testDescription: "ar4, wrist at 0", arm: "ar4_mk3", fixed: [4: 0]),
  ]

  @Test(arguments: kinds) func haveSolutions(kind: Kind) throws {
    var random = SeededGenerator(seed: 60), missed = 0
    let model = try OracleArm(name: kind.arm).load().model, arm = try ClosedFormKinematics(model: model), solver = InverseKinematics(model: model)
    let middle = 0.5 * (model.limits.lower + model.limits.upper), count = caseCount(300)
    for _ in 0..<count {
      var q = InverseKinematicsTests.configuration(of: model, &random)
      for (joint, position) in kind.fixed { q[joint] = position }
      let goal = model.pose(at: q), all = arm.solutions(for: goal, near: middle), nearest = arm.nearestSolution(for: goal, near: middle)
      #expect((all + [nearest].compactMap(\.self)).allSatisfy { isWithinLimits($0, model) && miss(model, $0, goal) < 1e-6 })
      #expect(all.isEmpty == (nearest == nil))
      if all.isEmpty { missed += 1 }
      let solution = try solver.solution(for: goal, near: middle)
      #expect(isWithinLimits(solution.q, model) && miss(model, solution.q, goal) < 2e-5)
    }
    #expect(Double(missed) <= kind.missedShare * Double(count))
  }

  /// The open angle is the seed's where that leads to a solution.
  @Test func keepTheSeedsAngleWherePossible() throws {
    var random = SeededGenerator(seed: 61)
    let model = try OracleArm(name: "ar4_mk3").load().model, arm = try ClosedFormKinematics(model: model)
    for _ in 0..<caseCount(100) {
      var q = InverseKinematicsTests.configuration(of: model, &random)
      q[4] = 0
      let nearest = try #require(arm.nearestSolution(for: model.pose(at: q), near: q))
      #expect(difference(nearest, q) < 1e-6)
    }
  }
}
