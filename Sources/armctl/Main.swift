internal import ArgumentParser
internal import Foundation
internal import Kinematics

@main
struct ArmCtl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "armctl",
    abstract: "A robot arm controller.",
    discussion: """
      Without hardware, `armctl demo` shows what it does. With hardware:
        armctl check --arm my-arm.yaml
        armctl serve --arm my-arm.yaml
        armctl move --to home
      """,
    version: version,
    subcommands: [
      DemoCommand.self, CheckCommand.self, PlanCommand.self, ServeCommand.self, StatusCommand.self, MoveCommand.self, RunCommand.self,
      GripperCommand.self, InputCommand.self, TeleopCommand.self, GazeCommand.self, FormatCommand.self, HomeCommand.self, StopCommand.self,
      PauseCommand.self, ResumeCommand.self, SpeedCommand.self, ResetCommand.self, KnockCommand.self, IdentifyCommand.self, Compute.self,
      BenchCommand.self, EmulateCommand.self,
    ])

  /// Of the program and of its clients; CHANGELOG.md has what is in it.
  static let version = "0.1.0"

  /// Carries out the command line, and exits with 0 done, 1 refused or failed, 2 wrong usage.
  static func main() {
    if let (command, sentence) = unknownCommand(in: Array(CommandLine.arguments.dropFirst())) {
      let usage = "Usage: \(command) <subcommand>\n  See '\(command) --help' for more information."
      FileHandle.standardError.write(Data("Error: \(sentence)\n\(usage)\n".utf8))
      exit(withError: ExitCode.wrongUsage)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let status = exitStatus(after: error)
      guard status != exitCode(for: error) else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      exit(withError: status)
    }
  }

  /// The word of a command line that should name a command and does not: the command that it was given to, and the sentence that says so.
  static func unknownCommand(in arguments: [String]) -> (command: String, sentence: String)? {
    var command: any ParsableCommand.Type = ArmCtl.self, path = "armctl"
    for word in arguments {
      let known = command.configuration.subcommands
      guard !known.isEmpty, command.configuration.defaultSubcommand == nil, !word.hasPrefix("-"), word != "help" else { return nil }
      guard let next = known.first(where: { $0._commandName == word || $0.configuration.aliases.contains(word) }) else {
        let phrase = Suggestion.phrase(for: word, among: known.map { $0._commandName })
        return (path, "There is no command \"\(path) \(word)\"; \(phrase)")
      }
      (command, path) = (next, "\(path) \(word)")
    }
    return nil
  }

  /// The exit status that an error of parsing or running stands for: the library's, but 2 where it says 64. Asking for help is no error.
  static func exitStatus(after error: any Error) -> ExitCode {
    let status = exitCode(for: error)
    return status == .validationFailure ? .wrongUsage : status
  }
}

extension ExitCode {
  /// The command line cannot be understood.
  static let wrongUsage = ExitCode(2)
}
