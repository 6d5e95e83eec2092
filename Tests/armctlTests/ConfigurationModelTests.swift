import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import armctl

/// An arm whose file describes it without a URDF: a table of Denavit and Hartenberg, with a tool and a payload.
@Suite struct ConfigurationModelTests {
  private static let file = packageFile("Tests/Data/configuration/table.yaml")
  private static let text = try! String(contentsOfFile: file, encoding: .utf8)

  private static func parse(replacing old: String = "", by new: String = "") throws(ConfigurationError) -> ArmConfiguration {
    guard !old.isEmpty else { return try ArmConfiguration.parse(text, file: file) }
    guard let range = text.range(of: old) else { preconditionFailure("the file has no `\(old)`") }
    return try ArmConfiguration.parse(text.replacingCharacters(in: range, with: new), file: file)
  }

  private let q: JointVector = [0.4, -0.7, 0.06]

  /// Rx(α)·Tx(a)·Rz(θ)·Tz(d), row by row.
  @Test func theTableIsTheArm() throws {
    func pose(_ axis: SIMD3<Double>, _ angle: Double, _ shift: SIMD3<Double>) -> Pose {
      Pose(rotation: Rotation(axis: axis, angle: angle), translation: shift)
    }
    let arm = try Self.parse()
    let expected =
      pose([0, 0, 1], 0.4, [0, 0, 0.2]) * pose([1, 0, 0], -.pi / 2, .zero) * pose([0, 0, 1], 0.1 - 0.7, .zero)
      * pose([1, 0, 0], .pi / 2, [0.3, 0, 0])
      * pose([0, 0, 1], 0, [0, 0, 0.05 + 0.06]) * Pose(rotation: Rotation(roll: 0.3, pitch: 1, yaw: -0.2), translation: [0, 0, 0.1])
    let found = arm.model.pose(at: q)
    #expect((found.translation - expected.translation).length < 1e-12)
    #expect((found.rotation.inverse * expected.rotation).rotationVector.length < 1e-12)
    #expect(arm.joints.map(\.name) == ["turn", "lift", "slide"] && arm.model.isPrismatic == [false, false, true])
    #expect(arm.mass == 1.5 && arm.modelFile == Self.file && arm.links.isEmpty)
    #expect(arm.limits.upper == [2, 2, 0.1])
    let modified = arm.model.pose(at: q), standard = try Self.parse(replacing: "convention: modified", by: "convention: standard").model.pose(at: q)
    #expect((modified.translation - standard.translation).length > 0.01)
  }

