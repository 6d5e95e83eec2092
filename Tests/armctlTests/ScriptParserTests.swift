import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// An arm of six joints with the poses home and rest.
let scriptArm = ScriptArm(poseNames: ["home", "rest"], joints: (1...6).map { ScriptArm.Joint(name: "joint\($0)") })

/// The same with a gripper and inputs.
let handyArm = ScriptArm(poseNames: scriptArm.poseNames, joints: scriptArm.joints, inputNames: ["part", "door"], gripperDuration: 0.4)

/// Reads a script; files to include are given by name.
func script(_ text: String, files: [String: String] = [:]) throws(ScriptError) -> Script {
  try Script(parsing: text, file: "demo.arm", arm: scriptArm) { path in
    guard let text = files[path] else { throw CocoaError(.fileReadNoSuchFile) }
    return text
  }
}

@Suite struct ScriptParserTests {
  struct Case: Sendable {
    let text: String
    let motion: ScriptMotion
  }

  private static let down = SIMD4(1.0, 0, 0, 0)

  @Test(arguments: [
    // move
    Case(
      text: "line by 0 50 0 mm at 40 mm/s",
      motion: ScriptMotion(way: .line, goal: .offset([0, 0.05, 0], inTool: false), speed: 1, toolSpeed: 0.04)),
    Case(text: "move home", motion: ScriptMotion(way: .joints, goal: .armPose("home"), speed: 1)),
    Case(text: "move to home", motion: ScriptMotion(way: .joints, goal: .armPose("home"), speed: 1)),
    Case(text: "  move rest at 25 %  # slowly", motion: ScriptMotion(way: .joints, goal: .armPose("rest"), speed: 0.25)),
    Case(text: "move home blend 0.25 rad at 50%", motion: ScriptMotion(way: .joints, goal: .armPose("home"), speed: 0.5, blend: 0.25)),
    Case(text: "move [0, 0, 1.571, 0, 0, -0.5]", motion: ScriptMotion(way: .joints, goal: .joints([0, 0, 1.571, 0, 0, -0.5]), speed: 1)),
    Case(text: "move [0,0,90,0,0,0] deg", motion: ScriptMotion(way: .joints, goal: .joints([0, 0, .pi / 2, 0, 0, 0]), speed: 1)),
    Case(text: "move [0, 90deg, 1 rad, 0, 0, 180 deg]", motion: ScriptMotion(way: .joints, goal: .joints([0, .pi / 2, 1, 0, 0, .pi]), speed: 1)),
    Case(text: "move [0, 1 rad, 100 - 10, 0, 0, 0] deg", motion: ScriptMotion(way: .joints, goal: .joints([0, 1, .pi / 2, 0, 0, 0]), speed: 1)),
    Case(
      text: "move 200 0 150 mm turned 180 0 0 deg",
      motion: ScriptMotion(way: .joints, goal: .pose([0.2, 0, 0.15], quaternion: down), speed: 1)),
    // line
    Case(text: "line by 0 0 -50 mm", motion: ScriptMotion(way: .line, goal: .offset([0, 0, -0.05], inTool: false), speed: 1)),
    Case(text: "line by 0 0 - 50 mm in base", motion: ScriptMotion(way: .line, goal: .offset([0, 0, -0.05], inTool: false), speed: 1)),
    Case(text: "line by 1 2 3 cm in tool at 50%", motion: ScriptMotion(way: .line, goal: .offset([0.01, 0.02, 0.03], inTool: true), speed: 0.5)),
    Case(text: "line by 0 2*10 mm (5 mm + 1 cm)", motion: ScriptMotion(way: .line, goal: .offset([0, 0.02, 0.015], inTool: false), speed: 1)),
    Case(text: "line to 200 0 150mm", motion: ScriptMotion(way: .line, goal: .point([0.2, 0, 0.15]), speed: 1)),
    Case(text: "line to 20 cm 0 0.15 m blend 5 mm", motion: ScriptMotion(way: .line, goal: .point([0.2, 0, 0.15]), speed: 1, blend: 0.005)),
    Case(text: "line to home", motion: ScriptMotion(way: .line, goal: .armPose("home"), speed: 1)),
    Case(text: "line to [0, 0, 1, 0, 0, 0] at 10%", motion: ScriptMotion(way: .line, goal: .joints([0, 0, 1, 0, 0, 0]), speed: 0.1)),
    // arc
    Case(
      text: "arc via 200 50 150 mm to 200 100 150 mm",
      motion: ScriptMotion(way: .arc(via: [0.2, 0.05, 0.15]), goal: .point([0.2, 0.1, 0.15]), speed: 1)),
    Case(text: "arc via 200 50 150 mm to rest", motion: ScriptMotion(way: .arc(via: [0.2, 0.05, 0.15]), goal: .armPose("rest"), speed: 1)),
  ])
  func readsAMotion(_ c: Case) throws {
    let steps = try script(c.text).steps
    #expect(steps.count == 1)
    let motion = try #require(steps.first?.motion)
    #expect(motion.isClose(to: c.motion), "\(motion)")
  }

