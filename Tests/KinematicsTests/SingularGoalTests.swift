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
  }

  static let kinds = [
    Kind(testDescription: "ur5, wrist_2 at 0", arm: "ur5", fixed: [4: 0]),
    Kind(testDescription: "ur5, wrist_2 and elbow at 0", arm: "ur5", fixed: [4: 0, 2: 0]),
    Kind(testDescription: "ar4, wrist at 1e-7", arm: "ar4_mk3", fixed: [4: 1e-7]),
    Kind(testDescription: "ar4, wrist at 0", arm: "ar4_mk3", fixed: [4: 0]),
  ]

  @Test(arguments: kinds) func haveSolutions(kind: Kind) throws {
    var random = SeededGenerator(seed: 60)
    let model = try OracleArm(name: kind.arm).load().model, arm = try ClosedFormKinematics(model: model)
    let middle = 0.5 * (model.limits.lower + model.limits.upper)
    var empty = 0, none = 0
    let count = caseCount(1000)
    for _ in 0..<count {
      var q = InverseKinematicsTests.configuration(of: model, &random)
      for (joint, position) in kind.fixed { q[joint] = position }
      let goal = model.pose(at: q), all = arm.solutions(for: goal, near: middle)
      #expect(all.allSatisfy { isWithinLimits($0, model) && miss(model, $0, goal) < 1e-6 })
      if all.isEmpty { empty += 1 }
      if arm.nearestSolution(for: goal, near: middle) == nil { none += 1 }
    }
    print(kind, empty, none, count)
    #expect(empty == 0 && none == 0)
  }
}
