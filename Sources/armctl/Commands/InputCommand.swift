internal import ArgumentParser

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
  @OptionGroup var options: AskOptions

  func run() throws {
    func inputs(_ answer: JSONValue) -> [(name: String, value: JSONValue)] { answer["inputs"]?.object?.members ?? [] }
    let answer = try options.ask("input.get", name.map { ["name": .string($0)] } ?? [:]) { answer in
      inputs(answer).map { "\($0.name): \($0.value == true ? "on" : "off")" }.joined(separator: "\n")
    }
    if name != nil, inputs(answer).first?.value != true { throw ExitCode.failure }
  }
}
