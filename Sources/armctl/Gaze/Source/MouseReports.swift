/// Takes a terminal's reports of its pointer (xterm's SGR mode 1006) out of what comes from the keyboard.
struct MouseReports {
  /// Where the pointer is, in columns and rows counted from 0, and whether a button is pressed there.
  struct Report: Equatable, Sendable {
    var column, row: Int
    var isPress: Bool
  }

  /// Every motion is told, in decimal numbers.
  static let enter = "\u{1B}[?1003h\u{1B}[?1006h"
  static let leave = "\u{1B}[?1003l\u{1B}[?1006l"

  private static let opening: [UInt8] = [0x1B, UInt8(ascii: "["), UInt8(ascii: "<")]
  private var report: [UInt8] = []

  /// - Returns: The reports that are whole, and the bytes that belong to none.
  mutating func feed(_ bytes: [UInt8]) -> (reports: [Report], rest: [UInt8]) {
    var (reports, rest) = ([Report](), [UInt8]())
    for byte in bytes {
      report.append(byte)
      if report.count <= 3 {
        if report == Array(Self.opening.prefix(report.count)) { continue }
      } else if byte == UInt8(ascii: "M") || byte == UInt8(ascii: "m") {
        if let found = Self.report(report) { reports.append(found) }
        report = []
        continue
      } else if report.count < 24, byte == UInt8(ascii: ";") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        continue
      }
      rest += report
      report = []
    }
    // A lone beginning is a key until more of it comes.
    if report.count <= 2 {
      rest += report
      report = []
    }
    return (reports, rest)
  }

  private static func report(_ bytes: [UInt8]) -> Report? {
    let numbers = bytes[3..<bytes.count - 1].split(separator: UInt8(ascii: ";")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
    return Report(column: numbers[1] - 1, row: numbers[2] - 1, isPress: bytes.last == UInt8(ascii: "M") && numbers[0] & 0b1100011 == 0)
  }
}
