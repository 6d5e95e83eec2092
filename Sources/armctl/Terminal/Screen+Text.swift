// Text on a screen that is longer than a line, or tells what keys do.

extension Screen {
  /// Words on so many rows at most; where they do not do, the last row ends with an ellipsis.
  static func wrapped(_ text: String, width: Int, rows: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else if lines.count == rows - 1 {
        lines.append(line.prefix(max(0, width - 2)) + " …")
        return lines
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }

  /// A row of keys and what each is for, in their order of importance, as far as there is room.
  /// - Returns: How many of them there was room for.
  @discardableResult
  mutating func write(hints: [(key: String, word: String)], y: Int) -> Int {
    var x = 1
    for (index, hint) in hints.enumerated() {
      guard x + hint.key.count + hint.word.count + 1 < width else { return index }
      x = write(hint.key, x: x, y: y, .accent) + 1
      x = write(hint.word, x: x, y: y, .faint) + 2
    }
    return hints.count
  }
}
