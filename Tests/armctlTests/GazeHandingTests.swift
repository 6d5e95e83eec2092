import Gaze
import Testing

@testable import armctl

@Suite struct GazeHandingTests {
  static let cup = SIMD2(0.2, 0.08)

  /// A thing is picked up and held out; a tug at it, or a confirmation, opens the gripper, and the thing is nothing of the arm's any more.
  @Test(arguments: [true, false]) func handsOver(_ isTugged: Bool) throws {
    var stage = GazeStage()
    stage.press(.character("h"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    #expect(stage.kinds().last == "offered")
    #expect(stage.session.notice?.text == "Take cup: a tug at it, or Enter, lets it go. Esc keeps it.")
    let place = try #require(stage.methods("move.pose").last?.parameters["pose"]?["position"]?.numbers)
    #expect(abs(place[0] - 0.14) < 1e-9 && abs(place[1]) < 1e-9 && abs(place[2] - 0.2) < 1e-9)
    // Nobody needs to look, and the lease is kept.
    stage.pass(5)
    #expect(stage.session.token != nil)
    if isTugged { stage.tell(event: ["kind": "knocked", "message": "Something hit wrist or what it carries."]) } else { stage.press(.enter) }
    stage.pass(0.1)
    #expect(stage.methods("gripper").map { $0.parameters["opening"] } == [1, 0, 1])
    #expect(stage.methods("scene.remove").map { $0.parameters["names"] } == [["cup"]])
    #expect(stage.kinds().last == "done")
    #expect(stage.session.carried == nil)
    #expect(stage.session.token == nil)
  }

  @Test func whatIsCarriedNeedNotBeLookedAt() {
    var stage = GazeStage { $0.offer = "handover" }
    stage.carry("pen", center: [0, 0, 0.01])
    stage.press(.character("h"))
    #expect(stage.session.notice?.text == "Enter hands pen over.")
    stage.press(.enter)
    stage.pass(10, lookingAt: Self.cup)
    #expect(stage.methods("move.to").last?.parameters["name"] == "handover")
    #expect(stage.kinds().last == "offered")
  }

  /// What is held out is kept when the person says so, when nobody comes, and when the arm is stopped; a knock right after the
  /// motion is the arm's own.
  @Test func whatIsNotTakenIsKept() {
    for key in [Key.escape, .character(" "), nil] {
      var stage = GazeStage()
      stage.carry("pen", center: [0, 0, 0.01])
      stage.press(.character("h"))
      stage.press(.enter)
      while stage.kinds().last != "offered", stage.time < 200 { stage.pass(0.01, lookingAt: Self.cup) }
      stage.tell(event: ["kind": "knocked", "message": "Something hit wrist or what it carries."])
      if let key { stage.press(key) } else { stage.pass(GazeSession.offerPatience + 0.1) }
      #expect(stage.kinds().last == "ended")
      #expect(stage.methods("gripper").isEmpty && stage.methods("scene.remove").isEmpty)
      #expect(stage.session.carried == "pen")
      stage.pass(0.1)
      #expect(stage.session.token == nil)
    }
  }

  /// An arm that has no gripper is served by a person; one whose gripper fails goes no further.
  @Test(arguments: [false, true]) func grippers(_ hasOne: Bool) {
    var stage = GazeStage()
    stage.session.hasGripper = hasOne
    stage.gripperRefusal = RPCError(code: -32030, message: "Another command came for the gripper.", data: ["kind": "stopped"])
    stage.press(.character("p"))
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(20, lookingAt: Self.cup)
    #expect(stage.kinds().contains("done") != hasOne)
    #expect(stage.methods("gripper.set").count == (hasOne ? 1 : 0))
  }

  /// A foot pedal is an input of the arm file: its going down confirms, and no other input's, nor its coming up.
  @Test func aPedalConfirms() {
    var stage = GazeStage { $0.pedal = "pedal" }
    stage.pass(1.5, lookingAt: Self.cup)
    stage.tell(event: ["kind": "input", "input": "pedal", "on": false])
    stage.tell(event: ["kind": "input", "input": "door", "on": true])
    #expect(stage.methods("move").isEmpty)
    stage.tell(event: ["kind": "input", "input": "pedal", "on": true])
    stage.pass(6, lookingAt: Self.cup)
    #expect(stage.kinds().prefix(3) == ["selected", "confirmed", "done"])
    #expect(stage.news.first { $0["kind"] == "confirmed" }?["by"] == "pedal")
  }
}