  @Test(arguments: [
    ("wait 0.5 s", 0.5), ("wait 250ms", 0.25), ("wait .5e1 s", 5), ("wait 2 min", 120), ("wait 2 * 0.5 s", 1), ("wait 50 mm / 100 mm/s", 0.5),
    ("wait abs(-3 s)", 3), ("wait 50% * 3 s", 1.5), ("wait sqrt(9) * 1 s", 3), ("wait 4 s * sin(30 deg)", 2),
    ("let t = 3 s\nlet half = t / 2\nwait half", 1.5), ("wait 1 s + 2 s - 0.5 s", 2.5), ("wait -(1 s - 3 s)", 2),
  ])
  func reckonsATime(text: String, seconds: Double) throws {
    let action = try script(text).steps.first?.action
    guard case .wait(let time)? = action else {
      Issue.record("\(text) is no wait")
      return
    }
    #expect(abs(time - seconds) < 1e-12)
  }

  @Test func placesAreNamedAndRaised() throws {
    let steps = try script(
      """
      let clear = 60 mm
      place tray = 200 120 40 mm turned 180 0 0 deg
      place over = clear above tray
      place spot = 0.2 0 0.1 m
      move 60 mm above tray
      line to tray
      line to over
      line to spot
      line to clear above spot
      arc via spot to 2 * clear above spot
      """
    ).steps
    let points = steps.compactMap(\.motion).map { motion -> SIMD3<Double> in
      switch motion.goal {
      case .pose(let point, _), .point(let point): point
      default: .zero
      }
    }
    for (point, expected) in zip(
      points, [[0.2, 0.12, 0.1], [0.2, 0.12, 0.04], [0.2, 0.12, 0.1], [0.2, 0, 0.1], [0.2, 0, 0.16], [0.2, 0, 0.22]] as [SIMD3<Double>])
    {
      #expect((point - expected).length < 1e-12)
    }
    #expect(points.count == 6)
  }

  @Test func emptyLinesAndCommentsAreNothing() throws {
    #expect(try script("").statements.isEmpty)
    #expect(try script("\n  # only words\n\t\n").statements.isEmpty)
    #expect(try script("\u{FEFF}wait 1 s").steps.count == 1)
  }

