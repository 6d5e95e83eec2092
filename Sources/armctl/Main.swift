internal import ArgumentParser

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
}
