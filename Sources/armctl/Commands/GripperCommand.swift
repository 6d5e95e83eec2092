internal import ArgumentParser

/// `armctl gripper`: opens and closes it.
struct GripperCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gripper", abstract: "Open or close the gripper, or say how it is.",
    discussion: """
      Returns when the gripper has had the time for it. The arm file describes it under `gripper`.

      Examples:
        armctl gripper close
        armctl gripper
        armctl gripper open --take       (although a script runs, which ends)
      """)

  enum Movement: String, ExpressibleByArgument, CaseIterable { case open, close }

  @Argument(help: "open or close; how it is if not given.")
  var movement: Movement?
  @OptionGroup var lead: LeadOptions
  @OptionGroup var options: AskOptions

  func validate() throws {
    if movement == nil, lead.take { throw ValidationError("--take goes with open and close.") }
  }

  func run() throws {
    func words(_ answer: JSONValue) -> String { Self.word(for: answer["opening"]?.number, isMoving: answer["moving"] == true) }
    if let movement {
      try options.ask("gripper.set", ["opening": movement == .open ? 1 : 0], leading: lead, timeout: 60, words: words)
    } else {
      try options.ask("gripper.get", words: words)
    }
  }

  private static func word(for opening: Double?, isMoving: Bool) -> String {
    guard let opening else { return "unknown: it was told nothing yet" }
    return opening > 0 ? (isMoving ? "opening" : "open") : (isMoving ? "closing" : "closed")
  }
}
