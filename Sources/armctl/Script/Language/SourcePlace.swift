/// A stretch of one line of a text file that a person wrote: where a message points.
struct SourcePlace: Sendable, Equatable, CustomStringConvertible {
  let file: String
  /// Counted from 1; columns in characters.
  let line, column: Int
  /// How many characters the caret underlines, at least 1.
  let length: Int
  /// The whole line.
  let text: String

  /// From this stretch's beginning to another's end, both of one line.
  func through(_ last: SourcePlace) -> SourcePlace {
    SourcePlace(file: file, line: line, column: column, length: max(length, last.column + last.length - column), text: text)
  }

  /// What stands there.
  var excerptText: String { String(text.dropFirst(column - 1).prefix(length)) }

  /// "demo.arm:3:6"
  var description: String { "\(file):\(line):\(column)" }

  /// The line with its number, and below it carets under the stretch:
  ///
  ///        3 | move hme
  ///          |      ^^^
  var excerpt: String {
    let number = String(line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count))
    // Tabs stay tabs, so that the carets stand where they should however wide a tab is shown.
    let indent = text.prefix(column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
    let padding = String(repeating: " ", count: max(0, column - 1 - text.count))
    return "\(margin)\(number) | \(text)\n      | \(indent)\(padding)\(String(repeating: "^", count: max(1, length)))"
  }
}
