internal import Kinematics

/// Why a script cannot be read: where, what stands there, and what was expected.
struct ScriptError: Error, Sendable, Equatable {
  let place: SourcePlace
  let problem: Problem

  enum Problem: Sendable, Equatable {
    case strayCharacter(String)
    case notANumber(String)
    case unknownStatement(String)
    case expected(String, found: String)
    /// The statement was complete before it.
    case surplus(String)
    case unknownPose(String, known: [String])
    case poseDefinedLater(String, line: Int)
    case poseExists(String, where: String)
    case reservedName(String)
    case wrongJointCount(given: Int, expected: Int)
    case missingUnit(of: String, units: [String])
    case unknownUnit(String, of: String, units: [String])
    case outOfRange(String, range: String)
    case endWithoutRepeat
    case repeatWithoutEnd
    case nestedTooDeep(limit: Int)
    case tooManySteps(limit: Int)
  }
}

extension ScriptError: CustomStringConvertible {
  /// One sentence, with file, line and column before it.
  var description: String { "\(place): \(problem.sentence)" }

  /// The line with carets under what the sentence speaks of.
  var excerpt: String { place.excerpt }

  /// What to do about it, for after "try: ".
  var suggestion: String { problem.remedy }
}

extension ScriptError.Problem {
  var sentence: String {
    switch self {
    case .strayCharacter(let character): "\"\(character)\" has no meaning in a script"
    case .notANumber(let text): "\"\(text)\" is not a number"
    case .unknownStatement(let word): "\"\(word)\" is not a statement; \(Suggestion.phrase(for: word, among: ScriptParser.statementWords))"
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .surplus(let found): "expected the end of the line, found \(found)"
    case .unknownPose(let name, let known): "there is no pose \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .poseDefinedLater(let name, let line): "the pose \"\(name)\" is defined only later, in line \(line)"
    case .poseExists(let name, let place): "the pose \"\(name)\" is defined already, \(place)"
    case .reservedName(let name): "\"\(name)\" is a word of the language and cannot name a pose"
    case .wrongJointCount(let given, let expected):
      "\(given) joint position\(given == 1 ? "" : "s"), but the arm has \(expected) joint\(expected == 1 ? "" : "s")"
    case .missingUnit(let quantity, _): "the \(quantity) does not say its unit"
    case .unknownUnit(let unit, let quantity, let units):
      "\"\(unit)\" is not a unit of \(quantity); \(Suggestion.phrase(for: unit, among: units))"
    case .outOfRange(let what, let range): "\(what) is not \(range)"
    case .endWithoutRepeat: "this \"end\" has no \"repeat\" before it"
    case .repeatWithoutEnd: "this \"repeat\" has no \"end\""
    case .nestedTooDeep(let limit): "repeats are nested more than \(limit) deep"
    case .tooManySteps(let limit): "with this repeat the script has more than \(limit) steps"
    }
  }

  var remedy: String {
    switch self {
    case .strayCharacter: "remove it; comments begin with #"
    case .notANumber: "write a number such as 12, -0.5 or 1e-3"
    case .unknownStatement(let word):
      "begin the line with "
        + (Suggestion.nearest(to: word, among: ScriptParser.statementWords) ?? ScriptParser.statementWords.joined(separator: ", "))
    case .expected(let what, _): "write \(what) there"
    case .surplus: "remove it, or begin a new line there"
    case .unknownPose(let name, let known):
      Suggestion.nearest(to: name, among: known).map { "write \($0)" } ?? "define it first: pose \(name) = [...]"
    case .poseDefinedLater: "move the definition up, before its first use"
    case .poseExists: "choose another name"
    case .reservedName: "choose another name"
    case .wrongJointCount(_, let expected): "give \(expected) number\(expected == 1 ? "" : "s"), one for each joint from the base to the tool"
    case .missingUnit(_, let units): "write \(units.joined(separator: " or ")) after the number"
    case .unknownUnit(_, _, let units): "use \(units.joined(separator: " or "))"
    case .outOfRange(_, let range): "give a number that is \(range)"
    case .endWithoutRepeat: "remove it, or write repeat 2 where the repeated lines begin"
    case .repeatWithoutEnd: "write end after the lines to repeat"
    case .nestedTooDeep: "use fewer repeats within repeats"
    case .tooManySteps: "repeat fewer times"
    }
  }
}
