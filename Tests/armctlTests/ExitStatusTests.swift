import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import armctl

/// 0 done, 1 refused or failed, 2 wrong usage.
@Suite("Exit status") struct ExitStatusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    let status: Int32

    var testDescription: String { "armctl \(line)" }
  }

  @Test(arguments: [
    // Questions about the command itself
    Case(line: "--help", status: 0),
    Case(line: "help move", status: 0),
    Case(line: "move --help", status: 0),
    Case(line: "compute fk --help", status: 0),
    Case(line: "", status: 0),
    Case(line: "compute", status: 0),
    // Wrong usage, found by the parser
    Case(line: "mvoe --to home", status: 2),
    Case(line: "--verbose", status: 2),
    Case(line: "move --to", status: 2),
    Case(line: "move --to home --speed fast", status: 2),
    Case(line: "move --to home --sped 0.5", status: 2),
    Case(line: "run", status: 2),
    Case(line: "stop now", status: 2),
    Case(line: "compute fk --tip flange", status: 2),
    // Wrong usage, found by a command
    Case(line: "move", status: 2),
    Case(line: "move --to home --speed 2", status: 2),
    Case(line: "move --joints 1,x", status: 2),
    Case(line: "check", status: 2),
    Case(line: "check --keys --workspace nowhere.svg", status: 2),
    Case(line: "check --keys --scene nowhere.yaml", status: 2),
    Case(line: "check --arm dummy --workspace reach.png", status: 2),
    Case(line: "knock --arm openarm --plot knock.PDF", status: 2),
    Case(line: "plan --arm dummy --to home --svg way.jpg", status: 2),
    Case(line: "plan --arm dummy", status: 2),
    Case(line: "plan --arm dummy --to home --pose 0.2,0,0.2", status: 2),
    Case(line: "plan --arm dummy --pose 0.2,0", status: 2),
    Case(line: "move home --to home", status: 2),
    Case(line: "compute fk --urdf nowhere.urdf --tip flange --repeat 0", status: 2),
    Case(line: "compute fk --urdf nowhere.urdf --tip flange", status: 2),
    // What cannot be done
    Case(line: "stop --socket /nowhere/s", status: 1),
    Case(line: "move --to home --socket /nowhere/s", status: 1),
    Case(line: "check --arm /nowhere/arm.yaml", status: 1),
    Case(line: "plan --arm /nowhere/arm.yaml --to home", status: 1),
  ])
  func isWhatTheContractSays(_ c: Case) {
    let error = #expect(throws: (any Error).self) {
      var command = try ArmCtl.parseAsRoot(c.line.split(separator: " ").map(String.init))
      try command.run()
    }
    if let error { #expect(ArmCtl.exitStatus(after: error).rawValue == c.status) }
  }

  struct Named: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sentence: String?
  }

  /// A word that is no command is met with the command that it is like, at any depth.
  @Test(arguments: [
    Named(testDescription: "compute fj", sentence: #"There is no command "armctl compute fj"; did you mean "fk"?"#),
    Named(testDescription: "mvoe --to home", sentence: #"There is no command "armctl mvoe"; did you mean "move"?"#),
    Named(
      testDescription: "compute pose", sentence: #"There is no command "armctl compute pose"; known: fk, ik, dynamics, trajectory, retime, plan"#),
    Named(testDescription: "compute fk --urdf a.urdf", sentence: nil),
    Named(testDescription: "move home", sentence: nil),
    Named(testDescription: "help mvoe", sentence: nil),
    Named(testDescription: "--help", sentence: nil),
    Named(testDescription: "", sentence: nil),
  ])
  func commandsThatDoNotExist(_ row: Named) {
    let found = ArmCtl.unknownCommand(in: row.testDescription.split(separator: " ").map(String.init))
    #expect(found?.sentence == row.sentence)
  }

  struct Picture: Sendable {
    let path: String
    let sentence: String?
  }

  /// No picture is written that its name says is another kind.
  @Test(arguments: [
    Picture(path: "a/knock.png", sentence: "--plot draws SVG, which a/knock.png would not say; name it knock.svg."),
    Picture(path: "knock.JPG", sentence: "--plot draws SVG, which knock.JPG would not say; name it knock.svg."),
    Picture(path: "a.png/knock.svg", sentence: nil), Picture(path: "/dev/stdout", sentence: nil), Picture(path: "png", sentence: nil),
  ])
  func picturesAreNamedForWhatTheyAre(_ picture: Picture) {
    let file = OutputFile(kind: .picture, path: picture.path, option: "--plot")
    var said: String?
    do { try file.validate() } catch { said = error.message }
    #expect(said == picture.sentence)
  }

  @Test func otherErrorsAreFailures() {
    #expect(ArmCtl.exitStatus(after: ServiceError(.bus, "The bus is silent.", suggestion: "its plug")) == ExitCode(1))
    #expect(ArmCtl.exitStatus(after: ExitCode.success) == ExitCode(0))
    #expect(ArmCtl.exitStatus(after: ValidationError("No.")) == ExitCode(2))
  }

  /// One number for the program and its clients.
  @Test func theVersionIsThatOfTheClients() throws {
    #expect(ArmCtl.configuration.version == ArmCtl.version)
    for client in ["python", "lerobot"] {
      let project = try String(contentsOfFile: packageFile("clients/\(client)/pyproject.toml"), encoding: .utf8)
      #expect(project.contains("version = \"\(ArmCtl.version)\"\n"), "\(client)")
    }
  }
}
