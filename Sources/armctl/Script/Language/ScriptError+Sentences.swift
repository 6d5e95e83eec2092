internal import Kinematics

extension ScriptError.Problem {
  var sentence: String {
    switch self {
    case .fileTooLarge(let limit): "the file is larger than \(limit >> 20) MiB"
    case .lineTooLong(let limit): "the line is longer than \(limit) characters"
    case .strayCharacter(let character): "\"\(character)\" has no meaning in a script"
    case .unclosedText: "this text has no closing \""
    case .notANumber(let text): "\"\(text)\" is not a number"
    case .decimalComma(let text): "\"\(text)\" has a comma where a script has a point"
    case .unknownStatement(let word):
      "\"\(word)\" is not a statement" + (Self.statement(meantBy: word).map { "; did you mean \"\($0)\"?" } ?? "")
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .surplus(let found): "expected the end of the line, found \(found)"
    case .fourthNumber(let found): "after three numbers comes no \(found)"
    case .saidTwice(let clause): "\"\(clause)\" is said twice"
    case .moveByOffset: "a move goes to a pose; \"by\" belongs to a line"
    case .expressionTooDeep(let limit): "parentheses are nested more than \(limit) deep"
    case .endWithoutBlock: "this \"end\" ends nothing"
    case .elseWithoutIf: "this \"else\" has no \"if\" before it"
    case .blockWithoutEnd(let word): "this \"\(word)\" has no \"end\""
    case .nestedTooDeep(let limit): "blocks are nested more than \(limit) deep"
    case .onlyOutermost(let word): "\"\(word)\" stands within a block"
    case .unknownName(let name, let wanted, let known): "there is no \(wanted) \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .definedLater(let name, let what, let line): "the \(what) \"\(name)\" is defined only later, in line \(line)"
    case .exists(let name, let what, let place): "the \(what) \"\(name)\" is defined already, \(place)"
    case .reservedName(let name): "\"\(name)\" is a word of the language and cannot be a name"
    case .wrongKind(let name, let kind, let wanted): "\"\(name)\" is \(kind), not \(wanted)"
    case .wrongArgumentCount(let routine, let given, let expected):
      "\"\(routine)\" takes \(expected) value\(expected == 1 ? "" : "s"), not \(given)"
    case .callsItself(let chain): "this routine calls itself: \(chain.joined(separator: " → "))"
    case .wrongJointCount(let given, let expected):
      "\(given) joint position\(given == 1 ? "" : "s"), but the arm has \(expected) joint\(expected == 1 ? "" : "s")"
    case .missingUnit(let quantity, _): "the \(quantity) does not say its unit"
    case .unknownUnit(let unit, let quantity, let units): "\"\(unit)\" is not a unit of \(quantity); \(Suggestion.phrase(for: unit, among: units))"
    case .wrongValue(let what, let kind, let wanted): "the \(what) is \(kind), not \(wanted)"
    case .wrongJointUnit(let joint, let slides, let kind):
      "the joint \(joint) \(slides ? "slides" : "turns"), but its position is \(kind)"
    case .cannotCombine(let a, let b, let verb): "\(a) and \(b) cannot be \(verb)"
    case .notANumberAnyMore(let why): "this comes to no number: \(why)"
    case .outOfRange(let what, let range): "\(what) is not \(range)"
    case .directionMissing(let name): "\"\(name)\" does not say how the tool is turned there, and a move must know it"
    case .tooManySteps(let limit): "with this the script has more than \(limit) steps"
    case .tooMuchWork(let limit): "with this the script carries out more than \(limit) lines"
    case .noGripper: "this arm's file describes no gripper"
    case .gripperOnlyOpensAndCloses: "this arm's gripper only opens and closes"
    case .noInput(let name, let known):
      "this arm has no input \"\(name)\"" + (known.isEmpty ? "" : "; \(Suggestion.phrase(for: name, among: known))")
    case .notAPlace(let name): "\"\(name)\" is a pose of joint positions, and here only a place will do"
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)"
    case .includesItself(let chain): "this file includes itself: \(chain.joined(separator: " → "))"
    case .includesAction(let word): "an included file only defines things, but this is \"\(word)\""
    case .includedTooDeep(let limit): "files include each other more than \(limit) deep"
    }
  }

  var remedy: String {
    switch self {
    case .fileTooLarge: "split it, and use include"
    case .lineTooLong: "split it, with let for its parts"
    case .strayCharacter(let character): Self.remedies[character] ?? "remove it; comments begin with #"
    case .unclosedText: "write \" at its end"
    case .notANumber: "write a number such as 12, 0.5 or 1e-3"
    case .decimalComma(let text): "write \(text.split(separator: ",").joined(separator: "."))"
    case .unknownStatement(let word):
      "begin the line with " + (Self.statement(meantBy: word) ?? ScriptWords.statements.joined(separator: ", "))
    case .expected(let what, _): "write \(what) there"
    case .surplus: "remove it, or begin a new line there"
    case .fourthNumber: "put a sum in parentheses, such as (60 mm + 5 mm)"
    case .saidTwice: "say it once"
    case .moveByOffset: "line by 0 0 50 mm"
    case .expressionTooDeep: "name the inner parts with let"
    case .endWithoutBlock: "remove it, or write repeat, if or routine where the block begins"
    case .elseWithoutIf: "remove it, or write if where its block begins"
    case .blockWithoutEnd: "write end after its last line"
    case .nestedTooDeep: "put the inner blocks into a routine"
    case .onlyOutermost: "move it out of the block"
    case .unknownName(let name, let wanted, let known):
      Suggestion.nearest(to: name, among: known).map { "write \($0)" } ?? Self.definition(of: name, wanted)
    case .definedLater: "move the definition up, before its first use"
    case .exists, .reservedName: "choose another name"
    case .wrongKind(let name, let kind, let wanted): Self.use(of: name, kind, insteadOf: wanted)
    case .wrongArgumentCount(let routine, _, let expected):
      expected == 0 ? "do \(routine)" : "do \(routine) with \(expected) value\(expected == 1 ? "" : "s"), commas between"
    case .callsItself: "use repeat, or a routine of another name"
    case .wrongJointCount(_, let expected): "give \(expected) number\(expected == 1 ? "" : "s"), one for each joint from the base to the tool"
    case .missingUnit(_, let units): "write \(Self.list(units)) after the number"
    case .unknownUnit(_, _, let units): "use \(Self.list(units))"
    case .wrongValue(_, _, let wanted): "give \(wanted)"
    case .wrongJointUnit(_, let slides, _): slides ? "give it in mm or m" : "give it in deg or rad"
    case .cannotCombine: "give both the same kind of unit"
    case .notANumberAnyMore: "check its parts"
    case .outOfRange(_, let range): "give one that is \(range)"
    case .directionMissing(let name): "line to \(name), or turned 180 0 0 deg at its definition"
    case .tooManySteps, .tooMuchWork: "repeat fewer times"
    case .noGripper: "describe it there under gripper; or wait 0.5 s in its place, where another program or a person works it"
    case .gripperOnlyOpensAndCloses: "gripper open or gripper close"
    case .noInput(let name, let known):
      known.isEmpty
        ? "name it in the arm file under gpio.inputs; or wait 2 s in its place" : "write \(Suggestion.nearest(to: name, among: known) ?? known[0])"
    case .notAPlace: "a place of your own, such as place tray = 200 0 150 mm; or line to the pose, and line by 0 0 60 mm from there"
    case .cannotRead: "a path from this file's folder, such as include \"poses.arm\""
    case .includesItself: "remove one of them"
    case .includesAction: "put it into a routine there, and say do where it is wanted"
    case .includedTooDeep: "include them from one file"
    }
  }

  /// What was probably meant by the word that stands at the error's place; nil where nothing is near.
  var meantWord: String? {
    switch self {
    case .unknownStatement(let word): Self.statement(meantBy: word)
    case .unknownName(let name, _, let known), .noInput(let name, let known): Suggestion.nearest(to: name, among: known)
    case .unknownUnit(let unit, _, let units): Suggestion.nearest(to: unit, among: units)
    default: nil
    }
  }

  /// "mm, cm or m"
  private static func list(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
  }

  private static func statement(meantBy word: String) -> String? {
    synonyms[word.lowercased()] ?? Suggestion.nearest(to: word, among: ScriptWords.statements)
  }

  private static func definition(of name: String, _ wanted: String) -> String {
    switch wanted {
    case "routine": "define it: routine \(name), its lines, end"
    case "value": "define it first: let \(name) = 10 mm"
    default: "define it first: pose \(name) = [...], or place \(name) = 200 0 150 mm"
    }
  }

  private static func use(of name: String, _ kind: String, insteadOf wanted: String) -> String {
    switch kind {
    case "a routine": "do \(name)"
    case "a place", "a pose": wanted == "a value" ? "give a number with its unit" : "move \(name), or line to \(name)"
    default: "give \(wanted)"
    }
  }

  /// What to do about characters that people often write.
  private static let remedies = [
    "°": "write deg", ";": "begin a new line there; comments begin with #", "–": "write -", "−": "write -", "×": "write *", "·": "write *",
    "{": "blocks have no braces; they end with end", "}": "write end", ":": "remove it; a block begins with its line", "“": "write \"",
    "”": "write \"", "'": "write \"", "&": "write and", "|": "write or", "!": "write not",
  ]

  /// Statements under the names that they have elsewhere.
  private static let synonyms = [
    "goto": "move", "go": "move", "home": "move home", "movej": "move", "movel": "line", "movec": "arc", "circle": "arc", "sleep": "wait",
    "delay": "wait",
    "pause": "wait", "loop": "repeat", "for": "repeat", "while": "repeat", "forever": "repeat", "def": "routine", "function": "routine",
    "sub": "routine", "call": "do", "set": "let", "var": "let", "grip": "gripper", "open": "gripper open", "close": "gripper close",
    "import": "include", "velocity": "speed", "point": "place", "position": "place", "by": "line by", "to": "line to",
  ]
}
