import ArgumentParser
import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// What the filters `compute fk`, `ik` and `dynamics` take, and what they refuse.
@Suite struct ComputeKinematicsTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    let line, sentence: String
    var testDescription: String { line }
  }

  @Test(arguments: [
    Refused(line: #"{"q":[1e18,0]}"#, sentence: #""q" holds 1e+18, and no number in it may be beyond ±1e9"#),
    Refused(line: #"{"q":[0,-1e300]}"#, sentence: #""q" holds -1e+300, and no number in it may be beyond ±1e9"#),
    Refused(line: #"{"q":[0]}"#, sentence: #""q" must hold 2 numbers, for turn, lift, and holds 1"#),
  ]) func jointNumbersAreModerate(_ refused: Refused) throws {
    let error = #expect(throws: ComputeError.self) { try ComputeRequest(parsing: refused.line).jointVector("q", joints: ["turn", "lift"]) }
    #expect(error?.message == refused.sentence)
  }

  @Test func positionsAreModerate() {
    let error = #expect(throws: ComputeError.self) {
      try ComputeRequest(parsing: #"{"position":[1e155,0,0.25],"quaternion":[0,1,0,0]}"#).pose()
    }
    #expect(
      error
        == ComputeError(
          kind: "out-of-range", message: #""position" holds 1e+155, and no number in it may be beyond ±1e9"#, suggestion: "metres and radians"))
  }

  /// Where only the place matters, no turn has to be told.
  @Test func aTurnThatDoesNotMatterMayBeLeftOut() throws {
    let request = try ComputeRequest(parsing: #"{"position":[0.1,0,0.25]}"#)
    #expect(try request.pose(isAnyTurn: true) == Pose(translation: [0.1, 0, 0.25]))
    let error = #expect(throws: ComputeError.self) { try request.pose() }
    #expect(error?.message == #"the key "quaternion" is missing; it has position"#)
  }

  /// What a command cannot do without is named all at once, with a line that may be taken over as it is.
  @Test(arguments: [
    Lacking(
      line: #"{"q":[0,0]}"#, needed: dynamics, sentence: #"the keys "qd" and "qdd" (or "effort") are missing; it has q"#,
      suggestion: #"write "qd":[0,0],"qdd":[0,0] with your numbers"#),
    Lacking(
      line: #"{"effort":[0,0],"q":null}"#, needed: dynamics, sentence: #"the keys "q" and "qd" are missing; it has effort, q"#,
      suggestion: #"write "q":[0,0],"qd":[0,0] with your numbers"#),
    Lacking(
      line: "{}", needed: dynamics, sentence: #"the keys "q", "qd" and "qdd" (or "effort") are missing; there is no key at all"#,
      suggestion: #"write "q":[0,0],"qd":[0,0],"qdd":[0,0] with your numbers"#),
    Lacking(
      line: #"{"q":[0,0]}"#, needed: pose, sentence: #"the key "q" is unknown, and the keys "position" and "quaternion" are missing"#,
      suggestion: #"write "position":[0,0,0],"quaternion":[0,0,0,1] with your numbers"#),
    Lacking(
      line: #"{"position":[0,0,0]}"#, needed: pose, sentence: #"the key "quaternion" is missing; it has position"#,
      suggestion: #"write "quaternion":[0,0,0,1] with your numbers"#),
    Lacking(
      line: #"{"postion":[0,0,0]}"#, needed: pose, sentence: #"the key "postion" is unknown; did you mean "position"?"#,
      suggestion: #"write "position""#),
    Lacking(
      line: #"{"position":[0,0,0],"quaternion":[0,0,0,1],"q":[0]}"#, needed: pose,
      sentence: #"the key "q" is unknown; known: position, quaternion, seed"#, suggestion: "leave it out"),
  ]) func namesAllThatIsMissing(_ row: Lacking) {
    let error = #expect(throws: ComputeError.self) { try ComputeRequest(parsing: row.line).expect(row.needed, optional: ["seed"]) }
    #expect(error?.message == row.sentence)
    #expect(error?.suggestion == row.suggestion)
  }

  struct Lacking: Sendable, CustomTestStringConvertible {
    let line: String
    let needed: [NeededKey]
    let sentence, suggestion: String
    var testDescription: String { line }
  }

  static let dynamics = [NeededKey.numbers("q", count: 2), .numbers("qd", count: 2), .numbers("qdd", count: 2, or: "effort")]
  static let pose = [NeededKey.numbers("position", count: 3), .quaternion]

  /// Four zeros are no quaternion: what is advised is one.
  @Test func theQuaternionThatIsAdvisedIsOne() throws {
    let error = #expect(throws: ComputeError.self) { try ComputeRequest(parsing: #"{"position":[0,0,0],"quaternion":[1]}"#).pose() }
    let advised = try #require(error?.suggestion?.firstMatch(of: /"quaternion":\[.*\]/)?.0)
    #expect(try ComputeRequest(parsing: #"{"position":[0,0,0],\#(advised)}"#).pose() == .identity)
  }

  struct WhichArm: Sendable, CustomTestStringConvertible {
    let testDescription, sentence: String
  }

  @Test(arguments: [
    WhichArm(testDescription: "", sentence: "Say which arm: either --urdf FILE --tip LINK or --arm NAME."),
    WhichArm(testDescription: "--urdf a.urdf", sentence: "--urdf goes with --tip LINK, the link whose pose is asked for."),
    WhichArm(testDescription: "--tip flange", sentence: "--tip goes with --urdf FILE, the arm's URDF."),
    WhichArm(testDescription: "--base floor", sentence: "--base goes with --urdf FILE, the arm's URDF."),
    WhichArm(
      testDescription: "--arm dummy --urdf a.urdf",
      sentence: "--arm names a URDF, its base and its tip already; leave out --urdf, or --arm."),
    WhichArm(
      testDescription: "--arm dummy --tip flange --base floor",
      sentence: "--arm names a URDF, its base and its tip already; leave out --tip and --base, or --arm."),
  ]) func saysWhichArmIsMeant(_ row: WhichArm) {
    let error = #expect(throws: (any Error).self) { try ArmOptions.parse(row.testDescription.split(separator: " ").map(String.init)) }
    #expect(error.map(ArmOptions.message(for:)) == row.sentence)
  }

  /// By name or file the arm comes with its tool, its payload and what its goals leave open.
  @Test func takesArmFiles() throws {
    let crane = try ArmOptions.parse(["--arm", Crane.folder + "/crane.yaml"]).load()
    #expect(crane.free == .position && crane.model.jointCount == 3)
    let table = try ArmOptions.parse(["--arm", Crane.folder + "/table.yaml"]).load()
    #expect(table.free == .axis && table.model.payload?.mass == 0.3)
    let urdf = try ArmOptions.parse(["--urdf", packageFile("Robots/dummy/dummy.urdf"), "--tip", "flange"]).load()
    #expect(urdf.free == .none && urdf.model.jointCount == 6)
    #expect(throws: ExitCode(2)) { try ArmOptions.parse(["--arm", "/nowhere/arm.yaml"]).load() }
  }

  // MARK: What stops an arm

  private func answer(_ line: String, arm: String, tip: String = "flange") throws -> JSONObject {
    let command = try ComputeIK.parse(["--urdf", packageFile(arm), "--tip", tip])
    var settings = InverseKinematics.Settings()
    let (model, free) = try command.arm.load()
    settings.freeAxes = free
    return try command.answer(ComputeRequest(parsing: line), by: InverseKinematics(model: model, settings: settings))
  }

  struct Stopped: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let line: String
    let by: String
    let amount: Double
  }

  static let dummy = "Robots/dummy/dummy.urdf"

  @Test(arguments: [
    Stopped(testDescription: "limits", line: #"{"position":[0.25,0,-0.15],"quaternion":[0,1,0,0]}"#, by: "limits", amount: 0.6321),
    Stopped(testDescription: "turn", line: #"{"position":[-0.25,0,0.25],"quaternion":[0,1,0,0]}"#, by: "orientation", amount: 0.7422),
    Stopped(testDescription: "reach", line: #"{"position":[0.6,0,0.3],"free":"position"}"#, by: "reach", amount: 0.2522),
  ]) func saysWhatStopsItAndByHowMuch(_ row: Stopped) throws {
    let error = #expect(throws: ComputeError.self) { try answer(row.line, arm: Self.dummy) }
    let details = try #require(error?.details), closest = try #require(details["closest"]?.object)
    #expect(details["stoppedBy"]?.string == row.by)
    #expect(abs((details["by"]?.number ?? 0) - row.amount) < 1e-3)
    let model = try ArmOptions.parse(["--urdf", packageFile(Self.dummy), "--tip", "flange"]).model()
    #expect(closest["metresPerRadian"]?.number == model.typicalLength)
    #expect(error?.suggestion?.hasPrefix("the closest, or ") == true)
  }

  @Test func sevenAxesSaySoMuchOfTheirFamilies() throws {
    let line = #"{"position":[0.4,0.1,0.5],"quaternion":[1,0,0,0],"all":true}"#
    let answer = try answer(line, arm: "Tests/Data/kinematics/iiwa14_pybullet.urdf", tip: "lbr_iiwa_link_7")
    #expect(answer["redundancySamples"]?.number == 16)
    let six = try self.answer(#"{"position":[0.2,0,0.25],"quaternion":[0,1,0,0],"all":true}"#, arm: Self.dummy)
    #expect(six["redundancySamples"] == nil)
    #expect(six["solutions"]?.array?.isEmpty == false)
  }

  /// With no mass anywhere all efforts would be zero; that is no answer.
  @Test func armsWithoutMassesHaveNoDynamics() throws {
    let bare = try RobotModel(DHTable(name: "bare", convention: .standard, rows: [DHTable.Row(name: "a", a: 0.3)]))
    let error = try #require(ComputeDynamics.massless(bare))
    #expect(error.kind == "massless")
    #expect(error.message == "no link that moves has a mass, so that no motion takes an effort and no acceleration answers one")
    #expect(try ComputeDynamics.massless(RobotModel(urdf: URDF(contentsOf: packageFile(Self.dummy)), tip: "flange")) == nil)
  }

  @Test func jointsThatNothingResistsAreNamed() throws {
    let point = URDF.Inertial(mass: 1, linkFromCenter: .identity, inertia: .zero)
    let rows = [DHTable.Row(name: "lift", a: 0.3, inertial: point), DHTable.Row(name: "roll", inertial: point)]
    let rolling = try RobotModel(DHTable(name: "rolling", convention: .standard, rows: rows))
    #expect(ComputeDynamics.unresisted(rolling).message == #"no inertia resists "roll", so that no acceleration answers the effort"#)
  }

  // MARK: Lines

  @Test func blankLinesAreSkippedAndWhatIsNoNumberIsNamed() throws {
    var lines = [#"{"q":[1]}"#, "", " \t", #"{"q":[NaN]}"#, #"{"q":[-Infinity]}"#, #"{"q":[nan]}"#, #"{"qs":[1]}"#].reversed().map(\.self)
    var answers: [String] = []
    #expect(throws: ExitCode(1)) {
      try filterLines(from: { lines.popLast() }, to: { answers.append(String(decoding: $0.dropLast(), as: UTF8.self)) }) {
        request throws(ComputeError) in
        try request.expectOnly(["q"])
        return .array(try request.numbers("q", count: 1).map(JSONValue.number))
      }
    }
    func refusal(_ word: String) -> String {
      #"{"error":{"kind":"not-json","message":"the line is not a JSON object: expected a finite number, found \#(word) at byte 6","#
        + #""try":"one object a line, such as {\"q\":[0,0.5,0]}"}}"#
    }
    #expect(
      answers == [
        "[1]", refusal("NaN"), refusal("-Infinity"), refusal("nan"),
        #"{"error":{"kind":"unknown-key","message":"the key \"qs\" is unknown; did you mean \"q\"?","try":"write \"q\""}}"#,
      ])
  }
}
