import Control
import Kinematics
import Planner
import Testing

/// Streams that lead on and on into a position limit.
@Suite struct StreamLimitTests {
  /// The joint comes to its limit, and neither passes it nor swings back.
  @Test(arguments: [-1.5, -0.4, 1.5]) func aJointComesToRestAtItsLimit(rate: Double) {
    var rig = CoreRig(settings: TestArm.settings)
    rig.tick(.hold)
    var before = rig.core.setpoint.position[2]
    for _ in 0..<2500 {
      rig.tick(.servo(.rates([0, 0, rate, 0, 0, 0])))
      let now = rig.core.setpoint.position[2]
      #expect(rate < 0 ? now <= before + 1e-12 : now >= before - 1e-12)
      before = now
    }
    let limits = TestArm.model.limits
    #expect(abs(before - (rate < 0 ? limits.lower[2] : limits.upper[2])) < 1e-3)
    #expect(rig.core.fault == nil)
  }

  /// The tool goes along its line until a joint is at its limit, and stays there.
  @Test func theToolStaysOnItsLine() {
    var rig = CoreRig(settings: TestArm.settings)
    rig.tick(.hold)
    rig.tick(.goTo([0, 0.31, 0.75, 0, 0.59, 0], speed: 1, job: 1))
    rig.settle()
    let start = TestArm.model.pose(at: rig.core.setpoint.position)
    var farthest = 0.0
    for _ in 0..<2000 {
      rig.tick(.servo(.twist(Twist(linear: [0, 0, 0.05]), .base)))
      let pose = TestArm.model.pose(at: rig.core.setpoint.position), way = pose.translation - start.translation
      #expect(way.z > farthest - 0.002, "it does not come back")
      #expect((way.x * way.x + way.y * way.y).squareRoot() < 0.002)
      #expect((pose.rotation * start.rotation.inverse).rotationVector.length < 0.0175)
      farthest = max(farthest, way.z)
    }
    #expect(farthest > 0.001 && rig.core.setpoint.position[2] < TestArm.model.limits.lower[2] + 0.01)
  }
}
