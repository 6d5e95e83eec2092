/// Reads a script's lines into statements; the first thing that is wrong ends it. Knows the grammar, and nothing of any arm.
struct ScriptParser {
  static let deepestNesting = 16

  private let lines: [ScriptLine]
  private var index = 0

  /// - Parameter file: What messages call it.
  static func statements(of text: String, file: String) throws(ScriptError) -> [ScriptStatement] {
    var parser = ScriptParser(lines: try ScriptLexer.lines(of: text, file: file))
    return try parser.block(of: nil, depth: 0).statements
  }

  private init(lines: [ScriptLine]) { self.lines = lines }

  /// Reads statements to the `end` or `else` that closes the block, or to the end of the text.
  ///
  /// - Parameter opener: The word that began the block; nil of the script itself.
  /// - Returns: The statements, and the line that closed the block, behind its first word.
  private mutating func block(
    of opener: ScriptToken?, depth: Int
  ) throws(ScriptError) -> (statements: [ScriptStatement], closing: ScriptCursor?) {
    if let opener, depth > Self.deepestNesting {
      throw ScriptError(place: opener.place, problem: .nestedTooDeep(limit: Self.deepestNesting))
    }
    var statements: [ScriptStatement] = []
    while index < lines.count {
      var line = ScriptCursor(lines[index])
      index += 1
      if line.isAtEnd { continue }
      let first = line.next
      let word = try line.word("a statement such as move, line or wait")
      switch word {
      case "end":
        guard opener != nil else { throw ScriptError(place: first.place, problem: .endWithoutBlock) }
        return (statements, line)
      case "else":
        guard opener?.kind == .word("if") else { throw ScriptError(place: first.place, problem: .elseWithoutIf) }
        return (statements, line)
      case "repeat", "if", "routine":
        statements.append(ScriptStatement(action: try blockStatement(first, &line, depth: depth + 1), place: first.place))
      default:
        let action = try line.action(word, at: first.place)
        try line.end()
        statements.append(ScriptStatement(action: action, place: first.place))
      }
    }
    if let opener { throw ScriptError(place: opener.place, problem: .blockWithoutEnd(opener.text)) }
    return (statements, nil)
  }

  private mutating func blockStatement(
    _ opener: ScriptToken, _ line: inout ScriptCursor, depth: Int
  ) throws(ScriptError) -> ScriptStatement.Action {
    switch opener.kind {
    case .word("repeat"):
      let count = try line.sum("how many times, a whole number")
      let counter = line.skip("as") ? try line.name("a name for the count") : nil
      try line.end()
      return .repetition(count: count, counter: counter, try closedBlock(of: opener, depth: depth))
    case .word("if"):
      return try condition(opener, &line, depth: depth)
    default:
      if depth > 1 { throw ScriptError(place: opener.place, problem: .onlyOutermost("routine")) }
      let name = try line.name("a name for the routine")
      var parameters: [ScriptName] = []
      while !line.isAtEnd {
        let parameter = try line.name("a name for the value")
        if parameters.contains(parameter) { throw ScriptError(place: parameter.place, problem: .saidTwice(parameter.text)) }
        parameters.append(parameter)
        guard line.skip(symbol: ",") else { break }
      }
      try line.end()
      return .routine(name, parameters: parameters, try closedBlock(of: opener, depth: depth))
    }
  }

  /// A block that only `end` closes.
  private mutating func closedBlock(of opener: ScriptToken, depth: Int) throws(ScriptError) -> [ScriptStatement] {
    let (statements, closing) = try block(of: opener, depth: depth)
    try closing?.end()
    return statements
  }

  private mutating func condition(
    _ opener: ScriptToken, _ line: inout ScriptCursor, depth: Int
  ) throws(ScriptError) -> ScriptStatement.Action {
    var branches: [ScriptStatement.Branch] = []
    while true {
      let condition = try line.expression("a comparison such as i > 2")
      try line.end()
      let (body, closing) = try block(of: opener, depth: depth)
      branches.append(ScriptStatement.Branch(condition: condition, body: body))
      guard var closing else { return .condition(branches, otherwise: []) }
      guard closing.last.kind == .word("else") else {
        try closing.end()
        return .condition(branches, otherwise: [])
      }
      guard closing.skip("if") else {
        try closing.end()
        let (otherwise, last) = try block(of: opener, depth: depth)
        if last?.last.kind == .word("else"), let place = last?.last.place { throw ScriptError(place: place, problem: .elseWithoutIf) }
        try last?.end()
        return .condition(branches, otherwise: otherwise)
      }
      line = closing
    }
  }
}
