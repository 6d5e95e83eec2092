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
    Refused(line: #"{"q":[0]}"#, sentence: #""q" must hold 2 numbers and holds 1"#),
  ]) func jointNumbersAreModerate(_ refused: Refused) throws {
    let error = #expect(throws: ComputeError.self) { try ComputeRequest(parsing: refused.line).jointVector("q", count: 2) }
    #expect(error?.message == refused.sentence)
  }

  @Test func positionsAreModerate() {
    let error = #expect(throws: ComputeError.self) {
      try ComputeRequest(parsing: #"{"position":[1e155,0,0.25],"quaternion":[0,1,0,0]}"#).pose()
    }
    #expect(error == ComputeError(kind: "out-of-range", message: #""position" holds 1e+155, and no number in it may be beyond ±1e9"#))
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
}
