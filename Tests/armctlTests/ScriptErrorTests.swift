import TestSupport
import Testing

@testable import armctl

/// The sentences are part of the interface: where, what stands there, what was expected, and what to do.
@Suite struct ScriptErrorTests {
  struct Case: Sendable {
    let text: String
    let sentence: String
    let suggestion: String
  }

  @Test(arguments: [
    Case(
      text: "mvoe home", sentence: "demo.arm:1:1: \"mvoe\" is not a statement; did you mean \"move\"?",
      suggestion: "begin the line with move"),
    Case(
      text: "wait 1 s\n  go home",
      sentence: "demo.arm:2:3: \"go\" is not a statement; known: move, line, speed, wait, pose, repeat, end",
      suggestion: "begin the line with move, line, speed, wait, pose, repeat, end"),
    Case(
      text: "move hme", sentence: "demo.arm:1:6: there is no pose \"hme\"; did you mean \"home\"?", suggestion: "write home"),
    Case(
      text: "move pick", sentence: "demo.arm:1:6: there is no pose \"pick\"; known: home, rest",
      suggestion: "define it first: pose pick = [...]"),
    Case(
      text: "move pick\npose pick = [0, 0, 1, 0, 0, 0]",
      sentence: "demo.arm:1:6: the pose \"pick\" is defined only later, in line 2", suggestion: "move the definition up, before its first use"),
    Case(
      text: "pose a = [0, 0, 1, 0, 0, 0]\npose a = [0, 0, 1, 0, 0, 0]",
      sentence: "demo.arm:2:6: the pose \"a\" is defined already, in line 1", suggestion: "choose another name"),
    Case(
      text: "pose home = [0, 0, 1, 0, 0, 0]", sentence: "demo.arm:1:6: the pose \"home\" is defined already, in the arm file",
      suggestion: "choose another name"),
    Case(
      text: "pose end = [0, 0, 1, 0, 0, 0]", sentence: "demo.arm:1:6: \"end\" is a word of the language and cannot name a pose",
      suggestion: "choose another name"),
    Case(
      text: "move",
      sentence: "demo.arm:1:5: expected the name of a pose, or joint positions such as [0, 0, 0, 0, 0, 0] deg, found the end of the line",
      suggestion: "write the name of a pose, or joint positions such as [0, 0, 0, 0, 0, 0] deg there"),
    Case(
      text: "move [0, 0, 1]", sentence: "demo.arm:1:6: 3 joint positions, but the arm has 6 joints",
      suggestion: "give 6 numbers, one for each joint from the base to the tool"),
    Case(
      text: "move [0, 0, 1, 0, 0 0]", sentence: "demo.arm:1:21: expected \",\" or \"]\", found \"0\"", suggestion: "write \",\" or \"]\" there"),
    Case(
      text: "move [0, 0, 1, 0, , 0]", sentence: "demo.arm:1:19: expected a joint position, found \",\"",
      suggestion: "write a joint position there"),
    Case(
      text: "move [0, 0, 1, 0, 0, 0] dge", sentence: "demo.arm:1:25: expected the end of the line, found \"dge\"",
      suggestion: "remove it, or begin a new line there"),
    Case(
      text: "move home fast", sentence: "demo.arm:1:11: expected the end of the line, found \"fast\"",
      suggestion: "remove it, or begin a new line there"),
    Case(
      text: "line 1 2 3 mm", sentence: "demo.arm:1:6: expected \"to\" or \"by\", found \"1\"", suggestion: "write \"to\" or \"by\" there"),
    Case(
      text: "line by 0 0 -50", sentence: "demo.arm:1:13: the length does not say its unit", suggestion: "write mm or cm or m after the number"),
    Case(
      text: "line by 0 0 -50 nm", sentence: "demo.arm:1:17: \"nm\" is not a unit of length; did you mean \"mm\"?",
      suggestion: "use mm or cm or m"),
    Case(
      text: "line by 0 -50 mm", sentence: "demo.arm:1:17: expected a length for z, found the end of the line",
      suggestion: "write a length for z there"),
    Case(
      text: "line by 0 0 5 mm in tol", sentence: "demo.arm:1:21: expected \"tool\" or \"base\", found \"tol\"",
      suggestion: "write \"tool\" or \"base\" there"),
    Case(
      text: "speed 50", sentence: "demo.arm:1:9: expected \"%\" after the speed, found the end of the line",
      suggestion: "write \"%\" after the speed there"),
    Case(
      text: "speed 150%", sentence: "demo.arm:1:7: 150% is not above 0% and at most 100%",
      suggestion: "give a number that is above 0% and at most 100%"),
    Case(
      text: "wait 2", sentence: "demo.arm:1:6: the time does not say its unit", suggestion: "write s or ms after the number"),
    Case(
      text: "wait 2 sec", sentence: "demo.arm:1:8: \"sec\" is not a unit of time; known: s, ms", suggestion: "use s or ms"),
    Case(
      text: "wait -1 s", sentence: "demo.arm:1:6: -1 is not a time from 0 s to a day", suggestion: "give a number that is a time from 0 s to a day"),
    Case(
      text: "wait 1e999 s", sentence: "demo.arm:1:6: \"1e999\" is not a number", suggestion: "write a number such as 12, -0.5 or 1e-3"),
    Case(
      text: "wait - s", sentence: "demo.arm:1:6: \"-\" is not a number", suggestion: "write a number such as 12, -0.5 or 1e-3"),
    Case(
      text: "repeat 2.5", sentence: "demo.arm:1:8: 2.5 is not a whole number from 1 to 10000",
      suggestion: "give a number that is a whole number from 1 to 10000"),
    Case(
      text: "repeat 2\nmove home", sentence: "demo.arm:1:1: this \"repeat\" has no \"end\"", suggestion: "write end after the lines to repeat"),
    Case(
      text: "move home\nend", sentence: "demo.arm:2:1: this \"end\" has no \"repeat\" before it",
      suggestion: "remove it, or write repeat 2 where the repeated lines begin"),
    Case(
      text: "repeat 10000\nrepeat 10000\nmove home\nend\nend", sentence: "demo.arm:1:1: with this repeat the script has more than 100000 steps",
      suggestion: "repeat fewer times"),
    Case(
      text: String(repeating: "repeat 1\n", count: 40), sentence: "demo.arm:17:1: repeats are nested more than 16 deep",
      suggestion: "use fewer repeats within repeats"),
    Case(
      text: "move home; wait 1 s", sentence: "demo.arm:1:10: \";\" has no meaning in a script",
      suggestion: "remove it; comments begin with #"),
    Case(
      text: "50%", sentence: "demo.arm:1:1: expected a statement: move, line, speed, wait, pose, repeat, end, found \"50\"",
      suggestion: "write a statement: move, line, speed, wait, pose, repeat, end there"),
  ]) func saysWhereAndWhatWasExpected(_ c: Case) {
    let error = #expect(throws: ScriptError.self) { try script(c.text) }
    #expect(error?.description == c.sentence)
    #expect(error?.suggestion == c.suggestion)
  }

  @Test func theCaretStandsUnderTheWord() {
    let error = #expect(throws: ScriptError.self) { try script("move home\n\tmove hme # where\n") }
    #expect(error?.excerpt == "    2 | \tmove hme # where\n      | \t     ^^^")
    let end = #expect(throws: ScriptError.self) { try script("move") }
    #expect(end?.excerpt == "    1 | move\n      |     ^")
  }
}
