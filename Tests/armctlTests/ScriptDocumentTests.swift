import Foundation
import TestSupport
import Testing

@testable import armctl

/// `docs/Scripts.md` shows nothing that is not so.
@Suite struct ScriptDocumentTests {
  static func page() throws -> [String] {
    try String(contentsOfFile: packageFile("docs/Scripts.md"), encoding: .utf8).components(separatedBy: "\n")
  }

  @Test func everyScriptOnThePageCanBeRead() throws {
    let blocks = try Self.page().split { $0.hasPrefix("```") }.enumerated().filter { $0.offset % 2 == 1 }.map { $0.element.joined(separator: "\n") }
    #expect(blocks.count == 2)
    for block in blocks { #expect(try !script(block).statements.isEmpty) }
  }

  @Test func everyStatementIsOnThePage() throws {
    let rows = try Self.page().filter { $0.hasPrefix("| `") }.joined()
    for word in ScriptParser.statementWords { #expect(rows.contains("`\(word)"), "\(word)") }
  }

  @Test func theErrorOnThePageIsTheOneThatIsGiven() throws {
    let error = try #require(throws: ScriptError.self) { try script("speed 50%\nmove hme\n") }
    let shown = try Self.page().filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }.joined(separator: "\n")
    #expect(shown == "\(error)\n\(error.excerpt)\ntry: \(error.suggestion)")
  }
}
