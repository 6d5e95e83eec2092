internal import Foundation

/// A script that has been read and understood: everything that it does, in order. `docs/Scripts.md` has the language.
struct Script: Sendable, Equatable {
  let statements: [ScriptStatement]
  let steps: [ScriptStep]
  /// The steps of the routines that answer a knock or a fault.
  let answers: [String: [ScriptStep]]

  /// - Parameters:
  ///   - text: The whole script.
  ///   - file: What messages call it; includes are relative to its folder.
  ///   - arm: Names that it does not have are refused here, before anything moves.
  ///   - read: The text of an included file; nil where there is none.
  init(
    parsing text: String, file: String, arm: ScriptArm, reading read: @escaping (String) throws -> String = Script.text(of:)
  ) throws(ScriptError) {
    statements = try ScriptParser.statements(of: text, file: file)
    var expander = ScriptExpander(arm: arm, file: file, read: read)
    try expander.expand(statements)
    steps = expander.steps
    answers = expander.answers
  }

  /// - Throws: Foundation's error where the file cannot be read, or is larger than a script may be.
  static func text(of path: String) throws -> String {
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    guard size <= 16 << 20 else { throw CocoaError(.fileReadTooLarge) }
    return try String(contentsOfFile: path, encoding: .utf8)
  }
}
