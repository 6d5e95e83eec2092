import Foundation
import Kinematics
import Testing
import TestSupport

/// Inverse kinematics leads back to poses that forward kinematics made.
@Suite struct InverseKinematicsTests {
  struct Arm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let model: RobotModel
    /// Where configurations are drawn from, as not every limit is finite.
    let free: InverseKinematics.FreeAxes
  }

  static func arms() throws -> [Arm] {
    func oracle(_ name: String, _ free: InverseKinematics.FreeAxes) throws -> Arm {
      Arm(testDescription: name, model: try OracleArm(name: name).load().model, free: free)
    }
    let mixed = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    return [
      Arm(testDescription: "dummy", model: try dummyModel(), free: .none), try oracle("panda", .none), try oracle("ur5", .none),
      try oracle("ar4_mk3", .none), try oracle("so101", .axis), try oracle("so101", .position), try oracle("panda", .plane),
      Arm(testDescription: "mixed", model: mixed, free: .position),
    ]
  }

  static func configuration(of model: RobotModel, _ random: inout SeededGenerator) -> JointVector {
    JointVector(
      (0..<model.jointCount).map { joint in
        random.number(in: max(model.limits.lower[joint], -.pi)...min(model.limits.upper[joint], .pi))
      })
  }

  @Test(arguments: try arms()) func findsReachablePoses(arm: Arm) throws {
    var random = SeededGenerator(seed: 30)
    let model = arm.model, solver = InverseKinematics(model: model)
    let middle = JointVector(
      (0..<model.jointCount).map { joint in
        let middle = (model.limits.lower[joint] + model.limits.upper[joint]) / 2
        return middle.isFinite ? middle : 0
      })
    for _ in 0..<caseCount(100) {
      let goal = model.pose(at: Self.configuration(of: model, &random))
      let solution = try solver.solution(for: goal, near: middle, free: arm.free)
      expect(solution, meets: goal, free: arm.free, model: model)
    }
  }

  @Test(arguments: try arms()) func staysBesideANearSeed(arm: Arm) throws {
    var random = SeededGenerator(seed: 31), settings = InverseKinematics.Settings()
    settings.maximumAttempts = 1
    let model = arm.model, solver = InverseKinematics(model: model, settings: settings)
    for _ in 0..<caseCount(100) {
      let q = Self.configuration(of: model, &random)
      let shifted = (q + random.vector(model.jointCount, in: -0.005...0.005)).clamped(lower: model.limits.lower, upper: model.limits.upper)
      let goal = model.pose(at: shifted)
      let solution = try solver.solution(for: goal, near: q, free: arm.free)
      expect(solution, meets: goal, free: arm.free, model: model)
      #expect(solution.iterations <= 20)
    }
  }

  func expect(_ solution: InverseKinematics.Solution, meets goal: Pose, free: InverseKinematics.FreeAxes, model: RobotModel) {
    #expect(zip(solution.q, model.limits.lower).allSatisfy(>=) && zip(solution.q, model.limits.upper).allSatisfy(<=))
    let pose = model.pose(at: solution.q), shift = goal.translation - pose.translation
    #expect((free == .plane ? abs(dot(goal.rotation.z, shift)) : shift.length) < 2e-5)
    switch free {
    case .none: #expect((goal.rotation * pose.rotation.inverse).rotationVector.length < 2e-5)
    case .axis, .plane: #expect((goal.rotation.z - pose.rotation.z).length < 2e-5)
    case .position: break
    }
  }

  @Test func answersTheSameEveryTime() throws {
    let model = try dummyModel(), solver = InverseKinematics(model: model)
    let goal = model.pose(at: [2, -1, 2.5, 3, -1.5, 8]), seed = JointVector(repeating: 1, count: 6)
    #expect(try solver.solution(for: goal, near: seed).q == solver.solution(for: goal, near: seed).q)
  }

  @Test func takesTheTurnNearestTheSeed() throws {
    let model = try dummyModel(), solver = InverseKinematics(model: model)
    let q: JointVector = [0.2, 0.3, 1.2, 0.4, 0.9, 0.5]
    for turns in -2...1 {
      var seed = q
      seed[5] += 2 * .pi * Double(turns) + 0.3
      let solution = try solver.solution(for: model.pose(at: q), near: seed)
      #expect(abs(solution.q[5] - q[5] - 2 * .pi * Double(turns)) < 1e-9)
    }
    // One turn more would leave the limits, so the answer is the last turn within them; with formulas another branch is nearer still.
    var seed = q, settings = InverseKinematics.Settings()
    (seed[5], settings.usesClosedForm) = (4 * .pi, false)
    let steps = InverseKinematics(model: model, settings: settings)
    #expect(abs(try steps.solution(for: model.pose(at: q), near: seed).q[5] - q[5] - 2 * .pi) < 1e-9)
    #expect(abs(try solver.solution(for: model.pose(at: q), near: seed).q[5] - q[5] - 3 * .pi) < 1e-9)
  }

  @Test func saysHowNearItCame() throws {
    let model = try dummyModel(), solver = InverseKinematics(model: model)
    let goal = Pose(rotation: .identity, translation: [0, 0, 2])
    let failure = #expect(throws: InverseKinematics.Failure.self) { try solver.solution(for: goal, near: JointVector(repeating: 1, count: 6)) }
    guard case .notReached(let closest, let pose)? = failure else {
      Issue.record("\(String(describing: failure)) is not .notReached")
      return
    }
    #expect(closest.residual.position > 1.4 && closest.residual.position < 1.8)
    #expect(abs((goal.translation - pose.translation).length - closest.residual.position) < 1e-12)
    #expect(closest.iterations <= 4000)
  }

  @Test func refusesWhatIsNotFinite() throws {
    let model = try dummyModel(), solver = InverseKinematics(model: model), seed = JointVector(count: 6)
    var goal = model.pose(at: seed)
    goal.translation.y = .nan
    #expect(throws: InverseKinematics.Failure.self) { try solver.solution(for: goal, near: seed) }
    #expect(throws: InverseKinematics.Failure.self) { try solver.solution(for: .identity, near: [.infinity, 0, 0, 0, 0, 0]) }
  }

  /// Numbers that overflow on the way are no solutions, and are no reason to search without end.
  @Test(arguments: [1e120, 1e155, 1e300]) func refusesWhatOverflows(distance: Double) throws {
    let continuous = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    for model in [try dummyModel(), continuous] {
      for usesClosedForm in [true, false] {
        var settings = InverseKinematics.Settings()
        settings.usesClosedForm = usesClosedForm
        let goal = Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: [distance, 0, 0.25])
        #expect(throws: InverseKinematics.Failure.self) {
          try InverseKinematics(model: model, settings: settings).solution(for: goal, near: JointVector(count: model.jointCount))
        }
      }
    }
  }

  /// However many turns away the seed is, the answer is within the limits and as exact as ever.
  @Test(arguments: [30, 1e5, 1e12, 1e17, 1e300]) func staysWithinLimitsHoweverFarTheSeed(far: Double) throws {
    var random = SeededGenerator(seed: 32), endless = try dummyModel()
    for joint in [0, 3, 5] { (endless.limits.lower[joint], endless.limits.upper[joint]) = (-.infinity, .infinity) }
    for model in [try dummyModel(), endless] {
      for usesClosedForm in [true, false] {
        var settings = InverseKinematics.Settings()
        settings.usesClosedForm = usesClosedForm
        let solver = InverseKinematics(model: model, settings: settings)
        for sign in [-far, far] {
          let goal = model.pose(at: Self.configuration(of: model, &random))
          let solution = try solver.solution(for: goal, near: JointVector(repeating: sign, count: 6))
          expect(solution, meets: goal, free: .none, model: model)
          #expect(abs(solution.residual.position - (model.pose(at: solution.q).translation - goal.translation).length) < 1e-8)
          #expect(solution.q[5] * sign > 6, "in a turn near the seed")
        }
      }
    }
  }

  /// Where exact formulas have found nothing a few attempts come as near as there is time for; without formulas all attempts are made.
  @Test func stopsSoonWhereNothingIs() throws {
    let model = try dummyModel(), goal = Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: [0.4, 0.1, 0.2])
    var settings = InverseKinematics.Settings(), questions = 0
    settings.maximumIterations = .max
    #expect(throws: InverseKinematics.Failure.self) {
      try InverseKinematics(model: model, settings: settings).solution(for: goal, near: JointVector(repeating: 1, count: 6)) {
        questions += 1
        return questions == 200
      }
    }
    #expect(questions == 29)
    (settings.usesClosedForm, questions) = (false, 0)
    #expect(throws: InverseKinematics.Failure.self) {
      try InverseKinematics(model: model, settings: settings).solution(for: goal, near: JointVector(repeating: 1, count: 6)) {
        questions += 1
        return questions == 200
      }
    }
    #expect(questions == 200)
  }

  @Test func stopsWhenAsked() throws {
    let model = try dummyModel(), solver = InverseKinematics(model: model)
    var questions = 0
    #expect(throws: InverseKinematics.Failure.self) {
      try solver.solution(for: Pose(translation: [0, 0, 2]), near: JointVector(count: 6)) {
        questions += 1
        return questions == 3
      }
    }
    #expect(questions == 3)
  }
}
