import TestSupport
import Testing

@testable import armctl

/// What a script asks of the server.
@Suite struct ScriptTaskTests {
  private func requests(_ text: String, isStepwise: Bool = false) throws -> [String] {
    ScriptTask.tasks(of: try script(text).steps, isStepwise: isStepwise).map { task in
      task.request.map { "\($0.method) \(JSONValue.object($0.parameters))" } ?? "wait"
    }
  }

  @Test(arguments: [
    ("move home at 50%", #"move.to {"name":"home","speed":0.5}"#),
    ("move [0, 0, 1, 0, 0, 0]", #"move.joints {"position":[0,0,1,0,0,0],"speed":1}"#),
    ("move 0.2 0 0.25 m turned 0 0 0 deg", #"move.pose {"pose":{"position":[0.2,0,0.25],"quaternion":[0,0,0,1]},"speed":1}"#),
    ("line to home", #"move.linear {"name":"home","speed":1}"#),
    ("line by 0 0 0.5 m in tool", #"move.linear {"by":[0,0,0.5],"frame":"tool","speed":1}"#),
    ("arc via 0.25 0 0.5 m to 0.25 0.125 0.5 m", #"move.circular {"point":[0.25,0.125,0.5],"via":[0.25,0,0.5],"speed":1}"#),
    ("move home blend 10 deg", #"move.to {"name":"home","speed":1}"#),
  ])
  func aMotionIsARequest(text: String, request: String) throws {
    #expect(try requests(text) == [request])
  }

  @Test func motionsThatFlowAreOnePath() throws {
    #expect(
      try requests(
        """
        blend 0.5 rad
        move home
        move rest
        blend 0.25 m
        line by 0 0 1 m
        arc via 0 0 0.5 m to 0 0.5 0.5 m
        wait 1 s
        line by 0 0 1 m blend 0 mm
        line by 0 0 2 m at 50%
        line by 0 0 3 m
        """) == [
          #"move.path {"waypoints":[{"name":"home","blend":0.5},{"name":"rest","blend":0.5}],"speed":1}"#,
          #"move.path {"waypoints":[{"by":[0,0,1],"blend":0.25},{"point":[0,0.5,0.5],"via":[0,0,0.5],"blend":0.25}],"speed":1}"#,
          "wait", #"move.linear {"by":[0,0,1],"speed":1}"#, #"move.linear {"by":[0,0,2],"speed":0.5}"#, #"move.linear {"by":[0,0,3],"speed":1}"#,
        ])
  }

  @Test func stepByStepNothingFlows() throws {
    #expect(try requests("blend 1 cm\nline by 0 0 1 m\nline by 0 0 1 m", isStepwise: true).count == 2)
  }

  @Test func aLongPathIsCutWhereTheServerWantsIt() throws {
    let tasks = ScriptTask.tasks(of: try script("blend 1 cm\nrepeat 1200\nline by 0 0 1 mm\nend").steps)
    #expect(tasks.map(\.steps.count) == [1000, 200])
  }

  @Test func tasksAreCalledByTheirLines() throws {
    let task = ScriptTask.tasks(of: try script("blend 1 cm\nline by 0 0 1 m # up\n\nline by 0 1 0 m").steps)[0]
    #expect(task.text == "line by 0 0 1 m … 1 more" && task.lineNumbers == "2–4")
    let progress = RunProgress(task: task, remark: "paused", share: 0.5, speed: 0.8)
    #expect(
      TerminalConsole.line(of: progress)
        == "████████████░░░░░░░░░░░░  50 %  paused · line 2–4: line by 0 0 1 m … 1 more · speed 80 %")
  }
}
