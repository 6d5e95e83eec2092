import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptMutationTests {
  static let examples = ["pick-and-place", "palette", "round-trip", "dummy-poses"]

  static func example(_ name: String) throws -> String { try String(contentsOfFile: packageFile("Examples/\(name).arm"), encoding: .utf8) }

  /// However a script is damaged, it is read or refused at a place within it, never anything else.
  @Test func damagedScriptsAreReadOrRefusedAtAPlace() throws {
    let originals = try Self.examples.map { Array(try Self.example($0)) }
    let files = ["dummy-poses.arm": try Self.example("dummy-poses")]
    let pieces = [
      "[", "]", "(", ")", ",", "%", "-", "+", "*", "/", ".", "e", "\n", "\r\n", "\t", "#", "=", "==", "\"", "é", "👩‍👩‍👧", "\u{0}", "9999999999",
      "repeat 3\n",
      "end\n", "else\n", "if 1 < 2\n", "routine r a\n", "do r 1\n", " by ", "mm", " deg ", " at ", " blend ", " above ", "pose x = ", "let y = ",
      "include ",
    ]
    var random = SeededGenerator(seed: 71)
    var refused = 0
    for _ in 0..<caseCount(10_000) {
      var characters = originals.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<characters.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: characters.remove(at: index)
        case 1: characters.insert(contentsOf: pieces.randomElement(using: &random)!, at: index)
        case 2: characters.swapAt(index, Int.random(in: 0..<characters.count, using: &random))
        case 3: characters.removeSubrange(index..<min(characters.count, index + Int.random(in: 1...40, using: &random)))
        default: characters[index] = Character(Unicode.Scalar(UInt8.random(in: 32...126, using: &random)))
        }
      }
      let text = String(characters)
      do throws(ScriptError) {
        _ = try script(text, files: files)
        let formatted = try ScriptFormatter.formatted(text, file: "demo.arm")
        let statements = try ScriptParser.statements(of: text, file: "demo.arm")
        #expect(try ScriptParser.statements(of: formatted, file: "demo.arm") == statements, "\(text.debugDescription)")
        #expect(try ScriptFormatter.formatted(formatted, file: "demo.arm") == formatted, "\(text.debugDescription)")
      } catch {
        refused += 1
        let source = error.place.file == "demo.arm" ? text : files[error.place.file] ?? ""
        let lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let isInside = (1...lines.count).contains(error.place.line) && error.place.text == lines[error.place.line - 1]
        let isOnLine = error.place.column >= 1 && error.place.column + error.place.length <= error.place.text.count + 2
        #expect(isInside && isOnLine && error.place.length >= 0, "\(text.debugDescription): \(error)")
        #expect(!error.description.isEmpty && !error.suggestion.isEmpty && error.excerpt.contains("^"))
      }
    }
    #expect(refused > caseCount(10_000) / 4)
  }
}
