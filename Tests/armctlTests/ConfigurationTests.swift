import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

@Suite struct ConfigurationTests {
  // MARK: What the file says

  @Test func keepsWhatTheFileSays() throws {
    let arm = try Crane.parse()
    #expect(arm.name == "crane")
    #expect(arm.rate == 250 && arm.period == 0.004)
    #expect(arm.homing == .powerOn)
    #expect(arm.joints.map(\.name) == ["turn", "swing", "reach"], "in the model's order, whatever the file's")
    #expect(arm.buses.map(\.name) == ["can0", "can1"])
    #expect(arm.buses.map(\.joints) == [[0, 2], [1]])
    #expect(arm.buses.map(\.bitrate) == [500_000, 1_000_000])
    #expect(arm.buses[1].port == "/dev/ttyACM1")
    #expect(arm.joints.map(\.motor.bus) == [0, 1, 0])
    #expect(arm.joints.map(\.motor.motor) == [0, 0, 1])
    #expect(arm.joints.map(\.motor.node) == [1, 2, 2])
    #expect(arm.poses.map(\.name) == ["rest", "out"])
    #expect(arm.pose("out") == [1, -0.25, 0.15])
    #expect(arm.gpio.emergencyStop == .init(chip: "gpiochip0", line: 17, isActiveLow: true))
    #expect(arm.gpio.enable == .init(chip: "gpiochip0", line: 27, isActiveLow: false))
    #expect(arm.safety == .init(followingError: 0.1, busSilence: 0.03, busNoise: 0.15))
    #expect(arm.mass == 3.5)
    #expect(
      arm.joints[0].transmission
        == .init(
          kind: .belt, ratio: 50, isReversed: false, offset: 0, stiffness: nil, backlash: 0.001, coulomb: 0.8, viscous: 0.4,
          rotorInertia: 5.5e-6, torqueConstant: 0.2, ratchetTorque: 7))
    #expect(arm.joints[1].transmission.isReversed && arm.joints[1].transmission.offset == 0.5)
  }

  @Test func vibrationsAreReadAndShapedInTheLoop() throws {
    let jerk = "limits: {velocity: 1.0, acceleration: 4, jerk: 40}"
    #expect(try Crane.parse().controlSettings.vibrations == [nil, nil, nil])
    let full = try Crane.parse(replacing: jerk, by: jerk + "\n    vibration: {frequency: 6.5, damping: 0.03, shaper: zv}")
    #expect(full.controlSettings.vibrations == [nil, VibrationMode(frequency: 6.5, damping: 0.03, shaper: .zeroVibration), nil])
    let short = try Crane.parse(replacing: jerk, by: jerk + "\n    vibration: {frequency: 6.5}")
    #expect(short.joints[1].vibration == VibrationMode(frequency: 6.5, shaper: .zeroVibrationDerivative))
  }

  @Test func driveLimitsFollowTheJointsWhereTheFileIsSilent() throws {
    let motors = try Crane.parse().joints.map(\.motor)
    #expect(motors.map(\.velocityLimit) == [200, 75, 60])
    #expect(motors.map(\.accelerationLimit) == [500, 800, 400])
  }

  @Test func toolFrameIsInTheTipLinks() throws {
    let arm = try Crane.parse()
    let flange = try RobotModel(urdf: URDF(contentsOf: arm.modelFile), tip: "hook")
    let q: JointVector = [0.3, 0.2, 0.1]
    let expected = flange.pose(at: q) * Pose(rotation: Rotation(quaternion: [0, 0, 0.6, 0.8]), translation: [0, 0, -0.1])
    let difference = arm.model.pose(at: q).translation - expected.translation
    #expect((difference * difference).sum() < 1e-24)
    #expect(abs((arm.model.pose(at: q).rotation.quaternion * expected.rotation.quaternion).sum().magnitude - 1) < 1e-12)
  }

  @Test func sectionsMayBeLeftOut() throws {
    let end = try #require(Crane.text.range(of: "gpio:"))
    let arm = try Crane.parse(String(Crane.text[..<end.lowerBound]))
    #expect(arm.gpio == .init() && arm.poses.isEmpty && arm.model.tool == .identity)
    #expect(arm.safety == .init(followingError: 0.2, busSilence: 0.02, busNoise: 0.15))
    #expect(arm.powerOnPosition == [0, 0.5, 0], "where every motor reports zero")
    let slow = try Crane.parse(String(Crane.text[..<end.lowerBound]).replacingOccurrences(of: "rate: 250", with: "rate: 50"))
    #expect(slow.safety.busSilence == 3.0 / 50)
  }

  // MARK: Limits

  struct LimitCase: Sendable, CustomTestStringConvertible {
    let what: String
    let old, new: String
    let limit: @Sendable (JointLimits) -> Double
    let expected: Double
    var testDescription: String { "\(what): \(new)" }
  }

  static let limitCases: [LimitCase] = [
    .init(what: "the model's lower end", old: "[-2.5, 1.5]", new: "[-2.5, 1.5]", limit: { $0.lower[0] }, expected: -2),
    .init(what: "the file's lower end", old: "[-2.5, 1.5]", new: "[-1.5, 1.5]", limit: { $0.lower[0] }, expected: -1.5),
    .init(what: "the file's upper end", old: "[-2.5, 1.5]", new: "[-2.5, 1.5]", limit: { $0.upper[0] }, expected: 1.5),
    .init(what: "the model's upper end", old: "[-2.5, 1.5]", new: "[-2.5, 2.5]", limit: { $0.upper[0] }, expected: 2),
    .init(what: "no end at all", old: "tip", new: "tip", limit: { $0.upper[1] }, expected: .infinity),
    .init(what: "the model's ends alone", old: "tip", new: "tip", limit: { $0.upper[2] }, expected: 0.2),
    .init(what: "the file's velocity", old: "velocity: 2.0", new: "velocity: 2.0", limit: { $0.velocity[0] }, expected: 2),
    .init(what: "the model's velocity", old: "velocity: 2.0", new: "velocity: 3.5", limit: { $0.velocity[0] }, expected: 3),
    .init(what: "the model's velocity", old: "tip", new: "tip", limit: { $0.velocity[1] }, expected: 0.5),
    .init(what: "the file's acceleration", old: "tip", new: "tip", limit: { $0.acceleration[1] }, expected: 4),
    .init(what: "the file's jerk", old: "tip", new: "tip", limit: { $0.jerk[2] }, expected: 10),
    .init(what: "the reducer's effort", old: "ratchetTorque: 7", new: "ratchetTorque: 7", limit: { $0.effort[0] }, expected: 7),
    .init(what: "the model's effort", old: "ratchetTorque: 7", new: "ratchetTorque: 70", limit: { $0.effort[0] }, expected: 9),
    .init(what: "the file's effort", old: "effort: 12", new: "effort: 5", limit: { $0.effort[0] }, expected: 5),
    .init(what: "the motor's effort", old: "tip", new: "tip", limit: { $0.effort[2] }, expected: 200 * 0.2 * 1),
  ]

  @Test(arguments: limitCases) func theTighterLimitHolds(_ row: LimitCase) throws {
    let arm = try Crane.parse(replacing: row.old, by: row.new)
    #expect(abs(row.limit(arm.limits) - row.expected) < 1e-12 || row.limit(arm.limits) == row.expected)
    #expect(arm.modelLimits.effort == [9, 40, 100], "the mechanism's own limits stay")
  }

  // MARK: Seams

  @Test func transmissionsAndDriveTrainsAgree() throws {
    for arm in [try Crane.parse(), try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))] {
      for (wiring, train) in zip(arm.wiring, arm.driveTrains) {
        for rotor in [-300.0, 0, 1, 200] {
          #expect(abs(wiring.transmission.jointPosition(ofRotor: rotor) - train.joint(atRotor: rotor)) < 1e-12)
        }
        #expect(abs(wiring.transmission.jointEffort(ofRotor: train.torqueConstant * 0.5) - train.effort(ofCurrent: 0.5)) < 1e-12)
      }
      let settings = arm.controlSettings
      #expect(settings.period == arm.period && settings.limits == arm.limits && settings.busSilence == arm.safety.busSilence)
      #expect(settings.coulombFriction == JointVector(arm.driveTrains.map(\.coulomb)))
    }
  }

  @Test func theModelsErrorsKeepTheirPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text)
    let urdf = try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)
    try folder.write("crane.urdf", urdf.replacingOccurrences(of: "\"continuous\"", with: "\"continous\""))
    let error = #expect(throws: ConfigurationError.self) { try ArmConfiguration.load(folder.path + "/crane.yaml") }
    #expect(
      error?.report.replacingOccurrences(of: folder.path + "/", with: "") == """
        crane.urdf:16:23: joint "swing" has the unknown type "continous"; did you mean "continuous"?
          16 |   <joint name="swing" type="continous">
             |                       ^
        try: use one of: revolute, continuous, prismatic, fixed, floating, planar
        """)
  }

  @Test func filesThatAreNoArmFiles() throws {
    func report(_ text: String) -> String? { #expect(throws: ConfigurationError.self) { try Crane.parse(text) }?.plainReport }
    #expect(report("") == "crane.yaml: the file is empty\ntry: copy an arm.yaml from Robots, and change it")
    #expect(report("# nothing\n") == "crane.yaml: the file is empty\ntry: copy an arm.yaml from Robots, and change it")
    #expect(
      report("- 1\n- 2\n")
        == "crane.yaml:1:1: the file has to hold keys, such as name\n  1 | - 1\n    | ^\ntry: write KEY: VALUE, one a line, indented alike")
    #expect(report("name: a\n---\nname: b\n")?.hasPrefix("crane.yaml:2:1: the file is no YAML here: ") == true)
    let missing = #expect(throws: ConfigurationError.self) { try ArmConfiguration.load("/nowhere/arm.yaml") }
    #expect(missing?.description == "/nowhere/arm.yaml: there is no such file")
  }

  /// Whatever letter is changed, dropped or added, the file is read or refused in a sentence; nothing crashes.
  @Test func oneWrongByteNeverCrashes() throws {
    var generator = SeededGenerator(seed: 12)
    let letters = Array(" \t\n:,[]{}#&*!|>'\"%@`-?0159aZ.\u{e9}\u{1F600}")
    for _ in 0..<caseCount(400) {
      var text = Array(Crane.text)
      let index = Int.random(in: text.indices, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: text[index] = letters.randomElement(using: &generator)!
      case 1: text.remove(at: index)
      default: text.insert(letters.randomElement(using: &generator)!, at: index)
      }
      do throws(ConfigurationError) {
        let arm = try Crane.parse(String(text))
        #expect(arm.joints.count == 3 && arm.limits.velocity.allSatisfy { $0 > 0 && $0.isFinite })
      } catch {
        #expect(!error.sentence.isEmpty && !error.suggestion.isEmpty)
      }
    }
  }
}
