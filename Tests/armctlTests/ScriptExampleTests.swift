import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptExampleTests {
  static let arm = Result { try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")) }

  /// The trajectory of a step from `q`; nil where it only waits.
  static func trajectory(_ step: ScriptStep, from q: JointVector, arm: ArmConfiguration) throws -> Trajectory? {
    func position(_ target: ScriptStatement.Target) throws -> JointVector {
      switch target {
      case .joints(let position), .scriptPose(_, let position): position
      case .armPose(let name): try #require(arm.pose(name))
      }
    }
    let here = arm.model.pose(at: q)
    switch step.action {
    case .wait: return nil
    case .move(let target, let speed):
      return try .jointMove(from: q, to: position(target), limits: arm.limits, speed: speed, joints: arm.model.jointLabels)
    case .line(let target, let speed):
      var goal = here
      switch target {
      case .configuration(let target): goal = arm.model.pose(at: try position(target))
      case .position(let point): goal.translation = point
      case .offsetInBase(let offset): goal.translation += offset
      case .offsetInTool(let offset): goal.translation = here * offset
      }
      return try .toolLine(from: q, to: goal, model: arm.model, limits: arm.limits, speed: speed)
    }
  }

  /// From where the arm is switched on through the whole example: every motion plans within the limits, what the motors must give
  /// included, and ends where the next begins.
  @Test func theExampleCanBeDone() throws {
    let arm = try Self.arm.get()
    let text = try String(contentsOfFile: packageFile("Examples/pick-and-place.arm"), encoding: .utf8)
    let steps = try Script(
      parsing: text, file: "pick-and-place.arm", arm: ScriptArm(poseNames: arm.poses.map(\.name), jointCount: arm.joints.count)
    ).steps
    var q = try #require(arm.pose("rest"))
    var duration = 0.0
    var lines = 0
    for step in steps {
      guard let trajectory = try Self.trajectory(step, from: q, arm: arm) else { continue }
      #expect(trajectory.start == q && trajectory.peakShares.largest <= 1 + 1e-9, "\(step.text)")
      for index in 0...50 {
        let now = trajectory.setpoint(at: Double(index) / 50 * trajectory.duration)
        var effort = arm.model.inverseDynamics(at: now.position, velocity: now.velocity, acceleration: now.acceleration)
        for joint in arm.joints.indices {
          let transmission = arm.joints[joint].transmission
          effort[joint] += transmission.ratio * transmission.ratio * transmission.rotorInertia * now.acceleration[joint]
          let needed = abs(effort[joint]) + transmission.coulomb + transmission.viscous * abs(now.velocity[joint])
          #expect(needed < arm.limits.effort[joint], "\(step.text): \(arm.joints[joint].name) at \(index) of 50")
        }
      }
      q = trajectory.end
      duration += trajectory.duration
      if case .line = step.action { lines += 1 }
    }
    #expect(lines == 10)
    #expect((q - (try #require(arm.pose("home")))).maximumMagnitude < 1e-12)
    #expect(duration > 8 && duration < 35, "\(duration) s")
  }
}
