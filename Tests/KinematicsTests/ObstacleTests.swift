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
    guard case .reach(let distance, isTooNear: false) = obstacle else { throw Unexpected() }
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

  /// With the tool down the wrist would have to go where the shoulder's limit does not let it, whichever way the tool is turned; without formulas
  /// the limits are widened by as much as that takes. The figure is an independent optimiser's.
  @Test func limitsKeepTheArmFromThePoint() throws {
    let point: SIMD3<Double> = [0.25, 0, -0.15]
    for free in [InverseKinematics.FreeAxes.none, .axis, .position] {
      let goal = Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: point)
      guard case .limits("shoulder", let needed, _, let upper, false) = try obstacle(dummyModel(), goal, free: free) else { throw Unexpected() }
      #expect(abs(needed - upper - 0.6321) < 0.001)
    }
  }

  struct Turned: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arm: String
    let goal: Pose
    /// Of the orientations that the arm can take at the goal's point within its limits, the nearest is so far off, by an independent optimiser [rad].
    let missing: Double
  }

  static let turned = [
    Turned(
      testDescription: "back at the edge of the reach", arm: "dummy",
      goal: Pose(rotation: Rotation(axis: [0, 1, 0], angle: -.pi / 2), translation: [0.33, 0, 0.109]), missing: 2.01509),
    Turned(
      testDescription: "down at the edge of the reach", arm: "dummy",
      goal: Pose(rotation: Rotation(quaternion: [1, 0, 0, 0]), translation: [0.37, 0, 0.11]), missing: 1.14878),
    Turned(
      testDescription: "down behind the arm", arm: "dummy", goal: Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: [-0.25, 0, 0.25]),
      missing: 0.74218),
    Turned(
      testDescription: "down, by axis", arm: "so101", goal: Pose(rotation: Rotation(quaternion: [0, 1, 0, 0]), translation: [0.25, 0, 0.15]),
      missing: 0.36419),
  ]

  @Test(arguments: turned) func turnedTheWrongWay(_ row: Turned) throws {
    let model = try row.arm == "dummy" ? dummyModel() : OracleArm(name: row.arm).load().model, obstacle = try obstacle(model, row.goal)
    guard case .orientation(let angle) = obstacle else {
      Issue.record("\(obstacle)")
      return
    }
    #expect(abs(angle - row.missing) < 1e-4)
    let sentence = "the arm reaches the point within its limits, but %.3g rad are missing for the tool to be turned so there"
    #expect(obstacle.description == String(format: sentence, angle))
  }

  /// Two links of 0.3 m and 0.2 m: their ends are known.
  @Test func reachIsExact() throws {
    let model = try RobotModel(
      DHTable(name: "two", convention: .standard, rows: [DHTable.Row(name: "a", a: 0.3), DHTable.Row(name: "b", a: 0.2)]))
    for distance in [0.5001, 0.51, 0.7, 2] {
      guard case .reach(let by, isTooNear: false) = try obstacle(model, Pose(translation: [0.6 * distance, 0.8 * distance, 0])) else {
        throw Unexpected()
      }
      #expect(abs(by - (distance - 0.5)) < 1e-7, "\(by)")
    }
    for distance in [0.0999, 0.05] {
      let obstacle = try obstacle(model, Pose(translation: [0.6 * distance, 0.8 * distance, 0]))
      guard case .reach(let by, isTooNear: true) = obstacle else { throw Unexpected() }
      #expect(abs(by - (0.1 - distance)) < 1e-7, "\(by)")
      #expect(obstacle.description == String(format: "the point is %.3g m too near for the arm, even if its joints turned without end", by))
    }
  }

  /// What a failure gives as the closest is where no joint's motion comes nearer.
  @Test func closestIsClosest() throws {
    var random = SeededGenerator(seed: 62)
    let model = try dummyModel(), solver = InverseKinematics(model: model), length = model.typicalLength
    func miss(_ q: JointVector, _ goal: Pose) -> Double {
      let pose = model.pose(at: q), angle = (goal.rotation * pose.rotation.inverse).rotationVector.length
      return ((goal.translation - pose.translation).length / length) * ((goal.translation - pose.translation).length / length) + angle * angle
    }
    for _ in 0..<caseCount(10) {
      let goal = Pose(
        rotation: random.rotation(), translation: [.random(in: 0.4...0.6, using: &random), .random(in: -0.3...0.3, using: &random), 0.2])
      let failure = #expect(throws: InverseKinematics.Failure.self) { try solver.solution(for: goal, near: JointVector(count: 6)) }
      guard case .notReached(let closest, _)? = failure else { throw Unexpected() }
      for joint in 0..<6 {
        for push in [-1e-4, 1e-4] {
          var other = closest.q
          other[joint] = min(max(other[joint] + push, model.limits.lower[joint]), model.limits.upper[joint])
          #expect(miss(other, goal) >= miss(closest.q, goal) - 1e-9)
        }
      }
    }
  }

  @Test func slidingJointsKeepTheirLimits() throws {
    let model = try RobotModel(urdf: URDF(parsing: mixedArm, file: "mixed.urdf"), base: "base", tip: "finger")
    guard case .reach(let distance, isTooNear: false) = try obstacle(model, Pose(translation: [0, 0, 5])) else { throw Unexpected() }
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
