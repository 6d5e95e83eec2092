internal import Foundation

/// What a command calls itself to the server, for whoever wonders who moves the arm: "armctl on pts/3".
///
/// Commands of one terminal, or where there is none of one session, have the same name: who has paused the arm there may let it go on.
enum ClientName {
  /// - Parameter program: "armctl", or what it runs. Names are at most 64 bytes long.
  static func name(of program: String = "armctl") -> String {
    let place = terminal.map { " on \($0)" } ?? " (session \(getsid(0)))"
    var program = program
    while program.utf8.count + place.utf8.count > 64 { program.removeLast() }
    return program + place
  }

  /// "pts/3"; nil where no stream is a terminal.
  private static var terminal: String? {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard let path = ttyname(stream).map({ String(cString: $0) }) else { continue }
      return String((path.hasPrefix("/dev/") ? String(path.dropFirst(5)) : path).suffix(24))
    }
    return nil
  }
}
