// The statements of one line, behind their first word.

extension ScriptCursor {
  mutating func action(_ word: String, at start: SourcePlace) throws(ScriptError) -> ScriptStatement.Action {
    switch word {
    case "move": return .motion(try move())
    case "line": return .motion(try line())
    case "arc": return .motion(try arc())
    case "speed": return .speed(try speed())
    case "blend": return .blend(try blend())
    case "wait": return try wait()
    case "gripper": return .gripper(try gripper())
    case "pose":
      let name = try name("a name for the pose", isOfPlace: true)
      try symbol("=")
      return .pose(name, try joints("joint positions such as [0, 20, 90] deg"))
    case "place":
      let name = try name("a name for the place", isOfPlace: true)
      try symbol("=")
      return .place(name, try place())
    case "let":
      let name = try name("a name for the value")
      try symbol("=")
      let value = try expression("a value such as 60 mm")
      try refuseUnknownUnit(of: "value", ScriptUnit.allCases.map(\.rawValue))
      return .constant(name, value)
    case "do": return try call()
    case "on": return try reaction()
    case "include":
      guard case .text(let path) = next.kind else { throw expected("a file's name between quotation marks") }
      defer { advance() }
      return .include(ScriptName(text: path, place: next.place))
    default: throw ScriptError(place: start, problem: .unknownStatement(word))
    }
  }

  // MARK: Motions

  private mutating func move() throws(ScriptError) -> ScriptStatement.Motion {
    if next.kind == .word("by") { throw ScriptError(place: next.place, problem: .moveByOffset) }
    _ = skip("to")
    return try withClauses(.joints, try target("the name of a pose or place, or joint positions such as [0, 20, 90] deg"))
  }

  private mutating func line() throws(ScriptError) -> ScriptStatement.Motion {
    if skip("by") {
      let offset = try lengths()
      var inTool = false
      if skip("in") {
        inTool = next.kind == .word("tool")
        guard skip("tool") || skip("base") else { throw expected("\"tool\" or \"base\"") }
      }
      return try withClauses(.line, .offset(offset, inTool: inTool))
    }
    guard skip("to") else { throw expected("\"to\" or \"by\"") }
    return try withClauses(.line, try target("the name of a pose or place, or a place such as 200 0 150 mm"))
  }

  private mutating func arc() throws(ScriptError) -> ScriptStatement.Motion {
    guard skip("via") else { throw expected("\"via\" and a place on the way") }
    let via = try place()
    guard skip("to") else { throw expected("\"to\" and where the arc ends") }
    return try withClauses(.arc(via: via), try target("the name of a pose or place, or a place such as 200 0 150 mm"))
  }

  private mutating func withClauses(
    _ way: ScriptStatement.Motion.Way, _ target: ScriptStatement.Target
  ) throws(ScriptError) -> ScriptStatement.Motion {
    var motion = ScriptStatement.Motion(way: way, target: target)
    while true {
      let clause = next
      if skip("at") {
        guard motion.speed == nil else { throw ScriptError(place: clause.place, problem: .saidTwice("at")) }
        motion.speed = try speed()
      } else if skip("blend") {
        guard motion.blend == nil else { throw ScriptError(place: clause.place, problem: .saidTwice("blend")) }
        motion.blend = try blend()
      } else {
        return motion
      }
    }
  }

  /// A name, joint positions, a place, or so far above one.
  private mutating func target(_ what: String) throws(ScriptError) -> ScriptStatement.Target {
    if next.kind == .symbol("[") { return .joints(try joints(what)) }
    return try place(what)
  }

