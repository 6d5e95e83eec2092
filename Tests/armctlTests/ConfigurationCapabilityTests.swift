import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import armctl

@Suite struct ConfigurationCapabilityTests {
  private let dummy = try! ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))

  @Test func dummyIsTheArmOfItsTable() {
    #expect(dummy.joints.map(\.name) == ["waist", "shoulder", "elbow", "forearm", "wrist", "tool_roll"])
    #expect(dummy.joints.map(\.transmission.ratio) == [50, 30, 30, 24, 30, 50])
    #expect(dummy.joints.map(\.transmission.isReversed) == [true, false, true, false, true, true])
    #expect(dummy.joints.map(\.motor.node) == [1, 2, 3, 4, 5, 6])
    #expect(dummy.buses.count == 1 && dummy.buses[0].bitrate == 1_000_000 && dummy.rate == 500)
    #expect(dummy.poses.map(\.name) == ["home", "rest"])
    let degrees = dummy.pose("rest")?.map { ($0 * 180 / .pi * 1e9).rounded() / 1e9 }
    #expect(degrees == [0, -73, 180, 0, 0, 0])
    #expect(dummy.pose("home") == [0, 0, .pi / 2, 0, 0, 0])
    #expect(dummy.powerOnPosition == dummy.pose("rest"))
    #expect(
      dummy.driveTrains.enumerated().allSatisfy { abs($1.rotor(atJoint: dummy.powerOnPosition[$0])) < 1e-12 }, "each drive reports zero at rest")
  }

  /// At every pose, with every joint at its limits of velocity and acceleration in any sense, gravity and friction: 30 % in hand.
  @Test func dummysMotorsHaveAThirdInHand() {
    var generator = SeededGenerator(seed: 4)
    let limits = dummy.limits, joints = dummy.joints
    for _ in 0..<caseCount(20_000) {
      let q = JointVector((0..<6).map { Double.random(in: limits.lower[$0]...limits.upper[$0], using: &generator) })
      let velocity = JointVector((0..<6).map { Bool.random(using: &generator) ? limits.velocity[$0] : -limits.velocity[$0] })
      let acceleration = JointVector((0..<6).map { Bool.random(using: &generator) ? limits.acceleration[$0] : -limits.acceleration[$0] })
      let effort = dummy.model.inverseDynamics(at: q, velocity: velocity, acceleration: acceleration)
      for joint in 0..<6 {
        let train = joints[joint].transmission
        let friction = train.coulomb + train.viscous * abs(velocity[joint])
        let needed =
          effort[joint] + train.ratio * train.ratio * train.rotorInertia * acceleration[joint] + (velocity[joint] < 0 ? -friction : friction)
        let motor = train.ratio * train.torqueConstant * joints[joint].motor.currentLimit
        #expect(abs(needed) * 1.3 <= min(motor, limits.effort[joint]), "\(joints[joint].name) at \(Array(q))")
      }
    }
  }

  @Test func noFigureIsBelowWhatSamplingFinds() {
    let capability = ArmCapability(dummy)
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<caseCount(5000) {
      let q = JointVector((0..<6).map { Double.random(in: dummy.limits.lower[$0]...dummy.limits.upper[$0], using: &generator) })
      let gravity = dummy.model.gravityEffort(at: q)
      for joint in 0..<6 { #expect(abs(gravity[joint]) <= capability.gravity[joint] * 1.03 + 1e-9) }
      let reach = dummy.model.pose(at: q).translation
      #expect((reach * reach).sum().squareRoot() <= capability.reach * 1.03)
    }
  }

  /// Worst cases that one can reckon by hand.
  @Test func figuresOfTheCrane() throws {
    let arm = try Crane.parse()
    let capability = ArmCapability(arm)
    // The boom level and drawn out, the rod at its end: 1 kg at 0.2 m and 0.5 kg at 0.5 m.
    #expect(abs(capability.gravity[1] - 9.81 * (0.2 + 0.25)) < 0.05)
    // The boom upright carries the rod.
    #expect(abs(capability.gravity[2] - 9.81 * 0.5) < 0.01)
    #expect(capability.gravity[0] < 1e-9)
    #expect(capability.available == [7, 40, 40])
    // The tool hangs 0.1 m beside the rod's end: upright, it is at (0.1, 0, 1).
    #expect(abs(capability.reach - (1.0 + 0.01).squareRoot()) < 0.01)
    // Backlash of the turn: 1 mrad at 0.5 m with the tool's 0.1 m straight below or above it.
    #expect(abs(capability.play - 0.001 * (0.5 * 0.5 + 0.1 * 0.1).squareRoot()) < 2e-5)
    // The swing's gravity over 3000 N·m/rad, at the tool's distance from its axis.
    #expect(abs(capability.windUp - capability.gravity[1] / 3000 * (0.5 * 0.5 + 0.1 * 0.1).squareRoot()) < 3e-5)
  }

  @Test func busBudget() throws {
    #expect(dummy.framesPerTick(onBus: 0) == 14)
    #expect(abs(dummy.load(ofBus: 0) - 14 * 123 * 500 / 1e6) < 1e-9)
    let crane = try Crane.parse()
    #expect(abs(crane.load(ofBus: 0) - 6 * 123 * 250 / 500e3) < 1e-9)
    let fast = try Crane.parse(replacing: "rate: 250", by: "rate: 1000")
    #expect(CapabilityReport(fast).warnings == ["warning: the bus can0 cannot carry 1000 Hz; lower the rate to 600"])
    let close = try Crane.parse(replacing: "rate: 250", by: "rate: 650")
    #expect(
      CapabilityReport(close).warnings == [
        "warning: the bus can0 is 96 % busy, and at worst a tick's frames take longer than it; lower the rate to 600"
      ])
  }

  @Test func reportOfTheDummy() {
    let report = CapabilityReport(dummy)
    #expect(report.warnings == [])
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "dummy · 6 joints from base to flange · reach 0.454 m · 3.95 kg · 500 Hz")
    #expect(lines[4] == "waist      -170 … 170°     72°/s       458°/s²  4584°/s³  ctrl-step  1@can0     0.0004°")
    #expect(report.json["joints"]?.array?.count == 6)
    #expect(report.json["joints"]?.array?[0]["node"] == 1)
    #expect(report.json["degreesOfFreedom"] == 6)
  }

  @Test func warningsSayWhatToChange() throws {
    let heavy = try Crane.parse(replacing: "ratio: 100", by: "ratio: 10")
    #expect(
      CapabilityReport(heavy).warnings == [
        "warning: swing has less than 30 % in hand against gravity alone; lighten the arm, or give it a stronger motor or more ratio"
      ])
    let hasty = try Crane.parse(replacing: "acceleration: 4,", by: "acceleration: 400,")
    #expect(
      CapabilityReport(hasty).warnings.first
        == "warning: swing has less than 30 % in hand with everything at once; lower its limits of acceleration or velocity")
  }
}