  @Test func windowsLineEndsAreLineEnds() throws {
    let steps = try script("move home\r\nwait 1 s\r\n").steps
    #expect(steps.map(\.text) == ["move home", "wait 1 s"])
    #expect(steps.map(\.place.line) == [1, 2])
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
    let up = ScriptMotion.Goal.joints([0, 0, 1, 0, 0, 0])
    #expect(
      steps.map(\.action) == [
        .motion(ScriptMotion(way: .joints, goal: up, speed: 1)), .wait(1), .wait(1), .motion(ScriptMotion(way: .joints, goal: up, speed: 0.5)),
        .wait(1), .wait(1), .motion(ScriptMotion(way: .line, goal: .offset([0.001, 0, 0], inTool: false), speed: 0.2)),
        .motion(ScriptMotion(way: .joints, goal: .armPose("home"), speed: 0.5)),
      ])
    #expect(steps[1].text == "wait 1 s" && steps[1].place.line == 6 && steps[1].place.column == 5)
  }

  @Test func routinesTakeValuesAndConditionsChoose() throws {
    let text = """
      do visit 2 s, false1 == 1   # a routine may stand below
      repeat 4 as i
        if i == 1
          wait i * 1 s
        else if i < 3 and not i == 1
          wait 20 s
        else
          let t = 30 s
          wait t
        end
      end
      routine visit time, isLong
        wait time
        if isLong or time > 1 min
          wait 99 s
        end
      end
      """
    let steps = try script("let false1 = 0\n" + text).steps
    #expect(steps.map(\.action) == [.wait(2), .wait(1), .wait(20), .wait(30), .wait(30)])
  }

  @Test func includedFilesDefine() throws {
    let files = [
      "poses.arm": "include \"more.arm\"\npose up = [0, 0, 1, 0, 0, 0]\n", "more.arm": "let pause = 2 s\nroutine rest2\nwait pause\nend\n",
    ]
    let steps = try script("include \"poses.arm\"\ninclude \"more.arm\"\nmove up\ndo rest2", files: files).steps
    #expect(steps.count == 2 && steps[1].action == .wait(2) && steps[1].place.file == "more.arm")
  }

  @Test func includesAreRelativeToTheFile() throws {
    var asked: [String] = []
    _ = try Script(parsing: "include \"a/b.arm\"", file: "/scripts/demo.arm", arm: scriptArm) { path in
      asked.append(path)
      return path.hasSuffix("b.arm") ? "include \"c.arm\"" : ""
    }
    #expect(asked == ["/scripts/a/b.arm", "/scripts/a/c.arm"])
  }

  @Test func reactionsBelongToTheLinesThatFollow() throws {
    let result = try script(
      """
      move home
      on knock greet
      on fault resume
      move rest
      on knock stop
      move home
      routine greet
        wait 1 s
      end
      """)
    #expect(result.steps.map(\.reactions.toKnock) == [.resume, .routine("greet"), .stop])
    #expect(result.steps.map(\.reactions.toFault) == [.stop, .resume, .resume])
    #expect(result.answers["greet"]?.map(\.action) == [.wait(1)])
  }

  @Test func contactMayHaveATimeLimit() throws {
    #expect(try script("wait contact\nwait contact at most 2 s").steps.map(\.action) == [.waitForContact(atMost: nil), .waitForContact(atMost: 2)])
  }

  @Test func slidingJointsHaveLengths() throws {
    let arm = ScriptArm(poseNames: [], joints: [ScriptArm.Joint(name: "lift", slides: true), ScriptArm.Joint(name: "turn")])
    let steps = try Script(parsing: "move [120 mm, 30 deg]\nmove [0.1, 0.5]", file: "demo.arm", arm: arm).steps
    #expect(steps[0].motion?.isClose(to: ScriptMotion(way: .joints, goal: .joints([0.12, .pi / 6]), speed: 1)) == true)
    let error = #expect(throws: ScriptError.self) { try Script(parsing: "move [120, 30] deg", file: "demo.arm", arm: arm) }
    #expect(error?.description == "demo.arm:1:7: the joint lift slides, but its position is an angle")
  }
}

extension ScriptMotion {
  /// Whether it is the same but for rounding.
  func isClose(to other: ScriptMotion) -> Bool {
    guard abs(speed - other.speed) < 1e-12, abs(blend - other.blend) < 1e-12 else { return false }
    switch (way, other.way) {
    case (.joints, .joints), (.line, .line): break
    case (.arc(let a), .arc(let b)): if (a - b).length > 1e-12 { return false }
    default: return false
    }
    switch (goal, other.goal) {
    case (.armPose(let a), .armPose(let b)): return a == b
    case (.joints(let a), .joints(let b)): return (a - b).maximumMagnitude < 1e-12
    case (.point(let a), .point(let b)): return (a - b).length < 1e-12
    case (.pose(let a, let q), .pose(let b, let p)): return (a - b).length < 1e-12 && abs(abs((q * p).sum()) - 1) < 1e-12
    case (.offset(let a, let inTool), .offset(let b, let alsoInTool)): return (a - b).length < 1e-12 && inTool == alsoInTool
    default: return false
    }
  }
}
