// What to do about a script that is not understood.

extension Script {
  /// Scripts that are longer take too long to be read again and again.
  private static let longestRepaired = 20_000

  /// What to do about an error, for after "try: ": the line as it was probably meant, where that is understood, else what the error says itself.
  ///
  /// - Parameters: as the script was read with.
  static func advice(
    on error: ScriptError, in text: String, file: String, arm: ScriptArm, reading read: @escaping (String) throws -> String = Script.text(of:)
  ) -> String {
    guard error.place.file == file, text.utf8.count <= longestRepaired else { return error.suggestion }
    func isUnderstood(_ candidate: String) -> Bool {
      let next = Result { () throws(ScriptError) in try Script(parsing: candidate, file: file, arm: arm, reading: read) }
      guard case .failure(let next) = next else { return true }
      return next.place.file != file || next.place.line > error.place.line
    }
    let repair =
      error.problem.meantWord.flatMap { ScriptRepair.word(at: error.place, meaning: $0, of: text, isUnderstood: isUnderstood) }
      ?? (error.problem.isOfForm ? ScriptRepair.line(error.place.line, of: text, isUnderstood: isUnderstood) : nil)
    return repair.map { "write \($0)" } ?? error.suggestion
  }
}

extension ScriptError.Problem {
  /// Whether the words are at fault, and not what they mean.
  fileprivate var isOfForm: Bool {
    switch self {
    case .strayCharacter, .unclosedText, .notANumber, .decimalComma, .unknownStatement, .expected, .surplus, .fourthNumber, .moveByOffset,
      .reservedName,
      .missingUnit,
      .unknownUnit:
      true
    case .wrongJointCount(let given, _): given == 3
    case .unknownName(_, let wanted, _): wanted == "value" || wanted == "routine"
    // A word that the language lacks looks like a value that is missing, and a place behind it like one that is none.
    case .wrongKind(_, _, let wanted): wanted == "a value"
    default: false
    }
  }
}
