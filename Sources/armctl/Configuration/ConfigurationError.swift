internal import Kinematics

/// What is wrong with an arm file, where, and what was expected.
struct ConfigurationError: Error, Sendable, Equatable {
  let file: String
  /// Where the trouble shows; nil where it is the file as a whole.
  let place: Place?
  /// One sentence without the place.
  let sentence: String
  /// What to do about it, for after "try: ".
  let suggestion: String

  struct Place: Sendable, Equatable {
    /// From 1, in characters.
    let line, column: Int
    /// The whole line.
    let text: String
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// One sentence, with file, line and column.
  var description: String { (place.map { "\(file):\($0.line):\($0.column): " } ?? "\(file): ") + sentence }

  /// The line as it stands in the file, and a caret under the place; nil where it is the file as a whole.
  var excerpt: String? {
    guard let place else { return nil }
    let number = String(place.line)
    // Tabs are kept, so that the caret stands right however wide they are shown.
    let indent = String(place.text.prefix(place.column - 1).map { $0 == "\t" ? "\t" : " " })
    let missing = String(repeating: " ", count: max(0, place.column - 1 - place.text.count))
    return "  \(number) | \(place.text)\n  \(String(repeating: " ", count: number.count)) | \(indent)\(missing)^"
  }

  /// All of it: the sentence, the excerpt, and what to try.
  var report: String { ([description] + (excerpt.map { [$0] } ?? []) + ["try: \(suggestion)"]).joined(separator: "\n") }
}
