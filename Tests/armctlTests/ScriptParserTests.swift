import Kinematics
import TestSupport
import Testing

@testable import armctl

/// An arm of six joints with the poses home and rest.
let scriptArm = ScriptArm(poseNames: ["home", "rest"], jointCount: 6)

func script(_ text: String) throws(ScriptError) -> Script { try Script(parsing: text, file: "demo.arm", arm: scriptArm) }

@Suite struct ScriptParserTests {
  struct Case: Sendable {
    let text: String
    let action: ScriptStatement.Action
  }

  @Test(arguments: [
    // move
    Case(text: "move home", action: .move(to: .armPose("home"), speed: nil)),
    Case(text: "  move rest at 25 %  # slowly", action: .move(to: .armPose("rest"), speed: 0.25)),
    Case(text: "move [0, 0, 1.571, 0, 0, -0.5]", action: .move(to: .joints([0, 0, 1.571, 0, 0, -0.5]), speed: nil)),
    Case(text: "move [0,0,90,0,0,0] deg", action: .move(to: .joints([0, 0, .pi / 2, 0, 0, 0]), speed: nil)),
    Case(text: "move [0, 90deg, 1 rad, 0, 0, 180 deg]", action: .move(to: .joints([0, .pi / 2, 1, 0, 0, .pi]), speed: nil)),
    Case(text: "move [0, 1 rad, 90, 0, 0, 0] deg", action: .move(to: .joints([0, 1, .pi / 2, 0, 0, 0]), speed: nil)),
    // line
    Case(text: "line by 0 0 -50 mm", action: .line(.offsetInBase([0, 0, -0.05]), speed: nil)),
    Case(text: "line by 0 0 -50 mm in base", action: .line(.offsetInBase([0, 0, -0.05]), speed: nil)),
    Case(text: "line by 1 2 3 cm in tool at 50%", action: .line(.offsetInTool([0.01, 0.02, 0.03]), speed: 0.5)),
    Case(text: "line to 200 0 150mm", action: .line(.position([0.2, 0, 0.15]), speed: nil)),
    Case(text: "line to 20 cm 0 0.15 m", action: .line(.position([0.2, 0, 0.15]), speed: nil)),
    Case(text: "line to home", action: .line(.configuration(.armPose("home")), speed: nil)),
    Case(text: "line to [0, 0, 1, 0, 0, 0] at 10%", action: .line(.configuration(.joints([0, 0, 1, 0, 0, 0])), speed: 0.1)),
    // the rest
    Case(text: "speed 50%", action: .speed(0.5)),
    Case(text: "speed 0.5%", action: .speed(0.005)),
    Case(text: "wait 0.5 s", action: .wait(0.5)),
    Case(text: "wait 250ms", action: .wait(0.25)),
    Case(text: "wait .5e1 s", action: .wait(5)),
    Case(text: "pose pick-1 = [0, 0, 1, 0, 0, 0]", action: .pose(name: "pick-1", [0, 0, 1, 0, 0, 0])),
  ]) func readsAStatement(_ c: Case) throws {
    let statements = try script(c.text).statements
    #expect(statements.count == 1)
    switch (statements.first?.action, c.action) {
    case (.line(.position(let a), let speedA)?, .line(.position(let b), let speedB)),
      (.line(.offsetInBase(let a), let speedA)?, .line(.offsetInBase(let b), let speedB)),
      (.line(.offsetInTool(let a), let speedA)?, .line(.offsetInTool(let b), let speedB)):
      #expect((a - b).length < 1e-15 && speedA == speedB)
    default:
      #expect(statements.first?.action == c.action)
    }
  }

  @Test func emptyLinesAndCommentsAreNothing() throws {
    #expect(try script("").statements.isEmpty)
    #expect(try script("\n  # only words\n\t\n").statements.isEmpty)
  }

  @Test func windowsLineEndsAreLineEnds() throws {
    let statements = try script("move home\r\nwait 1 s\r\n").statements
    #expect(statements.map(\.action) == [.move(to: .armPose("home"), speed: nil), .wait(1)])
    #expect(statements.map(\.place.line) == [1, 2])
  }

  @Test func repeatsAreWrittenOutAndSpeedsSettled() throws {
    let steps = try script(
      """
      pose up = [0, 0, 1, 0, 0, 0]
      repeat 2
        move up
        speed 50%
        repeat 2
          wait 1 s   # a breath
        end
      end
      line by 1 0 0 mm at 20%
      move home
      """
    ).steps
    #expect(
      steps.map(\.action) == [
        .move(to: .scriptPose("up", [0, 0, 1, 0, 0, 0]), speed: 1), .wait(1), .wait(1),
        .move(to: .scriptPose("up", [0, 0, 1, 0, 0, 0]), speed: 0.5), .wait(1), .wait(1),
        .line(.offsetInBase([0.001, 0, 0]), speed: 0.2), .move(to: .armPose("home"), speed: 0.5),
      ])
    #expect(steps[1].text == "wait 1 s" && steps[1].place.line == 6 && steps[1].place.column == 5)
  }

  @Test func anEmptyRepeatDoesNothing() throws {
    #expect(try script(String(repeating: "repeat 10000\n", count: 16) + "speed 50%\n" + String(repeating: "end\n", count: 16)).steps.isEmpty)
  }
}
