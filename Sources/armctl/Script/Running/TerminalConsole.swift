internal import Foundation

/// A script's progress in one line of the terminal, and the keys that a person presses meanwhile: `+` and `-` for the speed, Ctrl-C.
final class TerminalConsole: RunConsole {
  private static let width = 24

  private let interruption: Interruption
  private let keyboard: Keyboard?
  private var shown: RunProgress?
  private var isShown = false

  /// - Parameter interruption: Where Ctrl-C is noticed.
  init(interruption: Interruption) {
    self.interruption = interruption
    keyboard = Terminal.isTerminal(STDIN_FILENO) ? Keyboard() : nil
  }

  func show(_ progress: RunProgress) {
    guard progress != shown else { return }
    shown = progress
    isShown = true
    // A line that wraps could not be written over.
    write("\r\u{1B}[2K" + Self.line(of: progress).prefix((Terminal.width(of: STDERR_FILENO) ?? 80) - 1))
  }

  /// "██████░░░░ 34 %  line 12: move above_pick · speed 80 %"; what keeps the arm stands first, where it is seen in a narrow window, too.
  static func line(of progress: RunProgress) -> String {
    let filled = min(width, max(0, Int((progress.share * Double(width)).rounded())))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let parts = [
      progress.pauser.map { "paused by \($0)" } ?? progress.remark, "line \(progress.task.lineNumbers): \(progress.task.text)",
      progress.speed == 1 ? nil : String(format: "speed %.0f %%", progress.speed * 100),
    ]
    return String(format: "%@ %3.0f %%  ", bar, progress.share * 100) + parts.compactMap(\.self).joined(separator: " · ")
  }

  func tell(_ sentence: String) {
    clear()
    write(sentence + "\n")
  }

  func clear() {
    guard isShown else { return }
    write("\r\u{1B}[2K")
    isShown = false
    shown = nil
  }

  func nextWish() -> RunWish? {
    if let signal = interruption.next() { return signal == .interrupt ? .interrupt : .end }
    while let key = keyboard?.next() {
      switch key {
      case "+", "=": return .faster
      case "-", "_": return .slower
      default: continue
      }
    }
    return nil
  }

  func choose(_ choices: [RunChoice], idling: () throws -> Void) throws -> RunChoice {
    clear()
    guard let keyboard else { return .stop }
    write("The arm rests on its path: " + choices.map(\.label).joined(separator: ", ") + "? ")
    defer { write("\n") }
    while true {
      // Whoever presses Ctrl-C again wants no question.
      if interruption.next() != nil { return .stop }
      while let key = keyboard.next() {
        if let choice = choices.first(where: { $0.rawValue.first == key }) { return choice }
      }
      try idling()
    }
  }

  func confirm(_ task: ScriptTask, idling: () throws -> Void) throws -> RunConfirmation {
    clear()
    guard let keyboard else { return .go }
    write("line \(task.lineNumbers): \(task.text)  [Enter] goes, [a] all the rest, [q] ends ")
    defer { write("\n") }
    while true {
      if interruption.next() != nil { return .end }
      while let key = keyboard.next() {
        switch key {
        case "\n", "\r", " ": return .go
        case "a": return .goOnWithoutAsking
        case "q": return .end
        default: continue
        }
      }
      try idling()
    }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// Single key presses from the terminal, without waiting and without an echo, as long as it lives.
final class Keyboard {
  private var saved = termios()

  /// Nil where standard input is no terminal.
  init?() {
    guard tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
  }

  deinit { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }

  /// The next key that was pressed; nil if there is none.
  func next() -> Character? {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    var byte: UInt8 = 0
    guard poll(&waiting, 1, 0) > 0, read(STDIN_FILENO, &byte, 1) == 1 else { return nil }
    return Character(Unicode.Scalar(byte))
  }
}
