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

  @Test(arguments: [
    [], ["--urdf", "a.urdf"], ["--tip", "flange"], ["--arm", "dummy", "--tip", "flange"], ["--arm", "dummy", "--base", "base"],
  ]) func saysWhichArmIsMeant(arguments: [String]) {
    let error = #expect(throws: (any Error).self) { try ArmOptions.parse(arguments) }
    #expect(error.map(ArmOptions.message(for:)) == "Say which arm: either --urdf FILE --tip LINK or --arm NAME.")
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
