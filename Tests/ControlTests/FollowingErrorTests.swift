import Control
import Kinematics
import MotorDrivers
import Testing

@Suite struct FollowingErrorTests {
  /// A joint that runs against an obstacle: the setpoint goes on until the error is too large, and then back to where the joint is.
  @Test func anObstacleIsNotPushedAnyFurther() {
    let rig = ArmRig.moving()
    rig.buses[0].blocked = [1]
    let obstacle = rig.position[1]
    var furthest = 0.0
    for _ in 0..<1000 {
      rig.tick()
      furthest = max(furthest, rig.commanded![1] - obstacle)
    }
    guard case .followingError(joint: 1, let value, limit: 0.2)? = rig.snapshot.fault else {
      Issue.record("no fault, or another: \(rig.events)")
      return
    }
    #expect(value > 0.2 && value < 0.22)
    #expect(furthest < 0.22)
    #expect((rig.commanded![1] - obstacle).magnitude < 0.001)
    #expect(rig.snapshot.isPowered && rig.snapshot.isAtRest)
  }

  @Test func afterTheObstacleTheArmGoesOn() {
    let rig = ArmRig.moving()
    rig.buses[0].blocked = [1]
    rig.tick(count: 1000)
    rig.buses[0].blocked = []
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .hold)
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  /// Whoever pushes a faulted arm finds it stiff, but only up to the allowed error.
  @Test func aFaultedArmGivesWayOnceItIsPushedTooFar() {
    let rig = ArmRig.holding()
    rig.buses[1].errorRate = 0.5
    rig.tick()
    rig.buses[0].blocked = [0]
    rig.position[0] += 0.19
    rig.tick(count: 10)
    #expect(rig.commanded![0] == TestArm.home[0])
    for _ in 0..<20 {
      rig.position[0] += 0.001
      rig.tick()
    }
    rig.tick(count: 100)
    // It was pushed at 0.5 rad/s and braked from there.
    #expect(rig.commanded![0] > 0.19 && rig.commanded![0] < 0.25)
    #expect(rig.snapshot.fault?.kind == "bus.noise")
  }

  @Test func aStalledMotorIsNotPushedEither() {
    let rig = ArmRig.moving()
    rig.buses[0].blocked = [1]
    rig.tick(count: 40)
    let gap = rig.commanded![1] - rig.position[1]
    #expect(gap > 0.02)
    rig.buses[0].faults[1] = .stalled
    rig.tick()
    #expect((rig.commanded![1] - rig.position[1]).magnitude < 1e-6)
  }
}
