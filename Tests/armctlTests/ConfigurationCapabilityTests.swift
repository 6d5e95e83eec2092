import ArgumentParser
import Foundation
import FoundationXML
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
    #expect(dummy.poses.map(\.name) == ["home", "rest", "ready"])
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
    // The tool hangs 0.1 m beside the rod's end, 0.5 m from the swing's axis; at best it is straight above that axis.
    #expect(abs(arm.model.reach.farthestFromBase - (0.5 + (0.25 + 0.01).squareRoot())) < 1e-9)
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

  @Test func reportOfTheDummy() throws {
    let report = CapabilityReport(dummy, collision: try dummy.armCollision())
    #expect(report.warnings == [])
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "dummy · 6 joints from base to flange · reach 0.458 m · 3.95 kg · 500 Hz")
    #expect(lines[4] == "waist      -170 … 170°     72°/s       458°/s²  4584°/s³  ctrl-step  1@can0     0.0004°")
    #expect(report.json["joints"]?.array?.count == 6)
    #expect(report.json["joints"]?.array?[0]["node"] == 1)
    #expect(report.json["degreesOfFreedom"] == 6)
    #expect(report.errors.isEmpty)
    #expect(
      Array(lines.drop { !$0.hasPrefix("reach:") }.prefix(8)) == [
        "reach: 0 to 378 mm from the shoulder, which is at 0, 0, 109 mm; at most 458 mm from the base",
        "degrees of freedom: 6 with 6 joints",
        "inverse kinematics: closed form: the axes of forearm, wrist and tool_roll meet in a point, and waist, shoulder and elbow follow from two "
          + "quadratic equations; 8 branches",
        "singular: wrist = 0°: the axes of forearm and tool_roll are in line",
        "          shoulder and elbow together, such as at -52.7° and 117.1°: the wrist's centre is on the axis of waist",
        "          a search found these; there may be others", "",
        "collisions: 33 spheres from a file",
      ])
    let kinematics = try #require(report.json["kinematics"])
    #expect(kinematics["inverseKinematics"]?["method"] == "closed-form")
    #expect(kinematics["singularities"]?.array?.count == 2)
    #expect(kinematics["goals"]?["free"] == "none")
  }

  @Test func kinematicsOfTheCrane() throws {
    let report = KinematicsReport(try Crane.parse())
    #expect(
      report.lines == [
        "reach: 316 to 510 mm from the shoulder, which is at 0, 0, 500 mm; at most 1010 mm from the base",
        "degrees of freedom: 3 with 3 joints; in which 3 directions the tool cannot move depends on the posture; goals leave the tool's "
          + "orientation open",
        "inverse kinematics: numeric: joint \"reach\" slides, and there are closed forms only for joints that turn",
        "singular: swing and reach together, such as at -106.8° and 31 mm: the tool's point is on the axis of turn",
        "          a search found this; there may be more",
      ])
  }

  @Test func formulasThatGoalsHaveNoUseFor() throws {
    let text = try String(contentsOfFile: packageFile("Robots/dummy/arm.yaml"), encoding: .utf8) + "\ntool: {free: axis}\n"
    let report = KinematicsReport(try ArmConfiguration.parse(text, file: packageFile("Robots/dummy/arm.yaml")))
    #expect(
      report.lines.contains(
        "inverse kinematics: numeric: goals leave the turn about the tool's z open, and closed forms are for goals that leave nothing open"))
    #expect(report.json["inverseKinematics"]?["method"] == "numeric")
    let bound = KinematicsReport(try Crane.parse(replacing: "tool:\n", by: "tool:\n  free: none\n"))
    #expect(
      bound.lines[1] == "degrees of freedom: 3 with 3 joints; in which 3 directions the tool cannot move depends on the posture; "
        + "of the 6 directions that goals bind the arm commands 3")
  }

  @Test func followersHaveNoMotor() throws {
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text)
    let urdf = try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)
    try folder.write("crane.urdf", urdf.replacingOccurrences(of: "<axis xyz=\"1 0 0\"/>", with: "<axis xyz=\"1 0 0\"/><mimic joint=\"swing\"/>"))
    let error = #expect(throws: ConfigurationError.self) { try ArmConfiguration.load(folder.path + "/crane.yaml") }
    #expect(
      error?.sentence == "the joint \"reach\" follows swing in the model, and has no motor of its own; the arm's joints are turn, swing")
    #expect(error?.suggestion == "remove it")
  }

  @Test func warningsSayWhatToChange() throws {
    let heavy = try Crane.parse(replacing: "ratio: 100", by: "ratio: 12")
    #expect(
      CapabilityReport(heavy).warnings == [
        "warning: swing has less than 30 % in hand against gravity alone; lighten the arm, or give it a stronger motor or more ratio"
      ])
    let whirling = try Crane.parse(replacing: "ratio: 100", by: "ratio: 5000")
    #expect(
      CapabilityReport(whirling).warnings.first
        == "warning: swing would turn its motor at 23873 turns/min; look at its ratio and its limit of velocity")
    let hasty = try Crane.parse(replacing: "acceleration: 4,", by: "acceleration: 400,")
    #expect(
      CapabilityReport(hasty).warnings.first
        == "warning: swing needs 242 % of what it can do with everything at once; lower its limits of acceleration or velocity")
  }

  @Test func whatCannotWorkIsRefused() throws {
    let weak = CapabilityReport(try Crane.parse(replacing: "ratio: 100", by: "ratio: 10"))
    #expect(
      weak.errors == [
        CommandFailure(
          "swing cannot hold itself: gravity takes 4.41 N·m at the worst pose, and motor, current limit, reducer and effort limit allow 4.00 N·m",
          suggestion: "a lighter arm, a stronger motor, more ratio, or limits of position that leave the worst poses out")
      ])
    #expect(weak.warnings.isEmpty, "what is an error is no warning too")
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text)
    let urdf = try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)
    try folder.write(
      "crane.urdf",
      urdf.replacingOccurrences(
        of: "<inertia ixx=\"0.001\" ixy=\"0\" ixz=\"0\" iyy=\"0.01\"", with: "<inertia ixx=\"0.03\" ixy=\"0\" ixz=\"0\" iyy=\"0.01\""))
    let thick = CapabilityReport(try ArmConfiguration.load(folder.path + "/crane.yaml"))
    #expect(thick.errors.isEmpty, "makers of arms ship such files")
    #expect(
      thick.warnings == [
        "warning: \(folder.path)/crane.urdf:27:7: the inertia of link \"boom\" cannot be: its moments about its own axes are 0.01, 0.01 and"
          + " 0.03 kg·m², and no body has one greater than the other two together; the model's efforts are as wrong"
      ])
  }

  /// The makers of OpenArm gave its fingers' covers inertias that no body has; the hand that carries them is a hundred times as heavy.
  @Test func lightLinksThatCannotBeAreNoErrors() throws {
    let report = CapabilityReport(try ArmConfiguration.load(packageFile("Robots/openarm/arm.yaml")))
    #expect(report.errors.isEmpty)
    #expect(
      report.warnings.filter { $0.contains("finger") && $0.hasSuffix("greater than the other two together; what it is fixed to makes up for it") }
        .count == 2)
  }

  /// What the drawing shows is looked at by people; here it is a sound file, small, and the same each time.
  @Test func pictureOfTheWorkspace() throws {
    let arm = try Crane.parse(), report = KinematicsReport(arm), picture = report.picture(of: arm)
    #expect(picture == KinematicsReport(arm).picture(of: arm))
    #expect(picture.utf8.count < 200_000)
    #expect(XMLParser(data: Data(picture.utf8)).parse())
    for words in ["crane", "3 degrees of freedom", "the arm at “rest”", "From above: level, at the shoulder's height of 500 mm", ">z [mm]<"] {
      #expect(picture.contains(words), "\(words)")
    }
    #expect(!picture.contains("nan") && !picture.contains("inf"))
    let folder = try TemporaryFolder()
    try CheckCommand.parse(["--arm", Crane.folder + "/crane.yaml", "--json", "--workspace", folder.path + "/crane.svg"]).run()
    #expect(try String(contentsOfFile: folder.path + "/crane.svg", encoding: .utf8) == picture)
  }

  /// The mast a decimetre before the base's origin: the axis is drawn there, and x counts from the origin.
  @Test func pictureShowsTheAxisWhereItIs() throws {
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text)
    let urdf = try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)
    try folder.write("crane.urdf", urdf.replacing("<axis xyz=\"0 0 1\"/>", with: "<origin xyz=\"0.1 0 0\"/><axis xyz=\"0 0 1\"/>"))
    let arm = try ArmConfiguration.load(folder.path + "/crane.yaml"), picture = KinematicsReport(arm).picture(of: arm)
    let axis = try #require(picture.firstMatch(of: /<line x1="([0-9.]+)" [^>]*stroke-dasharray/)?.1)
    func tick(_ number: String) throws -> Double {
      let pattern = try Regex<(Substring, Substring)>("<text x=\"([0-9.]+)\" [^>]*text-anchor=\"middle\"[^>]*>\(number)<")
      let words = try #require(picture.firstMatch(of: pattern)).1
      return try #require(Double(words))
    }
    let place = try #require(Double(axis)), middle = try (tick("0") + tick("200")) / 2
    #expect(abs(place - middle) < 0.2)
  }

  @Test func aModelWithoutMassesIsWarnedOf() throws {
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text.replacing(/payload:.*/, with: ""))
    let urdf = try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)
    try folder.write("crane.urdf", urdf.replacing(/(?s)<inertial>.*?<\/inertial>/, with: ""))
    let report = CapabilityReport(try ArmConfiguration.load(folder.path + "/crane.yaml"))
    #expect(
      report.warnings.contains(
        "warning: no link that moves has a mass: gravity is not made up for, compliance takes the arm's weight for a push, and what the motors must "
          + "do is told too low; give the links in \(folder.path)/crane.urdf their <inertial>"))
    #expect(!CapabilityReport(try Crane.parse()).warnings.contains { $0.contains("no link that moves has a mass") })
  }

  struct Lightened: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the crane's URDF is changed by.
    let change: @Sendable (String) -> String
    /// What is said of its masses.
    let sentence: String?
  }

  private static func withoutInertial(_ link: String, _ urdf: String) -> String {
    urdf.replacing(try! Regex("(?s)(<link name=\"\(link)\">).*?</link>"), with: "<link name=\"\(link)\"/>")
  }

  /// A part that weighs nothing is told by the joint that it is on, be it amid the arm or at its end; where the parts weigh something, but a joint
  /// meets no inertia, that is.
  @Test(arguments: [
    Lightened(testDescription: "as it is", change: { $0 }, sentence: nil),
    Lightened(
      testDescription: "amid", change: { withoutInertial("boom", $0) },
      sentence: "warning: no link right behind swing has a mass: gravity on it is not made up for, and what the motors must do is told too low"),
    Lightened(
      testDescription: "at the end", change: { withoutInertial("rod", $0) },
      sentence: "warning: no link right behind reach has a mass: gravity on it is not made up for, and what the motors must do is told too low"),
    Lightened(
      testDescription: "two", change: { withoutInertial("rod", withoutInertial("boom", $0)) },
      sentence: "warning: no link right behind swing or reach has a mass: gravity on it is not made up for, and what the motors must do is told too "
        + "low"),
    Lightened(
      testDescription: "a point on the first axis, and nothing behind",
      change: { withoutInertial("rod", withoutInertial("boom", $0)).replacing("\"0.01\"", with: "\"0\"") },
      sentence: "warning: no inertia resists turn: the masses behind it are on its axis, or the joints behind can keep them still; what the motors "
        + "must do is told too low"),
  ]) func missingMassesAreToldByTheirJoint(_ row: Lightened) throws {
    let folder = try TemporaryFolder()
    try folder.write("crane.yaml", Crane.text.replacing(/payload:.*/, with: ""))
    try folder.write("crane.urdf", row.change(try String(contentsOfFile: Crane.folder + "/crane.urdf", encoding: .utf8)))
    let report = CapabilityReport(try ArmConfiguration.load(folder.path + "/crane.yaml"))
    let told = report.warnings.filter { $0.contains("no link right behind") || $0.contains("no inertia resists") }
    #expect(row.sentence.map { told.contains("\($0); give the links in \(folder.path)/crane.urdf their <inertial>") } ?? told.isEmpty, "\(told)")
  }

  /// A disc of numbers has a round contour with the disc on its left, and a hole has its own.
  @Test func contoursGoAboutWhatIsHigh() {
    func field(_ value: (Double) -> Double) -> GridField {
      GridField(columns: 41, rows: 41, values: (0..<1681).map { value((pow(Double($0 % 41) - 20, 2) + pow(Double($0 / 41) - 20, 2)).squareRoot()) })
    }
    func area(_ loop: [SIMD2<Double>]) -> Double {
      loop.indices.reduce(0) { $0 + (loop[$1].x * loop[($1 + 1) % loop.count].y - loop[$1].y * loop[($1 + 1) % loop.count].x) / 2 }
    }
    let disc = field { 12 - $0 }.contours(at: 0)
    #expect(disc.count == 1)
    #expect(disc[0].allSatisfy { abs(((($0.x - 20) * ($0.x - 20)) + (($0.y - 20) * ($0.y - 20))).squareRoot() - 12) < 0.02 })
    #expect(abs(area(disc[0]) - .pi * 144) < 2)
    let ring = field { 4 - abs($0 - 10) }.contours(at: 0).map(area).sorted()
    #expect(ring.count == 2 && abs(ring[0] + .pi * 36) < 2 && abs(ring[1] - .pi * 196) < 2)
    #expect(abs(area(field { _ in 1 }.contours(at: 0)[0]) - 1681) < 90, "also where it meets the edge")
    let plain = simplified(disc[0], tolerance: 0.2)
    #expect(plain.count < disc[0].count / 2 && abs(area(plain) - .pi * 144) < 8)
  }
}
