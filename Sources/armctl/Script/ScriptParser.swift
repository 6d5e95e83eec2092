internal import Kinematics

/// Reads a script line by line; the first thing that is wrong ends it.
struct ScriptParser {
  static let statementWords = ["move", "line", "speed", "wait", "pose", "repeat", "end"]
  /// Words that have a meaning somewhere, and so cannot name a pose.
  static let reservedWords = statementWords + ["to", "by", "in", "at", "tool", "base", "deg", "rad", "mm", "cm", "m", "s", "ms"]
  static let deepestNesting = 16
  static let mostSteps = 100_000

  private let arm: ScriptArm
  /// Poses that the script has defined so far, with the line of each.
  private var poses: [(name: String, position: JointVector, line: Int)] = []
  /// Poses that the script defines anywhere.
  private var definitions: [String: Int] = [:]

  init(arm: ScriptArm) { self.arm = arm }

  /// A `repeat` that waits for its `end`; the outermost stands for the script itself.
  private struct Block {
    var statements: [ScriptStatement] = []
    /// How many steps the statements come to, repetitions written out.
    var steps = 0
    var count = 1
    /// Of the word `repeat`.
    var place: SourcePlace?
  }

  mutating func statements(of text: String, file: String) throws(ScriptError) -> [ScriptStatement] {
    var lines: [ScriptLine] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      lines.append(ScriptLine(tokens: try ScriptLexer.tokens(of: String(line), line: index + 1, file: file)))
    }
    for line in lines {
      if case .word("pose") = line.tokens[0].kind, line.tokens.count > 1, case .word(let name) = line.tokens[1].kind {
        definitions[name] = definitions[name] ?? line.tokens[0].place.line
      }
    }

    var blocks = [Block()]
    for var line in lines where !line.isAtEnd {
      let place = line.next.place
      let word = try line.word("a statement: " + Self.statementWords.joined(separator: ", "))
      switch word {
      case "repeat": try open(&blocks, line: &line, place: place)
      case "end": try close(&blocks, place: place)
      default:
        let action = try action(word, line: &line, place: place)
        blocks[blocks.count - 1].statements.append(ScriptStatement(action: action, place: place))
        if action.isStep { blocks[blocks.count - 1].steps += 1 }
      }
      try line.end()
    }
    if let place = blocks.last?.place { throw ScriptError(place: place, problem: .repeatWithoutEnd) }
    return blocks[0].statements
  }

  private func open(_ blocks: inout [Block], line: inout ScriptLine, place: SourcePlace) throws(ScriptError) {
    let number = line.next
    let count = try line.number("how many times, a whole number")
    guard count >= 1, count <= 10_000, count == count.rounded() else {
      throw ScriptError(place: number.place, problem: .outOfRange(number.text, range: "a whole number from 1 to 10000"))
    }
    guard blocks.count <= Self.deepestNesting else {
      throw ScriptError(place: place, problem: .nestedTooDeep(limit: Self.deepestNesting))
    }
    blocks.append(Block(count: Int(count), place: place))
  }

  private func close(_ blocks: inout [Block], place: SourcePlace) throws(ScriptError) {
    guard blocks.count > 1, let block = blocks.popLast(), let start = block.place else {
      throw ScriptError(place: place, problem: .endWithoutRepeat)
    }
    let steps = block.steps * block.count
    guard steps <= Self.mostSteps else { throw ScriptError(place: start, problem: .tooManySteps(limit: Self.mostSteps)) }
    blocks[blocks.count - 1].statements.append(
      ScriptStatement(action: .repetition(count: block.count, block.statements), place: start))
    blocks[blocks.count - 1].steps += steps
  }

  private mutating func action(
    _ word: String, line: inout ScriptLine, place: SourcePlace
  ) throws(ScriptError) -> ScriptStatement.Action {
    switch word {
    case "move":
      let target = try target(&line)
      return .move(to: target, speed: try line.speedClause())
    case "line":
      let target = try lineTarget(&line)
      return .line(target, speed: try line.speedClause())
    case "speed": return .speed(try line.percent())
    case "wait": return .wait(try line.duration())
    case "pose": return try definition(&line)
    default: throw ScriptError(place: place, problem: .unknownStatement(word))
    }
  }

  private mutating func definition(_ line: inout ScriptLine) throws(ScriptError) -> ScriptStatement.Action {
    let place = line.next.place
    let name = try line.word("a name for the pose")
    if Self.reservedWords.contains(name) { throw ScriptError(place: place, problem: .reservedName(name)) }
    if let earlier = poses.first(where: { $0.name == name }) {
      throw ScriptError(place: place, problem: .poseExists(name, where: "in line \(earlier.line)"))
    }
    if arm.poseNames.contains(name) { throw ScriptError(place: place, problem: .poseExists(name, where: "in the arm file")) }
    try line.symbol("=")
    let position = try joints(&line)
    poses.append((name, position, place.line))
    return .pose(name: name, position)
  }

  private func target(_ line: inout ScriptLine) throws(ScriptError) -> ScriptStatement.Target {
    let token = line.next
    switch token.kind {
    case .symbol("["): return .joints(try joints(&line))
    case .word(let name):
      line.advance()
      return try pose(name, place: token.place)
    default:
      throw line.expected("the name of a pose, or joint positions such as \(example)")
    }
  }

  private func pose(_ name: String, place: SourcePlace) throws(ScriptError) -> ScriptStatement.Target {
    if let pose = poses.first(where: { $0.name == name }) { return .scriptPose(name, pose.position) }
    if arm.poseNames.contains(name) { return .armPose(name) }
    if let line = definitions[name] { throw ScriptError(place: place, problem: .poseDefinedLater(name, line: line)) }
    throw ScriptError(place: place, problem: .unknownPose(name, known: arm.poseNames + poses.map(\.name)))
  }

  private func lineTarget(_ line: inout ScriptLine) throws(ScriptError) -> ScriptStatement.LineTarget {
    switch line.next.kind {
    case .word("by"):
      line.advance()
      let offset = try line.lengths()
      guard line.skip("in") else { return .offsetInBase(offset) }
      if line.skip("base") { return .offsetInBase(offset) }
      guard line.skip("tool") else { throw line.expected("\"tool\" or \"base\"") }
      return .offsetInTool(offset)
    case .word("to"):
      line.advance()
      if case .number = line.next.kind { return .position(try line.lengths()) }
      return .configuration(try target(&line))
    default:
      throw line.expected("\"to\" or \"by\"")
    }
  }

  /// "[0, 20deg, 1.5]", "[0, 20, 90] deg"
  private func joints(_ line: inout ScriptLine) throws(ScriptError) -> JointVector {
    let start = line.next
    try line.symbol("[", asPartOf: "joint positions such as \(example)")
    var angles: [(value: Double, unit: Double?)] = []
    repeat {
      let value = try line.number("a joint position")
      angles.append((value, line.unit(ScriptUnits.angle)))
    } while line.skip(symbol: ",")
    try line.symbol("]", asPartOf: "\",\" or \"]\"")
    let common = line.unit(ScriptUnits.angle) ?? 1
    guard angles.count == arm.jointCount else {
      throw ScriptError(place: start.place, problem: .wrongJointCount(given: angles.count, expected: arm.jointCount))
    }
    return JointVector(angles.map { $0.value * ($0.unit ?? common) })
  }

  private var example: String { "[" + Array(repeating: "0", count: arm.jointCount).joined(separator: ", ") + "] deg" }
}
