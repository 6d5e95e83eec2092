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
      """)

  enum Movement: String, ExpressibleByArgument, CaseIterable { case open, close }

  @Argument(help: "open or close; how it is if not given.")
  var movement: Movement?
  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    try CommandFailure.reporting {
      let client = try server.connect()
      let answer: JSONValue
      if let movement {
        answer = try client.call("gripper.set", ["opening": movement == .open ? 1 : 0], timeout: 60)
      } else {
        answer = try client.call("gripper.get")
      }
      print(json ? "\(answer)" : Self.word(for: answer["opening"]?.number, isMoving: answer["moving"] == true))
    }
  }

  private static func word(for opening: Double?, isMoving: Bool) -> String {
    guard let opening else { return "unknown: it was told nothing yet" }
    return opening > 0 ? (isMoving ? "opening" : "open") : (isMoving ? "closing" : "closed")
  }
}

/// `armctl input`: how the digital inputs are.
struct InputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "input", abstract: "Say which digital inputs are on.",
    discussion: """
      The arm file names them under `gpio.inputs`.

      Examples:
        armctl input
        armctl input part && armctl gripper close     # exits with 1 while the input is off
      """)

  @Argument(help: "The input's name; all if not given.")
  var name: String?
  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func run() throws {
    var isOn = true
    try CommandFailure.reporting {
      let answer = try server.connect().call("input.get", name.map { ["name": .string($0)] } ?? [:])
      let inputs = answer["inputs"]?.object?.members ?? []
      if json { print(answer) } else { for (name, level) in inputs { print("\(name): \(level == true ? "on" : "off")") } }
      isOn = name == nil || inputs.first?.value == true
    }
    if !isOn { throw ExitCode.failure }
  }
}
