import Foundation
import TestSupport
import Testing

@testable import armctl

/// Values change, and nothing else of a file does.
@Suite struct ArmFileEditTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let path: String
    let expected: String
  }

  static let cases = [
    Case(testDescription: "a word in lines", text: "a:\n  b: 1 # one\n  c: 2\n", path: "a.b", expected: "a:\n  b: 9 # one\n  c: 2\n"),
    Case(testDescription: "a word in braces", text: "a: {b: 1, c: 2} # x\n", path: "a.b", expected: "a: {b: 9, c: 2} # x\n"),
    Case(testDescription: "the last in braces", text: "a: {b: 1, c: 2 }\n", path: "a.c", expected: "a: {b: 1, c: 9 }\n"),
    Case(testDescription: "a list", text: "a: {b: [1, 2], c: 2}\n", path: "a.b", expected: "a: {b: 9, c: 2}\n"),
    Case(testDescription: "a list of several lines", text: "a:\n  b: [1,\n    2] # x\nc: 2\n", path: "a.b", expected: "a:\n  b: 9 # x\nc: 2\n"),
    Case(testDescription: "a text in quotation marks", text: "a: {b: \"1, }# \\\" 2\", c: 2}\n", path: "a.b", expected: "a: {b: 9, c: 2}\n"),
    Case(testDescription: "behind a comment with a brace", text: "a: { # }\n  b: 1, c: 2}\n", path: "a.c", expected: "a: { # }\n  b: 1, c: 9}\n"),
    Case(testDescription: "behind letters of many bytes", text: "ä: {ö: 'µ', b: 1}\n", path: "ä.b", expected: "ä: {ö: 'µ', b: 9}\n"),
    Case(
      testDescription: "a new key in lines", text: "a:\n  b: 1 # one\n\n# two\nc: 2\n", path: "a.d",
      expected: "a:\n  b: 1 # one\n  d: 9\n\n# two\nc: 2\n"),
    Case(testDescription: "a new key in braces", text: "a: {b: 1 }\n", path: "a.d", expected: "a: {b: 1, d: 9 }\n"),
    Case(testDescription: "a new key in empty braces", text: "a: {}\n", path: "a.d", expected: "a: {d: 9}\n"),
    Case(
      testDescription: "behind what is nested", text: "a:\n  b:\n    x: {y: [1]} # z\nc: 2\n", path: "a.d",
      expected: "a:\n  b:\n    x: {y: [1]} # z\n  d: 9\nc: 2\n"),
    Case(testDescription: "a new section", text: "a: 1 # one", path: "b.c.d", expected: "a: 1 # one\n\nb:\n  c:\n    d: 9"),
    Case(testDescription: "a new section deep down", text: "a:\n  b:\n    c: 1\n", path: "a.b.d.e", expected: "a:\n  b:\n    c: 1\n    d: {e: 9}\n"),
    Case(testDescription: "a new section in braces", text: "a: {b: {c: 1}}\n", path: "a.b.d.e", expected: "a: {b: {c: 1, d: {e: 9}}}\n"),
    Case(
      testDescription: "what is repeated here", text: "a: &x\n  b: 1 # one\n  c: 'two'\nd: *x\n", path: "d.b",
      expected: "a: &x\n  b: 1 # one\n  c: 'two'\nd: {b: 9, c: 'two'}\n"),
  ]

  @Test(arguments: cases) func oneValueChanges(_ item: Case) throws {
    var edit = ArmFileEdit(item.text)
    try edit.set(item.path.split(separator: ".").map(String.init), to: "9")
    #expect(edit.text == item.expected)
  }

  @Test func whatIsRepeatedElsewhereKeepsTheOldValue() throws {
    var edit = ArmFileEdit("a: &x {b: 1, c: [2, 3]} # *x\nd: *x\ne: {f: *x, g: 4}\n")
    try edit.set(["a", "b"], to: "9")
    #expect(edit.text == "a: &x {b: 9, c: [2, 3]} # *x\nd: {b: 1, c: [2, 3]}\ne: {f: {b: 1, c: [2, 3]}, g: 4}\n")
    try edit.set(["e", "f", "c"], to: "8")
    #expect(edit.text == "a: &x {b: 9, c: [2, 3]} # *x\nd: {b: 1, c: [2, 3]}\ne: {f: {b: 1, c: 8}, g: 4}\n")
  }

  @Test func whatCannotBeWrittenIsSaid() throws {
    var edit = ArmFileEdit("a: [1, 2]\n")
    #expect(throws: ArmFileEdit.Failure(path: "a.b")) { try edit.set(["a", "b"], to: "9") }
    #expect(edit.text == "a: [1, 2]\n")
  }

  @Test func differencesReadLikeDiffs() {
    let old = (1...12).map { "line \($0)\n" }.joined(), new = old.replacingOccurrences(of: "line 2\n", with: "second\nand more\n")
    #expect(
      UnifiedDiff(from: old, to: new + "end\n", file: "arm.yaml").text == """
        --- arm.yaml
        +++ arm.yaml
        @@ -1,5 +1,6 @@
         line 1
        -line 2
        +second
        +and more
         line 3
         line 4
         line 5
        @@ -10,3 +11,4 @@
         line 10
         line 11
         line 12
        +end

        """)
    #expect(UnifiedDiff(from: old, to: old, file: "arm.yaml").text.isEmpty)
  }
}
