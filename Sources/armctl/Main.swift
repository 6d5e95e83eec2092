internal import ArgumentParser

@main
struct ArmCtl: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "armctl", abstract: "A robot arm controller.", subcommands: [Compute.self])
}
