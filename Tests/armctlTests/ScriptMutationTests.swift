import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptMutationTests {
  /// However a script is damaged, it is read or refused at a place within it, never anything else.
  @Test func damagedScriptsAreReadOrRefusedAtAPlace() throws {
    let original = Array(try String(contentsOfFile: packageFile("Examples/pick-and-place.arm"), encoding: .utf8))
    let pieces = [
      "[", "]", ",", "%", "-", ".", "e", "\n", "\r\n", "\t", "#", "=",
      "é", "👩‍👩‍👧", "\u{0}", "9999999999", "repeat 3\n", "end\n", " by ", "mm", "pose x = ",
    ]
    var random = SeededGenerator(seed: 71)
    var refused = 0
    for _ in 0..<caseCount(2_000) {
      var characters = original
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
        _ = try script(text).steps
      } catch {
        refused += 1
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let isInside = (1...lines.count).contains(error.place.line) && error.place.text == lines[error.place.line - 1]
        let isOnLine = error.place.column >= 1 && error.place.column + error.place.length <= error.place.text.count + 2
        #expect(isInside && isOnLine && error.place.length >= 0, "\(text.debugDescription): \(error)")
        #expect(!error.description.isEmpty && !error.suggestion.isEmpty && error.excerpt.contains("^"))
      }
    }
    #expect(refused > caseCount(2_000) / 4)
  }
}
