import TestSupport
import Testing

@testable import armctl

@Suite struct ScriptFormatterTests {
  @Test(arguments: [
    ("move   home", "move home\n"),
    ("line by 0 0-50mm in tool at 60 %", "line by 0 0 -50 mm in tool at 60%\n"),
    ("line by 0 0 - 2*depth", "line by 0 0 -2 * depth\n"),
    ("let a=-5mm+(3mm -b)*2", "let a = -5 mm + (3 mm - b) * 2\n"),
    ("pose p=[0,20deg,1.5 , -90]deg", "pose p = [0, 20 deg, 1.5, -90] deg\n"),
    ("let v = 100mm / s", "let v = 100 mm/s\n"),
    ("let t = 100 mm/v", "let t = 100 mm / v\n"),
    ("let a = sin( 30deg )*-2", "let a = sin(30 deg) * -2\n"),
    ("do pick 60mm,-30%", "do pick 60 mm, -30%\n"),
    ("include   \"a b.arm\"", "include \"a b.arm\"\n"),
    ("move 60 mm above tray blend 5 deg", "move 60 mm above tray blend 5 deg\n"),
    ("\n\n\nmove home\n\n\n\nwait 1s\n\n", "move home\n\nwait 1 s\n"),
    (
      "repeat 2\nmove home\nif 1<2\nwait 1 s\nelse\nwait 2 s\nend\nend",
      "repeat 2\n  move home\n  if 1 < 2\n    wait 1 s\n  else\n    wait 2 s\n  end\nend\n"
    ),
    ("  # alone\nmove home # a\nwait 0.25 s     #b\n\nmove rest # c", "# alone\nmove home    # a\nwait 0.25 s  #b\n\nmove rest  # c\n"),
    ("move home\r\n\twait 1 s\r\n", "move home\nwait 1 s\n"),
    ("", ""), ("\n\n", ""),
  ])
  func writesNeatly(text: String, expected: String) throws {
    #expect(try ScriptFormatter.formatted(text, file: "demo.arm") == expected)
    #expect(try ScriptFormatter.formatted(expected, file: "demo.arm") == expected)
  }

  @Test(arguments: ["first", "dummy-poses", "palette", "pick-and-place", "round-trip"])
  func theExamplesAreNeat(name: String) throws {
    let text = try ScriptMutationTests.example(name)
    #expect(try ScriptFormatter.formatted(text, file: name) == text)
  }

  @Test func whatCannotBeReadIsRefused() {
    #expect(throws: ScriptError.self) { try ScriptFormatter.formatted("move home\nmvoe", file: "demo.arm") }
  }

  /// Statements written down in any clumsy way read as themselves, and formatting changes nothing of what they say.
  @Test func readingGivesBackWhatWasWritten() throws {
    var author = ScriptAuthor(seed: 4)
    for _ in 0..<caseCount(1000) {
      let statements = author.statements()
      let text = author.text(of: statements)
      #expect(try ScriptParser.statements(of: text, file: "demo.arm") == statements, "\(text)")
      let formatted = try ScriptFormatter.formatted(text, file: "demo.arm")
      #expect(try ScriptParser.statements(of: formatted, file: "demo.arm") == statements, "\(text)\n→\n\(formatted)")
      #expect(try ScriptFormatter.formatted(formatted, file: "demo.arm") == formatted, "\(formatted)")
    }
  }
}
