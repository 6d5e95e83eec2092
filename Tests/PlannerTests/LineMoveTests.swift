import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct LineMoveTests {
  static let home: JointVector = [0, 0, .pi / 2, 0, 0, 0]
  static let bent: JointVector = [0.3, 0.2, 1.3, 0.4, 0.9, -0.5]

  static func dummy() throws -> RobotModel {
    var model = try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
    model.limits.acceleration = [10, 10, 10, 20, 20, 20]
    model.limits.jerk = [100, 100, 100, 300, 300, 300]
    return model
  }

  /// A goal `offset` [m] from where the tool is at `q`, in base axes, and turned by `turn` [rad], in base axes too.
  static func goal(_ model: RobotModel, at q: JointVector, offset: SIMD3<Double>, turn: SIMD3<Double> = .zero) -> Pose {
    let pose = model.pose(at: q)
    return Pose(rotation: Rotation(rotationVector: turn) * pose.rotation, translation: pose.translation + offset)
  }

  static func line(_ model: RobotModel, from start: JointVector, to goal: Pose) throws -> ToolPath {
    try ToolPath(from: model.pose(at: start), [.line(to: goal)])
  }

  /// The tool on the line, joint limits and tool speed held, ends met, no jump between ticks.
  static func expectFollows(_ line: ToolPath, _ move: Trajectory, model: RobotModel, tool: ToolLimits = ToolLimits(), _ note: String) {
    #expect(move.setpoint(at: 0) == JointSetpoint(restingAt: move.start), "\(note)")
    #expect(move.setpoint(at: move.duration) == JointSetpoint(restingAt: move.end), "\(note)")
    #expect(difference(model.pose(at: move.end), line.end) < 1e-8, "\(note)")
    #expect(move.peakShares.largest <= 1, "\(note)")

    let count = 600
    let dt = move.duration / Double(count)
    var before = move.setpoint(at: 0)
    var worst = (position: 0.0, orientation: 0.0, speed: 0.0, velocity: 0.0, acceleration: 0.0, jerk: 0.0, integral: 0.0)
    for step in 1...count {
      let now = move.setpoint(at: Double(step) * dt)
      let (pose, jacobian) = model.poseAndJacobian(at: now.position)
      let off = line.deviation(of: pose)
      worst.position = max(worst.position, off.position)
      worst.orientation = max(worst.orientation, off.orientation)
      worst.speed = max(worst.speed, jacobian.twist(for: now.velocity).linear.length)
      for joint in 0..<model.jointCount {
        worst.velocity = max(worst.velocity, abs(now.velocity[joint]) / model.limits.velocity[joint])
        worst.acceleration = max(worst.acceleration, abs(now.acceleration[joint]) / model.limits.acceleration[joint])
        worst.jerk = max(worst.jerk, abs(now.acceleration[joint] - before.acceleration[joint]) / dt / model.limits.jerk[joint])
        // Positions are what the velocities add up to.
        let average = (now.velocity[joint] + before.velocity[joint]) / 2
        worst.integral = max(
          worst.integral, abs(now.position[joint] - before.position[joint] - average * dt) / (dt * dt * dt) / model.limits.jerk[joint])
      }
      before = now
    }
    #expect(worst.position < 5e-5 && worst.orientation < 5e-5, "\(note): \(worst)")
    #expect(worst.speed <= tool.speed * (1 + 1e-6), "\(note): \(worst)")
    #expect(worst.velocity <= 1 && worst.acceleration <= 1 && worst.jerk <= 1.001 && worst.integral < 0.2, "\(note): \(worst)")
  }

  struct Case: Sendable {
    let name: String
    let start: JointVector
    let offset, turn: SIMD3<Double>
  }

  @Test(arguments: [
    Case(name: "down from home, wrist singular", start: home, offset: [0, 0, -0.06], turn: .zero),
    Case(name: "back from home, wrist singular", start: home, offset: [-0.05, 0, 0.02], turn: .zero),
    Case(name: "sideways", start: bent, offset: [0, 0.06, 0], turn: .zero),
    Case(name: "up and turning", start: bent, offset: [-0.02, 0.02, 0.03], turn: [0.1, -0.3, 0.2]),
    Case(name: "turning on the spot", start: bent, offset: .zero, turn: [0.2, 0.3, -0.3]),
    Case(name: "a hundredth of a millimetre", start: bent, offset: [1e-5, 0, 0], turn: .zero),
  ]) func goesStraight(_ c: Case) throws {
    let model = try Self.dummy()
    let goal = Self.goal(model, at: c.start, offset: c.offset, turn: c.turn)
    let move = try Trajectory.toolLine(from: c.start, to: goal, model: model, limits: model.limits)
    try Self.expectFollows(Self.line(model, from: c.start, to: goal), move, model: model, c.name)
  }

  /// Any line is either followed as it should be, or refused at a place on it.
  @Test func followsOrRefusesRandomLines() throws {
    let model = try Self.dummy()
    var random = SeededGenerator(seed: 51)
    var followed = 0
    let count = caseCount(40)
    for index in 0..<count {
      let start = random.configuration(within: model.limits)
      let offset = SIMD3<Double>.random(in: -0.08...0.08, using: &random)
      let turn = SIMD3<Double>.random(in: -0.4...0.4, using: &random)
      let goal = Self.goal(model, at: start, offset: offset, turn: turn)
      let line = try Self.line(model, from: start, to: goal)
      do {
        let move = try Trajectory.toolLine(from: start, to: goal, model: model, limits: model.limits)
        Self.expectFollows(line, move, model: model, "line \(index) from \(Array(start)) by \(offset) turning \(turn)")
        followed += 1
      } catch .outOfReach(let place, _), .losesPosture(let place), .leavesLimits(_, _, _, _, let place), .nearSingularity(_, _, _, _, let place) {
        #expect(place.along <= place.length && abs(place.length - (goal.translation - line.start.translation).length) < 1e-12)
      }
    }
    #expect(followed > count / 4, "followed \(followed) of \(count)")
  }

  @Test func isTimedByTheToolWhereTheJointsLeaveRoom() throws {
    let model = try Self.dummy()
    var tool = ToolLimits()
    tool.speed = 0.05
    tool.acceleration = 0.5
    tool.jerk = 2
    let goal = Self.goal(model, at: Self.bent, offset: [0, 0.06, 0])
    let move = try Trajectory.toolLine(from: Self.bent, to: goal, model: model, limits: model.limits, tool: tool)
    // D/V + V/A + A/J of the textbook does not apply below A²/J: no plateau, D/V + 2√(V/J).
    #expect(abs(move.duration - (0.06 / 0.05 + 2 * (0.05 / 2).squareRoot())) < 1e-9)
    let slow = try Trajectory.toolLine(from: Self.bent, to: goal, model: model, limits: model.limits, tool: tool, speed: 0.25)
    #expect(abs(slow.duration - 4 * move.duration) < 1e-9)
  }

  @Test func isSlowedWhereAJointWouldPassItsLimit() throws {
    var model = try Self.dummy()
    let goal = Self.goal(model, at: Self.bent, offset: [0, 0.06, 0])
    let quick = try Trajectory.toolLine(from: Self.bent, to: goal, model: model, limits: model.limits)
    model.limits.velocity[0] = 0.05
    let slow = try Trajectory.toolLine(from: Self.bent, to: goal, model: model, limits: model.limits)
    #expect(slow.duration > quick.duration)
    #expect(slow.peakShares.velocity[0] <= 1 && slow.peakShares.velocity[0] > 0.99)
    try Self.expectFollows(Self.line(model, from: Self.bent, to: goal), slow, model: model, "slowed")
  }

  @Test func nowhereTakesNoTime() throws {
    let model = try Self.dummy()
    let move = try Trajectory.toolLine(from: Self.bent, to: model.pose(at: Self.bent), model: model, limits: model.limits)
    #expect(move.duration == 0 && move.end == Self.bent)
  }

  @Test func deviationIsMeasuredFromTheNearestPlace() throws {
    let line = try ToolPath(from: .identity, [.line(to: Pose(rotation: Rotation(axis: [0, 0, 1], angle: 1), translation: [0.1, 0, 0]))])
    let off = line.deviation(of: Pose(rotation: Rotation(axis: [0, 0, 1], angle: 0.5), translation: [0.05, 0.002, 0]))
    #expect(abs(off.position - 0.002) < 1e-12 && off.orientation < 1e-6)
    let beyond = line.deviation(of: Pose(rotation: Rotation(axis: [0, 0, 1], angle: 1.2), translation: [0.13, 0, 0.04]))
    #expect(abs(beyond.position - 0.05) < 1e-12 && abs(beyond.orientation - 0.2) < 1e-9)
  }
}
