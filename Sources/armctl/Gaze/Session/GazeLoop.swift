internal import Foundation
internal import Gaze

/// Gaze between a tracker, a terminal and the command socket: waits for any of them, hands over what comes, and draws.
final class GazeLoop {
  private let client: CommandClient
  /// Nil where nobody watches.
  private let terminal: TerminalSession?
  private let address: GazeAddress
  private let standardInput: Int32
  private let calibrationPath: String
  private var session: GazeSession
  private var input: GazeInput?
  private var puppet: GazePuppet?
  private let view = GazeView()
  private var parser = KeyParser()
  private var mouse = MouseReports()
  private var painter: ScreenPainter
  private var purposes: [Int: GazeRequest.Purpose] = [:]
  private let interruption: Interruption?
  private var isDirty = true
  private var drawn = -Double.infinity
  private var escapeDeadline: Double?
  private var retryAt = Double.infinity

  private static let frameRate = 20.0
  private static let escapeTime = 0.03
  private static let retryPeriod = 1.0

  init(
    client: CommandClient, terminal: TerminalSession?, address: GazeAddress, standardInput: Int32, session: GazeSession, calibrationPath: String,
    theme: Theme
  ) throws {
    (self.client, self.terminal, self.address, self.standardInput) = (client, terminal, address, standardInput)
    (self.session, self.calibrationPath) = (session, calibrationPath)
    input = try GazeInput(address, standardInput: standardInput)
    puppet = GazePuppet(address, area: session.settings.area, at: Self.now)
    painter = ScreenPainter(theme: theme)
    interruption = terminal == nil ? Interruption() : nil
    if address == .mouse { terminal?.write(Array(MouseReports.enter.utf8)) }
  }

  /// Returns when the person leaves, the terminal is gone, or nobody watches and the looks have ended.
  /// - Parameter isCalibrating: Whether to begin with a calibration.
  /// - Throws: ``CommandClient/Failure`` when the server is gone.
  func run(isCalibrating: Bool) throws(CommandClient.Failure) {
    let rate = min(100, session.settings.rate)
    try client.call("subscribe", ["topics": ["state", "job", "event"], "rate": .number(rate)])
    if let state = try client.call("state").object { session.take(state: state, at: Self.now) }
    if isCalibrating { session.beginCalibration(at: Self.now) }
    if case .synthetic = address { puppet?.look(at: session.settings.area.middle) }
    while !session.isLeaving {
      look()
      session.pass(to: Self.now)
      try exchange()
      draw()
      wait()
      try hear()
      if !readKeys() || !heedSignals() { break }
    }
    if !session.isLeaving { session.take(KeyEvent(key: .control("c")), at: Self.now) }
    try exchange()
    if address == .mouse { terminal?.write(Array(MouseReports.leave.utf8)) }
  }

  // MARK: The tracker

  private func look() {
    let time = Self.now
    if let point = session.calibrating?.point { puppet?.look(at: point, again: false) }
    if let samples = puppet?.looks(upTo: time), !samples.isEmpty {
      for sample in samples { session.take(sample, at: time) }
      isDirty = true
    }
    if time >= retryAt { reopen(at: time) }
    guard let input else { return }
    for sample in input.read(at: time) {
      session.take(sample, at: time)
      isDirty = true
    }
    session.sourceProblem = input.ending
    guard input.ending != nil, retryAt == .infinity else { return }
    if address == .lines {
      session.isLeaving = terminal == nil
      retryAt = .greatestFiniteMagnitude
    } else {
      retryAt = time + Self.retryPeriod
    }
  }

  /// A tracker's program may be started again.
  private func reopen(at time: Double) {
    retryAt = time + Self.retryPeriod
    guard let fresh = try? GazeInput(address, standardInput: standardInput) else { return }
    input = fresh
    retryAt = .infinity
  }

  // MARK: The socket

  private func exchange() throws(CommandClient.Failure) {
    for request in session.takeOutbox() { purposes[try client.send(request.method, request.parameters)] = request.purpose }
    for object in session.news where terminal == nil {
      FileHandle.standardOutput.write(Data(JSONValue.object(object).bytes + [UInt8(ascii: "\n")]))
    }
    session.news = []
    guard let calibration = session.unsaved else { return }
    session.unsaved = nil
    // Eyes that are made up say nothing of the tracker beside the arm.
    if address.isOnTable { return }
    if let problem = CalibrationFile.write(calibration, to: calibrationPath) {
      session.say("The calibration cannot be written to \(calibrationPath): \(problem)", .alarm, at: Self.now)
    }
  }

