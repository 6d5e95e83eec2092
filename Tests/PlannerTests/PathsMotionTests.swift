import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Timed motions along paths: limits held, stops rested at, the tool no faster than it may.
@Suite struct PathsMotionTests {
  /// Joint limits, tool speed and acceleration held at every instant looked at, positions the integral of velocities, ends at rest.
  static func expectWithinLimits(
    _ move: Trajectory, limits: JointLimits, model: RobotModel? = nil, tool: ToolLimits = ToolLimits(), _ note: String
  ) {
    #expect(move.setpoint(at: 0).velocity.maximumMagnitude < 1e-9 && move.setpoint(at: move.duration) == JointSetpoint(restingAt: move.end))
    let count = 2000
    let dt = move.duration / Double(count)
    var before = move.setpoint(at: 0)
    var worst = (velocity: 0.0, acceleration: 0.0, jerk: 0.0, jump: 0.0, speed: 0.0, push: 0.0)
    for step in 1...count {
      let now = move.setpoint(at: Double(step) * dt)
      for joint in now.position.indices {
        worst.velocity = max(worst.velocity, abs(now.velocity[joint]) / limits.velocity[joint])
        worst.acceleration = max(worst.acceleration, abs(now.acceleration[joint]) / limits.acceleration[joint])
        worst.jerk = max(worst.jerk, abs(now.acceleration[joint] - before.acceleration[joint]) / dt / limits.jerk[joint])
        let average = (now.velocity[joint] + before.velocity[joint]) / 2
        worst.jump = max(worst.jump, abs(now.position[joint] - before.position[joint] - average * dt) / (dt * dt * limits.acceleration[joint]))
      }
      if let model {
        let jacobian = model.jacobian(at: now.position)
        let change = model.jacobianDerivative(at: now.position, velocity: now.velocity).twist(for: now.velocity)
        worst.speed = max(worst.speed, jacobian.twist(for: now.velocity).linear.length / tool.speed)
        worst.push = max(worst.push, (jacobian.twist(for: now.acceleration) + change).linear.length / tool.acceleration)
      }
      before = now
    }
    #expect(worst.velocity < 1.001 && worst.acceleration < 1.001 && worst.jerk < 1.001 && worst.jump < 0.6, "\(note): \(worst)")
    #expect(worst.speed < 1.001 && worst.push < 1.001, "\(note): \(worst)")
  }

  @Test func goesRoundASquareAtFullSpeed() throws {
    let model = try LineMoveTests.dummy()
    let start: JointVector = [0.3, 0.3, 1.3, 0.2, 0.9, -0.2]
    let pose = model.pose(at: start)
    let corners = [SIMD3<Double>(0, -0.1, 0), [0, -0.1, -0.1], [0, 0, -0.1], .zero].map { pose.translation + $0 }
    func square(blend: Double) throws -> Trajectory {
      let path = try ToolPath(from: pose, corners.map { .line(to: Pose(rotation: pose.rotation, translation: $0), blend: blend) })
      let move = try Trajectory.toolPath(path, from: start, follower: PathFollower(model: model), limits: model.limits)
      Self.expectWithinLimits(move, limits: model.limits, model: model, "square with \(blend)")
      for step in 0...500 {
        let tool = model.pose(at: move.setpoint(at: move.duration * Double(step) / 500).position)
        #expect(path.deviation(of: tool).position < 1e-5)
      }
      return move
    }
    let (sharp, small, wide) = (try square(blend: 0), try square(blend: 0.005), try square(blend: 0.05))
    #expect(wide.duration < small.duration && small.duration < sharp.duration)
  }

  @Test func restsAtStops() throws {
    let limits = PathsWaypointTests.limits(3)
    var random = SeededGenerator(seed: 96)
    for index in 0..<caseCount(6) {
      var own = random.limits(count: 3)
      (own.lower, own.upper) = (limits.lower, limits.upper)
      let corners = (0..<5).map { _ in random.configuration(within: limits) }
      let move = try Trajectory.waypoints(
        from: corners[0], through: [.init(corners[1]), .init(corners[2], blend: 0.2), .init(corners[3]), .init(corners[4])], limits: own)
      Self.expectWithinLimits(move, limits: own, "\(index)")
      for corner in [corners[1], corners[3]] {
        let nearest = (0...4000).map { move.setpoint(at: move.duration * Double($0) / 4000) }.min {
          ($0.position - corner).length < ($1.position - corner).length
        }
        #expect((nearest?.velocity.maximumMagnitude ?? 1) < 0.1)
      }
      let slow = try Trajectory.waypoints(
        from: corners[0], through: [.init(corners[1]), .init(corners[2], blend: 0.2), .init(corners[3]), .init(corners[4])], limits: own, speed: 0.5)
      #expect(abs(slow.duration - 2 * move.duration) < 1e-9)
    }
  }
}
