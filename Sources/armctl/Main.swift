internal import ArgumentParser
internal import Foundation

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
    subcommands: [
      DemoCommand.self, CheckCommand.self, ServeCommand.self, StatusCommand.self, MoveCommand.self, RunCommand.self, StopCommand.self,
      ResetCommand.self, Compute.self, BenchCommand.self, EmulateCommand.self,
    ])

  /// Exit status: 0 done, 1 refused or failed, 2 wrong usage.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
      Foundation.exit(2)
    }
  }
}
