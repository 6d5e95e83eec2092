import Testing

@testable import armctl

/// What people write who come from other languages or write as they speak, and the line that they are told to write instead: with it the script is
/// read.
@Suite("Script repairs") struct ScriptRepairTests {
  struct Slip: Sendable, CustomTestStringConvertible {
    var text, line: String
    var testDescription: String { text }

    init(_ text: String, _ line: String) { (self.text, self.line) = (text, line) }
  }

  static let slips: [Slip] = [
    Slip("at 50%", "speed 50%"),
    Slip("at 50 %", "speed 50 %"),
    Slip(#"move home\#nat 50%"#, "speed 50%"),
    Slip("x = 5 mm", "let x = 5 mm"),
    Slip("depth = 60", "let depth = 60"),
    Slip("move 'home'", "move home"),
    Slip(#"move "home""#, "move home"),
    Slip("// a comment", "# a comment"),
    Slip("/* a comment */", "# a comment"),
    Slip("move home // go", "move home  # go"),
    Slip("line by 0 0 2 in", "line by 0 0 50.8 mm"),
    Slip(#"line by 0 0 2""#, "line by 0 0 50.8 mm"),
    Slip("line by 0 0 2 inch", "line by 0 0 50.8 mm"),
    Slip("up 50 mm", "line by 0 0 50 mm"),
    Slip("down 50 mm", "line by 0 0 -50 mm"),
    Slip("line up 50 mm", "line by 0 0 50 mm"),
    Slip("line down 50 mm", "line by 0 0 -50 mm"),
    Slip("move up 50 mm", "line by 0 0 50 mm"),
    Slip("line by z 50 mm", "line by 0 0 50 mm"),
    Slip("line by 50 mm", "line by 50 0 0 mm"),
    Slip("line by (0, 0, 50) mm", "line by 0 0 50 mm"),
    Slip("line by 0, 0, 50 mm", "line by 0 0 50 mm"),
    Slip("line 0 0 50 mm", "line by 0 0 50 mm"),
    Slip("line by 0 0 50 mm speed 50%", "line by 0 0 50 mm at 50%"),
    Slip("move home speed 50%", "move home at 50%"),
    Slip("move home 50%", "move home at 50%"),
    Slip("wait 1 sec", "wait 1 s"),
    Slip("wait 2 seconds", "wait 2 s"),
    Slip("wait for 2 s", "wait 2 s"),
    Slip("pose p = 0, 0, 90, 0, 0, 0", "pose p = [0, 0, 90, 0, 0, 0]"),
    Slip("pose p = [0 0 90 0 0 0] deg", "pose p = [0, 0, 90, 0, 0, 0] deg"),
    Slip("pose p = (0, 0, 90, 0, 0, 0) deg", "pose p = [0, 0, 90, 0, 0, 0] deg"),
    Slip(#"repeat 3 times\#nmove home\#nend"#, "repeat 3"),
    Slip(#"for i in 3\#nmove home\#nend"#, "repeat 3 as i"),
    Slip(#"while true\#nmove home\#nend"#, "repeat 10000"),
    Slip(#"let h = 60\#nline by 0 0 h mm"#, "line by 0 0 (h * 1 mm)"),
    Slip(#"let h = 60 mm\#nline by 0 0 h mm"#, "line by 0 0 h"),
    Slip("home", "move home"),
    Slip("MOVE HOME", "move home"),
    Slip("move to 0 0 90 0 0 0", "move to [0, 0, 90, 0, 0, 0]"),
    Slip("move [0, 0, 90, 0, 0, 0]°", "move [0, 0, 90, 0, 0, 0] deg"),
    Slip("speed fast", "speed 100%"),
    Slip("stop", "# stop"),
    Slip("pause", "wait 1 s"),
    Slip("line by 0 0 -50mm in world", "line by 0 0 -50mm in base"),
    Slip(#"print "hi""#, #"# print "hi""#),
    Slip("wait until contact", "wait contact"),
    Slip(#"if 1 > 3 then\#nmove home\#nend"#, "if 1 > 3"),
    Slip("line by 50 20 mm", "line by 50 20 0 mm"),
    Slip("Line By 0 0 50 MM", "line by 0 0 50 mm"),
    Slip("speed 0.5", "speed 50%"),
    Slip("move home at 0.5", "move home at 50%"),
    Slip("move home slowly", "move home at 20%"),
    Slip(#"let i = 3\#nif i = 3\#nmove home\#nend"#, "if i == 3"),
    Slip("move to pose home", "move to home"),
    Slip("go home", "move home"),
    Slip("goto home", "move home"),
    Slip(#"routine greet\#nwait 1 s\#nend\#ngreet()"#, "do greet"),
    Slip(#"routine greet\#nwait 1 s\#nend\#ngreet"#, "do greet"),
    Slip(#"routine greet\#nwait 1 s\#nend\#non knock do greet"#, "on knock greet"),
    Slip(#"routine greet\#nwait 1 s\#nend\#ncall greet"#, "do greet"),
    Slip(#"def greet():\#nwait 1 s\#nend\#ndo greet"#, "routine greet"),
    Slip("pose p [0, 0, 90, 0, 0, 0] deg", "pose p = [0, 0, 90, 0, 0, 0] deg"),
    Slip("tray = [0, 0, 90, 0, 0, 0] deg", "pose tray = [0, 0, 90, 0, 0, 0] deg"),
    Slip("let tray = [0, 0, 90, 0, 0, 0] deg", "pose tray = [0, 0, 90, 0, 0, 0] deg"),
    Slip("pose tray = 200 0 150 mm", "place tray = 200 0 150 mm"),
    Slip("let line = 5 mm", "let my-line = 5 mm"),
    Slip("line to (200, 0, 150) mm", "line to 200 0 150 mm"),
    Slip("line to 200, 0, 150 mm", "line to 200 0 150 mm"),
    Slip("line to [200, 0, 150] mm", "line to 200 0 150 mm"),
    Slip("line by 0 0 50 millimeters", "line by 0 0 50 mm"),
    Slip("wait 2 minutes", "wait 2 min"),
    Slip("speed 50 mm per second", "speed 50 mm/s"),
    Slip("speed 50 percent", "speed 50%"),
    Slip(#"repeat\#nmove home\#nend"#, "repeat 10000"),
    Slip(#"repeat 3 {\#nmove home\#n}"#, "repeat 3"),
    Slip(#"repeat 3:\#nmove home\#nend"#, "repeat 3"),
    Slip(#"for i in range(3):\#nmove home\#nend"#, "repeat 3 as i"),
    Slip("move home;", "move home"),
    Slip("line by 0 0 −50 mm", "line by 0 0 -50 mm"),
    Slip("forward 5 cm", "line by 5 0 0 cm"),
    Slip("left 20", "line by 0 20 0 mm"),
    Slip("line by 0 0 50mm, 50%", "line by 0 0 50mm at 50%"),
    Slip("wait contact 5 s", "wait contact at most 5 s"),
    Slip("move home @ 50%", "move home at 50%"),
    Slip("movej home", "move home"),
    Slip("MoveL 200 0 150 mm", "line to 200 0 150 mm"),
    // Reactions, and where things are.
    Slip("on knock retry", "on knock resume"),
    Slip("on knock continue", "on knock resume"),
    Slip("on fault try again", "on fault resume"),
    Slip("on knock abort", "on knock stop"),
    Slip("when knocked stop", "on knock stop"),
    Slip(#"place tray = 200 0 90 mm\#nline to tray above 60 mm"#, "line to 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm turned 180 0 0 deg\#nmove tray above 60 mm"#, "move 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm turned 180 0 0 deg\#nmove above tray 60 mm"#, "move 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm\#nline to tray + 60 mm"#, "line to 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm\#nline 60 mm above tray"#, "line to 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm\#nline to 60 mm over tray"#, "line to 60 mm above tray"),
    Slip(#"place tray = 200 0 90 mm\#nline tray"#, "line to tray"),
    Slip("line 50 mm down", "line by 0 0 -50 mm"),
    Slip("50 mm up", "line by 0 0 50 mm"),
    Slip("line by 50 mm along z", "line by 0 0 50 mm"),
    Slip("lift 50 mm", "line by 0 0 50 mm"),
    Slip("lower by 5 cm", "line by 0 0 -5 cm"),
    Slip("line to x=200 y=0 z=150 mm", "line to 200 0 150 mm"),
    Slip("line by z=50 mm", "line by 0 0 50 mm"),
    Slip("place tray = 200 0 40 mm pointing down", "place tray = 200 0 40 mm turned 180 0 0 deg"),
    Slip("place tray = 200 0 40 mm turned 180 0 0", "place tray = 200 0 40 mm turned 180 0 0 deg"),
    // As programs say it.
    Slip("sleep(2)", "wait 2 s"),
    Slip("time.sleep(0.5)", "wait 0.5 s"),
    Slip("robot.move_to(\"home\")", "move home"),
    Slip("move_to(home)", "move home"),
    Slip("move(home)", "move home"),
    Slip("gripper.open()", "gripper open"),
    Slip("open_gripper()", "gripper open"),
    Slip("gripper opened", "gripper open"),
    Slip("G1 X200 Y0 Z150", "line to 200 0 150 mm"),
    Slip("G28", "move home"),
    Slip("log \"at home\"", "# log \"at home\""),
    Slip("set depth to 60 mm", "let depth = 60 mm"),
    Slip("speed = 50%", "speed 50%"),
    Slip("set speed to 50%", "speed 50%"),
    // What was left out, or said otherwise.
    Slip("line by 0 0 50", "line by 0 0 50 mm"),
    Slip("line by 0 0 0.05", "line by 0 0 0.05 m"),
    Slip("wait 5", "wait 5 s"),
    Slip("wait 500", "wait 500 ms"),
    Slip("wait 1,5 s", "wait 1.5 s"),
    Slip("speed 50", "speed 50%"),
    Slip("move home blend 20", "move home blend 20 deg"),
    Slip("line by 0 0 5 mm blend 20", "line by 0 0 5 mm blend 20 mm"),
    Slip("wait for touch", "wait contact"),
    Slip("wait part", "wait input part"),
    Slip("wait until part is off", "wait input part off"),
    Slip("wait contact within 5 s", "wait contact at most 5 s"),
    Slip("slowly move home", "move home at 20%"),
    Slip("move home.", "move home"),
    Slip("please move home", "move home"),
    Slip(#"3 times\#nmove home\#nend"#, "repeat 3"),
    Slip(#"repeat 3\#nmove home\#nendrepeat"#, "end"),
  ]

  private static let arm = ScriptArm(
    poseNames: ["home", "rest"], joints: ["waist", "shoulder", "elbow", "forearm", "wrist", "roll"].map { ScriptArm.Joint(name: $0) },
    inputNames: ["part"], gripperDuration: 0.5)

  @Test(arguments: slips)
  func theLineThatWasMeantIsTold(_ slip: Slip) throws {
    let error = #expect(throws: ScriptError.self) { try Script(parsing: slip.text, file: "a.arm", arm: Self.arm) }
    guard let error else { return }
    #expect(Script.advice(on: error, in: slip.text, file: "a.arm", arm: Self.arm) == "write \(slip.line)")
    var lines = slip.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[error.place.line - 1] = slip.line
    // Whoever uses braces has them at the end, too.
    if lines.last == "}" { lines[lines.count - 1] = "end" }
    _ = try Script(parsing: lines.joined(separator: "\n"), file: "a.arm", arm: Self.arm)
  }

  /// Where nothing is known that helps, the error says what it says.
  @Test(arguments: ["frobnicate the widget now", "move nowhere", "let a = b c d", "\"", "((((", "move home; move rest", ""])
  func nothingIsMadeUp(_ text: String) {
    do {
      _ = try Script(parsing: text, file: "a.arm", arm: Self.arm)
    } catch {
      let advice = Script.advice(on: error, in: text, file: "a.arm", arm: Self.arm)
      #expect(advice == error.suggestion, "\(text)")
    }
  }

  @Test func anotherLinesMistakeIsNotMended() throws {
    let text = "move home\nsped 20%\nat 50%\n"
    let error = #expect(throws: ScriptError.self) { try Script(parsing: text, file: "a.arm", arm: Self.arm) }
    #expect(try #require(error).place.line == 2)
  }
}
