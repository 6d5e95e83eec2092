/// Writes a script in the one way that all scripts have: two blanks a block, one between words, comments in a column. Says what it said before.
struct ScriptFormatter {
  private struct Line {
    var code: String
    var comment: String?
    var depth: Int

    var isBlank: Bool { code.isEmpty && comment == nil }
    var indented: String { String(repeating: "  ", count: depth) + code }
  }

  /// - Returns: The text, ended by a newline; nothing of nothing.
  /// - Throws: What is wrong with a script that cannot be read.
  static func formatted(_ text: String, file: String) throws(ScriptError) -> String {
    _ = try ScriptParser.statements(of: text, file: file)
    var depth = 0
    var lines: [Line] = []
    for line in try ScriptLexer.lines(of: text, file: file) {
      let word = line.firstWord
      if word == "end" || word == "else" { depth -= 1 }
      lines.append(Line(code: code(of: line), comment: line.comment, depth: max(0, depth)))
      if ["repeat", "if", "else", "routine"].contains(word) { depth += 1 }
    }
    return joined(withoutSpareBlanks(lines))
  }

  /// One blank line at most, and none at the beginning and the end.
  private static func withoutSpareBlanks(_ lines: [Line]) -> [Line] {
    var kept: [Line] = []
    for line in lines where !(line.isBlank && kept.last?.isBlank ?? true) { kept.append(line) }
    if kept.last?.isBlank == true { kept.removeLast() }
    return kept
  }

  /// With the comments behind neighbouring lines in one column.
  private static func joined(_ lines: [Line]) -> String {
    var text = ""
    var index = 0
    while index < lines.count {
      let run = lines[index...].prefix { !$0.code.isEmpty && $0.comment != nil }
      let column = (run.map(\.indented.count).max() ?? 0) + 2
      for line in run.isEmpty ? lines[index...index] : run {
        var written = line.indented
        if let comment = line.comment {
          let space = line.code.isEmpty ? 0 : column - line.indented.count
          let whole = written + String(repeating: " ", count: space) + comment
          // A line that would become too long to be read again stays narrow.
          written = whole.count <= ScriptLexer.longestLine ? whole : line.code + (line.code.isEmpty ? "" : " ") + comment
        }
        if line.isBlank { written = "" }
        text += (written.count <= ScriptLexer.longestLine ? written : line.code) + "\n"
        index += 1
      }
    }
    return text
  }

  // MARK: One line

  private static func code(of line: ScriptLine) -> String {
    let tokens = line.tokens.dropLast()
    var spacing = ScriptSpacing(isPlace: line.firstWord == "place")
    var code = ""
    for (token, following) in zip(line.tokens, line.tokens.dropFirst()) {
      code += (spacing.isApart(token, before: following) ? " " : "") + token.text
    }
    guard code.count > ScriptLexer.longestLine, let first = tokens.first, let last = tokens.last else { return code }
    return first.place.through(last.place).excerptText
  }
}

/// Where blanks stand between the tokens of a line, told one after the other.
struct ScriptSpacing {
  /// Words behind which numbers stand in a row, so that a sign belongs to the number behind it.
  private static let rowWords: Set<String> = ["move", "by", "via", "to", "turned"]
  private static let otherClauses: Set<String> = ["at", "blend", "in", "above"]

  private var previous: ScriptToken?
  private var beforePrevious: ScriptToken?
  private var isInRow = false
  private var depth = 0
  /// Whether the last token was a sign that belongs to what follows.
  private var isAfterSign = false
  private let isPlace: Bool

  /// - Parameter isPlace: Of a line that defines a place: a row of numbers stands behind its `=`.
  init(isPlace: Bool) { self.isPlace = isPlace }

  /// Whether a blank stands before the next token.
  mutating func isApart(_ token: ScriptToken, before following: ScriptToken) -> Bool {
    let isSign = isSign(token)
    let isApart = previous != nil && !isAfterSign && !touches(token, following)
    note(token)
    isAfterSign = isSign
    (beforePrevious, previous) = (previous, token)
    return isApart
  }

  private func touches(_ token: ScriptToken, _ following: ScriptToken) -> Bool {
    if ["]", ")", ",", "%"].contains(where: { token.kind == .symbol($0) }) { return true }
    if previous?.kind == .symbol("[") || previous?.kind == .symbol("(") { return true }
    if token.kind == .symbol("("), case .word(let word)? = previous?.kind { return ScriptExpression.Function(rawValue: word) != nil }
    // "mm/s" is one unit.
    if token.kind == .symbol("/"), let previous { return isRated(previous) && following.kind == .word("s") }
    return token.kind == .word("s") && previous?.kind == .symbol("/") && beforePrevious.map(isRated) == true
  }

  private func isRated(_ token: ScriptToken) -> Bool {
    guard case .word(let word) = token.kind else { return false }
    return ScriptUnit(rawValue: word)?.perSecond != nil
  }

  /// Whether a plus or minus belongs to the number behind it alone.
  private func isSign(_ token: ScriptToken) -> Bool {
    guard token.kind == .symbol("-") || token.kind == .symbol("+") else { return false }
    return (isInRow && depth == 0) || previous?.endsValue != true
  }

  private mutating func note(_ token: ScriptToken) {
    switch token.kind {
    case .symbol("["), .symbol("("): depth += 1
    case .symbol("]"), .symbol(")"): depth -= 1
    case .symbol("="): if isPlace { isInRow = true }
    case .word(let word):
      if Self.rowWords.contains(word) { isInRow = true }
      if Self.otherClauses.contains(word) { isInRow = false }
    default: break
    }
  }
}

extension ScriptToken {
  /// Whether a value can end with it, so that a sign behind it joins two.
  fileprivate var endsValue: Bool {
    switch kind {
    case .number, .symbol(")"), .symbol("]"), .symbol("%"): true
    case .word(let word): ScriptUnit(rawValue: word) != nil || !ScriptWords.reserved.contains(word)
    case .symbol, .text, .lineEnd: false
    }
  }
}
