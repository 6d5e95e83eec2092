internal import Foundation

/// The smallest pieces of a script's line.
struct ScriptToken: Equatable {
  enum Kind: Equatable {
    /// Letters, digits, `_` and `-`, beginning with a letter or `_`.
    case word(String)
    /// Finite.
    case number(Double)
    /// One of `[ ] , = %`.
    case symbol(Character)
    /// The line's end, or the comment's start.
    case lineEnd
  }

  let kind: Kind
  let place: SourcePlace
  /// As it was written.
  let text: String

  /// How a message calls it.
  var name: String { kind == .lineEnd ? "the end of the line" : "\"\(text)\"" }
}

/// Cuts one line into tokens; the last is always ``ScriptToken/Kind/lineEnd``. A `#` and all behind it is a comment.
struct ScriptLexer {
  private let file: String
  private let line: Int
  private let text: String
  private let characters: [Character]
  private var position = 0

  static func tokens(of text: String, line: Int, file: String) throws(ScriptError) -> [ScriptToken] {
    var lexer = ScriptLexer(file: file, line: line, text: text, characters: Array(text))
    var tokens: [ScriptToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .lineEnd
    return tokens
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
    if Self.isDigit(first) || first == "." || first == "+" || first == "-" {
      return try number(from: start)
    }
    if Self.beginsWord(first) {
      while position < characters.count, Self.continuesWord(characters[position]) { position += 1 }
      return token(.word(String(characters[start..<position])), from: start)
    }
    position += 1
    guard "[],=%".contains(first) else {
      throw ScriptError(place: place(from: start), problem: .strayCharacter(String(first)))
    }
    return token(.symbol(first), from: start)
  }

  /// Sign, digits with at most one point among them, and an exponent where digits follow its `e`: "10e" is ten and the word "e".
  private mutating func number(from start: Int) throws(ScriptError) -> ScriptToken {
    if "+-".contains(characters[position]) { position += 1 }
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
    let digits = String(characters[start..<max(position, start + 1)])
    position = max(position, start + 1)
    guard let value = Double(digits), value.isFinite else {
      throw ScriptError(place: place(from: start), problem: .notANumber(digits))
    }
    return token(.number(value), from: start)
  }

  private mutating func skipDigits() {
    while position < characters.count, Self.isDigit(characters[position]) { position += 1 }
  }

  private func token(_ kind: ScriptToken.Kind, from start: Int) -> ScriptToken {
    ScriptToken(kind: kind, place: place(from: start), text: String(characters[start..<position]))
  }

  private func place(from start: Int) -> SourcePlace {
    SourcePlace(file: file, line: line, column: start + 1, length: position - start, text: text)
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
  private static func beginsWord(_ character: Character) -> Bool { character.isLetter || character == "_" }
  private static func continuesWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "-"
  }
}
