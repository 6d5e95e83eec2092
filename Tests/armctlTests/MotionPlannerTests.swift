import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// What the daemon makes of goals for the tool, and what it says of those that cannot be.
@Suite struct MotionPlannerTests {
  private let dummy = try! ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))

  private var planner: MotionPlanner {
    MotionPlanner(model: dummy.model, limits: dummy.limits, period: dummy.period, poses: dummy.poses, freeAxes: dummy.freeAxes)
  }

  private func request(_ pose: Pose, free: InverseKinematics.FreeAxes? = nil) -> MotionRequest {
    MotionRequest(goal: .pose(ToolPose(position: pose.translation, quaternion: pose.rotation.quaternion)), path: .jointMove, free: free)
  }

  private func refusal(_ motion: MotionRequest, from start: JointVector = [0, 0, 1.5, 0, 0, 0]) -> ServiceError? {
    #expect(throws: ServiceError.self) { try planner.trajectory(for: motion, from: start) }
  }

  /// Of all branches in all turns, none within the limits is nearer to where the arm stands.
  @Test func takesTheNearestBranch() throws {
    var generator = SeededGenerator(seed: 77)
    let limits = dummy.limits, formulas = try ClosedFormKinematics(model: dummy.model)
    func anywhere() -> JointVector { JointVector((0..<6).map { Double.random(in: limits.lower[$0]...limits.upper[$0], using: &generator) }) }
    for _ in 0..<caseCount(300) {
      let goal = dummy.model.pose(at: anywhere()), start = anywhere()
      let end = try planner.trajectory(for: request(goal), from: start).end
      func distance(_ q: JointVector) -> Double { (q - start).dot(q - start) }
      let reached = dummy.model.pose(at: end)
      #expect((reached.translation - goal.translation).length < 1e-6)
      #expect(end.indices.allSatisfy { limits.lower[$0]...limits.upper[$0] ~= end[$0] })
      formulas.visitSolutions(for: goal, near: start) { #expect(distance(end) <= distance($0) + 1e-6) }
    }
  }

  /// Along a line of 60 mm; the speed is measured between close samples of the tool's place.
  @Test(arguments: [(nil, 1.0), (0.05, 1.0), (nil, 0.25), (0.2, 0.1)] as [(Double?, Double)])
  func theToolKeepsItsOwnLimits(_ speed: Double?, _ acceleration: Double) throws {
    var motion = MotionRequest(goal: .offset([0, 0, -0.06], inTool: false), path: .line)
    (motion.toolSpeed, motion.acceleration) = (speed, acceleration)
    let line = try planner.trajectory(for: motion, from: [0, 0, .pi / 2, 0, 0, 0]), step = 1e-3
    let heights = stride(from: 0, through: line.duration, by: step).map { dummy.model.pose(at: line.setpoint(at: $0).position).translation.z }
    let speeds = zip(heights, heights.dropFirst()).map { abs($1 - $0) / step }
    let accelerations = zip(speeds, speeds.dropFirst()).map { abs($1 - $0) / step }
    #expect((speeds.max() ?? 0) <= (speed ?? 0.25) * 1.001)
    #expect((accelerations.max() ?? 0) <= acceleration * 1.02)
    // Slow as they are, these limits are used up.
    if speed == 0.05 { #expect((speeds.max() ?? 0) > 0.04975) }
    if acceleration < 1 { #expect((accelerations.max() ?? 0) > 0.95 * acceleration) }
  }

  @Test func aToolFasterThanItsLimitIsRefused() {
    var motion = MotionRequest(goal: .offset([0, 0, -0.06], inTool: false), path: .line)
    motion.toolSpeed = 0.3
    let error = refusal(motion)
    #expect(error?.message == "The tool is wanted at 0.3 m/s, above its limit of 0.25 m/s." && error?.kind == .velocityLimit && error?.limit == 0.25)
  }

  struct Impossible: Sendable, CustomTestStringConvertible {
    let position: SIMD3<Double>
    let rollPitchYaw: SIMD3<Double>
    let message, why: String
    let joint: String?
    var testDescription: String { message }
  }

  static let impossible: [Impossible] = [
    Impossible(
      position: [0.6, 0, 0.3], rollPitchYaw: [0, .pi / 2, 0], message: "The arm cannot take the tool there: the point is 252.2 mm beyond its reach.",
      why: "reach", joint: nil),
    Impossible(
      position: [0.37, 0, 0.11], rollPitchYaw: [.pi, 0, 0],
      message: "The arm cannot take the tool there: it reaches the point, but 65.8° are missing for the tool to be turned so.", why: "orientation",
      joint: nil),
    Impossible(
      position: [0.2, 0.1, 0.2], rollPitchYaw: [0, 0, 0],
      message:
        "The arm cannot take the tool there: shoulder would have to stand at -1.784 rad (-102.2°), below its lower limit of -1.274 rad (-73.0°).",
      why: "limits", joint: "shoulder"),
  ]

  @Test(arguments: impossible) func saysWhatStopsAGoalAndWhatIsNearest(_ row: Impossible) throws {
    let angles = row.rollPitchYaw
    let goal = Pose(rotation: Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z), translation: row.position)
    let error = try #require(refusal(request(goal)))
    #expect(error.kind == .unreachable && error.message == row.message && error.why == row.why && error.joint == row.joint)
    let closest = try #require(error.closest)
    let pose = dummy.model.pose(at: closest.joints)
    #expect((pose.translation - closest.pose.position).length < 1e-9)
    #expect(abs((goal.translation - pose.translation).length - closest.distance) < 1e-9)
    #expect(closest.joints.indices.allSatisfy { dummy.limits.lower[$0]...dummy.limits.upper[$0] ~= closest.joints[$0] })
    // What it suggests can be done.
    let words = try #require(error.suggestion.components(separatedBy: "--joints ").last)
    let joints = JointVector(words.split(separator: ",").compactMap { Double($0) })
    #expect(joints.count == 6)
    _ = try planner.trajectory(for: MotionRequest(goal: .joints(joints), path: .jointMove), from: [0, 0, 1.5, 0, 0, 0])
    let facts = JSONValue.object(error.facts)
    #expect(facts["closest"]?["joints"]?.numbers?.count == 6 && facts["closest"]?["quaternion"]?.numbers?.count == 4)
    #expect(facts["closest"]?["distance"]?.number == closest.distance && facts["closest"]?["angle"]?.number == closest.angle)
  }

  @Test func aRequestMayLeaveAxesFree() throws {
    let goal = Pose(translation: [0.2, 0.1, 0.2]), start: JointVector = [0, 0, 1.5, 0, 0, 0]
    let end = try planner.trajectory(for: request(goal, free: .position), from: start).end
    #expect((dummy.model.pose(at: end).translation - goal.translation).length < 1e-5)
  }

  /// Five joints: position and approach direction, unless somebody says otherwise.
  @Test func fiveJointsLeaveTheTurnAboutTheToolFree() throws {
    var model = try RobotModel(urdf: URDF(contentsOf: packageFile("Tests/Data/kinematics/so101.urdf")), tip: "gripper_frame_link")
    model.limits.velocity = JointVector(repeating: 2, count: 5)
    model.limits.acceleration = JointVector(repeating: 8, count: 5)
    model.limits.jerk = JointVector(repeating: 80, count: 5)
    let q: JointVector = [0.3, -0.4, 0.5, 0.4, 0.2], goal = model.pose(at: q), start = JointVector(count: 5)
    let turned = Pose(rotation: goal.rotation * Rotation(axis: [0, 0, 1], angle: 1.2), translation: goal.translation)
    func end(_ free: InverseKinematics.FreeAxes?, arm: InverseKinematics.FreeAxes? = nil) throws -> Pose {
      let planner = MotionPlanner(model: model, limits: model.limits, period: 0.002, poses: [], freeAxes: arm)
      return model.pose(at: try planner.trajectory(for: request(turned, free: free), from: start).end)
    }
    let usual = try end(nil)
    #expect((usual.translation - goal.translation).length < 1e-4 && (usual.rotation.z - goal.rotation.z).length < 1e-4)
    #expect(throws: ServiceError.self) { try end(InverseKinematics.FreeAxes.none) }
    #expect(throws: ServiceError.self) { try end(nil, arm: InverseKinematics.FreeAxes.none) }
    #expect((try end(nil, arm: .position).translation - goal.translation).length < 1e-4)
  }

  @Test func numbersThatLookLikeDegreesAreNamed() throws {
    let error = try #require(refusal(MotionRequest(goal: .joints([0, -45, 90, 0, 30, 0]), path: .jointMove)))
    #expect(
      error.message == "The target puts shoulder at -45 rad (-2578.3°), below its lower limit of -1.274 rad (-73.0°); did you mean -45deg?")
    #expect(error.suggestion == "-45deg, or --degrees for all of them; -0.785398 on the socket")
    let far = try #require(refusal(MotionRequest(goal: .joints([0, -2, 1.5, 0, 0, 0]), path: .jointMove)))
    #expect(far.message == "The target puts shoulder at -2 rad (-114.6°), below its lower limit of -1.274 rad (-73.0°).")
  }

  @Test func anArmThatWasSwitchedOnElsewhereIsNotHomed() throws {
    let crane = HomingCheck(try Crane.parse())
    #expect(crane.isPlausible([0, 0.5, 0.1]) && crane.isPlausible([0, 90, 0.1]), "a joint without ends stands anywhere")
    #expect(!crane.isPlausible([2.2, 0.5, 0.1]) && !crane.isPlausible([0, 0.5, 0.4]))
    let dummy = HomingCheck(dummy)
    #expect(dummy.isPlausible(self.dummy.powerOnPosition))
    #expect(!dummy.isPlausible([0, -2, 1, 0, 0, 0]))
  }
}