  /// The table that the document shows is the Dummy arm, with its masses.
  @Test func dummysTableIsItsURDF() throws {
    let dummy = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))
    let document = try String(contentsOfFile: packageFile("docs/Configuration.md"), encoding: .utf8)
    let shown = document.split(separator: "\n", omittingEmptySubsequences: false).drop { $0 != "    model:" }.prefix { $0.hasPrefix("    ") }
    let text = try String(contentsOfFile: dummy.file, encoding: .utf8).replacingOccurrences(of: "tip: flange\n", with: "")
      .replacingOccurrences(of: "  spheres: dummy_spheres.json", with: "  {}")
      .replacingOccurrences(of: "model: dummy.urdf", with: shown.map { $0.dropFirst(4) }.joined(separator: "\n"))
    // The limits of position were the URDF's.
    let limited = zip(dummy.joints, dummy.limits.velocity).enumerated().reduce(text) { text, entry in
      let (index, (joint, velocity)) = entry
      guard let start = text.range(of: "\n  \(joint.name):"),
        let place = text.range(of: "velocity: \(velocity)", range: start.upperBound..<text.endIndex)
      else { return text }
      return text.replacingCharacters(
        in: place, with: "position: [\(dummy.limits.lower[index]), \(dummy.limits.upper[index])], velocity: \(velocity)")
    }
    let table = try ArmConfiguration.parse(limited, file: dummy.file)
    #expect(table.limits.lower == dummy.limits.lower && table.limits.upper == dummy.limits.upper)
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<100 {
      let q = JointVector((0..<6).map { Double.random(in: dummy.limits.lower[$0]...dummy.limits.upper[$0], using: &generator) })
      let one = table.model.pose(at: q), other = dummy.model.pose(at: q)
      #expect((one.translation - other.translation).length < 1e-5 && (one.rotation.inverse * other.rotation).rotationVector.length < 3e-5)
      let holding = table.model.gravityEffort(at: q) - dummy.model.gravityEffort(at: q)
      #expect(holding.maximumMagnitude < 1e-4)
    }
    #expect(InverseKinematics(model: table.model).closedForm != nil)
  }

  /// The payload is in the model that controller, planner and emulator work with, and its weight at the joints.
  @Test func thePayloadIsFeltEverywhere() throws {
    let arm = try Self.parse(), empty = try Self.parse(replacing: "  payload: {mass: 0.3", by: "  payload: {mass: 1.0e-12")
    let payload = try #require(arm.model.payload)
    #expect(payload.mass == 0.3 && payload.center == [0, 0.01, 0.04] && payload.inertia.yy == 0.0003)
    let lifted: JointVector = [0, -0.1, 0]
    // The payload's centre is 0.3 m in front of the lifting axis.
    let more = arm.model.gravityEffort(at: lifted) - empty.model.gravityEffort(at: lifted)
    #expect(abs(abs(more[1]) - 0.3 * 9.81 * 0.3) < 1e-9 && abs(more[0]) < 1e-12)
    #expect(arm.emulatedArm().plant.model.payload == payload)
    #expect(arm.emulatedArm().plant.model.gravityEffort(at: lifted) == arm.model.gravityEffort(at: lifted))
    #expect(CapabilityReport(arm).text.hasPrefix("pair · 3 joints from base to tip · reach 0.591 m · 1.50 kg and 0.30 kg payload · 250 Hz\n"))
  }

  @Test func freeAxes() throws {
    #expect(try Self.parse().freeAxes == .axis)
    #expect(try Self.parse(replacing: "  free: axis\n", by: "").freeAxes == .position, "three joints")
    #expect(try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")).freeAxes == .none, "six joints")
  }

  typealias Slip = ConfigurationSlip

  @Test(arguments: slips) func saysWhatIsWrongAndWhere(_ slip: Slip) {
    let error = #expect(throws: ConfigurationError.self) { try Self.parse(replacing: slip.old, by: slip.new) }
    #expect(error?.plainReport == slip.report)
  }

  static let slips: [Slip] = [
    Slip(
      "convention: modified", "convention: modifed",
      """
      table.yaml:4:17: model.dh.convention is "modifed", which does not exist; did you mean "modified"?
        4 |     convention: modifed
          |                 ^
      try: write modified
      """),
    Slip(
      "    convention: modified\n", "",
      """
      table.yaml:3:3: model.dh lacks the key "convention"; it has rows
        3 |   dh:
          |   ^
      try: add convention: standard
      """),
    Slip(
      "  dh:\n", "  hd:\n",
      """
      table.yaml:3:3: the key "hd" is unknown in model; did you mean "dh"?
        3 |   hd:
          |   ^
      try: write dh
      """),
    Slip(
      "alpha: -1.5707963267948966", "alhpa: -1.5707963267948966",
      """
      table.yaml:7:14: the key "alhpa" is unknown in model.dh.rows.lift; did you mean "alpha"?
        7 |       lift: {alhpa: -1.5707963267948966, theta: 0.1, mass: 0.5, center: [0.1, 0, 0]}
          |              ^
      try: write alpha
      """),
    Slip(
      "alpha: -1.5707963267948966", "alpha: -90",
      """
      table.yaml:7:21: model.dh.rows.lift.alpha has -90 rad, which is 14.3 turns; it looks like degrees
        7 |       lift: {alpha: -90, theta: 0.1, mass: 0.5, center: [0.1, 0, 0]}
          |                     ^
      try: write -1.5708
      """),
    Slip(
      "theta: 0.1", "theta: 6deg",
      """
      table.yaml:7:49: model.dh.rows.lift.theta is "6deg", and is in degrees, where rad belongs
        7 |       lift: {alpha: -1.5707963267948966, theta: 6deg, mass: 0.5, center: [0.1, 0, 0]}
          |                                                 ^
      try: write 0.10472
      """),
    Slip(
      "a: 0.3, d: 0.05", "a: 0.3, d: 300",
      """
      table.yaml:8:70: model.dh.rows.slide.d has 300 m, and has to be from -10 to 10; did you mean 0.3 m?
        8 |       slide: {type: prismatic, alpha: 1.5707963267948966, a: 0.3, d: 300}
          |                                                                      ^
      try: write 0.3, as lengths are in metres
      """),
    Slip(
      "a: 0.3, d: 0.05", "a: 89mm, d: 0.05",
      """
      table.yaml:8:62: model.dh.rows.slide.a is "89mm", and is in millimetres, where m belongs
        8 |       slide: {type: prismatic, alpha: 1.5707963267948966, a: 89mm, d: 0.05}
          |                                                              ^
      try: write 0.089
      """),
    Slip(
      "position: [0, 0, 0.1], rpy", "position: [0, 0, 100], rpy",
      """
      table.yaml:26:27: tool.pose.position has 100 m, and has to be from -10 to 10; did you mean 0.1 m?
        26 |   pose: {position: [0, 0, 100], rpy: [0.3, 1.0, -0.2]}
           |                           ^
      try: write 0.1, as lengths are in metres
      """),
    Slip(
      "type: prismatic", "type: prizmatic",
      """
      table.yaml:8:21: model.dh.rows.slide.type is "prizmatic", which does not exist; did you mean "prismatic"?
        8 |       slide: {type: prizmatic, alpha: 1.5707963267948966, a: 0.3, d: 0.05}
          |                     ^
      try: write prismatic
      """),
    Slip(
      "      lift:", "      turn:",
      """
      table.yaml:7:7: the key "turn" is there twice, first in line 6
        7 |       turn: {alpha: -1.5707963267948966, theta: 0.1, mass: 0.5, center: [0.1, 0, 0]}
          |       ^
      try: remove one of the two
      """),
    Slip(
      "mass: 0.5, center", "center",
      """
      table.yaml:7:7: model.dh.rows.lift has a centre or an inertia of mass but no mass
        7 |       lift: {alpha: -1.5707963267948966, theta: 0.1, center: [0.1, 0, 0]}
          |       ^
      try: add mass: 0.5, in kilograms
      """),
    Slip(
      "[0.002, 0, 0, 0.002, 0, 0.001]", "[0.002, 0, 0, 0.002, 0, 0.01]",
      """
      table.yaml:6:65: model.dh.rows.turn.inertia cannot be: its moments about its own axes are 0.002, 0.002 and 0.01 kg·m², \
      and no body has one greater than the other two together
        6 |       turn: {d: 0.2, mass: 1.0, center: [0, 0, -0.05], inertia: [0.002, 0, 0, 0.002, 0, 0.01]}
          |                                                                 ^
      try: check ixx … izz: they are about the centre of mass, in kg·m²
      """),
    Slip(
      "rate: 250", "tip: flange\nrate: 250",
      """
      table.yaml:9:1: tip names a link of a URDF, and the model is a table, whose frames have no names
        9 | tip: flange
          | ^
      try: remove tip
      """),
    Slip(
      "  lift:\n", "  lfit:\n",
      """
      table.yaml:17:3: the joint "lfit" is not in the model; did you mean "lift"?
        17 |   lfit:
           |   ^
      try: write lift
      """),
    Slip(
      "limits: {position: [0, 0.1], velocity: 0.2", "limits: {velocity: 0.2",
      """
      table.yaml:24:5: joints.slide.limits lacks the key "position", and the model has none either
        24 |     limits: {velocity: 0.2, acceleration: 1, jerk: 10}
           |     ^
      try: add position: [-1.0, 1.0]
      """),
    Slip(
      "rpy: [0.3, 1.0, -0.2]", "rpy: [0.3, 1.0, -0.2], quaternion: [0, 0, 0, 1]",
      """
      table.yaml:26:33: tool.pose has both quaternion and rpy
        26 |   pose: {position: [0, 0, 0.1], rpy: [0.3, 1.0, -0.2], quaternion: [0, 0, 0, 1]}
           |                                 ^
      try: remove one of the two
      """),
    Slip(
      "payload: {mass: 0.3", "payload: {mass: -0.3",
      """
      table.yaml:27:19: tool.payload.mass is -0.3 kg, and has to be more than 0, at most 1000
        27 |   payload: {mass: -0.3, center: [0, 0.01, 0.04], inertia: [0.0002, 0, 0, 0.0003, 0, 0.0002]}
           |                   ^
      try: write mass: 0.5
      """),
    Slip(
      "center: [0, 0.01, 0.04]", "centre: [0, 0.01, 0.04]",
      """
      table.yaml:27:24: the key "centre" is unknown in tool.payload; did you mean "center"?
        27 |   payload: {mass: 0.3, centre: [0, 0.01, 0.04], inertia: [0.0002, 0, 0, 0.0003, 0, 0.0002]}
           |                        ^
      try: write center
      """),
    Slip(
      "inertia: [0.0002, 0, 0, 0.0003, 0, 0.0002]", "inertia: [0.0002, 0, 0.0004, 0.0003, 0, 0.0002]",
      """
      table.yaml:27:58: tool.payload.inertia cannot be: about some axis it is negative
        27 |   payload: {mass: 0.3, center: [0, 0.01, 0.04], inertia: [0.0002, 0, 0.0004, 0.0003, 0, 0.0002]}
           |                                                          ^
      try: check ixx … izz: they are about the centre of mass, in kg·m²
      """),
    Slip(
      "free: axis", "free: orientation",
      """
      table.yaml:28:9: tool.free is "orientation", which does not exist; known: none, axis, position, plane
        28 |   free: orientation
           |         ^
      try: write none or axis or position or plane
      """),
  ]
}
