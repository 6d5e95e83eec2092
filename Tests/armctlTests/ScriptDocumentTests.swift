import Foundation
import TestSupport
import Testing

@testable import armctl

/// `docs/Scripts.md` and the README show nothing that is not so, and the editors' grammar knows the language's words.
@Suite struct ScriptDocumentTests {
  static func lines(of path: String) throws -> [String] {
    try String(contentsOfFile: packageFile(path), encoding: .utf8).components(separatedBy: "\n")
  }

  /// The blocks of a page that show scripts.
  static func scripts(in path: String) throws -> [String] {
    var scripts: [String] = [], script: [String]?
    for line in try lines(of: path) {
      if line == "```arm" {
        script = []
      } else if line == "```", let lines = script {
        scripts.append(lines.joined(separator: "\n") + "\n")
        script = nil
      } else {
        script?.append(line)
      }
    }
    return scripts
  }

  @Test func everyScriptOnThePageCanBeReadAndIsNeat() throws {
    let scripts = try Self.scripts(in: "docs/Scripts.md")
    #expect(scripts.count == 5)
    for text in scripts {
      #expect(try !Script(parsing: text, file: "page", arm: handyArm).steps.isEmpty)
      #expect(try ScriptFormatter.formatted(text, file: "page") == text)
    }
  }

  /// The first script is the same on both pages and among the examples.
  @Test func theFirstScriptIsTheExample() throws {
    let example = try ScriptMutationTests.example("first")
    #expect(try Self.scripts(in: "docs/Scripts.md").first == example)
    #expect(try Self.scripts(in: "README.md") == [example])
    #expect(example.split(separator: "\n").count == 6)
  }

  @Test func everyStatementIsOnThePage() throws {
    let rows = try Self.lines(of: "docs/Scripts.md").filter { $0.hasPrefix("| `") }.joined()
    for word in ScriptWords.statements where word != "end" && word != "else" && word != "on" { #expect(rows.contains("`\(word)"), "\(word)") }
    for unit in ScriptUnit.allCases { #expect(try Self.lines(of: "docs/Scripts.md").joined().contains("`\(unit.rawValue)`"), "\(unit)") }
  }

  @Test func theErrorOnThePageIsTheOneThatIsGiven() throws {
    let text = "speed 50%\nmove hme\n"
    let error = try #require(throws: ScriptError.self) { try script(text) }
    let page = try Self.lines(of: "docs/Scripts.md")
    let start = try #require(page.firstIndex { $0.hasPrefix("    demo.arm") })
    let shown = page[start...].prefix { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    #expect(
      shown.joined(separator: "\n") == "\(error)\n\(error.excerpt)\ntry: \(Script.advice(on: error, in: text, file: "demo.arm", arm: scriptArm))")
  }

  @Test func theEditorsKnowTheWords() throws {
    let grammar = try String(contentsOfFile: packageFile("editors/vscode/syntaxes/arm.tmLanguage.json"), encoding: .utf8)
    let words = Set(grammar.components(separatedBy: CharacterSet(charactersIn: "|()?:\"\\ ")))
    for word in ScriptWords.reserved { #expect(words.contains(word), "\(word)") }
    #expect(throws: Never.self) { try JSONValue(parsing: grammar) }
  }
}
