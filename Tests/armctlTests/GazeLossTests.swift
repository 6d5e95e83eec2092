import Foundation
import Gaze
import TestSupport
import Testing

@testable import armctl

/// What ends or interrupts an errand of gaze, and how it goes on: looks that are lost, leases that run out, somebody else, a push, a key.
@Suite struct GazeLossTests {
  @Test func aStreamThatDiesMidWayPausesTheArm() throws {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: GazeSessionTests.cup)
    stage.press(.enter)
    stage.pass(1, lookingAt: GazeSessionTests.cup)
    let lastLook = stage.time
    while stage.methods("pause").isEmpty, stage.time < lastLook + 1 { stage.pass(0.005) }
    #expect(stage.time - lastLook <= 0.31)
    #expect(stage.session.problem(at: stage.time) != nil)
    // Without looks nothing goes on; with looks only a key does.
    stage.press(.enter)
    #expect(stage.methods("resume").isEmpty)
    stage.pass(1, lookingAt: GazeSessionTests.cup)
    #expect(stage.methods("resume").isEmpty)
    #expect(stage.isPaused)
    stage.press(.enter)
    #expect(stage.methods("resume").count == 1)
    stage.pass(5, lookingAt: GazeSessionTests.cup)
    #expect(stage.kinds().contains("done"))
  }

  /// As it may on a busy machine: the arm comes to rest, and only a key lets it go on, with a new lease.
  @Test(arguments: [false, true]) func aLeaseThatRunsOutMidWayLeavesTheArmAtRest(theJobIsHeardOfFirst: Bool) throws {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: GazeSessionTests.cup)
    stage.press(.enter)
    stage.pass(1, lookingAt: GazeSessionTests.cup)
    let motions = { (stage: GazeStage) in stage.methods("move.pose").count { $0.parameters["dryRun"] == nil } }
    stage.endMotion()
    if theJobIsHeardOfFirst {
      let job = Double(try #require(stage.session.errand?.job))
      let reason: JSONValue = ["kind": "lease.ended", "message": "The lease of gaze expired."]
      stage.session.take(job: ["job": .number(job), "state": "cancelled", "reason": reason], at: stage.time)
    }
    stage.tell(event: ["kind": "lease.expired", "holder": "gaze", "message": "The lease of gaze expired."])
    stage.pass(1, lookingAt: GazeSessionTests.cup)
    #expect(stage.session.trouble?.text == "The lease of gaze expired. The arm rests. Enter goes on, Esc ends it.")
    #expect(motions(stage) == 1 && stage.session.token == nil)
    stage.press(.enter)
    #expect(motions(stage) == 2 && stage.session.trouble == nil)
    stage.pass(6, lookingAt: GazeSessionTests.cup)
    #expect(stage.kinds().contains("done"))
  }

  /// The arm was pushed away while it rested: the line is gone from its beginning.
  @Test func whoWasPushedAwayFromALineGoesBackToIt() throws {
    var stage = GazeStage()
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: GazeSessionTests.cup)
    stage.press(.enter)
    let lines = { (stage: GazeStage) in stage.methods("move.linear").count { $0.parameters["dryRun"] == nil } }
    while lines(stage) == 0, stage.time < 110 { stage.pass(0.02, lookingAt: GazeSessionTests.cup) }
    for (tool, next) in [(SIMD3(0.2, 0.08, 0.06), "move.linear"), (SIMD3(0.2, -0.05, 0.2), "move.pose")] {
      stage.endMotion()
      stage.tell(event: ["kind": "lease.expired", "holder": "gaze", "message": "The lease of gaze expired."])
      stage.tool = tool
      stage.pass(0.1, lookingAt: GazeSessionTests.cup)
      let count = stage.methods("move").count
      stage.press(.enter)
      #expect(stage.methods("move").dropFirst(count).first?.method == next)
    }
    stage.pass(20, lookingAt: GazeSessionTests.cup)
    #expect(stage.kinds().contains("done"))
  }

  @Test func whatSomebodyElseTookIsGivenUp() {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: GazeSessionTests.cup)
    stage.press(.enter)
    stage.pass(0.5, lookingAt: GazeSessionTests.cup)
    stage.session.take(event: ["kind": "lease.lost", "holder": "gaze", "message": "teleop took the lease over from gaze."], at: stage.time)
    #expect(stage.session.errand == nil)
    #expect(stage.session.token == nil)
    #expect(stage.session.trouble?.text == "teleop took the lease over from gaze.")
  }

  @Test func anEscapeEndsAnErrandAndAStopStops() {
    for key in [Key.escape, .character(" "), .character("q")] {
      var stage = GazeStage()
      stage.pass(1.5, lookingAt: GazeSessionTests.cup)
      stage.press(.enter)
      stage.pass(0.5, lookingAt: GazeSessionTests.cup)
      stage.press(key)
      #expect(stage.session.errand == nil)
      #expect(stage.methods(key == .escape ? "job.cancel" : "stop").count == 1)
    }
  }
}