  private func hear() throws(CommandClient.Failure) {
    while let message = try client.receive(timeout: 0) {
      isDirty = true
      switch message {
      case .answer(let id, let result):
        if let purpose = purposes.removeValue(forKey: id) { session.take(answer: result, for: purpose, at: Self.now) }
      case .notification("state", let state): session.take(state: state, at: Self.now)
      case .notification("job", let update): session.take(job: update, at: Self.now)
      case .notification("event", let event): session.take(event: event, at: Self.now)
      case .notification: break
      }
    }
  }

  // MARK: The terminal

  /// - Returns: False when the terminal is gone.
  private func readKeys() -> Bool {
    guard let terminal else { return true }
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let time = Self.now
    if poll(&waiting, 1, 0) > 0 {
      guard waiting.revents & Int16(POLLIN) != 0, let bytes = terminal.read() else { return false }
      let (reports, rest) = mouse.feed(bytes)
      for report in reports { take(report, at: time) }
      for input in parser.feed(rest) { take(input, at: time) }
      escapeDeadline = parser.isUndecided ? time + Self.escapeTime : nil
    } else if let deadline = escapeDeadline, time >= deadline {
      escapeDeadline = nil
      for input in parser.endOfBurst() { take(input, at: time) }
    }
    return true
  }

  private func take(_ report: MouseReports.Report, at time: Double) {
    guard let (width, height) = terminal?.size, let map = GazeView.Map(width: width, height: height, area: session.settings.area) else { return }
    puppet?.point(map.share(column: report.column, row: report.row))
    if report.isPress { session.confirm(at: time) }
  }

  private func take(_ input: TerminalInput, at time: Double) {
    isDirty = true
    switch input {
    case .key(let event):
      if event.phase != .release { direct(event.key) }
      session.take(event, at: time)
    case .focus(let hasIt): if !hasIt { session.loseFocus(at: time) }
    case .keyboardFlags(let flags): session.deadMan.tellsReleases = flags & 0b1010 == 0b1010
    case .mode(2026, let isKnown): painter.isSynchronized = isKnown
    case .mode, .identity: break
    }
  }

  /// Keys for looks that are made here: digits tell a synthetic eye what to look at, arrows move the pointer.
  private func direct(_ key: Key) {
    let step = 0.03
    switch key {
    case .left: puppet?.nudge(SIMD2(-step, 0))
    case .right: puppet?.nudge(SIMD2(step, 0))
    case .up: puppet?.nudge(SIMD2(0, -step))
    case .down: puppet?.nudge(SIMD2(0, step))
    case .character("0"): puppet?.browse(session.things.map(\.position) + session.settings.area.grid(rows: 2, columns: 2))
    case .character("x"): puppet?.close()
    case .character(let character):
      guard let number = character.wholeNumberValue, number > 0 else { return }
      let places = session.things.isEmpty ? session.settings.area.grid(rows: 3, columns: 3) : session.things.map(\.position)
      if places.indices.contains(number - 1) { puppet?.look(at: places[number - 1]) }
    default: break
    }
  }

  /// - Returns: False when the program is to end.
  private func heedSignals() -> Bool {
    guard let terminal else { return interruption?.next() == nil }
    while let wish = terminal.nextWish() {
      switch wish {
      case .end: return false
      case .resize: painter.forget()
      case .suspend:
        session.stop(at: Self.now)
        try? exchange()
        terminal.suspend()
        painter.forget()
      }
      isDirty = true
    }
    return true
  }

  private func draw() {
    let time = Self.now
    guard let terminal, isDirty || session.isServerSilent(at: time), time - drawn >= 1 / Self.frameRate, terminal.isWritable else { return }
    (isDirty, drawn) = (false, time)
    let (width, height) = terminal.size
    let bytes = painter.paint(view.screen(of: session, source: "\(address)", width: width, height: height, at: time))
    if !bytes.isEmpty { terminal.write(bytes) }
  }

  // MARK: Time

  /// Until something comes or something is due.
  private func wait() {
    var deadline = min(session.deadline, escapeDeadline ?? .infinity, retryAt, puppet?.deadline ?? .infinity)
    if isDirty, terminal != nil { deadline = min(deadline, drawn + 1 / Self.frameRate) }
    if input?.needsAsking == true { deadline = min(deadline, Self.now + 0.005) }
    let remaining = min(max(0, deadline - Self.now), 0.2)
    var descriptors = [client.descriptor]
    if let terminal { descriptors += [STDIN_FILENO, terminal.wishes] }
    if let interruption { descriptors.append(interruption.descriptor) }
    if let input, input.ending == nil { descriptors.append(input.descriptor) }
    var sources = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&sources, nfds_t(sources.count), Int32((remaining * 1000).rounded(.up)))
  }

  /// Monotonic [s].
  private static var now: Double { ProcessInfo.processInfo.systemUptime }
}
