import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

/// The sentences are part of the interface: what is wrong, by how much, and what to do.
@Suite struct MotionRefusalTests {
  static let names: [JointLabel] = ["waist", "shoulder", JointLabel("lift", isSliding: true)]

  static func limits() -> JointLimits {
    var limits = JointLimits(unlimited: 3)
    limits.lower = [-2.9671, -1.2741, 0]
    limits.upper = [2.9671, 1.5708, 0.4]
    limits.velocity = [1, 1, 0.1]
    limits.acceleration = [5, 5, 0.5]
    limits.jerk = [50, 50, 5]
    return limits
  }

  struct Case: Sendable {
    let start, target: [Double]
    var speed = 1.0
    var acceleration = 5.0
    var jerk = 50.0
    let sentence, suggestion: String
  }

  @Test(arguments: [
    Case(
      start: [0, 0, 0], target: [0, 1.62, 0],
      sentence: "The target puts shoulder at 1.62 rad (92.8°), above its upper limit of 1.571 rad (90.0°).",
      suggestion: "keep shoulder from -1.274 rad (-73.0°) to 1.571 rad (90.0°)"),
    Case(
      start: [0, 0, 0], target: [-3, 0, 0],
      sentence: "The target puts waist at -3 rad (-171.9°), below its lower limit of -2.967 rad (-170.0°).",
      suggestion: "keep waist from -2.967 rad (-170.0°) to 2.967 rad (170.0°)"),
    Case(
      start: [0, 0, 0], target: [0, 0, 0.41],
      sentence: "The target puts lift at 0.41 m, above its upper limit of 0.4 m.", suggestion: "keep lift from 0 m to 0.4 m"),
    Case(
      start: [0, 0, 0], target: [0, 0],
      sentence: "The target has 2 joint positions, but the arm has 3 joints.",
      suggestion: "give 3 numbers, one for each joint from the base to the tool"),
    Case(
      start: [0], target: [0, 0, 0],
      sentence: "The start has 1 joint position, but the arm has 3 joints.",
      suggestion: "give 3 numbers, one for each joint from the base to the tool"),
    Case(
      start: [0, 0, 0], target: [0, .nan, 0],
      sentence: "The target gives shoulder a position that is not a number.", suggestion: "give shoulder a finite number"),
    Case(
      start: [.infinity, 0, 0], target: [0, 0, 0],
      sentence: "The start gives waist a position that is not a number.", suggestion: "give waist a finite number"),
    Case(
      start: [0, 0, 0], target: [0, 0, 0], speed: 50,
      sentence: "A speed of 50 is not a share of the limits.",
      suggestion: "give a speed above 0 and at most 1, where 1 is as fast as the limits allow"),
    Case(
      start: [0, 0, 0], target: [0, 0, 0], speed: .nan,
      sentence: "A speed of nan is not a share of the limits.",
      suggestion: "give a speed above 0 and at most 1, where 1 is as fast as the limits allow"),
    Case(
      start: [0, 0, 0], target: [1, 0, 0], acceleration: 0,
      sentence: "The acceleration limit of waist is 0 rad/s², which allows no motion.",
      suggestion: "write a positive acceleration limit for waist in the arm file"),
    Case(
      start: [0, 0, 0], target: [1, 0, 0], acceleration: .infinity, jerk: .infinity,
      sentence: "Neither the acceleration nor the jerk of waist has a limit.",
      suggestion: "write an acceleration limit for waist in the arm file"),
  ]) func jointMoveSaysWhatIsWrong(_ c: Case) {
    var limits = Self.limits()
    limits.acceleration[0] = c.acceleration
    limits.jerk[0] = c.jerk
    let refusal = #expect(throws: MotionRefusal.self) {
      try Trajectory.jointMove(
        from: JointVector(c.start), to: JointVector(c.target), limits: limits, speed: c.speed, joints: Self.names)
    }
    #expect(refusal?.description == c.sentence)
    #expect(refusal?.suggestion == c.suggestion)
  }

  @Test func jointsWithoutANameAreCounted() {
    let refusal = #expect(throws: MotionRefusal.self) {
      try Trajectory.jointMove(from: [0, 0, 0], to: [0, 2, 0], limits: Self.limits())
    }
    #expect(refusal?.description == "The target puts joint 2 at 2 rad (114.6°), above its upper limit of 1.571 rad (90.0°).")
  }

  struct LineCase: Sendable {
    let start: JointVector
    let offset: SIMD3<Double>
    var turn = SIMD3<Double>.zero
    var elbowLower = 0.6108652381980153
    let sentence, suggestion: String
  }

  @Test(arguments: [
    LineCase(
      start: LineMoveTests.bent, offset: [0.008, 0.016, 0.04], turn: [0.1, -0.3, 0.2], elbowLower: 0.75,
      sentence: "The line leaves the limits of elbow at 43.5 mm of its 43.8 mm and would take it to 0.7427 rad (42.6°), "
        + "below its lower limit of 0.75 rad (43.0°).",
      suggestion: "end the line before 43.5 mm, start it from a posture with more room for elbow, or go there with a joint move"),
    LineCase(
      start: LineMoveTests.home, offset: [0, 0, 0.5], elbowLower: 0,
      sentence:
        "The arm cannot follow the line beyond 48.7 mm of its 500.0 mm: there its reach ends, "
        + "and what follows is up to 386.4 mm and 49.1° out of it.",
      suggestion: "end the line before 48.7 mm, or bring it nearer to the base"),
    LineCase(
      start: LineMoveTests.home, offset: [0, 0.05, 0],
      sentence: "The arm stands in a singularity and cannot start the path from there.",
      suggestion: "go there with a joint move, or first turn a joint of the wrist a little"),
    LineCase(
      start: LineMoveTests.bent, offset: .zero, turn: [0, 0.46, 0],
      sentence: "The line leaves the limits of elbow at 25.9° of its 26.4° and would take it to 0.5809 rad (33.3°), "
        + "below its lower limit of 0.6109 rad (35.0°).",
      suggestion: "end the line before 25.9°, start it from a posture with more room for elbow, or go there with a joint move"),
    LineCase(
      start: [0, 0, .pi / 2, 0, 0.001, 0], offset: [0, 0.05, 0],
      sentence: "The line passes so near a singularity at 0.0 mm of its 50.0 mm that forearm would need a velocity of 33.33 rad/s even at 5 mm/s, "
        + "its limit being 2.6 rad/s.",
      suggestion: "go there with a joint move, or lead the line further from that place"),
    LineCase(
      start: LineMoveTests.bent, offset: [0, .nan, 0],
      sentence: "The target pose is not made of finite numbers.",
      suggestion: "give a position of three finite numbers and a quaternion of four"),
  ]) func toolLineSaysWhereAndWhy(_ c: LineCase) throws {
    var model = try LineMoveTests.dummy()
    model.limits.lower[2] = c.elbowLower
    let goal = LineMoveTests.goal(model, at: c.start, offset: c.offset, turn: c.turn)
    let refusal = #expect(throws: MotionRefusal.self) {
      try Trajectory.toolLine(from: c.start, to: goal, model: model, limits: model.limits)
    }
    #expect(refusal?.description == c.sentence)
    #expect(refusal?.suggestion == c.suggestion)
  }
}
