import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptExampleTests {
  static let arm = Result { try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")) }

  struct Case: Sendable {
    var name: String
    var lines: Int
    var seconds: ClosedRange<Double>
  }

  /// From where the arm is switched on through a whole example: every motion plans within the limits, what the motors must give included, and
  /// ends where the next begins.
  @Test(arguments: [
    Case(name: "first", lines: 2, seconds: 3...10), Case(name: "pick-and-place", lines: 10, seconds: 8...35),
    Case(name: "palette", lines: 17, seconds: 8...35), Case(name: "round-trip", lines: 0, seconds: 5...20),
  ])
  func theExampleCanBeDone(_ c: Case) throws {
    let arm = try Self.arm.get()
    let planner = MotionPlanner(model: arm.model, limits: arm.limits, period: 1 / arm.rate, poses: arm.poses)
    var q = try #require(arm.pose("rest"))
    var duration = 0.0
    var lines = 0
    for task in try tasks(of: c.name) {
      guard let motion = task.motionRequest else { continue }
      let trajectory = try planner.trajectory(for: motion, from: q)
      #expect(trajectory.start == q && trajectory.peakShares.largest <= 1 + 1e-9, "\(task.text)")
      for index in 0...50 {
        let now = trajectory.setpoint(at: Double(index) / 50 * trajectory.duration)
        var effort = arm.model.inverseDynamics(at: now.position, velocity: now.velocity, acceleration: now.acceleration)
        for joint in arm.joints.indices {
          let transmission = arm.joints[joint].transmission
          effort[joint] += transmission.ratio * transmission.ratio * transmission.rotorInertia * now.acceleration[joint]
          let needed = abs(effort[joint]) + transmission.coulomb + transmission.viscous * abs(now.velocity[joint])
          #expect(needed < arm.limits.effort[joint], "\(task.text): \(arm.joints[joint].name) at \(index) of 50")
        }
      }
      q = trajectory.end
      duration += trajectory.duration
      if task.isLine { lines += 1 }
    }
    #expect(lines == c.lines)
    #expect((q - (try #require(arm.pose("home")))).maximumMagnitude < 1e-12)
    #expect(c.seconds.contains(duration), "\(duration) s")
  }
}
