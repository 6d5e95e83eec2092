internal import ArgumentParser

@main
struct ArmCtl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "armctl", abstract: "A robot arm controller.",
    subcommands: [StatusCommand.self, MoveCommand.self, StopCommand.self, ResetCommand.self])
}
