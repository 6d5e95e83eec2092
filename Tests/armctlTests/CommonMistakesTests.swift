import Foundation
import Testing

@testable import armctl

/// Seventy slips of a first script, on the default arm at home beside a table: each is refused before anything moves, with its place
/// and a sentence that mends it.
@Suite struct CommonMistakesTests {
  /// A line that is wrong, and what is said of it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var text, sentence, suggestion: String
    var testDescription: String { text }
  }

  static let mistakes: [Mistake] = [
    // Names
    Mistake(text: "move hom", sentence: #"first.arm:1:6: there is no pose or place "hom"; did you mean "home"?"#, suggestion: "write move home"),
    Mistake(text: "Move home", sentence: #"first.arm:1:1: "Move" is not a statement; did you mean "move"?"#, suggestion: "write move home"),
    Mistake(
      text: "home", sentence: #"first.arm:1:1: "home" is not a statement; did you mean "move home"?"#,
      suggestion: "write move home"),
    Mistake(text: "mvoe home", sentence: #"first.arm:1:1: "mvoe" is not a statement; did you mean "move"?"#, suggestion: "write move home"),
    Mistake(
      text: "do pick", sentence: #"first.arm:1:4: there is no routine "pick"; none is known"#,
      suggestion: "define it: routine pick, its lines, end"),
    Mistake(
      text: "pose home = [0, 0, 90, 0, 0, 0] deg", sentence: #"first.arm:1:6: the pose "home" is defined already, in the arm file"#,
      suggestion: "choose another name"),
    Mistake(
      text: "let line = 5 mm", sentence: #"first.arm:1:5: "line" is a word of the language and cannot be a name"#,
      suggestion: "write let my-line = 5 mm"),
    Mistake(
      text: "place tray = 250 0 100 mm\nmove tray",
      sentence: #"first.arm:2:6: "tray" does not say how the tool is turned there, and a move must know it"#,
      suggestion: "line to tray, or turned 180 0 0 deg at its definition"),
    // Units
    Mistake(text: "line by 0 0 50", sentence: "first.arm:1:13: the length does not say its unit", suggestion: "write line by 0 0 50 mm"),
    Mistake(
      text: "line by 0 0 50 mn", sentence: #"first.arm:1:16: "mn" is not a unit of length; did you mean "mm"?"#, suggestion: "write line by 0 0 50 mm"
    ),
    Mistake(text: "move home at 50", sentence: "first.arm:1:14: the speed does not say its unit", suggestion: "write move home at 50%"),
    Mistake(text: "speed 0.5", sentence: "first.arm:1:7: the speed does not say its unit", suggestion: "write speed 50%"),
    Mistake(text: "speed 150%", sentence: "first.arm:1:7: 150% is not from 0.1% to 100%", suggestion: "give one that is from 0.1% to 100%"),
    Mistake(text: "wait 2", sentence: "first.arm:1:6: the time does not say its unit", suggestion: "write wait 2 s"),
    Mistake(text: "wait 0,5 s", sentence: #"first.arm:1:6: "0,5" has a comma where a script has a point"#, suggestion: "write wait 0.5 s"),
    Mistake(text: "wait 5 mm", sentence: "first.arm:1:6: the time is a length, not a time such as 0.5 s", suggestion: "give a time such as 0.5 s"),
    Mistake(text: "blend 10", sentence: "first.arm:1:7: the blend does not say its unit", suggestion: "write blend 10 mm"),
    Mistake(
      text: "move home blend 10 mm", sentence: "first.arm:1:17: the blend of a move is a length, not an angle such as 10 deg",
      suggestion: "give an angle such as 10 deg"),
    Mistake(
      text: "let x = 5 mm + 3 deg", sentence: "first.arm:1:9: a length and an angle cannot be added",
      suggestion: "give both the same kind of unit"),
    Mistake(
      text: "move [0, 20, 90, 0, 52, 0]",
      sentence: "first.arm:1:1: The target puts shoulder at 20 rad (1145.9°), above its upper limit of 1.571 rad (90.0°); did you mean 20deg?",
      suggestion: "deg behind the bracket, as in [0, 20, 90] deg"),
    Mistake(
      text: "line by 0 0 50 mm at 3000 mm/s", sentence: "first.arm:1:1: The tool is wanted at 3 m/s, above its limit of 0.25 m/s.",
      suggestion: "a lower speed, or more in tool.limits.speed of the arm file"),
    // Form
    Mistake(
      text: "move [0, 20, 90] deg", sentence: "first.arm:1:6: 3 joint positions, but the arm has 6 joints",
      suggestion: "give 6 numbers, one for each joint from the base to the tool"),
    Mistake(
      text: "move 250 0 150 mm", sentence: #"first.arm:1:6: "250 0 150 mm" does not say how the tool is turned there, and a move must know it"#,
      suggestion: "line to 250 0 150 mm, or turned 180 0 0 deg at its definition"),
    Mistake(
      text: "move by 0 0 50 mm", sentence: #"first.arm:1:6: a move goes to a pose; "by" belongs to a line"#, suggestion: "write line by 0 0 50 mm"),
    Mistake(
      text: "line to 250 0 mm", sentence: "first.arm:1:17: expected a length for z, found the end of the line",
      suggestion: "write a length for z there"),
    Mistake(
      text: "move home; move rest", sentence: #"first.arm:1:10: ";" has no meaning in a script"#,
      suggestion: "begin a new line there; comments begin with #"),
    Mistake(text: "repeat 3\nwait 1 s", sentence: #"first.arm:1:1: this "repeat" has no "end""#, suggestion: "write end after its last line"),
    Mistake(
      text: "end", sentence: #"first.arm:1:1: this "end" ends nothing"#,
      suggestion: "remove it, or write repeat, if or routine where the block begins"),
    Mistake(
      text: "repeat 0\nend", sentence: "first.arm:1:8: 0 is not a whole number from 1 to 10000",
      suggestion: "give one that is a whole number from 1 to 10000"),
    Mistake(
      text: "routine pick depth\nwait 1 s\nend\ndo pick", sentence: #"first.arm:4:4: "pick" takes 1 value, not 0"#,
      suggestion: "do pick with 1 value, commas between"),
    Mistake(text: "on knok stop", sentence: #"first.arm:1:4: expected knock or fault, found "knok""#, suggestion: "write on knock stop"),
    Mistake(
      text: #"include "pick.arm""#, sentence: "first.arm:1:9: pick.arm cannot be read: there is no such file",
      suggestion: #"a path from this file's folder, such as include "poses.arm""#),
    Mistake(
      text: "arc via 230 0 200 mm to 230 0 200 mm", sentence: "first.arm:1:1: Segment 1 of the path is no arc: its three points lie on one line.",
      suggestion: "give a line, or a point that the arc passes beside it; a full circle by its axis and angle"),
    // What the arm cannot do
    Mistake(
      text: "move [0, 0, 200, 0, 0, 0] deg",
      sentence: "first.arm:1:1: The target puts elbow at 3.491 rad (200.0°), above its upper limit of 3.142 rad (180.0°).",
      suggestion: "keep elbow from 0.6109 rad (35.0°) to 3.142 rad (180.0°)"),
    Mistake(
      text: "line by 0 0 2 m", sentence: "first.arm:1:1: The arm cannot take the tool there: the point is 1861.7 mm beyond its reach.",
      suggestion: "write line by 0 0 47 mm, or start it from a posture with more room for elbow"),
    Mistake(
      text: "move 900 0 200 mm turned 180 0 0 deg",
      sentence: "first.arm:1:1: The arm cannot take the tool there: the point is 525.6 mm beyond its reach.",
      suggestion: "the closest that was found, 535.5 mm and 68.7° away: move [-0.0014, 1.3368, 0.6109, 2.1119, 0.0084, 1.0333]"),
    Mistake(
      text: "line by 0 0 -240 mm", sentence: #"first.arm:1:1: The arm would run into "table": after 1.41 s link "wrist_link" is at it."#,
      suggestion: "write line by 0 0 -237 mm"),
    Mistake(
      text: "move 250 0 20 mm turned 180 0 0 deg", sentence: #"first.arm:1:1: At the goal link "flange" is 35.9 mm deep in "table"."#,
      suggestion: "a goal 50 mm higher, which is free: move [0, 0.8263, 1.7187, 0, 0.5965, -3.1416]"),
    Mistake(
      text: "gripper close", sentence: "first.arm:1:1: this arm's file describes no gripper",
      suggestion: "describe it there under gripper; or wait 0.5 s in its place, where another program or a person works it"),
    Mistake(
      text: "wait input part", sentence: #"first.arm:1:12: this arm has no input "part""#,
      suggestion: "name it in the arm file under gpio.inputs; or wait 2 s in its place"),
    // As people speak, or as other languages have it
    Mistake(
      text: "line to 300 0 20 mm", sentence: #"first.arm:1:1: The arm would run into "table": after 1.19 s link "forearm_link" is at it."#,
      suggestion: "end the line after 240 mm at most"),
    Mistake(
      text: "line to 250 0 40 mm", sentence: #"first.arm:1:1: The arm would run into "table": after 1.24 s link "wrist_link" is at it."#,
      suggestion: "end the line after 237 mm at most"),
    Mistake(
      text: "line to 900 0 200 mm", sentence: "first.arm:1:1: The arm cannot take the tool there: the point is 525.6 mm beyond its reach.",
      suggestion: "end the line before 84.2 mm, or start it from a posture with more room for elbow"),
    Mistake(
      text: "line by 0 50 0 mm", sentence: "first.arm:1:1: The arm stands in a singularity and cannot start the path from there.",
      suggestion: "go there with a joint move, or first turn a joint of the wrist a little; or begin at the pose ready"),
    Mistake(
      text: "move ready\nline by 0 300 0 mm",
      sentence: "first.arm:2:1: The line leaves the limits of elbow at 181.4 mm of its 300.0 mm and would take it to 0.4465 "
        + "rad (25.6°), below its lower limit of 0.6109 rad (35.0°).",
      suggestion: "write line by 0 181 0 mm, or start it from a posture with more room for elbow"),
    Mistake(
      text: "move 400 0 30 mm turned 180 0 0 deg", sentence: #"first.arm:1:1: The goal is 20.0 mm deep in "table"."#,
      suggestion: "a goal outside of it, or another scene"),
    Mistake(
      text: "move [0, 0, 1000, 0, 0, 0] deg",
      sentence: "first.arm:1:1: The target puts elbow at 17.45 rad (1000.0°), above its upper limit of 3.142 rad (180.0°).",
      suggestion: "keep elbow from 0.6109 rad (35.0°) to 3.142 rad (180.0°)"),
    Mistake(text: "up 50 mm", sentence: #"first.arm:1:1: "up" is not a statement"#, suggestion: "write line by 0 0 50 mm"),
    Mistake(text: "line by 0, 0, 50 mm", sentence: #"first.arm:1:10: expected a length for y, found ",""#, suggestion: "write line by 0 0 50 mm"),
    Mistake(
      text: "line by 50 mm", sentence: "first.arm:1:14: expected a length for y, found the end of the line",
      suggestion: "write line by 50 0 0 mm"),
    Mistake(
      text: "line by 0 0 2 in", sentence: #"first.arm:1:17: expected "tool" or "base", found the end of the line"#,
      suggestion: "write line by 0 0 50.8 mm"),
    Mistake(text: "line 0 0 50 mm", sentence: #"first.arm:1:6: expected "to" or "by", found "0""#, suggestion: "write line by 0 0 50 mm"),
    Mistake(
      text: "// go home", sentence: #"first.arm:1:1: expected a statement such as move, line or wait, found "/""#,
      suggestion: "write # go home"),
    Mistake(text: "x = 5 mm", sentence: #"first.arm:1:1: "x" is not a statement"#, suggestion: "write let x = 5 mm"),
    Mistake(text: "move 'home'", sentence: #"first.arm:1:6: "'" has no meaning in a script"#, suggestion: "write move home"),
    Mistake(
      text: "move home 50%", sentence: "first.arm:1:14: expected a length for z, found the end of the line",
      suggestion: "write move home at 50%"),
    Mistake(text: "at 50%", sentence: #"first.arm:1:1: "at" is not a statement"#, suggestion: "write speed 50%"),
    Mistake(
      text: "speed 5 cm per second", sentence: #"first.arm:1:12: expected the end of the line, found "per""#,
      suggestion: "write speed 5 cm/s"),
    Mistake(text: "wait 2 seconds", sentence: #"first.arm:1:8: "seconds" is not a unit of time; known: s, ms, min"#, suggestion: "write wait 2 s"),
    Mistake(text: "wait for contact", sentence: #"first.arm:1:10: expected the end of the line, found "contact""#, suggestion: "write wait contact"),
    Mistake(
      text: "repeat 3 times\nmove home\nend", sentence: #"first.arm:1:10: expected the end of the line, found "times""#,
      suggestion: "write repeat 3"),
    Mistake(
      text: "for i in range(3):\nmove home\nend", sentence: #"first.arm:1:18: ":" has no meaning in a script"#,
      suggestion: "write repeat 3 as i"),
    Mistake(text: "if 1 = 1\nmove home\nend", sentence: #"first.arm:1:6: expected the end of the line, found "=""#, suggestion: "write if 1 == 1"),
    Mistake(
      text: "pose tray = 0, 20, 90, 0, 52, 0", sentence: #"first.arm:1:13: expected joint positions such as [0, 20, 90] deg, found "0""#,
      suggestion: "write pose tray = [0, 20, 90, 0, 52, 0]"),
    Mistake(
      text: "tray = [0, 20, 90, 0, 52, 0] deg", sentence: #"first.arm:1:1: "tray" is not a statement"#,
      suggestion: "write pose tray = [0, 20, 90, 0, 52, 0] deg"),
    Mistake(
      text: "place home2 = [200, 0, 150] mm", sentence: #"first.arm:1:15: expected the name of a place, or one such as 200 0 150 mm, found "[""#,
      suggestion: "write place home2 = 200 0 150 mm"),
    Mistake(
      text: "let up = 60\nline by 0 0 up mm", sentence: #"first.arm:2:16: expected the end of the line, found "mm""#,
      suggestion: "write line by 0 0 (up * 1 mm)"),
    Mistake(
      text: "on knock do home", sentence: #"first.arm:1:10: "do" is a word of the language and cannot be a name"#,
      suggestion: "choose another name"),
    Mistake(
      text: "open gripper", sentence: #"first.arm:1:1: "open" is not a statement; did you mean "gripper open"?"#,
      suggestion: "begin the line with gripper open"),
    Mistake(
      text: "let a = 5 mm\nlet a = 6 mm", sentence: #"first.arm:2:5: the value "a" is defined already, in line 1"#,
      suggestion: "choose another name"),
    Mistake(
      text: "routine r\ndo r\nend\ndo r", sentence: "first.arm:2:4: this routine calls itself: r → r",
      suggestion: "use repeat, or a routine of another name"),
    Mistake(text: "move r\nroutine r\nwait 1 s\nend", sentence: #"first.arm:1:6: "r" is a routine, not a pose or a place"#, suggestion: "do r"),
    Mistake(
      text: "place tray = 200 0 150 mm turned 0 0 0 deg\nmove tray",
      sentence: "first.arm:2:1: The arm cannot take the tool there: shoulder would have to stand at -2.176 rad (-124.7°), "
        + "below its lower limit of -1.274 rad (-73.0°).",
      suggestion:
        #"a pose with more room: the closest that was found, 102.2 mm and 4.7° away, is none, as link "flange" is 23.8 mm deep in link "upper_arm""#),
  ]

  @Test func everyOneGetsTheSentenceThatMendsIt() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try harness.client("beginner")
    try client.call(
      "scene.set", ["boxes": [["name": "table", "center": [0.4, 0, 0.03], "halfExtents": [0.2, 0.4, 0.02]]]])
    let arm = ScriptArm(configuration: try client.call("config.get"))
    for mistake in Self.mistakes {
      let (sentence, suggestion) = try said(of: mistake.text, arm, client)
      #expect(sentence == mistake.sentence, "\(mistake.text)")
      #expect(suggestion == mistake.suggestion, "\(mistake.text)")
    }
    #expect(Self.mistakes.count >= 70)
    #expect(try client.call("state")["mode"] == "hold")
  }

  /// The first line and the suggestion.
  private func said(of text: String, _ arm: ScriptArm, _ client: CommandClient) throws -> (sentence: String, suggestion: String) {
    do {
      let script = try RunCommand.script(text, file: "first.arm", arm: arm)
      _ = try ScriptPlan(ScriptTask.tasks(of: script.steps), session: ScriptSession(client))
      return ("nothing", "")
    } catch let failure as CommandFailure {
      return (String(failure.sentence.prefix { $0 != "\n" }), failure.suggestion)
    }
  }
}
