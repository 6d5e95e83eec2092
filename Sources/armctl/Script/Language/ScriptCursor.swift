/// One line's tokens, and how far they have been read.
struct ScriptCursor {
  let tokens: [ScriptToken]
  private var index = 0
  /// How deep the expression being read is nested.
  var depth = 0
  /// Whether a comma has a meaning here, so that "0,5" is no slip.
  var commaSeparates = false

  init(_ line: ScriptLine) { tokens = line.tokens }

  /// The next token; at the end always the line's end.
  var next: ScriptToken { tokens[index] }
  /// The tokens after the next.
  var second: ScriptToken { tokens[min(index + 1, tokens.count - 1)] }
  var third: ScriptToken { tokens[min(index + 2, tokens.count - 1)] }
  /// The token that was read last.
  var last: ScriptToken { tokens[max(index - 1, 0)] }
  var isAtEnd: Bool { next.kind == .lineEnd }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  /// The error that something else was expected where the line stands now.
  func expected(_ what: String) -> ScriptError { ScriptError(place: next.place, problem: .expected(what, found: next.name)) }

  mutating func word(_ what: String) throws(ScriptError) -> String {
    guard case .word(let word) = next.kind else { throw expected(what) }
    advance()
    return word
  }

  /// A word that may name something.
  ///
  /// - Parameter isOfPlace: Where a pose or a place is named, words such as `stop` and `open` have no other meaning.
  mutating func name(_ what: String, isOfPlace: Bool = false) throws(ScriptError) -> ScriptName {
    let place = next.place
    let text = try word(what)
    guard !(isOfPlace ? ScriptWords.grammar : ScriptWords.reserved).contains(text) else {
      throw ScriptError(place: place, problem: .reservedName(text))
    }
    return ScriptName(text: text, place: place)
  }

  mutating func symbol(_ symbol: String, asPartOf what: String? = nil) throws(ScriptError) {
    guard skip(symbol: symbol) else { throw expected(what ?? "\"\(symbol)\"") }
  }

  func end() throws(ScriptError) {
    guard isAtEnd else { throw ScriptError(place: next.place, problem: .surplus(next.name)) }
  }

  /// Passes over a word if it is the next.
  mutating func skip(_ word: String) -> Bool {
    guard next.kind == .word(word) else { return false }
    advance()
    return true
  }

  mutating func skip(symbol: String) -> Bool {
    guard next.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  /// A unit, if one is next.
  mutating func unit() -> ScriptUnit? {
    if skip(symbol: "%") { return .percent }
    guard case .word(let word) = next.kind, let unit = ScriptUnit(rawValue: word) else { return nil }
    advance()
    if let rate = unit.perSecond, next.kind == .symbol("/"), second.kind == .word("s") {
      advance()
      advance()
      return rate
    }
    return unit
  }

  /// A number whose next word can only be meant as its unit has none.
  ///
  /// - Parameter quantity: What the number is, and its units.
  func refuseUnknownUnit(of quantity: String, _ units: [String]) throws(ScriptError) {
    guard case .number = last.kind, case .word(let word) = next.kind, !ScriptWords.reserved.contains(word) else { return }
    throw ScriptError(place: next.place, problem: .unknownUnit(word, of: quantity, units: units))
  }
}

/// The words of the language.
enum ScriptWords {
  static let statements = [
    "move", "line", "arc", "speed", "blend", "wait", "gripper", "pose", "place", "let", "repeat", "if", "else", "end", "routine", "do", "on",
    "include",
  ]
  static let clauses = ["to", "by", "via", "in", "at", "above", "turned", "as", "most", "tool", "base"]
  static let values = ["and", "or", "not"] + ScriptExpression.Function.allCases.map(\.rawValue)
  static let others = ["contact", "input", "off", "open", "close", "knock", "fault", "resume", "stop"]

  /// Words that have a meaning where a pose or a place may stand, and so cannot name one.
  static let grammar = Set(statements + clauses + values + ScriptUnit.allCases.map(\.rawValue))
  /// Words that have a meaning somewhere, and so cannot name values and routines.
  static let reserved = grammar.union(others)
}
