internal import ArgumentParser
internal import Foundation
internal import Simulator

/// `armctl emulate`: the drives of an arm on a pseudo-terminal.
struct EmulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emulate", abstract: "Emulate an arm's motor drives on a pseudo-terminal, with physics behind them.",
    discussion: """
      The same bytes as the real drives', for any program that speaks to them. `armctl serve --sim` starts one by itself.

      Example:
        armctl emulate --arm dummy --link /tmp/can0 &
        armctl serve --arm dummy --port can0=/tmp/can0
      """)

  @Option(help: "The arm: a name, or the path of its arm.yaml.")
  var arm = "dummy"
  @Option(help: "Where the pseudo-terminal is to be found: a symbolic link is made there.")
  var link: String
  @Option(help: "Write the true motion to this file, a line a millisecond: time, positions, velocities.")
  var truth: String?

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    try CommandFailure.reporting {
      let configuration = try ArmConfiguration.find(arm)
      let server = EmulatorServer(arm: configuration.emulatedArm(), link: link, truth: truth)
      do throws(EmulatorError) { try server.run() } catch {
        throw CommandFailure("\(error)".capitalizedSentence, suggestion: error.suggestion)
      }
    }
  }
}
