internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Logging

/// `armctl serve`: the daemon of one arm.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Drive an arm and serve its command socket.",
    discussion: """
      Connects, reads the motors and leaves them off until `mode.set hold` or --enable. Ctrl-C brakes the arm and switches its motors off.

      Examples:
        armctl serve --arm dummy --sim
        armctl serve --arm dummy --sim --scene Examples/table.yaml
        armctl serve --arm my-arm.yaml --port can0=/dev/ttyACM1 --enable
        armctl serve --arm dummy --sim --tcp 7373
      """)

  @Option(help: "The arm: a name, or the path of its arm.yaml.")
  var arm = "dummy"
  @Flag(help: "Emulate the motors on a pseudo-terminal, with physics behind them. Implies --enable.")
  var sim = false
  @Option(name: .customLong("port"), help: "Use another port for a bus: BUS=PATH. May be repeated.")
  var ports: [String] = []
  @Option(help: "Where to listen. Default: $XDG_RUNTIME_DIR/armctl.sock, else a private folder in /tmp.")
  var socket: String?
  @Option(help: "Listen on this TCP port of this machine as well (0: any that is free). Clients there show the token in the token file.")
  var tcp: Int?
  @Option(name: .customLong("token"), help: "With --tcp: the file with the token; made where it is missing. Default: SOCKET.token.")
  var tokenFile: String?
  @Option(help: "Append the log to this file instead of printing it.")
  var log: String?
  @Flag(help: "Switch the motors on and hold the measured pose at once.")
  var enable = false
  @Option(help: "A file of what is around the arm, in YAML or JSON. Default: the arm file's.")
  var scene: String?
  @Option(help: "A folder for flight records. Default: ~/.local/state/armctl.")
  var records: String?
  @Option(help: "With --sim: write where the emulated arm really is to this file, for reports.")
  var truth: String?

  @Option(help: "With --sim: a folder for the GPIO lines, a file each that holds 1 while its line is active. Default: a temporary one.")
  var lines: String?

  func validate() throws {
    for port in ports where !port.contains("=") { throw ValidationError("--port takes BUS=PATH, not '\(port)'.") }
    if let tcp, !(0...65535 ~= tcp) { throw ValidationError("--tcp takes a port from 0 to 65535, not \(tcp).") }
    if tokenFile != nil, tcp == nil { throw ValidationError("--token goes with --tcp.") }
    if lines != nil, !sim { throw ValidationError("--lines goes with --sim.") }
    if truth != nil, !sim { throw ValidationError("--truth goes with --sim.") }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try CommandFailure.reporting {
      let configuration = try ArmConfiguration.find(arm)
      let logger = try makeLogger()
      var portOfBus: [String: String] = [:]
      for port in ports {
        let parts = port.split(separator: "=", maxSplits: 1).map(String.init)
        guard configuration.busNames.contains(parts[0]) else {
          throw CommandFailure(
            "The arm \(configuration.name) has no bus named \(parts[0]).", suggestion: "one of: \(configuration.busNames.joined(separator: ", "))")
        }
        portOfBus[parts[0]] = parts.count > 1 ? parts[1] : ""
      }
      let socketPath = try SocketPath.resolve(explicit: socket, isCreating: true)
      let token = try tcp.map { _ in try AccessToken(inFile: tokenFile ?? CommandAddress.tokenFile(besides: socketPath), isCreating: true) }
      let emulator = sim ? try Emulation(arm: arm, configuration: configuration, truth: truth, lines: lines) : nil
      if let emulator { portOfBus.merge(emulator.ports) { given, _ in given } }
      let daemon = try ArmDaemon(
        configuration: configuration, ports: portOfBus, scene: scene, linesFolder: emulator?.linesFolder, flightFolder: records,
        logger: logger)
      if let emulator, configuration.hasLines {
        logger.info("Its GPIO lines are files in \(emulator.linesFolder), which hold 1 while a line is active.")
      }
      try daemon.start(socketPath: socketPath, tcp: token.map { (tcp ?? 0, $0) }, isEnabling: enable || sim)
      interruption.wait()
      daemon.shutDown()
      emulator?.end()
    }
  }

  private func makeLogger() throws -> Logger {
    guard let log else { return Logger(label: "armctl") { _ in LogFileHandler(file: .standardError, isStamped: false) } }
    guard let stream = LogFile(appendingTo: log) else {
      throw CommandFailure(
        "The log \(log) cannot be written: \(String(cString: strerror(errno))).", suggestion: "--log with a path in a folder of yours")
    }
    return Logger(label: "armctl") { _ in LogFileHandler(file: stream) }
  }
}
