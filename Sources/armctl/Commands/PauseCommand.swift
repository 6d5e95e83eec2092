internal import ArgumentParser

/// `armctl pause`: the job under way waits on its path.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let the motion under way stand still on its path.",
    discussion: """
      The job stays: `armctl resume` lets it go on, `armctl resume --back` sends it back the way it came, `armctl stop` ends it.

      Example:
        armctl pause
      """)

  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      let answer = try server.connect().call("pause")
      print(json ? "\(answer)" : "paused; `armctl resume` goes on")
    }
  }
}

/// `armctl resume`: a paused job goes on.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused motion go on, or back.",
    discussion: """
      Example:
        armctl resume
        armctl resume --back
      """)

  @Flag(help: "Back along the path to where the motion began.")
  var back = false
  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      let answer = try server.connect().call("resume", ["direction": back ? "back" : "forward"])
      print(json ? "\(answer)" : back ? "going back" : "going on")
    }
  }
}

/// `armctl speed`: how fast motions run.
struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed", abstract: "Set how fast motions run, the one under way included.",
    discussion: """
      In per cent of what was planned, 0 to 200. Beyond 100 as far as every joint's limits allow: a move that was asked for at half speed can be
      hurried to its full speed, one at full speed cannot.

      Example:
        armctl speed 50
      """)

  @Argument(help: "Per cent, 0 to 200.")
  var percent: Double
  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    guard percent >= 0, percent <= 200 else { throw ValidationError("The speed must be 0 to 200 per cent, not \(percent).") }
  }

  func run() throws {
    try CommandFailure.reporting {
      let answer = try server.connect().call("speed.set", ["speed": .number(percent / 100)])
      print(json ? "\(answer)" : "motions run at \(JSONValue.number(percent)) %")
    }
  }
}
