internal import Foundation

/// The smallest pieces of a script's line.
struct ScriptToken: Equatable {
  enum Kind: Equatable {
    /// Letters, digits, `_` and `-`, beginning with a letter or `_`.
    case word(String)
    /// Finite and without a sign.
    case number(Double)
    /// What stands between quotation marks.
    case text(String)
    /// One of ``ScriptLexer/symbols``.
    case symbol(String)
    /// The line's end, or the comment's start.
    case lineEnd
  }

  let kind: Kind
  let place: SourcePlace

  /// As it was written.
  var text: String { place.excerptText }

  /// How a message calls it.
  var name: String { kind == .lineEnd ? "the end of the line" : "\"\(text)\"" }
}

/// A line's tokens, the last of which is always ``ScriptToken/Kind/lineEnd``, and its comment.
struct ScriptLine: Equatable {
  var tokens: [ScriptToken]
  /// From its `#` on, without blanks at its end.
  var comment: String?

  var isEmpty: Bool { tokens.count == 1 }

  /// The word that the line begins with.
  var firstWord: String? { if case .word(let word) = tokens[0].kind { word } else { nil } }
}

/// Cuts one line into tokens. A `#` and all behind it is a comment.
struct ScriptLexer {
  /// The longer ones first, for that is how they are looked for.
  static let symbols = ["==", "!=", "<=", ">=", "<", ">", "=", "[", "]", "(", ")", ",", "%", "+", "-", "*", "/"]
  static let longestLine = 1000
  /// [bytes]
  static let largestFile = 1 << 20

  private let file: String
  private let line: Int
  private let text: String
  private let characters: [Character]
  private var position = 0

  /// All lines of a text.
  static func lines(of text: String, file: String) throws(ScriptError) -> [ScriptLine] {
    guard text.utf8.count <= largestFile else {
      throw ScriptError(place: SourcePlace(file: file, line: 1, column: 1, length: 1, text: ""), problem: .fileTooLarge(limit: largestFile))
    }
    // Some editors begin a file with a byte order mark.
    let body = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    var lines: [ScriptLine] = []
    for (index, line) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      lines.append(try self.line(String(line), number: index + 1, file: file))
    }
    return lines
  }

  static func line(_ text: String, number: Int, file: String) throws(ScriptError) -> ScriptLine {
    var lexer = ScriptLexer(file: file, line: number, text: text, characters: Array(text))
    guard lexer.characters.count <= longestLine else {
      throw ScriptError(place: lexer.place(from: longestLine, to: longestLine + 1), problem: .lineTooLong(limit: longestLine))
    }
    var tokens: [ScriptToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .lineEnd
    let comment = String(lexer.characters[lexer.position...]).trimmingCharacters(in: .whitespaces)
    return ScriptLine(tokens: tokens, comment: comment.isEmpty ? nil : comment)
  }

  private init(file: String, line: Int, text: String, characters: [Character]) {
    self.file = file
    self.line = line
    self.text = text
    self.characters = characters
  }

  private mutating func next() throws(ScriptError) -> ScriptToken {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    guard position < characters.count, characters[position] != "#" else { return token(.lineEnd, from: position) }
    let start = position
    let first = characters[position]
    if Self.isDigit(first) || first == "." { return try number(from: start) }
    if first == "\"" { return try text(from: start) }
    if Self.beginsWord(first) {
      while position < characters.count, Self.continuesWord(characters[position]) { position += 1 }
      return token(.word(String(characters[start..<position])), from: start)
    }
    for symbol in Self.symbols where characters[position...].starts(with: symbol) {
      position += symbol.count
      return token(.symbol(symbol), from: start)
    }
    throw ScriptError(place: place(from: start, to: start + 1), problem: .strayCharacter(String(first)))
  }

  /// Digits with at most one point among them, and an exponent where digits follow its `e`: "10e" is ten and the word "e".
  private mutating func number(from start: Int) throws(ScriptError) -> ScriptToken {
    skipDigits()
    if position < characters.count, characters[position] == "." {
      position += 1
      skipDigits()
    }
    var exponent = position
    if exponent < characters.count, "eE".contains(characters[exponent]) {
      exponent += 1
      if exponent < characters.count, "+-".contains(characters[exponent]) { exponent += 1 }
      if exponent < characters.count, Self.isDigit(characters[exponent]) {
        position = exponent
        skipDigits()
      }
    }
    let digits = String(characters[start..<position])
    guard let value = Double(digits), value.isFinite else {
      throw ScriptError(place: place(from: start, to: position), problem: .notANumber(digits))
    }
    return token(.number(value), from: start)
  }

  private mutating func skipDigits() {
    while position < characters.count, Self.isDigit(characters[position]) { position += 1 }
  }

  private mutating func text(from start: Int) throws(ScriptError) -> ScriptToken {
    guard let end = characters[(start + 1)...].firstIndex(of: "\"") else {
      throw ScriptError(place: place(from: start, to: characters.count), problem: .unclosedText)
    }
    position = end + 1
    return token(.text(String(characters[(start + 1)..<end])), from: start)
  }

  private func token(_ kind: ScriptToken.Kind, from start: Int) -> ScriptToken {
    ScriptToken(kind: kind, place: place(from: start, to: position))
  }

  private func place(from start: Int, to end: Int) -> SourcePlace {
    SourcePlace(file: file, line: line, column: start + 1, length: end - start, text: text)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
  private static func beginsWord(_ character: Character) -> Bool { character.isLetter || character == "_" }
  private static func continuesWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "-"
  }
}
