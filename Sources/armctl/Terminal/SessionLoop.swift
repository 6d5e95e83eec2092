internal import Foundation

/// A session between a terminal and the command socket: waits for either, hands over what comes, and draws.
///
/// What else a program listens to is its own: it calls these parts one after the other, round and round.
final class SessionLoop<Session: ArmSession> {
  var session: Session
  /// Whether what is to be seen has changed.
  var isDirty = true
  private let client: CommandClient
  /// Nil where nobody watches.
  private let terminal: TerminalSession?
  /// Where nobody watches, signals come here.
  private let interruption: Interruption?
  private var parser = KeyParser()
  private var painter: ScreenPainter
  private var purposes: [Int: Session.Purpose] = [:]
  private var drawn = -Double.infinity
  /// When an escape byte that came alone is the key [s].
  private var escapeDeadline = Double.infinity

  /// So long an escape sequence may be under way [s].
  private static var escapeTime: Double { 0.03 }
  /// No longer does anything wait [s].
  private static var longestWait: Double { 0.5 }

  init(_ session: Session, client: CommandClient, terminal: TerminalSession?, theme: Theme) {
    (self.session, self.client, self.terminal) = (session, client, terminal)
    painter = ScreenPainter(theme: theme)
    interruption = terminal == nil ? Interruption() : nil
  }

  /// Monotonic [s].
  var now: Double { ProcessInfo.processInfo.systemUptime }

  var isWatched: Bool { terminal != nil }
  /// Columns and rows of the terminal.
  var size: (width: Int, height: Int)? { terminal?.size }

  /// For the terminal itself.
  func tell(_ sequence: String) { terminal?.write(Array(sequence.utf8)) }

  // MARK: The socket

  /// Sends what is to be sent.
  func exchange() throws(CommandClient.Failure) {
    for request in session.takeOutbox() { purposes[try client.send(request.method, request.parameters)] = request.purpose }
  }

  /// Hands over what the server has said.
  /// - Parameter other: Takes notifications that not every session knows.
  func hear(other: (String, JSONObject) -> Void = { _, _ in }) throws(CommandClient.Failure) {
    while let message = try client.receive(timeout: 0) {
      isDirty = true
      let time = now
      switch message {
      case .answer(let id, let result):
        if let purpose = purposes.removeValue(forKey: id) { session.take(answer: result, for: purpose, at: time) }
      case .notification("state", let state): session.take(state: state, at: time)
      case .notification("job", let update): session.take(job: update, at: time)
      case .notification("event", let event): session.take(event: event, at: time)
      case .notification(let method, let parameters): other(method, parameters)
      }
    }
  }

  // MARK: The terminal

  /// Hands over what the keyboard has said.
  ///
  /// - Parameters:
  ///   - sifted: Takes out of the terminal's bytes what is no key.
  ///   - eachKey: Is told of keys before the session is.
  /// - Returns: False when the terminal is gone.
  func readKeys(sifted: ([UInt8]) -> [UInt8] = { $0 }, eachKey: (KeyEvent) -> Void = { _ in }) -> Bool {
    guard let terminal else { return true }
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    let time = now
    var inputs: [TerminalInput] = []
    if poll(&waiting, 1, 0) > 0 {
      guard waiting.revents & Int16(POLLIN) != 0, let bytes = terminal.read() else { return false }
      inputs = parser.feed(sifted(bytes))
      escapeDeadline = parser.isUndecided ? time + Self.escapeTime : .infinity
    } else if time >= escapeDeadline {
      escapeDeadline = .infinity
      inputs = parser.endOfBurst()
    }
    for input in inputs { take(input, eachKey: eachKey, at: time) }
    return true
  }

  private func take(_ input: TerminalInput, eachKey: (KeyEvent) -> Void, at time: Double) {
    switch input {
    case .key(let event):
      eachKey(event)
      session.take(event, at: time)
      isDirty = true
    case .focus(let hasIt): if !hasIt { session.loseFocus(at: time) }
    case .keyboardFlags(let flags): session.deadMan.tellsReleases = flags & 0b1010 == 0b1010
    case .mode(2026, let isKnown): painter.isSynchronized = isKnown
    case .mode, .identity: break
    }
  }

  /// - Returns: False when the program is to end.
  func heedSignals() -> Bool {
    guard let terminal else { return interruption?.next() == nil }
    while let wish = terminal.nextWish() {
      switch wish {
      case .end: return false
      case .resize: painter.forget()
      case .suspend:
        session.stop(at: now)
        try? exchange()
        terminal.suspend()
        painter.forget()
      }
      isDirty = true
    }
    return true
  }

  /// - Parameter screen: Of so many columns and rows, at that time.
  func draw(_ screen: (_ session: Session, _ width: Int, _ height: Int, _ time: Double) -> Screen) {
    let time = now
    guard let terminal, isDirty || session.isServerSilent(at: time), time - drawn >= 1 / Session.frameRate, terminal.isWritable else { return }
    (isDirty, drawn) = (false, time)
    let (width, height) = terminal.size
    let bytes = painter.paint(screen(session, width, height, time))
    if !bytes.isEmpty { terminal.write(bytes) }
  }

  // MARK: Time

  /// Waits until something comes, from the server, the terminal or `others`, or something is due.
  func wait(forOthers others: [Int32] = [], until otherDeadline: Double = .infinity) {
    var deadline = min(session.deadline, escapeDeadline, otherDeadline)
    if isDirty, terminal != nil { deadline = min(deadline, drawn + 1 / Session.frameRate) }
    let remaining = min(max(0, deadline - now), Self.longestWait)
    let own = terminal.map { [STDIN_FILENO, $0.wishes] } ?? [interruption?.descriptor].compactMap(\.self)
    var sources = ([client.descriptor] + own + others).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    _ = poll(&sources, nfds_t(sources.count), Int32((remaining * 1000).rounded(.up)))
  }
}
