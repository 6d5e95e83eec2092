@testable import Control
import Kinematics
import MotorDrivers
import Planner
import TestSupport
import Testing

@Suite struct FloatTests {
  static func floating(at position: JointVector = TestArm.home) -> ArmRig {
    let rig = ArmRig.holding(at: position)
    rig.request(.float)
    rig.tick()
    #expect(rig.snapshot.mode == .float)
    return rig
  }

  @Test func staysWhereItIsWithoutAHand() {
    let rig = Self.floating()
    rig.tick(count: 2000)
    #expect((rig.position - TestArm.home).maximumMagnitude < 1e-9)
  }

  @Test(arguments: 0..<6) func followsAHandAndStaysWhereItIsLeft(_ joint: Int) {
    let rig = Self.floating()
    let push = 0.5 * TestArm.model.limits.effort[joint]
    for sign in [1.0, -1.0] {
      let before = rig.position[joint]
      rig.hand[joint] = sign * push
      rig.tick(count: 200)
      #expect(sign * (rig.position[joint] - before) > 0.02)
      rig.hand[joint] = 0
      rig.tick(count: 1000)
      let left = rig.position
      rig.tick(count: 1000)
      #expect((rig.position - left).maximumMagnitude < 1e-9)
    }
    #expect(rig.snapshot.mode == .float)
  }

  @Test func doesNotFeelWhatFrictionMayHide() {
    let rig = Self.floating()
    rig.hand = [0.44, -0.44, 0.44, 0.04, -0.04, 0.04]
    rig.tick(count: 1000)
    #expect((rig.position - TestArm.home).maximumMagnitude < 1e-9)
  }

  @Test func doesNotFeelALittleWrongGravityModel() {
    var settings = TestArm.settings
    settings.coulombFriction = JointVector(count: 6)
    let rig = ArmRig.holding(settings: settings)
    rig.request(.float)
    rig.hand = 0.02 * TestArm.model.limits.effort
    rig.tick(count: 1000)
    #expect((rig.position - TestArm.home).maximumMagnitude < 1e-9)
  }

  /// Pushed with all their might, the joints keep to their limits and come to rest at them.
  @Test(arguments: [1.0, -1.0]) func respectsTheLimits(_ sign: Double) {
    let limits = TestArm.model.limits
    let rig = Self.floating()
    rig.hand = 0.9 * sign * limits.effort
    var before = rig.snapshot.setpoint, velocity = JointVector(count: 6)
    for _ in 0..<6000 {
      // What holds the arm against gravity is not to count as too much effort.
      let gravity = TestArm.model.gravityEffort(at: rig.position)
      for joint in 0..<6 {
        let room = limits.effort[joint] - gravity[joint].magnitude
        rig.hand[joint] = sign * max(0.1, 0.9 * room)
      }
      rig.tick()
      let setpoint = rig.snapshot.setpoint
      let now = (1 / TestArm.period) * (setpoint - before)
      for joint in 0..<6 {
        #expect(setpoint[joint] <= limits.upper[joint] + 1e-9 && setpoint[joint] >= limits.lower[joint] - 1e-9)
        #expect(now[joint].magnitude <= limits.velocity[joint] * (1 + 1e-6))
        #expect((now[joint] - velocity[joint]).magnitude <= limits.acceleration[joint] * TestArm.period * (1 + 1e-6) + 1e-9)
      }
      (before, velocity) = (setpoint, now)
    }
    #expect(rig.snapshot.mode == .float, "\(String(describing: rig.snapshot.fault))")
    #expect((rig.snapshot.setpoint[1] - (sign > 0 ? limits.upper : limits.lower)[1]).magnitude < 1e-3)
  }

  @Test func fromOutsideTheLimitsItOnlyComesBack() {
    let rig = Self.floating(at: LimitTests.parked)
    rig.hand[2] = 3
    rig.tick(count: 500)
    #expect(rig.position[2] <= LimitTests.parked[2] + 1e-9)
    rig.hand[2] = -3
    rig.tick(count: 500)
    #expect(rig.position[2] < LimitTests.parked[2] - 0.05)
    #expect(rig.snapshot.mode == .float)
  }

  @Test func anEffortThatIsNotToldAnyMoreMovesNothing() {
    let rig = Self.floating()
    rig.buses[0].efforts[1] = nil
    rig.tick(count: 1000)
    #expect((rig.position - TestArm.home).maximumMagnitude < 1e-9)
    #expect(rig.snapshot.external[1] == 0)
  }

  @Test func stopBrakesAndHolds() {
    let rig = Self.floating()
    rig.hand[0] = 3
    rig.tick(count: 200)
    rig.arm.stop()
    rig.checkCommands(during: 500)
    #expect(rig.snapshot.mode == .stopped && rig.snapshot.isAtRest)
  }

  /// With the efforts that an arm's inertia makes, reported late: no swinging, also where rotors weigh three times what damping alone would suggest.
  @Test(arguments: 1...3, [0.02, 0.3]) func doesNotSwing(_ delay: Int, _ weight: Double) {
    let model = TestArm.model
    var settings = TestArm.settings
    for joint in 0..<6 { settings.rotorInertia[joint] = weight * model.limits.effort[joint] / model.limits.velocity[joint] }
    for joint in 0..<6 {
      var rig = CoreRig(settings: settings)
      rig.input.effort = model.gravityEffort(at: TestArm.home)
      rig.tick(.hold)
      rig.tick(.float)
      #expect(rig.core.mode == .float)
      var efforts = Array(repeating: rig.input.effort, count: delay)
      var before = JointVector(count: 6)
      var peak = 0.0, travelled = 0.0, lastVelocity = 0.0
      for tick in 0..<1000 {
        var hand = JointVector(count: 6)
        if tick < 300 { hand[joint] = 0.6 * model.limits.effort[joint] }
        let q = rig.core.setpoint.position
        let acceleration = (1 / TestArm.period) * (rig.core.setpoint.velocity - before)
        before = rig.core.setpoint.velocity
        let inertia = model.massMatrix(at: q) * acceleration + settings.rotorInertia.scaled(by: acceleration)
        efforts.append(model.gravityEffort(at: q) + inertia - hand)
        rig.input.effort = efforts.removeFirst()
        rig.tick()
        let velocity = rig.core.setpoint.velocity[joint]
        peak = max(peak, velocity)
        travelled += (velocity - lastVelocity).magnitude
        lastVelocity = velocity
      }
      // The velocity rises once and falls once.
      let rest = rig.core.setpoint.velocity[joint]
      #expect(peak > 0.05 && rest >= 0 && rest < 0.3 * peak, "joint \(joint)")
      #expect(travelled < 1.2 * (2 * peak - rest), "joint \(joint)")
      #expect(rig.core.mode == .float, "joint \(joint): \(String(describing: rig.core.fault))")
    }
  }
}
