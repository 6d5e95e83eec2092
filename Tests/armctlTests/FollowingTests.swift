import Control
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// The default arm on a tool path: what the true tool does, by the simulator's own kinematics.
@Suite struct FollowingTests {
  /// A square of 80 mm with corners rounded by 5 mm, in a vertical plane in front of the arm, gone round at full speed.
  struct Square {
    static let side = 0.08
    static let blend = 0.005
    let rig: LockstepRig
    let corners: [SIMD3<Double>]

    init() throws {
      rig = try LockstepRig()
      try rig.goHome()
      let start = SIMD3(0.26, -Self.side / 2, 0.2)
      let model = rig.configuration.model
      let down = ToolPose(position: start, quaternion: model.pose(at: try #require(rig.configuration.pose("home"))).rotation.quaternion)
      try rig.move(MotionRequest(goal: .pose(down), path: .jointMove))
      rig.forgetExtremes()
      corners = [[0, 0, 0], [0, Self.side, 0], [0, Self.side, Self.side], [0, 0, Self.side]].map { start + $0 }
    }

    var motion: MotionRequest {
      let goals = [1, 2, 3, 0].map { MotionRequest.Leg(goal: .point(corners[$0]), blend: Self.blend) }
      return MotionRequest(goal: goals[3].goal, path: .toolPath(goals))
    }

    /// How far the true tool is from the nearest edge, and from the nearest corner that is rounded [m].
    var distances: (edge: Double, corner: Double) {
      let tool = rig.trueTool.translation
      var edge = Double.infinity
      for index in 0..<4 {
        let (from, to) = (corners[index], corners[(index + 1) % 4])
        let way = to - from
        let share = min(max(dot(tool - from, way) / dot(way, way), 0), 1)
        edge = min(edge, length(tool - from - share * way))
      }
      return (edge, corners[1...].map { length(tool - $0) }.min() ?? 0)
    }

    private func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
    private func length(_ a: SIMD3<Double>) -> Double { dot(a, a).squareRoot() }

    /// The worst distance from the edges outside the corners' blends [m], and how near the tool came to a corner.
    func fly(_ motion: MotionRequest, disturb: (Int) -> Void = { _ in }) throws -> (worst: Double, ticks: Int) {
      var worst = 0.0
      var ticks = 0
      let trajectory = try rig.start(motion)
      rig.run(3 * trajectory.duration + 5, until: { ticks > 10 && rig.snapshot.isAtRest }) {
        ticks += 1
        disturb(ticks)
        let (edge, corner) = distances
        // Round a corner the tool leaves the edges, by no more than the blend radius from the corner.
        worst = max(worst, corner < Self.blend ? 0 : edge)
      }
      return (worst, ticks)
    }
  }

  @Test func squareWithRoundedCorners() throws {
    let square = try Square()
    let (worst, ticks) = try square.fly(square.motion)
    #expect(worst < 0.5e-3, "\(1000 * worst) mm off the edges after \(ticks) ticks")
    #expect(square.rig.events.contains(.finished(job: square.rig.nextJob)))
    #expect(square.rig.lastFault == nil)
  }

  static let disturbances: [(String, [ControlRequest])] = [
    ("pause", [.pause, .resume(.forward)]), ("slower", [.setSpeed(0.3), .setSpeed(1)]), ("faster", [.setSpeed(2), .setSpeed(1)]),
    ("back", [.resume(.back), .resume(.forward)]), ("back to the start", [.pause, .resume(.back)]), ("cancel", []),
  ]

  /// Whatever happens to the pace in the middle, the tool stays on its path.
  @Test(arguments: disturbances.indices) func staysOnThePath(index: Int) throws {
    let square = try Square()
    var motion = square.motion
    motion.speed = 0.6
    let (name, requests) = Self.disturbances[index]
    let (worst, ticks) = try square.fly(motion) { tick in
      if name == "cancel" {
        if tick == 170 { _ = square.rig.arm.post(.cancel(job: square.rig.nextJob)) }
      } else if tick > 1000 {
        if tick == 1001, let last = requests.last { _ = square.rig.arm.post(last) }
      } else if tick % 200 == 80 {
        _ = square.rig.arm.post(requests[0])
      } else if tick % 200 == 160 {
        _ = square.rig.arm.post(requests[1])
      }
    }
    #expect(worst < 0.5e-3, "\(name): \(1000 * worst) mm off the path after \(ticks) ticks")
    #expect(square.rig.lastFault == nil, "\(name)")
    #expect(square.rig.snapshot.isAtRest, "\(name)")
  }
}
