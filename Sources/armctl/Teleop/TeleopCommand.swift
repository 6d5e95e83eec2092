internal import ArgumentParser
internal import Foundation

/// `armctl teleop`: the arm moved by hand, with the keys of a terminal.
struct TeleopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "teleop", abstract: "Move the arm with the keys of this terminal, and teach it.",
    discussion: """
      The arm moves while a key is held: q/a, w/s, e/d along x, y, z, or the joints after tab. Space stops, ? shows every key, Ctrl-C leaves. \
      Letting go is noticed within 0.15 s in any terminal, at once in those that tell releases (kitty, foot, Ghostty, Alacritty, …). When the \
      terminal or this program is gone, the arm comes to rest by itself within 0.1 s. docs/Teleop.md has pictures.

      Examples:
        armctl teleop
        armctl teleop --sim --scene Examples/table.yaml   (an emulated arm)
        armctl teleop --device /dev/input/event7          (a certain gamepad)
      """)

  @Flag(help: "Start a server with an emulated arm for this session.")
  var sim = false
  @Option(help: "With --sim: the arm, a name or the path of its arm.yaml. Default: dummy.")
  var arm: String?
  @Option(help: "With --sim: a file of what is around the arm.")
  var scene: String?
  @Option(help: "A gamepad or 3D mouse: /dev/input/eventN, `any` (the first that there is), or `none`.")
  var device = "any"
  @Flag(help: "No colours. NO_COLOR does the same.")
  var mono = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    if sim, server.path != nil { throw ValidationError("--sim starts a server with a socket of its own; --socket names one that runs.") }
    if !sim, arm != nil || scene != nil { throw ValidationError("--arm and --scene go with --sim.") }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    try CommandFailure.reporting {
      // Asked first: without a terminal nothing is started.
      guard Terminal.isTerminal(STDIN_FILENO), Terminal.isTerminal(STDOUT_FILENO) else { throw TerminalSession.noTerminal }
      let devices = try JogPort(device == "any" ? .any : device == "none" ? .none : .path(device))
      let stage = sim ? try TeleopStage(arm: arm ?? "dummy", scene: scene) : nil
      defer { stage?.end() }
      let client = try stage?.connect() ?? connect()
      let arm = TeleopArm(configuration: try client.call("config.get"))
      let terminal = try TerminalSession()
      defer { terminal.end() }
      let theme: Theme = mono || !Terminal.isColoured(STDOUT_FILENO) ? .mono : .colour
      try TeleopLoop(client: client, terminal: terminal, arm: arm, devices: devices, theme: theme).run()
    }
  }

  private func connect() throws -> CommandClient {
    do {
      return try server.connect()
    } catch let failure as CommandClient.Failure {
      guard case .noServer = failure else { throw failure }
      throw CommandFailure(failure.description, suggestion: "\(failure.suggestion), or armctl teleop --sim for a server of its own")
    }
  }
}