  /// "tray", "60 mm above tray", "200 0 150 mm turned 180 0 0 deg"
  private mutating func place(_ what: String = "the name of a place, or one such as 200 0 150 mm") throws(ScriptError) -> ScriptStatement.Target {
    if case .word(let word) = next.kind, !beginsNumbers {
      if ScriptWords.grammar.contains(word) { throw expected(what) }
      defer { advance() }
      return .named(ScriptName(text: word, place: next.place), above: nil)
    }
    guard beginsNumbers else { throw expected(what) }
    let first = self
    let height = try product(what)
    if skip("above") {
      let name = try name("the name of a place", isOfPlace: true)
      return .named(name, above: height)
    }
    self = first
    let point = try lengths()
    guard skip("turned") else { return .point(point, turned: nil) }
    return .point(point, turned: try triple(of: .angle, names: ["roll", "pitch", "yaw"]))
  }

  /// Whether numbers follow, and not a name alone.
  private var beginsNumbers: Bool {
    switch next.kind {
    case .number: return true
    case .symbol(let symbol): return ["-", "+", "("].contains(symbol)
    case .word(let word):
      if ScriptExpression.Function(rawValue: word) != nil { return true }
      guard !ScriptWords.reserved.contains(word) else { return false }
      switch second.kind {
      case .number: return true
      case .symbol(let symbol): return ["-", "+", "(", "*", "/"].contains(symbol)
      case .word(let word):
        if word == "above" || ScriptExpression.Function(rawValue: word) != nil { return true }
        return !(ScriptWords.reserved.contains(word) || third.kind == .lineEnd)
      case .text, .lineEnd: return false
      }
    case .text, .lineEnd: return false
    }
  }

  private mutating func speed() throws(ScriptError) -> ScriptExpression {
    let speed = try sum("a speed such as 50%")
    try refuseUnknownUnit(of: "speed", ["%"])
    return speed
  }

  private mutating func blend() throws(ScriptError) -> ScriptExpression {
    let radius = try sum("how far from the corner, such as 10 mm")
    try refuseUnknownUnit(of: "blend", ["mm", "cm", "m", "deg", "rad"])
    return radius
  }

  // MARK: The rest

  private mutating func wait() throws(ScriptError) -> ScriptStatement.Action {
    if skip("contact") { return .waitForContact(atMost: try timeLimit()) }
    if skip("input") {
      let name = try name("the name of an input")
      let isOn = !skip("off")
      if isOn, next.kind == .word("on") { advance() }
      return .waitForInput(name, isOn: isOn, atMost: try timeLimit())
    }
    return .wait(try duration())
  }

  /// "at most 2 s", if it is there.
  private mutating func timeLimit() throws(ScriptError) -> ScriptExpression? {
    guard skip("at") else { return nil }
    guard skip("most") else { throw expected("\"most\"") }
    return try duration()
  }

  private mutating func duration() throws(ScriptError) -> ScriptExpression {
    let duration = try sum("a time such as 0.5 s")
    try refuseUnknownUnit(of: "time", ScriptUnit.names(of: .time))
    return duration
  }

  private mutating func gripper() throws(ScriptError) -> ScriptStatement.Gripper {
    if skip("open") { return .open }
    if skip("close") { return .close }
    return .to(try sum("open, close, or how far such as 40%"))
  }

  private mutating func call() throws(ScriptError) -> ScriptStatement.Action {
    let name = try name("the name of a routine")
    commaSeparates = true
    defer { commaSeparates = false }
    var arguments: [ScriptExpression] = []
    while !isAtEnd {
      arguments.append(try expression("a value such as 60 mm"))
      try refuseUnknownUnit(of: "value", ScriptUnit.allCases.map(\.rawValue))
      guard skip(symbol: ",") else { break }
    }
    return .call(name, arguments)
  }

  private mutating func reaction() throws(ScriptError) -> ScriptStatement.Action {
    guard case .word(let word) = next.kind, let trigger = ScriptStatement.Trigger(rawValue: word) else { throw expected("knock or fault") }
    advance()
    if skip("resume") { return .reaction(trigger, .resume) }
    if skip("stop") { return .reaction(trigger, .stop) }
    return .reaction(trigger, .routine(try name("resume, stop, or the name of a routine")))
  }
}
