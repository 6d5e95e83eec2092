import Foundation
import Kinematics
import TestSupport
import Testing

/// Formulas lead back to every configuration that made a pose, on arms drawn at random from each kind of geometry.
@Suite struct ClosedFormTests {
  @Test(arguments: ArmKind.sixAxes) func findsEveryBranch(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 40)
    for _ in 0..<caseCount(3) {
      let model = try kind.model(&random), arm = try ClosedFormKinematics(model: model)
      for _ in 0..<20 {
        let q = random.vector(6, in: -.pi ... .pi), goal = model.pose(at: q)
        let solutions = arm.solutions(for: goal, near: JointVector(count: 6))
        #expect(solutions.count <= 8)
        #expect(solutions.contains { differenceOfTurns($0, q) < 1e-5 }, "of \(q.map { $0 }) in \(solutions.count) solutions")
        for solution in solutions { #expect(miss(model, solution, goal) < 1e-6) }
        for (index, solution) in solutions.enumerated() {
          #expect(solutions[..<index].allSatisfy { differenceOfTurns($0, solution) > 1e-6 })
        }
      }
    }
  }

  @Test(arguments: ArmKind.sixAxes) func takesTheNearestBranch(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 41)
    for _ in 0..<caseCount(8) {
      let model = try kind.model(&random, limit: 7), arm = try ClosedFormKinematics(model: model)
      for _ in 0..<10 {
        let q = random.vector(6, in: -3...3), goal = model.pose(at: q), seed = random.vector(6, in: -6...6)
        let nearest = try #require(arm.nearestSolution(for: goal, near: seed))
        #expect(miss(model, nearest, goal) < 1e-6)
        #expect(isWithinLimits(nearest, model))
        let all = arm.solutions(for: goal, near: seed).map { ($0 - seed).dot($0 - seed) }
        let distance = (nearest - seed).dot(nearest - seed)
        #expect(distance <= (all.min() ?? 0) + 1e-6)
        #expect(distance <= (q - seed).dot(q - seed) + 1e-6)
      }
    }
  }

  @Test(arguments: ArmKind.sixAxes) func keepsToTheLimits(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 42)
    for _ in 0..<caseCount(5) {
      let model = try kind.model(&random, limit: 1.2), arm = try ClosedFormKinematics(model: model)
      for _ in 0..<10 {
        let q = random.vector(6, in: -1.2...1.2)
        let solutions = arm.solutions(for: model.pose(at: q), near: JointVector(count: 6))
        #expect(solutions.allSatisfy { isWithinLimits($0, model) })
        #expect(solutions.contains { difference($0, q) < 1e-5 })
      }
    }
  }

  /// Where the last link may turn without effect on the wrist, or the wrist is in line, the angle that is open is the seed's.
  @Test(arguments: ArmKind.sixAxes) func answersAtSingularities(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 43)
    for _ in 0..<caseCount(8) {
      let model = try kind.model(&random), arm = try ClosedFormKinematics(model: model)
      guard let q = singularConfiguration(of: model, &random) else { continue }
      let goal = model.pose(at: q), seed = (q + random.vector(6, in: -0.02...0.02))
      let nearest = try #require(arm.nearestSolution(for: goal, near: seed), "\(Array(q))")
      #expect(miss(model, nearest, goal) < 1e-6)
      #expect(differenceOfTurns(nearest, q) < 0.3)
    }
  }

  /// Follows the smallest gain downhill from a random configuration.
  func singularConfiguration(of model: RobotModel, _ random: inout SeededGenerator) -> JointVector? {
    var q = random.vector(6, in: -3...3), gain = model.manipulability(at: q, length: 0.5).gains[5], reach = 0.3
    for _ in 0..<1500 where gain > 1e-9 {
      let next = q + random.vector(6, in: -reach...reach), nextGain = model.manipulability(at: next, length: 0.5).gains[5]
      if nextGain < gain { (q, gain) = (next, nextGain) } else { reach = max(0.96 * reach, gain / 4) }
    }
    return gain < 1e-7 ? q : nil
  }

  @Test(arguments: ArmKind.sixAxes) func hasNoAnswerOutOfReach(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 44)
    for _ in 0..<caseCount(5) {
      let arm = try ClosedFormKinematics(model: try kind.model(&random))
      let goal = Pose(rotation: random.rotation(), translation: [3, 2, -3])
      #expect(arm.solutions(for: goal, near: JointVector(count: 6)).isEmpty)
      #expect(arm.nearestSolution(for: goal, near: JointVector(count: 6)) == nil)
      #expect(arm.nearestSolution(for: Pose(translation: [.nan, 0, 0]), near: JointVector(count: 6)) == nil)
    }
  }

  @Test(arguments: ArmKind.sevenAxes) func solvesSevenAxes(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 45)
    for _ in 0..<caseCount(4) {
      let model = try kind.model(&random, limit: 2.8), arm = try ClosedFormKinematics(model: model)
      for _ in 0..<3 {
        let q = random.vector(7, in: -2.8...2.8), goal = model.pose(at: q)
        let nearest = try #require(arm.nearestSolution(for: goal, near: JointVector(count: 7)))
        #expect(miss(model, nearest, goal) < 1e-6)
        #expect(isWithinLimits(nearest, model))
        // The seed's own pose is answered by a configuration not far from it.
        let own = try #require(arm.nearestSolution(for: goal, near: q))
        #expect((own - q).dot(own - q) < 0.05, "\(Array(own)) \(Array(q))")
        for solution in arm.solutions(for: goal, near: q) {
          #expect(miss(model, solution, goal) < 1e-6)
          #expect(isWithinLimits(solution, model))
        }
      }
    }
  }

  /// Axes that a file's rounded numbers put a little beside one another still make formulas, and answers as exact; where a stretched elbow makes
  /// that little count for much, numeric steps come to help.
  @Test(arguments: ArmKind.sixAxes) func forgivesRoundedFigures(kind: ArmKind) throws {
    var random = SeededGenerator(seed: 46)
    for _ in 0..<caseCount(3) {
      let rounded = ArmKind(kind.testDescription) { rows in
        kind.shape(&rows)
        for joint in rows.indices { rows[joint].alpha += joint % 2 == 0 ? 4e-6 : -3e-6 }
      }
      let solver = InverseKinematics(model: try rounded.model(&random))
      #expect(solver.closedForm != nil)
      var byFormulas = 0
      for _ in 0..<20 {
        let q = random.vector(6, in: -3...3), goal = solver.model.pose(at: q)
        let solution = try solver.solution(for: goal, near: q)
        #expect(miss(solver.model, solution.q, goal) < 1e-6)
        byFormulas += solution.method == .closedForm ? 1 : 0
      }
      #expect(byFormulas >= 18)
    }
  }
}
