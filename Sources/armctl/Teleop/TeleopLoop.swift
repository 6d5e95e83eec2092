internal import Foundation

/// Teleoperation between a terminal and the command socket: waits for either, hands over what comes, and draws.
final class TeleopLoop {
  private let client: CommandClient
  private let terminal: TerminalSession
  private var teleop: Teleoperation
  private var view = TeleopView()
  private var parser = KeyParser()
  private var painter: ScreenPainter
  private var purposes: [Int: TeleopRequest.Purpose] = [:]
  private var isDirty = true
  private var drawn = -Double.infinity
  /// When an escape byte that came alone is the key [s].
  private var escapeDeadline: Double?

  /// Frames a second at most.
  private static let frameRate = 20.0
  /// So long an escape sequence may be under way [s].
  private static let escapeTime = 0.03

  init(client: CommandClient, terminal: TerminalSession, arm: TeleopArm, theme: Theme) {
    (self.client, self.terminal) = (client, terminal)
    teleop = Teleoperation(arm: arm)
    painter = ScreenPainter(theme: theme)
  }

  /// Returns when the person leaves or the terminal is gone.
  /// - Throws: ``CommandClient/Failure`` when the server is gone.
  func run() throws(CommandClient.Failure) {
    try client.call("hello", ["protocol": 1, "client": .string(Self.name), "role": "terminal"])
    try client.call("subscribe", ["topics": ["state", "job", "event"], "rate": .number(Self.frameRate)])
    teleop.readingTime = Self.now
    while !teleop.isLeaving {
      teleop.pass(to: Self.now)
      try exchange()
      draw()
      wait()
      try hear()
      if !readKeys() || !heedSignals() { break }
    }
    if !teleop.isLeaving { teleop.take(KeyEvent(key: .control("c")), at: Self.now) }
    try exchange()
  }

  /// "teleop on pts/3": for who wonders who leads the arm.
  private static var name: String {
    guard let path = ttyname(STDIN_FILENO).map({ String(cString: $0) }) else { return "teleop" }
    return "teleop on " + (path.hasPrefix("/dev/") ? String(path.dropFirst(5)) : path).prefix(40)
  }

  // MARK: The socket

  /// Sends what is to be sent, and writes files.
  private func exchange() throws(CommandClient.Failure) {
    for request in teleop.takeOutbox() { purposes[try client.send(request.method, request.parameters)] = request.purpose }
    for file in teleop.files {
      teleop.didSave(file, problem: Self.write(file), at: Self.now)
      isDirty = true
    }
    teleop.files = []
  }

  private func hear() throws(CommandClient.Failure) {
    while let message = try client.receive(timeout: 0) {
      isDirty = true
      switch message {
      case .answer(let id, let result):
        if let purpose = purposes.removeValue(forKey: id) { teleop.take(answer: result, for: purpose, at: Self.now) }
      case .notification("state", let state): teleop.take(state, at: Self.now)
      case .notification("job", let update): teleop.take(job: update, at: Self.now)
      case .notification("event", let event): teleop.take(event: event, at: Self.now)
      case .notification: break
      }
    }
  }

  /// - Returns: What went wrong; nil where nothing did.
  private static func write(_ file: TeleopFile) -> String? {
    let descriptor = open(file.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return errno == EEXIST ? "there is such a file already" : String(cString: strerror(errno)) }
    defer { close(descriptor) }
    let bytes = Array(file.text.utf8)
    return Foundation.write(descriptor, bytes, bytes.count) == bytes.count ? nil : String(cString: strerror(errno))
  }

  // MARK: The terminal

  /// - Returns: False when the terminal is gone.
  private func readKeys() -> Bool {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let time = Self.now
    if poll(&waiting, 1, 0) > 0 {
      guard waiting.revents & Int16(POLLIN) != 0, let bytes = terminal.read() else { return false }
      for input in parser.feed(bytes) { take(input, at: time) }
      escapeDeadline = parser.isUndecided ? time + Self.escapeTime : nil
    } else if let deadline = escapeDeadline, time >= deadline {
      escapeDeadline = nil
      for input in parser.endOfBurst() { take(input, at: time) }
    }
    return true
  }

  private func take(_ input: TerminalInput, at time: Double) {
    switch input {
    case .key(let event):
      teleop.take(event, at: time)
      isDirty = true
    case .focus(let hasIt): if !hasIt { teleop.loseFocus(at: time) }
    case .keyboardFlags(let flags): teleop.deadMan.tellsReleases = flags & 0b1010 == 0b1010
    case .mode(2026, let isKnown): painter.isSynchronized = isKnown
    case .mode, .identity: break
    }
  }

  /// - Returns: False when the program is to end.
  private func heedSignals() -> Bool {
    while let wish = terminal.nextWish() {
      switch wish {
      case .end: return false
      case .resize: painter.forget()
      case .suspend:
        teleop.stop(at: Self.now)
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
    guard isDirty || teleop.isServerSilent(at: time), time - drawn >= 1 / Self.frameRate, terminal.isWritable else { return }
    (isDirty, drawn) = (false, time)
    let (width, height) = terminal.size
    let bytes = painter.paint(view.screen(of: teleop, width: width, height: height, at: time))
    if !bytes.isEmpty { terminal.write(bytes) }
  }

  // MARK: Time

  /// Until something comes or something is due.
  private func wait() {
    var deadline = min(teleop.deadline, escapeDeadline ?? .infinity)
    if isDirty { deadline = min(deadline, drawn + 1 / Self.frameRate) }
    let remaining = min(max(0, deadline - Self.now), 1)
    var sources = [client.descriptor, STDIN_FILENO, terminal.wishes].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&sources, nfds_t(sources.count), Int32((remaining * 1000).rounded(.up)))
  }

  /// Monotonic [s].
  private static var now: Double { ProcessInfo.processInfo.systemUptime }
}
