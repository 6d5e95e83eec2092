internal import Foundation

/// The terminal as a full screen with single key presses, as long as it lives: raw mode, the alternate screen, no cursor.
///
/// Everything is put back when it ends, when the program is told to end, and also when it crashes. Only one at a time.
final class TerminalSession {
  /// What a signal asks for.
  enum Wish: Equatable { case end, resize, suspend }

  /// Becomes readable when a signal has come.
  let wishes: Int32
  private let signals: SignalPipe
  private(set) var isActive = false

  /// The keyboard protocol of kitty (1 tells escape from sequences, 2 releases, 4 places, 8 every key), focus, and pasted text as such.
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?1004h\u{1B}[?2004h\u{1B}[>15u"
  private static let questions = "\u{1B}[?u\u{1B}[?2026$p\u{1B}[c"

  static let noTerminal = CommandFailure(
    "Teleoperation needs a terminal, and standard input or output is none.", suggestion: "armctl move, or armctl run")

  /// - Throws: ``CommandFailure`` where standard input or output is no terminal.
  init() throws(CommandFailure) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &TerminalRescue.settings) == 0 else {
      throw Self.noTerminal
    }
    signals = SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP])
    wishes = signals.descriptor
    TerminalRescue.arm()
    resume()
  }

  deinit { end() }

  /// Takes the terminal, at first and again after ``suspend()``.
  func resume() {
    guard !isActive else { return }
    isActive = true
    TerminalRescue.isNeeded = true
    var raw = TerminalRescue.settings
    cfmakeraw(&raw)
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
    write(Array((Self.enter + Self.questions).utf8))
  }

  /// Gives the terminal back.
  func end() {
    guard isActive else { return }
    isActive = false
    TerminalRescue.restore()
  }

  /// Gives the terminal back and stops the program, until the shell lets it go on.
  func suspend() {
    end()
    kill(getpid(), SIGSTOP)
    resume()
  }

  /// What a signal that has come asks for; nil if none has.
  func nextWish() -> Wish? {
    switch signals.next() {
    case SIGWINCH: .resize
    case SIGTSTP: .suspend
    case nil: nil
    default: .end
    }
  }

  /// Columns and rows.
  var size: (width: Int, height: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Whether the terminal takes more output now. One that does not, such as a stalled connection, misses frames instead of holding the program up.
  var isWritable: Bool {
    var waiting = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLOUT) != 0
  }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count > 0 { sent += count } else if errno != EINTR && errno != EAGAIN { return }
    }
  }

  /// What has come from the keyboard; nil at the end, when the terminal is gone.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = buffer.withUnsafeMutableBytes { Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count) }
    if count > 0 { return Array(buffer[..<count]) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
  }
}

/// What puts the terminal back, from wherever the program ends.
enum TerminalRescue {
  /// How the terminal was before.
  nonisolated(unsafe) fileprivate(set) static var settings = termios()
  nonisolated(unsafe) fileprivate(set) static var isNeeded = false

  private static let leave: StaticString =
    "\u{1B}[<u\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?2004l\u{1B}[?1004l\u{1B}[?2026l\u{1B}[m\u{1B}[?25h\u{1B}[?1049l"

  /// Safe in a signal handler.
  static func restore() {
    guard isNeeded else { return }
    isNeeded = false
    _ = Foundation.write(STDOUT_FILENO, leave.utf8Start, leave.utf8CodeUnitCount)
    // Not waiting for output: the terminal may be gone.
    tcsetattr(STDIN_FILENO, TCSANOW, &settings)
  }

  /// From now on a crash restores the terminal first.
  fileprivate static func arm() {
    for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] {
      signal(number) { number in
        TerminalRescue.restore()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}
