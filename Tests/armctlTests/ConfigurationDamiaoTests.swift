import Control
import Foundation
import Kinematics
import MotorDrivers
import TestSupport
import Testing

@testable import armctl

/// Arm files with Damiao motors.
@Suite struct ConfigurationDamiaoTests {
  private static let motor = "driver: damiao, bus: can1, id: 2, masterId: 0x12, pMax: 1000, vMax: 200, tMax: 28, timeout: 0.05"
  private static let old = "driver: ctrl-step, bus: can1, id: 2, currentLimit: 2.0"

  /// The crane with that motor at its first joint, which then does not turn without end any more.
  private func crane(_ motor: String) throws(ConfigurationError) -> ArmConfiguration {
    let text = Crane.text.replacingOccurrences(of: Self.old, with: motor)
    return try Crane.parse(text.replacingOccurrences(of: "limits: {velocity: 1.0", with: "limits: {position: [-3, 3], velocity: 1.0"))
  }

  @Test func aJointWithoutEndIsRefused() {
    let slip = #expect(throws: ConfigurationError.self) { try Crane.parse(replacing: Self.old, by: Self.motor) }
    #expect(
      slip?.plainReport.contains("joints.swing.motor is for a joint that turns without end, where the motor's positions end at ± pMax") == true)
  }

  @Test func theKeysArrive() throws {
    let arm = try crane(Self.motor + ", stiffness: 50, damping: 2")
    let motor = try #require(arm.joints[1].motor.damiao)
    #expect(motor == .init(masterId: 18, pMax: 1000, vMax: 200, tMax: 28, timeout: 0.05, stiffness: 50, damping: 2))
    #expect(arm.wiring[1].impedance?.stiffness == 50 && arm.wiring[0].impedance == nil)
    #expect(arm.framesPerTick(onBus: 1) == 2 && arm.framesPerTick(onBus: 0) == 6)
    // 100:1 of 28 N·m.
    #expect(arm.joints[1].availableEffort == 2800)
    let buses = arm.makeBuses(ports: [:])
    #expect(buses[0] is CtrlStepBus && buses[1] is DamiaoBus)
  }

  @Test func whatIsLeftOutIsReckoned() throws {
    let arm = try crane(Self.motor.replacingOccurrences(of: ", masterId: 0x12", with: ""))
    let motor = try #require(arm.joints[1].motor.damiao)
    #expect(motor.masterId == 18)
    #expect(motor.stiffness == 4 * 28 * 100)
    let middle = JointVector(zip(arm.limits.lower, arm.limits.upper).map { 0.5 * ($0 + $1) })
    let inertia = arm.model.massMatrix(at: middle)[1, 1] + 1e4 * 5.5e-6
    #expect(abs(motor.damping - 2 * 0.7 * (motor.stiffness * inertia).squareRoot()) < 1e-9)
  }

  struct Slip: CustomTestStringConvertible, Sendable {
    let motor, report: String
    var testDescription: String { motor }
  }

  @Test(arguments: [
    Slip(
      motor: "driver: damiao, bus: can1, id: 2, pMax: 1000, tMax: 28, timeout: 0.05",
      report: """
        joints.swing.motor lacks the key "vMax", which a damiao drive needs; it has driver, bus, id, pMax, tMax, timeout
        try: add vMax: 45
        """),
    Slip(
      motor: "driver: ctrl-step, bus: can1, id: 2",
      report: """
        joints.swing.motor lacks the key "currentLimit", which a ctrl-step drive needs; it has driver, bus, id
        try: add currentLimit: 2.0
        """),
    Slip(
      motor: motor + ", currentLimit: 3",
      report: """
        joints.swing.motor.currentLimit is for ctrl-step drives, and this is a damiao drive
        try: remove it
        """),
    Slip(
      motor: motor.replacingOccurrences(of: "can1", with: "can0"),
      report: """
        joints.turn.motor.driver is ctrl-step, where the bus can0 speaks damiao with the motor of swing
        try: put the motor on a bus of its own
        """),
    Slip(
      motor: motor.replacingOccurrences(of: "timeout: 0.05", with: "timeout: 0.004"),
      report: """
        joints.swing.motor.timeout is 0.004 s, less than five ticks at 250 Hz; a few late frames would let the arm go
        try: write timeout: 0.05
        """),
    Slip(
      motor: motor.replacingOccurrences(of: "0x12", with: "2"),
      report: """
        joints.swing.motor.masterId is the motor's own id, 2; it would hear its own answers
        try: write masterId: 18
        """),
    Slip(
      motor: motor.replacingOccurrences(of: "vMax: 200", with: "vMax: 45"),
      report: """
        joints.swing.motor.vMax is 45 rad/s, less than the joint's limit × ratio, 50 rad/s: the motor could not say it
        try: lower the joint's limit, or give the motor another range
        """),
  ]) func slipsAreNamed(example: Slip) throws {
    let slip = #expect(throws: ConfigurationError.self) { try crane(example.motor) }
    let lines = (slip?.plainReport ?? "").split(separator: "\n").map(String.init)
    let sentence = lines.first.map { String($0.drop { $0 != " " }.dropFirst()) } ?? ""
    #expect(sentence + "\n" + (lines.last ?? "") == example.report)
  }

  @Test func openArmIsAsItsMotorsAre() throws {
    let arm = try ArmConfiguration.load(packageFile("Robots/openarm/arm.yaml"))
    #expect(arm.joints.map(\.name) == (1...7).map { "openarm_joint\($0)" })
    #expect(arm.joints.compactMap(\.motor.damiao?.tMax) == [54, 54, 28, 28, 10, 10, 10])
    #expect(arm.joints.compactMap(\.motor.damiao?.masterId) == Array(0x11...0x17))
    #expect(Array(arm.limits.effort) == [40, 40, 27, 27, 7, 7, 7])
    #expect(arm.rate == 500 && arm.homing == .absolute && arm.buses.count == 1)
    #expect(abs(arm.load(ofBus: 0) - 0.861) < 1e-9)
    #expect(CapabilityReport(arm).warnings.allSatisfy { $0.contains("finger") })
    // Upright, friction alone keeps it: nothing falls before the motors are on.
    let gravity = arm.model.gravityEffort(at: arm.powerOnPosition)
    for joint in 0..<7 { #expect(abs(gravity[joint]) < arm.joints[joint].transmission.coulomb) }
  }
}
