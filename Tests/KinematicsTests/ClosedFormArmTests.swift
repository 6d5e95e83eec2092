import Foundation
import Kinematics
import TestSupport
import Testing

/// The formulas of arms that there are: which they are, in words, and that they hold.
@Suite struct ClosedFormArmTests {
  struct Arm: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file, tip, sentence: String

    func model() throws -> RobotModel { try RobotModel(urdf: URDF(contentsOf: packageFile(file)), tip: tip) }
  }

  static let closed = [
    Arm(
      testDescription: "dummy", file: "Robots/dummy/dummy.urdf", tip: "flange",
      sentence: "closed form: the axes of forearm, wrist and tool_roll meet in a point, and waist, shoulder and elbow follow from two quadratic "
        + "equations; 8 branches"),
    Arm(
      testDescription: "ar4_mk3", file: "Tests/Data/kinematics/ar4_mk3.urdf", tip: "ee_link",
      sentence: "closed form: the axes of joint_4, joint_5 and joint_6 meet in a point, and joint_1, joint_2 and joint_3 follow from two quadratic "
        + "equations; 8 branches"),
    Arm(
      testDescription: "ur5", file: "Tests/Data/kinematics/ur5.urdf", tip: "tool0",
      sentence: "closed form: the axes of shoulder_lift_joint, elbow_joint and wrist_1_joint are parallel, and shoulder_pan_joint and wrist_2_joint "
        + "follow from two quadratic equations; 8 branches"),
    Arm(
      testDescription: "panda", file: "Tests/Data/kinematics/panda_erd.urdf", tip: "panda_hand",
      sentence: "closed form with panda_joint7 held at a value that is searched for: the axes of panda_joint1, panda_joint2 and panda_joint3 meet in "
        + "a point, and panda_joint4, panda_joint5 and panda_joint6 follow from two quadratic equations; 8 branches for each"),
    Arm(
      testDescription: "iiwa14", file: "Tests/Data/kinematics/iiwa14_pybullet.urdf", tip: "lbr_iiwa_link_7",
      sentence: "closed form: the axes of lbr_iiwa_joint_1, lbr_iiwa_joint_2 and lbr_iiwa_joint_3 meet in a point, as do those of lbr_iiwa_joint_5, "
        + "lbr_iiwa_joint_6 and lbr_iiwa_joint_7, so that the arm swivels about the line between the two by its elbow angle; 8 branches for each"),
    Arm(
      testDescription: "openarm", file: "Tests/Data/kinematics/openarm_v10.urdf", tip: "openarm_hand_tcp",
      sentence: "closed form: the axes of openarm_joint1, openarm_joint2 and openarm_joint3 meet in a point, as do those of openarm_joint5, "
        + "openarm_joint6 and openarm_joint7, so that the arm swivels about the line between the two by its elbow angle; 8 branches for each"),
  ]

  @Test(arguments: closed) func saysWhichFormulasAndWhy(arm: Arm) throws {
    #expect(try InverseKinematics(model: arm.model()).sentence == arm.sentence)
  }

  @Test(arguments: closed) func solvesWithinLimits(arm: Arm) throws {
    var random = SeededGenerator(seed: 50)
    let model = try arm.model(), solver = InverseKinematics(model: model), closedForm = try ClosedFormKinematics(model: model)
    let middle = 0.5 * (model.limits.lower + model.limits.upper)
    for _ in 0..<caseCount(20) {
      let q = InverseKinematicsTests.configuration(of: model, &random), goal = model.pose(at: q)
      let solution = try solver.solution(for: goal, near: middle)
      #expect(isWithinLimits(solution.q, model))
      #expect(miss(model, solution.q, goal) < 1e-6)
      let all = closedForm.solutions(for: goal, near: middle)
      #expect(all.allSatisfy { isWithinLimits($0, model) && miss(model, $0, goal) < 1e-6 })
      if model.jointCount == 6 { #expect(all.contains { differenceOfTurns($0, q) < 1e-6 }) }
    }
  }

  /// Two for the waist, turned round or not, two for the elbow and two for the wrist; all of them where the wrist is near enough.
  @Test func dummyHasEightBranches() throws {
    var model = try ClosedFormArmTests.closed[0].model(), random = SeededGenerator(seed: 52), most = 0
    model.limits = JointLimits(unlimited: 6)
    let arm = try ClosedFormKinematics(model: model)
    for _ in 0..<caseCount(100) {
      let q = random.vector(6, in: -.pi ... .pi), goal = model.pose(at: q)
      let solutions = arm.solutions(for: goal, near: JointVector(count: 6))
      #expect([4, 8].contains(solutions.count))
      #expect(solutions.contains { differenceOfTurns($0, q) < 1e-6 })
      #expect(solutions.allSatisfy { miss(model, $0, goal) < 1e-9 })
      most = max(most, solutions.count)
    }
    #expect(most == 8)
  }

  /// The wrist straight: its first and last joint turn about one axis, and the seed says how they share the turn.
  @Test func straightWristKeepsTheSeedsTurn() throws {
    let model = try ClosedFormArmTests.closed[0].model(), arm = try ClosedFormKinematics(model: model)
    let q: JointVector = [0.3, 0.2, 1.2, 0.5, 0, -0.4], seed: JointVector = [0.25, 0.25, 1.25, 0.9, 0.1, -0.7]
    let nearest = try #require(arm.nearestSolution(for: model.pose(at: q), near: seed))
    #expect(abs(nearest[3] - 0.9) < 1e-6)
    #expect(abs(nearest[3] + nearest[5] - 0.1) < 1e-6)
    #expect(abs(nearest[4]) < 1e-6)
  }

  /// The wrist above the waist: the waist may stand anywhere, and stands as in the seed.
  @Test func wristAboveTheWaistKeepsTheSeedsTurn() throws {
    var model = try ClosedFormArmTests.closed[0].model()
    model.limits = JointLimits(unlimited: 6)
    let arm = try ClosedFormKinematics(model: model)
    // The forearm's axis leads back to the waist's: 0.035 + 0.146·sin q₂ + … = 0.
    var low = -1.5, high = 0.0
    func distance(_ shoulder: Double) -> Double {
      let pose = model.pose(at: [0, shoulder, 1.571, 0, 0, 0])
      return (pose * SIMD3(0, 0, -0.072)).x
    }
    for _ in 0..<60 { if distance((low + high) / 2) < 0 { low = (low + high) / 2 } else { high = (low + high) / 2 } }
    let q: JointVector = [0.4, low, 1.571, 0.3, 0.8, 0.1], goal = model.pose(at: q), seed = q + JointVector(repeating: 0.05, count: 6)
    let nearest = try #require(arm.nearestSolution(for: goal, near: seed))
    #expect(miss(model, nearest, goal) < 1e-6)
    #expect(abs(nearest[0] - 0.45) < 1e-6)
  }

  @Test func saysWhyThereAreNoFormulas() throws {
    func absence(_ model: RobotModel) -> String? {
      let solver = InverseKinematics(model: model)
      return solver.closedForm == nil ? solver.sentence : nil
    }
    #expect(
      try absence(OracleArm(name: "so101").load().model) == "numeric: the arm has 5 joints, and there are closed forms only for 6 and 7")
    let mixed = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    #expect(absence(mixed) == "numeric: joint \"rail\" slides, and there are closed forms only for joints that turn")
    #expect(
      try absence(RobotModel(DHTable(name: "one", convention: .standard, rows: [DHTable.Row(name: "a", a: 1)])))
        == "numeric: the arm has 1 joint, and there are closed forms only for 6 and 7")
    var random = SeededGenerator(seed: 51)
    #expect(
      try absence(ArmKind("any") { _ in }.model(&random))
        == "numeric: neither the first nor the last three axes meet in a point, and no three neighbouring axes between the ends are parallel")
    #expect(
      try absence(ArmKind("any", joints: 7) { _ in }.model(&random))
        == "numeric: whichever of the 7 joints is held, the other axes neither meet in a point at an end nor are three of them parallel")
  }

  @Test func saysWhyFormulasAreNotUsed() throws {
    var settings = InverseKinematics.Settings()
    settings.freeAxes = .axis
    let solver = InverseKinematics(model: try dummyModel(), settings: settings)
    #expect(solver.closedForm != nil && solver.method == .numeric)
    #expect(
      solver.sentence == "numeric: goals leave the turn about the tool's z open, and closed forms are for goals that leave nothing open")
    #expect(try InverseKinematics(model: dummyModel()).method == .closedForm)
  }

  @Test func followsTheTool() throws {
    var model = try ClosedFormArmTests.closed[0].model()
    model.tool = Pose(rotation: Rotation(roll: 0.3, pitch: -0.5, yaw: 1), translation: [0.02, 0.03, 0.1])
    let q: JointVector = [0.3, 0.2, 1.2, 0.5, 0.7, -0.4], goal = model.pose(at: q)
    let nearest = try #require(try ClosedFormKinematics(model: model).nearestSolution(for: goal, near: q))
    #expect(difference(nearest, q) < 1e-9)
  }
}
