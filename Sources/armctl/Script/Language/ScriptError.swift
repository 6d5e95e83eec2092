/// Why a script cannot be read or carried out: where, what stands there, and what was expected.
struct ScriptError: Error, Sendable, Equatable {
  let place: SourcePlace
  let problem: Problem

  enum Problem: Sendable, Equatable {
    // The text
    case fileTooLarge(limit: Int)
    case lineTooLong(limit: Int)
    case strayCharacter(String)
    case unclosedText
    case notANumber(String)
    case decimalComma(String)

    // The grammar
    case unknownStatement(String)
    case expected(String, found: String)
    /// The statement was complete before it.
    case surplus(String)
    case fourthNumber(String)
    case saidTwice(String)
    case moveByOffset
    case expressionTooDeep(limit: Int)
    case endWithoutBlock
    case elseWithoutIf
    case blockWithoutEnd(String)
    case nestedTooDeep(limit: Int)
    case onlyOutermost(String)

    // Names
    case unknownName(String, wanted: String, known: [String])
    case definedLater(String, what: String, line: Int)
    case exists(String, what: String, where: String)
    case reservedName(String)
    case wrongKind(String, isA: String, wanted: String)
    case wrongArgumentCount(routine: String, given: Int, expected: Int)
    case callsItself([String])

    // Values
    case wrongJointCount(given: Int, expected: Int)
    case missingUnit(of: String, units: [String])
    case unknownUnit(String, of: String, units: [String])
    case wrongValue(of: String, isA: String, wanted: String)
    case wrongJointUnit(joint: String, slides: Bool, isA: String)
    case cannotCombine(String, String, verb: String)
    case notANumberAnyMore(String)
    case outOfRange(String, range: String)
    case directionMissing(String)
    case tooManySteps(limit: Int)
    case tooMuchWork(limit: Int)

    // The arm
    case noGripper
    case gripperOnlyOpensAndCloses
    case noInput(String, known: [String])
    /// A pose of joint positions stands where a place is needed.
    case notAPlace(String)

    // Files
    case cannotRead(String, reason: String)
    case includesItself([String])
    case includesAction(String)
    case includedTooDeep(limit: Int)
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
