internal import ArgumentParser
internal import Foundation
internal import Gaze
internal import Kinematics

/// `armctl gaze`: the arm directed by looks.
struct GazeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaze", abstract: "Direct the arm by looking: look to choose, confirm to move.",
    discussion: """
      Looking chooses and never moves anything. What is chosen is confirmed with Enter, and with --confirm also by looking at the go area or by two \
      long blinks; the arm then goes there at no more than 0.25 m/s, and any look at nothing for 0.3 s, any key and anybody else can end it. While f \
      is held the tool follows the gaze. The first time, and after the tracker has moved, c calibrates: the arm shows nine points of the table. \
      Things of the scene can be chosen, and bare places with --free.

      Sources:
        udp://HOST:PORT             JSON datagrams: {"x": 0..1, "y": 0..1, "conf": 0..1}
        -                           the same, a line each, on standard input
        gazepoint://HOST:4242       Gazepoint's OpenGaze server
        opentrack://HOST:4242       opentrack's UDP output: pointing with the head
        pupil://HOST:50020/SURFACE  Pupil Core, a surface of it if named
        socket:                     samples of `gaze.look` on the command socket
        synthetic:noise=1           a made-up eye; digits tell it where to look
        mouse:                      the pointer of this terminal, or its arrow keys

      Examples:
        armctl gaze --source mouse:
        armctl gaze --source udp://127.0.0.1:5005 --area 0.14,-0.14,0.34,0.14
        armctl gaze --source pupil://127.0.0.1/table --confirm look
      """)

  @Option(help: "Where looks come from, as above; mouse: needs no tracker.")
  var source: String
  @Option(parsing: .unconditional, help: "The part of the table that is used, in the base: x0,y0,x1,y1 [m].")
  var area = "0.14,-0.14,0.34,0.14"
  @Option(parsing: .unconditional, help: "How high the table is in the base [m].")
  var height = 0.0
  @Option(help: "How high above things the tool stops [m].")
  var hover = 0.08
  @Option(help: "What to do about what is chosen: point, go, pick, place, bring or hand.")
  var action = "go"
  @Option(
    parsing: .unconditional, help: "Where things are brought to and held out, on the table: x,y [m]. Default: the middle of the area's near edge.")
  var here: String?
  @Option(help: "So far below its top a thing is gripped [m]. Default: 0, for a magnet or a suction cup.")
  var grip = 0.0
  @Option(help: "A pose of the arm file in which things are handed over. Default: 0.2 m above --here.")
  var offer: String?
  @Option(help: "What confirms besides Enter: look, blink or both, with a comma between.")
  var confirm = ""
  @Option(help: "An input of the arm file that confirms like Enter: a foot pedal.")
  var pedal: String?
  @Flag(help: "Places without a name can be chosen, too, to go or to lay something down there. So they can where the scene has no things.")
  var free = false
  @Option(help: "Width, height and distance of the screen or scene that the tracker sees [m].")
  var view = "0.53,0.3,0.65"
  @Option(help: "The calibration's file. Default: gaze-calibration.json beside the arm file.")
  var calibration: String?
  @Flag(help: "Begin with a calibration.")
  var recalibrate = false
  @Flag(help: "No picture: print what is decided, one JSON object a line.")
  var json = false
  @Option(help: "Ends when nothing has come from the tracker for so long [s]. Default: never; 60 where the output is no terminal, unless --json.")
  var patience: Double?
  @Flag(help: "No colours. NO_COLOR does the same.")
  var mono = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    do throws(GazeAddress.Failure) { _ = try GazeAddress(source) } catch { throw ValidationError("\(error.sentence) Try: \(error.suggestion).") }
    guard GazeArea(area) != nil else { throw ValidationError("--area is x0,y0,x1,y1 in metres, x1 and y1 the larger by 0.05 or more, not \(area).") }
    if let here, Self.place(here) == nil { throw ValidationError("--here is x,y in metres, not \(here).") }
    guard GazeAction(rawValue: action) != nil else {
      throw ValidationError("--action is one of \(GazeAction.allCases.map(\.rawValue).joined(separator: ", ")), not \(action).")
    }
    guard confirmations.isSubset(of: ["look", "blink"]) else { throw ValidationError("--confirm is look, blink or look,blink, not \(confirm).") }
    guard viewGeometry != nil else { throw ValidationError("--view is width,height,distance in metres, not \(view).") }
    if let patience, !(1...86_400).contains(patience) { throw ValidationError("--patience is from 1 to 86400 s, not \(patience).") }
    guard (0.01...0.5).contains(hover), abs(height) <= 2, (0...0.2).contains(grip) else {
      throw ValidationError("--hover is from 0.01 to 0.5 m, --height at most 2 m, --grip from 0 to 0.2 m.")
    }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    try CommandFailure.reporting {
      let address = try source(of: source)
      let client = try server.open()
      let hello = try client.call("hello", ["protocol": 1, "client": .string(GazeSession.clientName), "role": "gaze"])
      var standardInput = STDIN_FILENO
      let isWatched = !json && Terminal.isTerminal(STDOUT_FILENO)
      guard isWatched || address != .mouse else {
        throw CommandFailure("The pointer is that of a terminal, and there is none.", suggestion: "armctl gaze in a terminal, or a tracker")
      }
      let patience = patience ?? (isWatched || json ? .infinity : 60)
      if address == .lines, isWatched { standardInput = try makeRoomForKeys() }
      let path = calibration ?? Self.calibrationPath(arm: hello["arm"]?.string ?? "")
      var session = try session(address, path: path, rate: hello["rate"]?.number ?? 500)
      let arm = try client.call("config.get")
      session.hasGripper = arm["gripper"]?.object != nil
      if let pedal { try check(pedal, among: arm["inputs"]?.array?.compactMap(\.string) ?? []) }
      let terminal = isWatched ? try TerminalSession() : nil
      defer { terminal?.end() }
      let theme: Theme = mono || !Terminal.isColoured(STDOUT_FILENO) ? .mono : .colour
      do {
        let loop = try GazeLoop(
          client: client, terminal: terminal, address: address, standardInput: standardInput, session: session, calibrationPath: path,
          patience: patience, theme: theme)
        if !isWatched, !json { announce(address, patience: patience) }
        guard try loop.run(isCalibrating: recalibrate) == .left else {
          terminal?.end()
          throw Self.silence(of: address, for: patience)
        }
      } catch let failure as GazeInput.Failure {
        throw CommandFailure(failure.description, suggestion: failure.suggestion)
      }
    }
  }

  /// Says what it waits for, where there is no picture to tell.
  private func announce(_ address: GazeAddress, patience: Double) {
    let ending = address == .lines ? "ends with it" : "ends after \(Self.text(patience)) s without any (--patience)"
    let text = "There is no terminal: what is decided comes as JSON lines. Looks are awaited from \(address); gaze \(ending).\n"
    FileHandle.standardError.write(Data(text.utf8))
  }

  private static func silence(of address: GazeAddress, for patience: Double) -> CommandFailure {
    if address.isOnTable { return CommandFailure("Nobody tells a synthetic eye where to look.", suggestion: "armctl gaze in a terminal") }
    return CommandFailure("Nothing has come from \(address) for \(text(patience)) s.", suggestion: "the tracker's program, or a longer --patience")
  }

  private static func text(_ seconds: Double) -> String { String(format: "%g", seconds) }

  private func check(_ pedal: String, among inputs: [String]) throws(CommandFailure) {
    guard !inputs.contains(pedal) else { return }
    throw CommandFailure(
      "The arm file has no input \"\(pedal)\"; \(Suggestion.phrase(for: pedal, among: inputs))",
      suggestion: inputs.isEmpty ? "gpio.inputs in the arm file" : "--pedal \(inputs[0])")
  }

  private func source(of text: String) throws(CommandFailure) -> GazeAddress {
    do throws(GazeAddress.Failure) { return try GazeAddress(text) } catch { throw CommandFailure(error.sentence, suggestion: error.suggestion) }
  }

  /// Looks come through standard input, so keys must come from the terminal itself.
  /// - Returns: Where the looks can be read now.
  private func makeRoomForKeys() throws(CommandFailure) -> Int32 {
    let looks = dup(STDIN_FILENO)
    let keyboard = open("/dev/tty", O_RDWR)
    guard looks >= 0, keyboard >= 0, dup2(keyboard, STDIN_FILENO) >= 0 else {
      throw CommandFailure("There is no terminal for keys.", suggestion: "--json, which needs none")
    }
    close(keyboard)
    return looks
  }

  private var confirmations: Set<String> { Set(confirm.split(separator: ",").map(String.init)) }

  private static func place(_ text: String) -> SIMD2<Double>? {
    let numbers = text.split(separator: ",").compactMap { Double($0) }
    return numbers.count == 2 && numbers.allSatisfy { abs($0) <= 5 } ? SIMD2(numbers) : nil
  }

  private var viewGeometry: ViewGeometry? {
    let numbers = view.split(separator: ",").compactMap { Double($0) }
    guard numbers.count == 3, numbers.allSatisfy({ (0.05...10).contains($0) }) else { return nil }
    return ViewGeometry(size: SIMD2(numbers[0], numbers[1]), distance: numbers[2])
  }

  private func session(_ address: GazeAddress, path: String, rate: Double) throws -> GazeSession {
    var settings = GazeSession.Settings()
    settings.plane = TablePlane(height: height)
    settings.area = GazeArea(area) ?? .desk
    settings.view = viewGeometry ?? .desk
    settings.hover = hover
    settings.here = here.flatMap(Self.place)
    settings.offer = offer
    settings.grip = grip
    settings.pedal = pedal
    settings.rate = rate
    settings.intent.freePoints = free
    settings.intent.blinks = confirmations.contains("blink")
    if confirmations.contains("look") {
      // Beside the area, to the right of somebody who sits behind the base.
      let place = SIMD2(settings.area.middle.x, settings.area.lower.y - 0.07)
      settings.intent.go = GazeTarget(name: "go", position: place, radius: 0.03)
    }
    let known =
      address.isOnTable
      ? GazePuppet.calibration(of: settings.area, on: settings.plane, noise: GazePuppet.noise(of: address)) : try CalibrationFile.read(path)
    if let known, !address.isOnTable { settings.plane = known.plane }
    var session = GazeSession(settings: settings, calibration: known)
    session.action = GazeAction(rawValue: action) ?? .go
    return session
  }

  /// Beside the arm file, where the arm has one of its name; else here.
  private static func calibrationPath(arm: String) -> String {
    guard let file = try? ArmLibrary.locate(arm) else { return CalibrationFile.name }
    return URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(CalibrationFile.name).path
  }
}
