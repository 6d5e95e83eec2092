import Foundation
import Kinematics
import Testing
import TestSupport

/// What must hold between a model's functions, whatever the arm: no oracle but mechanics itself.
@Suite struct ModelLawTests {
  struct Arm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let model: RobotModel
  }

  static func arms() throws -> [Arm] {
    let mixed = try URDF(parsing: mixedArm, file: "mixed.urdf")
    let tool = Pose(rotation: Rotation(roll: 0.1, pitch: 0.4, yaw: -0.3), translation: [0.1, -0.05, 0.2])
    return [
      Arm(testDescription: "dummy", model: try dummyModel()),
      Arm(testDescription: "panda", model: try OracleArm(name: "panda").load().model),
      Arm(testDescription: "mixed", model: try RobotModel(urdf: mixed, tip: "finger", tool: tool)),
      Arm(testDescription: "mixed, from a link amid the tree", model: try RobotModel(urdf: mixed, base: "base", tip: "hand")),
      Arm(testDescription: "mixed, from tip to root", model: try RobotModel(urdf: mixed, base: "finger", tip: "floor", tool: tool)),
      Arm(testDescription: "mixed, from branch to branch", model: try RobotModel(urdf: mixed, base: "cover", tip: "finger")),
    ]
  }

  /// A state in which every joint does something.
  struct State {
    let q, qd, qdd: JointVector
    init(_ count: Int, _ random: inout SeededGenerator) {
      q = random.vector(count, in: -2...2)
      qd = random.vector(count, in: -3...3)
      qdd = random.vector(count, in: -10...10)
    }
  }

  @Test(arguments: try arms()) func jacobianIsThePosesDerivative(arm: Arm) {
    var random = SeededGenerator(seed: 10)
    for _ in 0..<caseCount(50) {
      let q = random.vector(arm.model.jointCount, in: -3...3), jacobian = arm.model.jacobian(at: q), step = 1e-6
      for joint in 0..<q.count {
        var above = q, below = q
        above[joint] += step
        below[joint] -= step
        let a = arm.model.pose(at: above), b = arm.model.pose(at: below)
        #expect(difference((a.translation - b.translation) / (2 * step), jacobian[joint].linear) < 1e-8)
        #expect(difference((a.rotation * b.rotation.inverse).rotationVector / (2 * step), jacobian[joint].angular) < 1e-8)
      }
    }
  }

  @Test(arguments: try arms()) func jacobianMapsBothWays(arm: Arm) {
    var random = SeededGenerator(seed: 11)
    let state = State(arm.model.jointCount, &random), jacobian = arm.model.jacobian(at: state.q)
    let wrench = Wrench(force: random.vector3(in: -5...5), torque: random.vector3(in: -5...5)), twist = jacobian.twist(for: state.qd)
    let power = dot(wrench.force, twist.linear) + dot(wrench.torque, twist.angular)
    #expect(abs(jacobian.effort(for: wrench).dot(state.qd) - power) < 1e-12)
  }

  @Test(arguments: try arms()) func massMatrixIsInverseDynamicsOfUnitAccelerations(arm: Arm) {
    var random = SeededGenerator(seed: 12)
    for _ in 0..<caseCount(50) {
      let count = arm.model.jointCount, q = random.vector(count, in: -3...3), still = JointVector(count: count)
      let matrix = arm.model.massMatrix(at: q), gravity = arm.model.gravityEffort(at: q)
      #expect(difference(arm.model.inverseDynamics(at: q, velocity: still, acceleration: still), gravity) < 1e-13 * 100)
      for joint in 0..<count {
        var unit = still
        unit[joint] = 1
        let column = arm.model.inverseDynamics(at: q, velocity: still, acceleration: unit) - gravity
        #expect(difference(column, (0..<count).map { matrix[$0, joint] }) < 1e-13 * 100)
        #expect(matrix[joint, joint] > 0)
      }
    }
  }

  @Test(arguments: try arms()) func forwardDynamicsUndoesInverseDynamics(arm: Arm) {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<caseCount(100) {
      let state = State(arm.model.jointCount, &random), armature = random.vector(arm.model.jointCount, in: 0...0.5)
      let effort = arm.model.inverseDynamics(at: state.q, velocity: state.qd, acceleration: state.qdd)
      #expect(difference(arm.model.forwardDynamics(at: state.q, velocity: state.qd, effort: effort), state.qdd) < 1e-7)
      let withRotors = effort + armature.scaled(by: state.qdd)
      let answer = arm.model.forwardDynamics(at: state.q, velocity: state.qd, effort: withRotors, armature: armature)
      #expect(difference(answer, state.qdd) < 1e-7)
    }
  }

  /// The drives' power is what kinetic and potential energy gain: d/dt ½ q̇ᵀM q̇ + q̇ᵀ·gravity = τᵀq̇.
  @Test(arguments: try arms()) func powerBalances(arm: Arm) {
    var random = SeededGenerator(seed: 14)
    let model = arm.model
    for _ in 0..<caseCount(50) {
      let state = State(model.jointCount, &random), step = 1e-5
      func kinetic(_ time: Double) -> Double {
        let q = state.q + time * state.qd + (time * time / 2) * state.qdd, qd = state.qd + time * state.qdd
        return (model.massMatrix(at: q) * qd).dot(qd) / 2
      }
      let gain = (kinetic(step) - kinetic(-step)) / (2 * step) + model.gravityEffort(at: state.q).dot(state.qd)
      let power = model.inverseDynamics(at: state.q, velocity: state.qd, acceleration: state.qdd).dot(state.qd)
      #expect(abs(power - gain) < 1e-6 * max(1, abs(power)))
    }
  }

  @Test func gravityIsThePotentialsDerivative() throws {
    let model = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), tip: "finger")
    // Gravity does the same work as an upward acceleration of the base: doubling one doubles the effort.
    var heavier = model
    heavier.gravity = 2 * model.gravity
    let q: JointVector = [0.3, 0.2, -0.4, 0.5, 0.05]
    #expect(difference(2 * model.gravityEffort(at: q), heavier.gravityEffort(at: q)) < 1e-12)
  }

  @Test func chainPassedBackwardsIsTheInverse() throws {
    let urdf = try URDF(parsing: mixedArm, file: "mixed.urdf")
    let there = try RobotModel(urdf: urdf, base: "base", tip: "finger"), back = try RobotModel(urdf: urdf, base: "finger", tip: "base")
    #expect(there.jointNames == ["rail", "yaw", "bend", "reach"])
    #expect(back.jointNames == there.jointNames.reversed())
    var random = SeededGenerator(seed: 15)
    let q = random.vector(4, in: -2...2)
    #expect(difference(back.pose(at: JointVector(q.reversed())), there.pose(at: q).inverse) < 1e-14 * 10)
  }

  @Test func toolMovesThePose() throws {
    var model = try dummyModel()
    let q: JointVector = [0.1, 0.2, 1.5, -0.3, 0.4, 2], flange = model.pose(at: q)
    model.tool = Pose(rotation: Rotation(roll: 0, pitch: 1, yaw: 0), translation: [0, 0.01, 0.1])
    #expect(difference(model.pose(at: q), flange * model.tool) < 1e-15)
  }

  @Test func limitsComeFromTheFile() throws {
    let model = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), tip: "finger")
    #expect(model.jointNames == ["mount", "rail", "yaw", "bend", "reach"])
    #expect(Array(model.limits.lower) == [-.infinity, -0.5, -.infinity, -2, 0])
    #expect(Array(model.limits.effort) == [.infinity, 100, .infinity, 20, 5])
    #expect(model.isContinuous == [false, false, true, false, false])
    let ar4 = try OracleArm(name: "ar4_mk3").load().model
    #expect(ar4.limits.effort.allSatisfy { $0 == .infinity }, "an effort of -1 is no limit")
  }
}
