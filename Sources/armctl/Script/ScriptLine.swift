/// Units that a script may say, each with what it is in SI.
enum ScriptUnits {
  typealias Table = [(name: String, factor: Double)]

  static let angle: Table = [("deg", .pi / 180), ("rad", 1)]
  static let length: Table = [("mm", 1e-3), ("cm", 1e-2), ("m", 1)]
  static let time: Table = [("s", 1), ("ms", 1e-3)]
}

/// One line's tokens, and how far they have been read.
struct ScriptLine {
  let tokens: [ScriptToken]
  private var index = 0

  /// - Precondition: the last token is the line's end.
  init(tokens: [ScriptToken]) { self.tokens = tokens }

  /// The next token; at the end always the line's end.
  var next: ScriptToken { tokens[index] }
  var isAtEnd: Bool { next.kind == .lineEnd }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  /// The error that something else was expected where the line stands now.
  func expected(_ what: String) -> ScriptError { ScriptError(place: next.place, problem: .expected(what, found: next.name)) }

  mutating func word(_ what: String) throws(ScriptError) -> String {
    guard case .word(let word) = next.kind else { throw expected(what) }
    advance()
    return word
  }

  mutating func number(_ what: String) throws(ScriptError) -> Double {
    guard case .number(let number) = next.kind else { throw expected(what) }
    advance()
    return number
  }

  mutating func symbol(_ symbol: Character, asPartOf what: String? = nil) throws(ScriptError) {
    guard skip(symbol: symbol) else { throw expected(what ?? "\"\(symbol)\"") }
  }

  mutating func end() throws(ScriptError) {
    guard isAtEnd else { throw ScriptError(place: next.place, problem: .surplus(next.name)) }
  }

  /// Passes over a word if it is the next.
  mutating func skip(_ word: String) -> Bool {
    guard next.kind == .word(word) else { return false }
    advance()
    return true
  }

  mutating func skip(symbol: Character) -> Bool {
    guard next.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  /// The factor of a unit, if one is next.
  mutating func unit(_ table: ScriptUnits.Table) -> Double? {
    guard case .word(let word) = next.kind, let unit = table.first(where: { $0.name == word }) else { return nil }
    advance()
    return unit.factor
  }

  private mutating func requiredUnit(_ table: ScriptUnits.Table, of quantity: String, number: ScriptToken) throws(ScriptError) -> Double {
    if let factor = unit(table) { return factor }
    let names = table.map(\.name)
    if case .word(let word) = next.kind { throw ScriptError(place: next.place, problem: .unknownUnit(word, of: quantity, units: names)) }
    throw ScriptError(place: number.place, problem: .missingUnit(of: quantity, units: names))
  }

  /// "at 50%", if it is there.
  mutating func speedClause() throws(ScriptError) -> Double? { skip("at") ? try percent() : nil }

  /// "50%", as a share of the limits.
  mutating func percent() throws(ScriptError) -> Double {
    let token = next
    let value = try number("a speed such as 50%")
    try symbol("%", asPartOf: "\"%\" after the speed")
    guard value > 0, value <= 100 else {
      throw ScriptError(place: token.place, problem: .outOfRange("\(token.text)%", range: "above 0% and at most 100%"))
    }
    return value / 100
  }

  /// "0.5 s", "20 ms", as seconds.
  mutating func duration() throws(ScriptError) -> Double {
    let token = next
    let value = try number("a time such as 0.5 s")
    let seconds = value * (try requiredUnit(ScriptUnits.time, of: "time", number: token))
    guard seconds >= 0, seconds <= 86_400 else {
      throw ScriptError(place: token.place, problem: .outOfRange(token.text, range: "a time from 0 s to a day"))
    }
    return seconds
  }

  /// "0 0 -50 mm" or "1 cm 0 mm 0.2 m", as metres: a number without a unit has that of the number after it.
  mutating func lengths() throws(ScriptError) -> SIMD3<Double> {
    var lengths = SIMD3<Double>()
    var waiting = 0
    for axis in 0..<3 {
      let token = next
      lengths[axis] = try number("a length for \(["x", "y", "z"][axis])")
      waiting += 1
      let isLast = axis == 2
      guard let factor = isLast ? try requiredUnit(ScriptUnits.length, of: "length", number: token) : unit(ScriptUnits.length) else { continue }
      for earlier in (axis + 1 - waiting)...axis { lengths[earlier] *= factor }
      waiting = 0
    }
    return lengths
  }
}
