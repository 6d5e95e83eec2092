import Control
import Kinematics
import MotorDrivers
import Testing

@Suite struct PowerTests {
  @Test func beginsOffWithTheEnableLineOff() {
    let rig = ArmRig()
    #expect(rig.enable.isActive == nil)
    rig.tick(count: 5)
    #expect(rig.enable.isActive == false)
    #expect(rig.snapshot.mode == .off && !rig.snapshot.isPowered && rig.isOff)
    #expect(rig.snapshot.isHeard)
    #expect((rig.snapshot.position - TestArm.home).maximumMagnitude < 1e-12)
    #expect(rig.takeEvents() == [])
  }

  @Test func switchesOnWhereItIsMeasured() {
    let rig = ArmRig()
    rig.tick(count: 5)
    rig.position = [0.1, -0.2, 1.4, 0.3, 0.2, -0.1]
    rig.tick(count: 3)
    rig.request(.hold)
    rig.tick()
    #expect(rig.takeEvents() == [.powerChanged(isOn: true), .modeChanged(.hold)])
    #expect(rig.enable.isActive == true)
    #expect((rig.commanded! - [0.1, -0.2, 1.4, 0.3, 0.2, -0.1]).maximumMagnitude < 1e-12)
  }

  @Test func isRefusedBeforeTheMotorsWereHeard() {
    let rig = ArmRig()
    rig.buses[1].mute = [0, 1, 2]
    rig.request(.hold)
    rig.tick()
    #expect(rig.takeEvents() == [.refused(.mode(.hold), .notHeard(joint: 3))])
    #expect(!rig.snapshot.isPowered && !rig.snapshot.isHeard)
  }

  @Test func aMoveIsBrakedBeforeThePowerGoes() {
    let rig = ArmRig.moving()
    rig.request(.off)
    var wasPowered = true
    for _ in 0..<1000 where wasPowered {
      let before = rig.snapshot
      rig.tick()
      wasPowered = rig.snapshot.isPowered
      if !wasPowered { #expect(before.isAtRest) }
    }
    #expect(!wasPowered && rig.isOff)
    #expect(rig.enable.isActive == false)
    let last = rig.takeEvents()
    #expect(last == [.interrupted(job: 1, by: .mode), .modeChanged(.stopped), .powerChanged(isOn: false), .modeChanged(.off)])
  }

  @Test func theEmergencyStopCutsThePowerInItsTick() {
    let rig = ArmRig.moving()
    rig.button.isPressed = true
    rig.tick()
    #expect(rig.isOff && rig.enable.isActive == false && !rig.snapshot.isPowered)
    #expect(
      rig.takeEvents() == [.interrupted(job: 1, by: .fault), .modeChanged(.fault), .faulted(.emergencyStop), .powerChanged(isOn: false)])
  }

  @Test func afterAnEmergencyStopTheArmIsHeldWhereItFell() {
    let rig = ArmRig.moving()
    rig.button.isPressed = true
    rig.tick()
    rig.position[1] += 0.4
    rig.tick(count: 100)
    rig.button.isPressed = false
    rig.tick(count: 2)
    #expect(rig.isOff, "releasing the button alone does nothing")
    let fallen = rig.position
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .hold)
    #expect((rig.commanded! - fallen).maximumMagnitude < 1e-12)
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  @Test func anEnableLineThatCannotBeSetIsAFault() {
    let rig = ArmRig.holding()
    rig.enable.isDead = true
    rig.request(.off)
    rig.tick(count: 3)
    #expect(rig.snapshot.fault == .safetyLine)
    #expect(!rig.snapshot.isPowered)
    rig.request(.reset)
    rig.tick()
    #expect(rig.takeEvents().last == .refused(.reset, .safetyLine))
    rig.enable.isDead = false
    rig.tick(count: 2)
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .off && rig.enable.isActive == false)
  }

  @Test func disconnectingSwitchesOff() {
    let rig = ArmRig.holding()
    rig.arm.disconnect()
    #expect(rig.enable.isActive == false && rig.isOff)
  }
}
