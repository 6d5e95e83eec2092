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

  /// What people who begin write, and what mends it.
  @Test(arguments: [
    Case(text: "mvoe home", sentence: "demo.arm:1:1: \"mvoe\" is not a statement; did you mean \"move\"?", suggestion: "begin the line with move"),
    Case(text: "goto home", sentence: "demo.arm:1:1: \"goto\" is not a statement; did you mean \"move\"?", suggestion: "begin the line with move"),
    Case(text: "sleep 2 s", sentence: "demo.arm:1:1: \"sleep\" is not a statement; did you mean \"wait\"?", suggestion: "begin the line with wait"),
    Case(text: "while 1", sentence: "demo.arm:1:1: \"while\" is not a statement; did you mean \"repeat\"?", suggestion: "begin the line with repeat"),
    Case(
      text: "home", sentence: "demo.arm:1:1: \"home\" is not a statement; did you mean \"move home\"?", suggestion: "begin the line with move home"),
    Case(text: "move hme", sentence: "demo.arm:1:6: there is no pose or place \"hme\"; did you mean \"home\"?", suggestion: "write home"),
    Case(
      text: "move pick", sentence: "demo.arm:1:6: there is no pose or place \"pick\"; known: home, rest",
      suggestion: "define it first: pose pick = [...], or place pick = 200 0 150 mm"),
    Case(
      text: "move pick\npose pick = [0, 0, 1, 0, 0, 0]",
      sentence: "demo.arm:1:6: the pose \"pick\" is defined only later, in line 2", suggestion: "move the definition up, before its first use"),
    Case(
      text: "move [0, 0, 1]", sentence: "demo.arm:1:6: 3 joint positions, but the arm has 6 joints",
      suggestion: "give 6 numbers, one for each joint from the base to the tool"),
    Case(
      text: "move 200 0 150 mm",
      sentence: "demo.arm:1:6: \"200 0 150 mm\" does not say how the tool is turned there, and a move must know it",
      suggestion: "line to 200 0 150 mm, or turned 180 0 0 deg at its definition"),
    Case(text: "move by 0 0 50 mm", sentence: "demo.arm:1:6: a move goes to a pose; \"by\" belongs to a line", suggestion: "line by 0 0 50 mm"),
    Case(
      text: "move home fast", sentence: "demo.arm:1:11: expected the end of the line, found \"fast\"",
      suggestion: "remove it, or begin a new line there"),
    Case(text: "line home", sentence: "demo.arm:1:6: expected \"to\" or \"by\", found \"home\"", suggestion: "write \"to\" or \"by\" there"),
    Case(text: "line by 0 0 -50", sentence: "demo.arm:1:13: the length does not say its unit", suggestion: "write mm, cm or m after the number"),
    Case(
      text: "line by 0 0 -50 nm", sentence: "demo.arm:1:17: \"nm\" is not a unit of length; did you mean \"mm\"?", suggestion: "use mm, cm or m"),
    Case(
      text: "line by 0 0 5 deg", sentence: "demo.arm:1:13: the length is an angle, not a length such as 50 mm",
      suggestion: "give a length such as 50 mm"),
    Case(
      text: "line by 0 -50 mm", sentence: "demo.arm:1:17: expected a length for z, found the end of the line",
      suggestion: "write a length for z there"),
    Case(
      text: "let down = 50 mm\nline by 0 0 down + 5 mm", sentence: "demo.arm:2:18: after three numbers comes no \"+\"",
      suggestion: "put a sum in parentheses, such as (60 mm + 5 mm)"),
    Case(text: "wait 2", sentence: "demo.arm:1:6: the time does not say its unit", suggestion: "write s, ms or min after the number"),
    Case(text: "wait 2 sec", sentence: "demo.arm:1:8: \"sec\" is not a unit of time; known: s, ms, min", suggestion: "use s, ms or min"),
    Case(text: "wait 0,5 s", sentence: "demo.arm:1:6: \"0,5\" has a comma where a script has a point", suggestion: "write 0.5"),
    Case(text: "wait 20 mm", sentence: "demo.arm:1:6: the time is a length, not a time such as 0.5 s", suggestion: "give a time such as 0.5 s"),
    Case(text: "speed 50", sentence: "demo.arm:1:7: the speed does not say its unit", suggestion: "write % after the number"),
    Case(
      text: "speed 0.5%\nspeed 150%", sentence: "demo.arm:2:7: 150% is not from 0.1% to 100%",
      suggestion: "give one that is from 0.1% to 100%"),
    Case(
      text: "move home at 100 mm/s", sentence: "demo.arm:1:14: the speed of a move is a velocity, not a share of the limits such as 50%",
      suggestion: "give a share of the limits such as 50%"),
    Case(
      text: "line by 0 10 0 mm at 20 m/s", sentence: "demo.arm:1:22: 20 m/s is not from 0.1 mm/s to 10 m/s",
      suggestion: "give one that is from 0.1 mm/s to 10 m/s"),
    Case(
      text: "move home blend 10 mm", sentence: "demo.arm:1:17: the blend of a move is a length, not an angle such as 10 deg",
      suggestion: "give an angle such as 10 deg"),
    Case(
      text: "let a = 5 mm + 3 deg", sentence: "demo.arm:1:9: a length and an angle cannot be added", suggestion: "give both the same kind of unit"),
    Case(text: "repeat 2\nmove home", sentence: "demo.arm:1:1: this \"repeat\" has no \"end\"", suggestion: "write end after its last line"),
    Case(
      text: "repeat\nend", sentence: "demo.arm:1:7: expected how many times, a whole number, found the end of the line",
      suggestion: "write how many times, a whole number there"),
    Case(text: "move [0, 0, 90°, 0, 0, 0]", sentence: "demo.arm:1:15: \"°\" has no meaning in a script", suggestion: "write deg"),
    Case(
      text: "move home; wait 1 s", sentence: "demo.arm:1:10: \";\" has no meaning in a script",
      suggestion: "begin a new line there; comments begin with #"),
    Case(
      text: "gripper close", sentence: "demo.arm:1:1: this arm's file describes no gripper",
      suggestion: "describe it there under gripper; or wait 0.5 s in its place, where another program or a person works it"),
    Case(
      text: "wait input part", sentence: "demo.arm:1:12: this arm has no input \"part\"",
      suggestion: "name it in the arm file under gpio.inputs; or wait 2 s in its place"),
    Case(
      text: "include \"poses.arm\"", sentence: "demo.arm:1:9: poses.arm cannot be read: there is no such file",
      suggestion: "a path from this file's folder, such as include \"poses.arm\""),
  ])
  func commonMistakesGetTheSentenceThatMendsThem(_ c: Case) {
    expect(c)
  }

  @Test(arguments: [
    // Names
    Case(
      text: "pose a = [0, 0, 1, 0, 0, 0]\nlet a = 2", sentence: "demo.arm:2:5: the pose \"a\" is defined already, in line 1",
      suggestion: "choose another name"),
    Case(
      text: "pose home = [0, 0, 1, 0, 0, 0]", sentence: "demo.arm:1:6: the pose \"home\" is defined already, in the arm file",
      suggestion: "choose another name"),
    Case(
      text: "pose end = [0, 0, 1, 0, 0, 0]", sentence: "demo.arm:1:6: \"end\" is a word of the language and cannot be a name",
      suggestion: "choose another name"),
    Case(
      text: "let x = 1 mm\nrepeat 2\nlet x = x + 1 mm\nend", sentence: "demo.arm:3:5: the value \"x\" is defined already, in line 1",
      suggestion: "choose another name"),
    Case(
      text: "let depth = 3 mm\nmove depth", sentence: "demo.arm:2:6: \"depth\" is a length, not a pose or a place",
      suggestion: "give a pose or a place"),
    Case(text: "routine r\nend\nmove r", sentence: "demo.arm:3:6: \"r\" is a routine, not a pose or a place", suggestion: "do r"),
    Case(text: "do home", sentence: "demo.arm:1:4: \"home\" is a pose, not a routine", suggestion: "move home, or line to home"),
    Case(
      text: "move 5 mm above home", sentence: "demo.arm:1:17: \"home\" is a pose of joint positions, and here only a place will do",
      suggestion: "a place of your own, such as place tray = 200 0 150 mm; or line to the pose, and line by 0 0 60 mm from there"),
    Case(
      text: "line by 0 0 dpth\n", sentence: "demo.arm:1:13: there is no value \"dpth\"; none is known",
      suggestion: "define it first: let dpth = 10 mm"),
    Case(text: "routine r a\nend\ndo r", sentence: "demo.arm:3:4: \"r\" takes 1 value, not 0", suggestion: "do r with 1 value, commas between"),
    // Grammar
    Case(
      text: "move",
      sentence: "demo.arm:1:5: expected the name of a pose or place, or joint positions such as [0, 20, 90] deg, found the end of the line",
      suggestion: "write the name of a pose or place, or joint positions such as [0, 20, 90] deg there"),
    Case(
      text: "move [0, 0, 1, 0, 0 0]", sentence: "demo.arm:1:21: expected \",\" or \"]\", found \"0\"", suggestion: "write \",\" or \"]\" there"),
    Case(
      text: "move [0, 0, 1, 0, , 0]", sentence: "demo.arm:1:19: expected a joint position, found \",\"",
      suggestion: "write a joint position there"),
    Case(
      text: "move [0, 0, 1, 0, 0, 0] dge", sentence: "demo.arm:1:25: expected the end of the line, found \"dge\"",
      suggestion: "remove it, or begin a new line there"),
    Case(
      text: "line by 0 0 5 mm in tol", sentence: "demo.arm:1:21: expected \"tool\" or \"base\", found \"tol\"",
      suggestion: "write \"tool\" or \"base\" there"),
    Case(text: "move home at 5% at 6%", sentence: "demo.arm:1:17: \"at\" is said twice", suggestion: "say it once"),
    Case(text: "wait - s", sentence: "demo.arm:1:8: expected a number, found \"s\"", suggestion: "write a number there"),
    Case(text: "let a = (1 + 2", sentence: "demo.arm:1:15: expected \")\", found the end of the line", suggestion: "write \")\" there"),
    Case(
      text: "move home\nend", sentence: "demo.arm:2:1: this \"end\" ends nothing",
      suggestion: "remove it, or write repeat, if or routine where the block begins"),
    Case(text: "else", sentence: "demo.arm:1:1: this \"else\" has no \"if\" before it", suggestion: "remove it, or write if where its block begins"),
    Case(text: "repeat 1\nroutine r\nend\nend", sentence: "demo.arm:2:1: \"routine\" stands within a block", suggestion: "move it out of the block"),
    Case(
      text: "50%", sentence: "demo.arm:1:1: expected a statement such as move, line or wait, found \"50\"",
      suggestion: "write a statement such as move, line or wait there"),
    Case(
      text: "include poses", sentence: "demo.arm:1:9: expected a file's name between quotation marks, found \"poses\"",
      suggestion: "write a file's name between quotation marks there"),
    Case(text: "include \"poses", sentence: "demo.arm:1:9: this text has no closing \"", suggestion: "write \" at its end"),
    // Values
    Case(
      text: "if 3 mm\nend", sentence: "demo.arm:1:4: the condition is a length, not a comparison such as i > 2",
      suggestion: "give a comparison such as i > 2"),
    Case(
      text: "if 3 mm > 2\nend", sentence: "demo.arm:1:4: a length and a number without a unit cannot be compared",
      suggestion: "give both the same kind of unit"),
    Case(text: "wait 1 s / (2 - 2)", sentence: "demo.arm:1:6: this comes to no number: it divides by 0", suggestion: "check its parts"),
    Case(text: "let a = 1e300 * 1e300", sentence: "demo.arm:1:9: this comes to no number: it is too large", suggestion: "check its parts"),
    Case(text: "wait 1e999 s", sentence: "demo.arm:1:6: \"1e999\" is not a number", suggestion: "write a number such as 12, 0.5 or 1e-3"),
    Case(
      text: "wait -1 s", sentence: "demo.arm:1:6: -1 s is not a time from 0 s to a day",
      suggestion: "give one that is a time from 0 s to a day"),
    Case(
      text: "line to 0 0 1e9 m", sentence: "demo.arm:1:9: 0 0 1e9 m is not within 100 m of the base",
      suggestion: "give one that is within 100 m of the base"),
    Case(
      text: "repeat 2.5\nend", sentence: "demo.arm:1:8: 2.5 is not a whole number from 1 to 10000",
      suggestion: "give one that is a whole number from 1 to 10000"),
    // What would never end
    Case(
      text: "repeat 10000\nrepeat 10000\nmove home\nend\nend", sentence: "demo.arm:1:1: with this the script has more than 100000 steps",
      suggestion: "repeat fewer times"),
    Case(
      text: String(repeating: "repeat 10000\n", count: 16) + "speed 50%\n" + String(repeating: "end\n", count: 16),
      sentence: "demo.arm:1:1: with this the script carries out more than 1000000 lines", suggestion: "repeat fewer times"),
    Case(
      text: String(repeating: "repeat 1\n", count: 40), sentence: "demo.arm:17:1: blocks are nested more than 16 deep",
      suggestion: "put the inner blocks into a routine"),
    Case(
      text: "do a\nroutine a\ndo b\nend\nroutine b\ndo a\nend", sentence: "demo.arm:6:4: this routine calls itself: a → b → a",
      suggestion: "use repeat, or a routine of another name"),
    Case(
      text: "let a = " + String(repeating: "(", count: 100), sentence: "demo.arm:1:41: parentheses are nested more than 32 deep",
      suggestion: "name the inner parts with let"),
    Case(
      text: String(repeating: "#", count: 1001), sentence: "demo.arm:1:1001: the line is longer than 1000 characters",
      suggestion: "split it, with let for its parts"),
  ])
  func saysWhereAndWhatWasExpected(_ c: Case) {
    expect(c)
  }

  private func expect(_ c: Case) {
    let error = #expect(throws: ScriptError.self) { try script(c.text) }
    #expect(error?.description == c.sentence)
    #expect(error?.suggestion == c.suggestion)
  }

  @Test func includedFilesMayNotMoveOrIncludeThemselves() {
    let cycle = #expect(throws: ScriptError.self) {
      try script("include \"a.arm\"", files: ["a.arm": "include \"b.arm\"", "b.arm": "\ninclude \"a.arm\""])
    }
    #expect(cycle?.description == "b.arm:2:9: this file includes itself: demo.arm → a.arm → b.arm → a.arm")
    let motion = #expect(throws: ScriptError.self) { try script("include \"a.arm\"", files: ["a.arm": "\nmove home"]) }
    #expect(motion?.description == "a.arm:2:1: an included file only defines things, but this is \"move\"")
    let twice = #expect(throws: ScriptError.self) { try script("let x = 1\ninclude \"a.arm\"", files: ["a.arm": "let x = 2"]) }
    #expect(twice?.description == "a.arm:1:5: the value \"x\" is defined already, at demo.arm:1:5")
  }

  @Test func theCaretStandsUnderTheWord() {
    let error = #expect(throws: ScriptError.self) { try script("move home\n\tmove hme # where\n") }
    #expect(error?.excerpt == "    2 | \tmove hme # where\n      | \t     ^^^")
    let end = #expect(throws: ScriptError.self) { try script("move") }
    #expect(end?.excerpt == "    1 | move\n      |     ^")
    let sum = #expect(throws: ScriptError.self) { try script("wait 5 mm + 3 deg") }
    #expect(sum?.excerpt == "    1 | wait 5 mm + 3 deg\n      |      ^^^^^^^^^^^^")
  }
}
