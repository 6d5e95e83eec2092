import Foundation
import Kinematics
import TestSupport
import Testing

/// Why there is no configuration for a goal, in words and numbers.
@Suite struct ObstacleTests {
  func obstacle(_ model: RobotModel, _ goal: Pose, free: InverseKinematics.FreeAxes? = nil) throws -> InverseKinematics.Obstacle {
    let solver = InverseKinematics(model: model)
    let failure = #expect(throws: InverseKinematics.Failure.self) {
      try solver.solution(for: goal, near: JointVector(repeating: 0.5, count: model.jointCount), free: free)
    }
    guard case .notReached(let closest, _)? = failure else { throw Unexpected() }
    return solver.obstacle(on: goal, free: free, closest: closest)
  }

  struct Unexpected: Error {}

  /// Straight up the default arm's tool comes to 0.45 m.
  @Test func tooFar() throws {
    let obstacle = try obstacle(dummyModel(), Pose(translation: [0, 0, 2]))
    guard case .reach(let distance) = obstacle else { throw Unexpected() }
    #expect(distance > 1.5 && distance < 1.6)
    #expect(obstacle.description == "the point is 1.55 m beyond the arm's reach, even if its joints turned without end")
    #expect(obstacle.amount == distance)
  }

  /// Behind the arm, which turns by 170° only.
  @Test func behindALimit() throws {
    let goal = Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: [-0.2, 0.01, 0.1])
    let obstacle = try obstacle(dummyModel(), goal)
    #expect(obstacle.description == "joint \"waist\" would have to stand at 3.09 rad, 0.125 rad beyond its upper limit of 2.97 rad")
    #expect(obstacle.name == "limits")
  }

  /// At the edge of the reach the tool cannot look back.
  @Test func turnedTheWrongWay() throws {
    let goal = Pose(rotation: Rotation(axis: [0, 1, 0], angle: -.pi / 2), translation: [0.33, 0, 0.109])
    let obstacle = try obstacle(dummyModel(), goal)
    guard case .orientation(let angle) = obstacle else { throw Unexpected() }
    #expect(angle > 1.5 && angle < 2.5)
    #expect(obstacle.description == "the arm reaches the point, but 2 rad are missing for the tool to be turned so there")
  }

  @Test func slidingJointsKeepTheirLimits() throws {
    let model = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    guard case .reach(let distance) = try obstacle(model, Pose(translation: [0, 0, 5])) else { throw Unexpected() }
    #expect(distance > 3 && distance < 5)
  }

  @Test func fewJointsLeaveAxesFree() throws {
    func free(_ model: RobotModel) -> InverseKinematics.FreeAxes { InverseKinematics(model: model).freeAxes }
    let so101 = try OracleArm(name: "so101").load().model
    #expect(try free(dummyModel()) == .none)
    #expect(free(so101) == .axis)
    #expect(free(try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")) == .position)
    var settings = InverseKinematics.Settings()
    settings.freeAxes = .position
    let solver = InverseKinematics(model: so101, settings: settings)
    #expect(solver.freeAxes == .position)
    // Any turn of the tool will do: with its axis bound as well there is no such configuration.
    let goal = Pose(rotation: Rotation(axis: [1, 0, 0], angle: 2), translation: so101.pose(at: [0.1, 0.2, 0.3, 0.4, 0.5]).translation)
    #expect(try solver.solution(for: goal, near: JointVector(count: 5)).residual.position < 1e-5)
  }
}
