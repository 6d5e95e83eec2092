import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptPlanTests {
  static let poses: [(name: String, position: JointVector)] = [
    ("home", [0, 0, .pi / 2, 0, 0, 0]), ("rest", [0, -1.2740903539558606, .pi, 0, 0, 0]),
  ]

  static func dummy() throws -> RobotModel {
    var model = try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
    model.limits.acceleration = [3.5, 6, 6, 7.5, 6, 3.5]
    model.limits.jerk = [35, 60, 60, 75, 60, 35]
    return model
  }

  /// From where the arm is switched on through the whole example: every motion plans, within limits, and ends where the next begins.
  @Test func theExamplePlansWithinLimits() throws {
    let model = try Self.dummy()
    let text = try String(contentsOfFile: packageFile("Examples/pick-and-place.arm"), encoding: .utf8)
    let script = try Script(parsing: text, file: "pick-and-place.arm", arm: scriptArm)
    let plan = try ScriptPlan(script, from: Self.poses[1].position, model: model, poses: Self.poses)
    let trajectories = plan.moves.compactMap(\.trajectory)
    #expect(trajectories.count == 16 && plan.moves.count == 20)
    var q = Self.poses[1].position
    for (move, trajectory) in zip(plan.moves.filter { $0.trajectory != nil }, trajectories) {
      #expect(trajectory.start == q, "\(move.step.text)")
      #expect(trajectory.peakShares.largest <= 1 + 1e-9, "\(move.step.text)")
      // What the motors must give, by the model: within the effort limits with room for friction.
      for step in 0...50 {
        let setpoint = trajectory.setpoint(at: Double(step) / 50 * trajectory.duration)
        let effort = model.inverseDynamics(at: setpoint.position, velocity: setpoint.velocity, acceleration: setpoint.acceleration)
        for joint in 0..<6 { #expect(abs(effort[joint]) < 0.8 * model.limits.effort[joint], "\(move.step.text)") }
      }
      q = trajectory.end
    }
    #expect((plan.end - Self.poses[0].position).maximumMagnitude < 1e-12)
    #expect(plan.duration > 10 && plan.duration < 40, "\(plan.duration) s")
  }

  @Test func aMotionThatCannotBeMadeIsRefusedAtItsLine() throws {
    let model = try Self.dummy()
    let script = try script("move home\nspeed 50%\n  line by 0 0 30 cm\n")
    let refusal = #expect(throws: ScriptPlan.Refusal.self) {
      try ScriptPlan(script, from: Self.poses[1].position, model: model, poses: Self.poses)
    }
    #expect(
      refusal?.description
        == "demo.arm:3:3: The line would take elbow to 0.564 rad (32.3°) at 48.0 mm of its 300.0 mm, below its lower limit of 0.6109 rad (35.0°).")
    #expect(refusal?.suggestion == "end the line before 48.0 mm, start it from a posture with more room for elbow, or go there with a joint move")
  }
}
