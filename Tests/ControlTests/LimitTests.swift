import Control
import Kinematics
import Planner
import Testing

/// An arm that was parked outside its limits, as many are.
@Suite struct LimitTests {
  static let parked: JointVector = [0, -1.6, 3.4, 0, 0, 0]

  @Test func holdsOutsideAndComesBack() {
    let rig = ArmRig.holding(at: Self.parked)
    rig.tick(count: 100)
    #expect(rig.snapshot.mode == .hold)
    #expect(rig.commanded == Self.parked || (rig.commanded! - Self.parked).maximumMagnitude < 1e-12)
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  @Test func mayNotGoFurtherOut() {
    let rig = ArmRig.holding(at: Self.parked)
    var further = Self.parked
    further[2] += 0.1
    let loose = JointLimits(unlimited: 6)
    var wide = TestArm.model.limits
    wide.upper = loose.upper
    wide.lower = loose.lower
    rig.request(.follow(try! Trajectory.jointMove(from: rig.snapshot.setpoint, to: further, limits: wide), job: 1))
    rig.settle()
    #expect(rig.snapshot.fault?.kind == "limit.position")
    #expect(rig.commanded![2] < Self.parked[2] + 1e-3)
  }

  /// What the parked arm was allowed is gone once it has come back.
  @Test func theAllowanceShrinksOnTheWayBack() {
    let rig = ArmRig.holding(at: Self.parked)
    rig.bring(to: TestArm.home)
    rig.bring(to: [0, 0, 3.1, 0, 0, 0])
    rig.takeEvents()
    rig.buses[0].blocked = [2]
    rig.position[2] = 3.2
    rig.tick(count: 10)
    #expect(rig.snapshot.fault?.kind == "limit.position")
  }

  @Test func stopsAndResetsOutside() {
    let rig = ArmRig.holding(at: Self.parked)
    rig.request(.follow(TestArm.move(from: rig.snapshot.setpoint, to: TestArm.home), job: 1))
    rig.tick(count: 20)
    rig.arm.stop()
    rig.settle()
    #expect(rig.snapshot.mode == .stopped)
    #expect(rig.position[2] > TestArm.model.limits.upper[2], "still outside")
    rig.button.isPressed = true
    rig.tick()
    rig.button.isPressed = false
    rig.tick()
    rig.request(.reset)
    rig.tick(count: 50)
    #expect(rig.snapshot.mode == .hold)
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  @Test func aTransientEffortPasses() {
    let rig = ArmRig.holding()
    rig.hand[2] = -10
    rig.tick(count: 49)
    rig.hand[2] = 0
    rig.tick()
    rig.hand[2] = -10
    rig.tick(count: 49)
    #expect(rig.snapshot.mode == .hold)
    rig.tick(count: 5)
    #expect(rig.snapshot.fault?.kind == "limit.effort")
  }
}
