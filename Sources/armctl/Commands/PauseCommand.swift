internal import ArgumentParser

/// `armctl pause`: the job under way waits on its path.
struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let the motion under way, or the script that waits, stand still.",
    discussion: """
      Anyone may, whoever leads the arm. The motion stands still on its path, and a script between two motions waits before the next. \
      `armctl resume` in this terminal lets it go on, `armctl resume --back` sends a motion back the way it came, `armctl stop` ends it.

      Example:
        armctl pause
      """)

  @OptionGroup var options: AskOptions

  func run() throws { try options.ask("pause") { _ in "paused; `armctl resume` goes on" } }
}

/// `armctl resume`: a paused job goes on.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused motion or script go on, or a motion back.",
    discussion: """
      For who has paused it, in the same terminal, and for who may move the arm; `armctl status` tells who they are.

      Example:
        armctl resume
        armctl resume --back
      """)

  @Flag(help: "Back along the path to where the motion began.")
  var back = false
  @OptionGroup var options: AskOptions

  func run() throws {
    try options.ask("resume", ["direction": back ? "back" : "forward"]) { _ in back ? "going back" : "going on" }
  }
}

/// `armctl speed`: how fast motions run.
struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed", abstract: "Set how fast motions run, the one under way included.",
    discussion: """
      In per cent of what was planned, 0 to 200, of all motions, whoever asks for them, until it is set again; `armctl status` tells it. \
      Anyone may make the arm slower, a script's too, and as fast again as it was; only who leads makes it faster than that. \
      Beyond 100 as far as every joint's limits allow: a move that was asked for at half speed can be hurried to its full speed, one at full speed \
      cannot.

      Examples:
        armctl speed 50
        armctl speed 100      (as planned)
      """)

  @Argument(help: "Per cent, 0 to 200.")
  var percent: Double
  @OptionGroup var options: AskOptions

  func validate() throws {
    guard percent >= 0, percent <= 200 else { throw ValidationError("The speed must be 0 to 200 per cent, not \(percent).") }
  }

  func run() throws {
    try options.ask("speed.set", ["speed": .number(percent / 100)]) { _ in
      percent == 100
        ? "motions run as planned"
        : "all motions run at \(JSONValue.number(percent)) % of what was planned, whoever asks for them, until armctl speed 100"
    }
  }
}
