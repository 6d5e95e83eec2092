internal import ArgumentParser

/// `armctl stop`: brakes at once.
struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Brake at once and cancel every motion.",
    discussion: """
      Needs no lease and works in every state. This is not the emergency stop: the drives stay powered.

      Example:
        armctl stop
      """)

  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      // In one message, which waits for nothing.
      let answer = try server.open().call("stop", ["client": .string(ClientName.name())])
      print(json ? "\(answer)" : "stopping")
    }
  }
}

/// `armctl home`: whether every joint knows where it is.
struct HomeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "home", abstract: "Make sure that every joint's position is known. Moves nothing.",
    discussion: """
      Positions come from encoders that know the whole travel, or from where the arm was switched on (`homing` in the arm file); no motion is needed \
      to find them. To take the arm to its pose `home`: armctl move home.

      Example:
        armctl home && armctl move home
      """)

  @OptionGroup var options: AskOptions

  func run() throws {
    try options.ask("home") { _ in "homed: every joint's position is known; `armctl move home` takes the arm to its pose home" }
  }
}

/// `armctl reset`: leaves a fault.
struct ResetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset", abstract: "Leave the fault mode when its cause is gone.",
    discussion: """
      Example:
        armctl reset && armctl move --to home
      """)

  @OptionGroup var lead: LeadOptions
  @OptionGroup var options: AskOptions

  func run() throws { try options.ask("fault.reset", leading: lead, timeout: 30) { $0["mode"]?.string ?? "" } }
}
