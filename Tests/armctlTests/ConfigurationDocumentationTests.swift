import Foundation
import TestSupport
import Testing

@testable import armctl

@Suite struct ConfigurationDocumentationTests {
  private let document = try! String(contentsOfFile: packageFile("docs/Configuration.md"), encoding: .utf8)

  /// The text between a section's markers.
  private func table(_ section: String) -> String? {
    guard let start = document.range(of: "<!-- keys: \(section) -->\n"),
      let end = document.range(of: "\n<!-- /keys -->", range: start.upperBound..<document.endIndex)
    else { return nil }
    return String(document[start.upperBound..<end.lowerBound])
  }

  /// After a change of `ConfigurationTable`, copy what `armctl check --keys` prints.
  @Test(arguments: ConfigurationReference.tables.map(\.section)) func tablesOfTheDocumentAreTheLoaders(_ section: String) throws {
    let expected = try #require(ConfigurationReference.tables.first { $0.section == section }?.markdown)
    #expect(table(section) == expected)
  }

  @Test func documentHasNoOtherTables() {
    #expect(document.components(separatedBy: "<!-- keys: ").count - 1 == ConfigurationReference.tables.count)
  }

  @Test func everyKeyIsInOneTable() {
    let rows = ConfigurationReference.tables.flatMap { $0.markdown.split(separator: "\n").dropFirst(2) }
    #expect(rows.count == ConfigurationTable.keys.count)
    #expect(Set(ConfigurationTable.keys.map(\.path)).count == ConfigurationTable.keys.count)
  }

  @Test func everyKeyHasASectionAndDefaultsAreAllowed() {
    let paths = Set(ConfigurationTable.keys.map(\.path))
    for key in ConfigurationTable.keys {
      #expect(key.parent.isEmpty || paths.contains(key.parent), "\(key.path)")
      #expect(key.meaning.hasSuffix("."), "\(key.path)")
      guard case .defaults(let text) = key.presence else { continue }
      switch key.kind {
      case .number(let range): #expect(Double(text).map(range.contains) == true, "\(key.path)")
      case .choice(let choices): #expect(choices.map(String.init).contains(text), "\(key.path)")
      case .word(let words, _): #expect(words.contains(text), "\(key.path)")
      case .boolean: #expect(text == "true" || text == "false", "\(key.path)")
      case .section, .named, .text, .textOrSection, .integer, .numbers: break
      }
    }
  }

  /// The arm file that the document shows is a right one.
  @Test func exampleOfTheDocumentLoads() throws {
    let start = try #require(document.range(of: "```yaml\n")),
      end = try #require(document.range(of: "\n```", range: start.upperBound..<document.endIndex))
    let text = String(document[start.upperBound..<end.lowerBound])
    let arm = try ArmConfiguration.parse(text, file: packageFile("Robots/dummy/arm.yaml"))
    #expect(arm.joints.count == 6)
  }
}
