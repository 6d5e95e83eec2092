import TestSupport

@testable import armctl

/// Makes up scripts and writes them down with blanks and comments where nobody would put them.
struct ScriptAuthor {
  private var random: SeededGenerator
  private static let nowhere = SourcePlace(file: "", line: 1, column: 1, length: 1, text: "")
  private static let names = ["a", "depth", "tray-1", "_x", "über", "pick_2"]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func statements() -> [ScriptStatement] { block(depth: 0) }

  // MARK: Making up

  private mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }
  private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
  private mutating func name() -> ScriptName { ScriptName(text: pick(Self.names), place: Self.nowhere) }

  private mutating func block(depth: Int) -> [ScriptStatement] {
    (0..<Int.random(in: 0...4, using: &random)).map { _ in ScriptStatement(action: action(depth: depth), place: Self.nowhere) }
  }

  private mutating func action(depth: Int) -> ScriptStatement.Action {
    switch Int.random(in: 0..<(depth < 3 ? 18 : 13), using: &random) {
    case 0, 1, 2: return .motion(motion())
    case 3: return .speed(sum())
    case 4: return .blend(sum())
    case 5: return .wait(sum())
    case 6: return .waitForContact(atMost: chance(0.5) ? sum() : nil)
    case 7: return .waitForInput(name(), isOn: chance(0.5), atMost: chance(0.5) ? sum() : nil)
    case 8: return .gripper(pick([.open, .close, .to(sum())]))
    case 9: return .constant(name(), condition())
    case 10: return .pose(name(), joints())
    case 11: return .place(name(), place())
    case 12: return .call(name(), (0..<Int.random(in: 0...3, using: &random)).map { _ in condition() })
    case 13: return .repetition(count: sum(), counter: chance(0.5) ? name() : nil, block(depth: depth + 1))
    case 14:
      let branches = (0...Int.random(in: 0...2, using: &random)).map { _ in
        ScriptStatement.Branch(condition: condition(), body: block(depth: depth + 1))
      }
      return .condition(branches, otherwise: block(depth: depth + 1))
    case 15: return .reaction(pick(ScriptStatement.Trigger.allCases), pick([.resume, .stop, .routine(name())]))
    case 16: return .include(ScriptName(text: "poses/\(Int.random(in: 0...9, using: &random)) x.arm", place: Self.nowhere))
    default:
      guard depth == 0 else { return .motion(motion()) }
      return .routine(name(), parameters: chance(0.5) ? [name()] : [], block(depth: 1))
    }
  }

  private mutating func motion() -> ScriptStatement.Motion {
    var motion: ScriptStatement.Motion
    switch Int.random(in: 0..<3, using: &random) {
    case 0: motion = ScriptStatement.Motion(way: .joints, target: chance(0.3) ? .joints(joints()) : place())
    case 1:
      motion = ScriptStatement.Motion(way: .line, target: chance(0.4) ? .offset(triple(), inTool: chance(0.5)) : place())
    default: motion = ScriptStatement.Motion(way: .arc(via: place()), target: place())
    }
    if chance(0.4) { motion.speed = sum() }
    if chance(0.4) { motion.blend = sum() }
    return motion
  }

  private mutating func place() -> ScriptStatement.Target {
    switch Int.random(in: 0..<3, using: &random) {
    case 0: .named(name(), above: nil)
    case 1: .named(name(), above: product())
    default: .point(triple(), turned: chance(0.5) ? triple() : nil)
    }
  }

  private mutating func triple() -> ScriptTriple { ScriptTriple(x: product(), y: product(), z: product()) }

  private mutating func joints() -> ScriptJoints {
    ScriptJoints(
      elements: (0...Int.random(in: 0...6, using: &random)).map { _ in sum() }, unit: chance(0.5) ? pick([.degree, .radian]) : nil,
      place: Self.nowhere)
  }

  private func made(_ kind: ScriptExpression.Kind) -> ScriptExpression { ScriptExpression(kind: kind, place: Self.nowhere) }

  private mutating func atom() -> ScriptExpression {
    if chance(0.3) { return made(.name(pick(Self.names))) }
    let number = pick([0, 1, 2.5, 0.125, 1e-3, 40, 1e20, 7])
    return made(.number(number, chance(0.6) ? pick(ScriptUnit.allCases) : nil))
  }

  private mutating func product(depth: Int = 0) -> ScriptExpression {
    switch Int.random(in: 0..<(depth < 3 ? 6 : 1), using: &random) {
    case 0, 1, 2: atom()
    case 3: made(.negation(chance(0.7) ? atom() : product(depth: depth + 1)))
    case 4: made(.operation(pick([.multiply, .divide]), sum(depth: depth + 1), sum(depth: depth + 1)))
    default: made(.function(pick(ScriptExpression.Function.allCases), condition(depth: depth + 1)))
    }
  }

  private mutating func sum(depth: Int = 0) -> ScriptExpression {
    guard depth < 3, chance(0.3) else { return product(depth: depth) }
    return made(.operation(pick([.add, .subtract]), sum(depth: depth + 1), sum(depth: depth + 1)))
  }

  private mutating func condition(depth: Int = 0) -> ScriptExpression {
    guard depth < 3 else { return atom() }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return made(.operation(pick(ScriptExpression.Operator.comparisons), sum(depth: depth + 1), sum(depth: depth + 1)))
    case 1: return made(.operation(pick([.and, .or]), condition(depth: depth + 1), condition(depth: depth + 1)))
    case 2: return made(.inversion(condition(depth: depth + 1)))
    default: return sum(depth: depth)
    }
  }

  // MARK: Writing down

  mutating func text(of statements: [ScriptStatement]) -> String {
    statements.map { line(of: $0) + ending() }.joined()
  }

  private mutating func ending() -> String { pick(["\n", "\n", "  # why\n", "\r\n", " #\n\n\n", "\n   \n\t# so it is, 50% \"\n"]) }

  /// Blanks where there must be some.
  private mutating func gap() -> String { pick([" ", " ", "  ", "\t"]) }
  /// Blanks where there may be some.
  private mutating func maybe() -> String { pick(["", "", " ", "   "]) }

  private mutating func words(_ pieces: String...) -> String { maybe() + pieces.filter { !$0.isEmpty }.joined(separator: gap()) }

  private mutating func line(of statement: ScriptStatement) -> String {
    switch statement.action {
    case .motion(let motion): text(of: motion)
    case .speed(let share): words("speed", bare(share))
    case .blend(let radius): words("blend", bare(radius))
    case .wait(let time): words("wait", bare(time))
    case .waitForContact(let limit): words("wait", "contact", limit.map { words("at", "most", bare($0)) } ?? "")
    case .waitForInput(let name, let isOn, let limit):
      words("wait", "input", name.text, isOn ? pick(["", "on"]) : "off", limit.map { words("at", "most", bare($0)) } ?? "")
    case .gripper(.open): words("gripper", "open")
    case .gripper(.close): words("gripper", "close")
    case .gripper(.to(let width)): words("gripper", bare(width))
    case .constant(let name, let value): words("let", name.text, "=", bare(value))
    case .pose(let name, let joints): words("pose", name.text, "=" + maybe() + text(of: joints))
    case .place(let name, let target): words("place", name.text, "=", text(of: target))
    case .repetition(let count, let counter, let body):
      words("repeat", bare(count), counter.map { words("as", $0.text) } ?? "") + ending() + text(of: body) + words("end")
    case .condition(let branches, let otherwise):
      branches.enumerated().map { index, branch in
        words(index == 0 ? "if" : "else if", bare(branch.condition)) + ending() + text(of: branch.body)
      }.joined() + (otherwise.isEmpty ? "" : words("else") + ending() + text(of: otherwise)) + words("end")
    case .routine(let name, let parameters, let body):
      words("routine", name.text, parameters.map(\.text).joined(separator: maybe() + "," + maybe())) + ending() + text(of: body) + words("end")
    case .call(let name, let arguments): words("do", name.text, arguments.map { bare($0) }.joined(separator: " , "))
    case .reaction(let trigger, .resume): words("on", trigger.rawValue, "resume")
    case .reaction(let trigger, .stop): words("on", trigger.rawValue, "stop")
    case .reaction(let trigger, .routine(let name)): words("on", trigger.rawValue, name.text)
    case .include(let path): words("include", "\"\(path.text)\"")
    }
  }

  private mutating func text(of motion: ScriptStatement.Motion) -> String {
    let clauses = [motion.speed.map { words("at", bare($0)) } ?? "", motion.blend.map { words("blend", bare($0)) } ?? ""]
    let ordered = chance(0.5) ? clauses : clauses.reversed()
    let start =
      switch (motion.way, motion.target) {
      case (.joints, _): words("move", pick(["", "to"]), text(of: motion.target))
      case (.line, .offset(let offset, let inTool)): words("line", "by", text(of: offset), inTool ? "in tool" : pick(["", "in base"]))
      case (.line, _): words("line", "to", text(of: motion.target))
      case (.arc(let via), _): words("arc", "via", text(of: via), "to", text(of: motion.target))
      }
    return words(start, ordered[0], ordered[1])
  }

  private mutating func text(of target: ScriptStatement.Target) -> String {
    switch target {
    case .named(let name, above: nil): name.text
    case .named(let name, let height?): words(inProduct(height), "above", name.text)
    case .joints(let joints): text(of: joints)
    case .point(let point, let turned): words(text(of: point), turned.map { words("turned", text(of: $0)) } ?? "")
    case .offset(let offset, _): text(of: offset)
    }
  }

  private mutating func text(of triple: ScriptTriple) -> String { words(inProduct(triple.x), inProduct(triple.y), inProduct(triple.z)) }

  private mutating func text(of joints: ScriptJoints) -> String {
    "[" + maybe() + joints.elements.map { bare($0) }.joined(separator: maybe() + "," + maybe()) + maybe() + "]" + maybe()
      + (joints.unit?.rawValue ?? "")
  }

  /// An expression without parentheses around it.
  private mutating func bare(_ expression: ScriptExpression) -> String {
    switch expression.kind {
    case .operation(let operation, let a, let b): words(enclosed(a), operation.rawValue, enclosed(b))
    case .negation(let inner): "-" + maybe() + enclosed(inner)
    case .inversion(let inner): words("not", enclosed(inner))
    case .function(let function, let argument): function.rawValue + maybe() + "(" + bare(argument) + maybe() + ")"
    case .name(let name): name
    case .number(let number, let unit):
      "\(number)" + (unit.map { $0.perSecond == nil && $0.rawValue.contains("/") ? gap() + $0.rawValue : maybe() + $0.rawValue } ?? "")
    }
  }

  /// As one of several numbers in a row.
  private mutating func inProduct(_ expression: ScriptExpression) -> String {
    if case .operation(let operation, _, _) = expression.kind, operation != .multiply, operation != .divide { return "(" + bare(expression) + ")" }
    return bare(expression)
  }

  private mutating func enclosed(_ expression: ScriptExpression) -> String {
    switch expression.kind {
    case .name, .number: bare(expression)
    default: "(" + bare(expression) + ")"
    }
  }
}
