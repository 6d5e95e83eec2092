import Foundation
import TestSupport
import Testing

@testable import armctl

/// docs/Teleop.md and the help have every key.
@Suite("Teleop documentation") struct TeleopDocumentationTests {
  @Test func everyKeyIsInTheHelpAndInTheDocument() throws {
    let document = try String(contentsOfFile: packageFile("docs/Teleop.md"), encoding: .utf8)
    for (title, lines) in TeleopKeys.help {
      #expect(document.contains("| **\(title)** | |"))
      for line in lines {
        let keys = line.keys.split(separator: " ").map { "`\($0)`" }.joined(separator: " ")
        #expect(document.contains("| \(keys) | \(line.meaning) |"))
      }
    }
    let names: [Key: String] = [
      .left: "arrows", .right: "arrows", .up: "arrows", .down: "arrows", .pageUp: "PgUp", .pageDown: "PgDn", .enter: "enter", .tab: "tab",
      .backspace: "backspace", .escape: "esc", .character(" "): "space", .control("c"): "ctrl-c",
    ]
    let written = Set(TeleopKeys.help.flatMap(\.lines).flatMap { $0.keys.split { $0 == " " || $0 == "/" }.map(String.init) })
    for row in TeleopKeys.rows {
      guard let key = row.keys.first else { continue }
      let name = names[key] ?? { if case .character(let character) = key { String(character) } else { "?" } }()
      #expect(written.contains(name), "the help lacks \(name)")
    }
  }
}
