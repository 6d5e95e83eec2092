// How expressions are read: `or` binds least, then `and`, `not`, comparisons, sums, products, signs.

extension ScriptCursor {
  static let deepestExpression = 32

  /// - Parameter what: What it stands for, for messages: "a time such as 0.5 s".
  mutating func expression(_ what: String) throws(ScriptError) -> ScriptExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestExpression else {
      throw ScriptError(place: next.place, problem: .expressionTooDeep(limit: Self.deepestExpression))
    }
    var left = try conjunction(what)
    while skip("or") { left = joined(left, .or, try conjunction("what to compare")) }
    return left
  }

  private mutating func conjunction(_ what: String) throws(ScriptError) -> ScriptExpression {
    var left = try inversion(what)
    while skip("and") { left = joined(left, .and, try inversion("what to compare")) }
    return left
  }

  private mutating func inversion(_ what: String) throws(ScriptError) -> ScriptExpression {
    var starts: [SourcePlace] = []
    while next.kind == .word("not") {
      starts.append(next.place)
      advance()
    }
    var inner = try comparison(what)
    for start in starts.reversed() { inner = ScriptExpression(kind: .inversion(inner), place: start.through(inner.place)) }
    return inner
  }

  private mutating func comparison(_ what: String) throws(ScriptError) -> ScriptExpression {
    let left = try sum(what)
    guard let comparison = binaryOperator(among: ScriptExpression.Operator.comparisons) else { return left }
    return joined(left, comparison, try sum("what to compare with"))
  }

  /// A value without a comparison: what clauses such as `at` take.
  mutating func sum(_ what: String) throws(ScriptError) -> ScriptExpression {
    var left = try product(what)
    while let sign = binaryOperator(among: [.add, .subtract]) { left = joined(left, sign, try product("a number")) }
    return left
  }

  /// A value that may stand beside others without a comma between: one of the three numbers of a place.
  mutating func product(_ what: String) throws(ScriptError) -> ScriptExpression {
    var left = try signed(what)
    while let factor = binaryOperator(among: [.multiply, .divide]) { left = joined(left, factor, try signed("a number")) }
    return left
  }

  private mutating func signed(_ what: String) throws(ScriptError) -> ScriptExpression {
    var signs: [ScriptToken] = []
    while next.kind == .symbol("-") || next.kind == .symbol("+") {
      signs.append(next)
      advance()
    }
    var inner = try atom(signs.isEmpty ? what : "a number")
    for sign in signs.reversed() {
      let place = sign.place.through(inner.place)
      inner = sign.kind == .symbol("-") ? ScriptExpression(kind: .negation(inner), place: place) : ScriptExpression(kind: inner.kind, place: place)
    }
    return inner
  }

  private mutating func atom(_ what: String) throws(ScriptError) -> ScriptExpression {
    let start = next
    switch start.kind {
    case .number(let value):
      advance()
      try refuseDecimalComma(after: start)
      let unit = unit()
      return ScriptExpression(kind: .number(value, unit), place: start.place.through(last.place))
    case .symbol("("):
      advance()
      let inner = try enclosed()
      return ScriptExpression(kind: inner.kind, place: start.place.through(last.place))
    case .word(let word):
      if let function = ScriptExpression.Function(rawValue: word) {
        advance()
        try symbol("(", asPartOf: "\"(\" after \(word)")
        let argument = try enclosed()
        return ScriptExpression(kind: .function(function, argument), place: start.place.through(last.place))
      }
      guard !ScriptWords.reserved.contains(word) else { throw expected(what) }
      advance()
      return ScriptExpression(kind: .name(word), place: start.place)
    default: throw expected(what)
    }
  }

  /// An expression and the parenthesis that closes it.
  private mutating func enclosed() throws(ScriptError) -> ScriptExpression {
    let outer = commaSeparates
    commaSeparates = false
    defer { commaSeparates = outer }
    let inner = try expression("a number")
    try symbol(")")
    return inner
  }

  private mutating func binaryOperator(among operators: [ScriptExpression.Operator]) -> ScriptExpression.Operator? {
    guard case .symbol(let symbol) = next.kind, let found = operators.first(where: { $0.rawValue == symbol }) else { return nil }
    advance()
    return found
  }

  private func joined(_ a: ScriptExpression, _ operation: ScriptExpression.Operator, _ b: ScriptExpression) -> ScriptExpression {
    ScriptExpression(kind: .operation(operation, a, b), place: a.place.through(b.place))
  }

  /// "0,5" where a comma separates nothing.
  private func refuseDecimalComma(after number: ScriptToken) throws(ScriptError) {
    guard !commaSeparates, next.kind == .symbol(","), case .number = second.kind, touches(number, next), touches(next, second) else { return }
    throw ScriptError(place: number.place.through(second.place), problem: .decimalComma(number.text + "," + second.text))
  }

  private func touches(_ a: ScriptToken, _ b: ScriptToken) -> Bool { a.place.column + a.place.length == b.place.column }
}

// MARK: - Rows of numbers

extension ScriptCursor {
  /// "0 0 -50 mm"
  ///
  /// - Parameters:
  ///   - quantity: "length" or "angle".
  ///   - names: Of the three numbers.
  mutating func triple(of quantity: Dimension, names: [String]) throws(ScriptError) -> ScriptTriple {
    let noun = quantity.noun
    let x = try product("\(quantity.article) for \(names[0])")
    let y = try product("\(quantity.article) for \(names[1])")
    let z = try product("\(quantity.article) for \(names[2])")
    try refuseUnknownUnit(of: noun, ScriptUnit.names(of: quantity))
    switch next.kind {
    case .symbol("+"), .symbol("-"), .number: throw ScriptError(place: next.place, problem: .fourthNumber(next.name))
    default: return ScriptTriple(x: x, y: y, z: z)
    }
  }

  mutating func lengths() throws(ScriptError) -> ScriptTriple { try triple(of: .length, names: ["x", "y", "z"]) }

  /// "[0, 20deg, 1.5]", "[0, 20, 90] deg"
  mutating func joints(_ what: String) throws(ScriptError) -> ScriptJoints {
    let start = next.place
    try symbol("[", asPartOf: what)
    commaSeparates = true
    defer { commaSeparates = false }
    var elements: [ScriptExpression] = []
    repeat {
      elements.append(try sum("a joint position"))
      try refuseUnknownUnit(of: "joint position", ["deg", "rad", "mm", "m"])
    } while skip(symbol: ",")
    try symbol("]", asPartOf: "\",\" or \"]\"")
    let unit = unit()
    return ScriptJoints(elements: elements, unit: unit, place: start.through(last.place))
  }
}
