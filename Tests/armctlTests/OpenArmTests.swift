import Control
import MotorDrivers
import Foundation
import Kinematics
import MotorDrivers
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// OpenArm from planner to physics and back over the Damiao wire, on logical time.
@Suite struct OpenArmTests {
  private func rig() throws -> LockstepRig {
    let rig = try LockstepRig("openarm")
    rig.run(0.1)
    _ = rig.arm.post(.hold)
    rig.run(0.2)
    return rig
  }

  private func go(_ rig: LockstepRig, to pose: String, speed: Double = 1) throws {
    try rig.move(MotionRequest(goal: .named(pose), path: .jointMove, speed: speed))
  }

  @Test func itHoldsAndMoves() throws {
    let rig = try rig()
    #expect(rig.snapshot.mode == .hold && rig.lastFault == nil)
    for pose in ["home", "ready", "reach", "home", "rest"] {
      try go(rig, to: pose)
      let target = rig.configuration.model.pose(at: try #require(rig.configuration.pose(pose)))
      let error = rig.toolError(from: target)
      // Dry friction against the drives' springs, without an integral.
      #expect(error.millimetres < 5 && error.degrees < 1.5, "\(pose): \(error)")
    }
    #expect(rig.lastFault == nil)
    #expect(rig.largestStray < 0.06, "\(rig.largestStray) rad off the setpoint")
    #expect(rig.largestSpeedShare < 1.1)
  }

  @Test func fivePercentOfFramesMayBeLost() throws {
    let rig = try rig()
    rig.line.arm.lossShare = 0.05
    for pose in ["home", "reach"] { try go(rig, to: pose) }
    #expect(rig.lastFault == nil, "\(String(describing: rig.lastFault))")
    #expect(rig.largestStray < 0.08)
  }

  /// The line stands still for longer than the motors' watchdogs wait: they let go, the controller knows, and a reset takes the arm up where it is.
  @Test func afterAStallTheArmIsTakenUpWhereItIs() throws {
    let rig = try rig()
    try go(rig, to: "home")
    rig.forgetExtremes()
    rig.line.stall(.cable, for: 0.15)
    rig.run(0.3)
    #expect(rig.snapshot.mode == .fault)
    // The elbow comes to lie on its end stop, and every setpoint goes with its joint.
    rig.run(1.5)
    for joint in rig.truth.indices { #expect(abs(rig.snapshot.setpoint[joint] - rig.truth[joint]) < 0.005, "joint \(joint)") }
    rig.forgetExtremes()
    try rig.reset()
    rig.run(0.5)
    #expect(rig.snapshot.mode == .hold, "\(String(describing: rig.snapshot.fault))")
    #expect(rig.snapshot.fault == nil)
    #expect(rig.largestStray < 0.25, "the setpoint waited where the arm was: \(rig.largestStray) rad")
    #expect(rig.largestSpeedShare < 1.5)
    try go(rig, to: "home")
    #expect(rig.snapshot.mode == .hold)
  }

  @Test func aFaultedMotorIsSaidAndTheOthersHold() throws {
    let rig = try rig()
    try go(rig, to: "ready")
    let before = rig.truth
    var motor = try #require(rig.line.arm.drives[6] as? EmulatedDamiao)
    motor.fail(.windingOverTemperature)
    rig.line.arm.drives[6] = motor
    rig.run(0.5)
    #expect(rig.snapshot.fault == .motor(joint: 6, .overTemperature) && rig.snapshot.mode == .fault)
    for joint in 0..<5 { #expect(abs(rig.truth[joint] - before[joint]) < 0.03) }
    try rig.reset()
    #expect(rig.snapshot.mode == .hold)
    try go(rig, to: "home")
    #expect(rig.snapshot.mode == .hold)
  }

  @Test func aRangeThatIsNotTheFilesIsRefused() throws {
    let text = try String(contentsOfFile: packageFile("Robots/openarm/arm.yaml"), encoding: .utf8)
    let other = text.replacingOccurrences(of: "id: 4, masterId: 20, pMax: 12.5, vMax: 8,", with: "id: 4, masterId: 20, pMax: 12.5, vMax: 10,")
    let file = try ArmConfiguration.parse(other, file: packageFile("Robots/openarm/arm.yaml"))
    let line = LockstepChannel(arm: try ArmConfiguration.load(packageFile("Robots/openarm/arm.yaml")).emulatedArm())
    let bus = file.makeBuses { _ in line }[0]
    let error = #expect(throws: (any Error).self) { try bus.connect() }
    #expect("\(error.map { "\($0)" } ?? "")" == "motor 4 on can0 has VMAX = 8.0, where the arm's file says 10.0; every figure would be wrong by that")
  }
}
