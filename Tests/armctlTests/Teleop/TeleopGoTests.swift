import Testing

@testable import armctl

@Suite("Teleop: poses, undo, teaching") struct TeleopGoTests {
  @Test func aPoseIsShownFirstAndReachedWhenAgreedTo() {
    var rig = TeleopRig()
    rig.type("p")
    #expect(rig.requests("move.to") == [["name": "home", "speed": 0.2, "dryRun": true]])
    #expect(rig.teleop.ghost != nil)
    #expect(
      TeleopView.message(rig.teleop, at: rig.time).text == "Go to home? 1.2 s at 20 %, 31 mm clear.  enter goes, esc leaves it")
    rig.press(.down)
    rig.press(.enter)
    #expect(rig.requests("move.to").last == ["name": "rest", "speed": 0.2, "token": "T"])
    #expect(rig.teleop.job?.title == "to rest")
    rig.tell(job: ["job": 1, "state": "progress", "progress": 0.5])
    #expect(TeleopView.message(rig.teleop, at: rig.time).text.contains("50 %"))
    rig.tell(job: ["job": 1, "state": "done"])
    #expect(rig.teleop.job == nil)
    #expect(rig.teleop.notice?.text == "There.")
  }

  @Test func aProposalIsPlannedAtTheSpeedThatIsShown() {
    var rig = TeleopRig()
    rig.type("p+")
    #expect(rig.requests("move.to").last == ["name": "home", "speed": 0.35, "dryRun": true])
    rig.press(.escape)
    #expect(rig.teleop.proposal == nil)
    #expect(rig.teleop.panel == .none)
  }

  @Test func whatCannotBeIsNotAgreedTo() {
    var rig = TeleopRig()
    rig.refusals["move.to"] = RPCError(code: -32005, message: "The forearm would touch the shelf.", data: [:])
    rig.type("p")
    rig.press(.enter)
    #expect(rig.requests("move.to").count == 1)
    #expect(TeleopView.message(rig.teleop, at: rig.time).text == "The forearm would touch the shelf.")
  }

  @Test func aJogKeyOnTheWayStopsTheMotion() {
    var rig = TeleopRig()
    rig.type("p")
    rig.press(.enter)
    rig.forget()
    rig.hold(.character("w"), for: 0.5)
    #expect(rig.methods == ["stop"])
    #expect(rig.teleop.notice?.text == "Stopped: a key was pressed on the way to home.")
  }

  @Test func undoGoesBackToWhereTheJogBegan() {
    var rig = TeleopRig()
    rig.press(.backspace)
    #expect(rig.teleop.notice?.text == "There is nothing to go back to yet.")
    rig.hold(.character("q"), for: 1)
    rig.pass(0.5)
    rig.state["setpoint"] = [1, 0, 0, 0, 0, 0]
    rig.pass(0.1)
    rig.press(.backspace)
    #expect(rig.requests("move.joints").last?["position"] == JSONValue(numbers: TeleopRig.home))
    rig.press(.enter)
    #expect(rig.requests("move.joints").last == ["position": JSONValue(numbers: TeleopRig.home), "speed": 0.2, "token": "T"])
  }

  @Test func waypointsArePlayedAndSaved() throws {
    var rig = TeleopRig()
    rig.press(.enter)
    #expect(rig.teleop.notice?.text == "Nothing to play yet: m marks a waypoint, b records a path.")
    rig.type("m")
    rig.state["setpoint"] = [0.5, 0, 0, 0, 0, 0]
    rig.pass(0.1)
    rig.type("mmx")
    rig.press(.enter)
    rig.press(.enter)
    let waypoints: JSONValue = [["position": JSONValue(numbers: TeleopRig.home)], ["position": [0.5, 0, 0, 0, 0, 0]]]
    #expect(rig.requests("move.path").last == ["waypoints": waypoints, "speed": 0.2, "token": "T"])
    rig.type("npick-1? ")
    rig.press(.backspace)
    rig.press(.enter)
    let file = try #require(rig.teleop.files.first)
    #expect(file.name == "pick-.arm")
    #expect(
      file.text == """
        # pick-: 2 waypoints, taught on test.
        # Joint positions are in the order waist, shoulder, elbow, forearm, wrist, roll.

        speed 20%
        move [0, -28.648, 85.944, 0, 28.648, 0] deg
        move [28.648, 0, 0, 0, 0, 0] deg

        """)
    rig.teleop.didSave(file, problem: "there is such a file already", at: rig.time)
    #expect(rig.teleop.panel == .naming(""))
  }

  @Test func anArmThatIsLedIsMarkedWhereItIs() throws {
    var rig = TeleopRig()
    rig.type("l")
    #expect(rig.requests("mode.set") == [["mode": "float", "token": "T"]])
    rig.state["mode"] = "float"
    rig.state["position"] = [0.25, 0, 0, 0, 0, 0]
    rig.pass(0.1)
    rig.type("m")
    #expect(rig.teleop.lesson.marks == [[0.25, 0, 0, 0, 0, 0]])
    rig.type("l")
    #expect(rig.requests("mode.set").last == ["mode": "hold", "token": "T"])
  }

  @Test func aRecordedPathIsPlayedWithRoundedCorners() throws {
    var rig = TeleopRig()
    rig.type("b")
    #expect(rig.teleop.lesson.isRecording)
    rig.pass(2)
    rig.type("b")
    #expect(rig.methods.suffix(3) == ["record.start", "record.stop", "record.get"])
    #expect(rig.teleop.lesson.paths == [Lesson.Path(points: [TeleopRig.home, TeleopRig.home.map { $0 + 0.1 }], blend: 0.04, duration: 3.5)])
    rig.press(.enter)
    #expect(rig.requests("move.path").last?["dryRun"] == true)
  }

  @Test func motorsAreSwitchedOffOnlyWhenAskedTwice() {
    var rig = TeleopRig()
    rig.type("o")
    #expect(rig.methods.isEmpty)
    rig.type("m")
    #expect(rig.methods.isEmpty)
    rig.type("oo")
    #expect(rig.requests("mode.set") == [["mode": "off", "token": "T"]])
    rig.state["mode"] = "off"
    rig.pass(0.1)
    rig.type("o")
    #expect(rig.requests("mode.set").last == ["mode": "hold", "token": "T"])
    rig.state["mode"] = "fault"
    rig.pass(0.1)
    rig.type("o")
    #expect(rig.methods.last == "fault.reset")
  }

  @Test func leavingStopsWhatItMovedAndGivesTheLeaseBack() {
    var rig = TeleopRig()
    rig.press(.character("q"))
    rig.forget()
    rig.press(.control("c"))
    #expect(rig.methods == ["stop", "lease.release"])
    #expect(rig.teleop.isLeaving)
  }

  @Test func aGripperThatDoesNotExistIsSaid() {
    var rig = TeleopRig()
    rig.type(".")
    #expect(rig.teleop.notice?.text == "This arm has no gripper that its file describes.")
  }

  @Test func aGripperOpensAndCloses() {
    var rig = TeleopRig(hasGripper: true)
    rig.type(".")
    rig.type(",")
    #expect(rig.methods == ["lease.acquire", "gripper.set", "gripper.set"])
    #expect(rig.sent.suffix(2).map { $0.request.parameters["opening"] } == [1, 0])
    rig.teleop.take(event: ["kind": "gripper", "message": "The gripper is closed."], at: rig.time)
    #expect(rig.teleop.notice?.text == "The gripper is closed.")
  }

  @Test func enterOnTheWayAsksNothing() {
    var rig = TeleopRig()
    rig.type("mp")
    rig.press(.enter)
    rig.forget()
    rig.press(.enter)
    rig.press(.enter)
    #expect(rig.methods.isEmpty && rig.teleop.proposal == nil)
    #expect(rig.teleop.notice?.text == "On the way to home; space stops.")
    rig.tell(job: ["job": 1, "state": "done"])
    rig.press(.enter)
    #expect(rig.requests("move.path").last?["dryRun"] == true)
  }

  @Test func aMotionThatIsRefusedLeavesTheKeysFree() {
    var rig = TeleopRig()
    rig.type("mp")
    rig.refusals["lease.acquire"] = RPCError(code: -32001, message: "x holds the lease.", data: ["kind": "lease.held"])
    rig.press(.enter)
    rig.refusals = [:]
    rig.press(.enter)
    #expect(rig.requests("move.path").last?["dryRun"] == true)
  }

  @Test func marksAndPathsAreKeptInTheirOrder() throws {
    var rig = TeleopRig()
    rig.type("mb")
    rig.pass(1)
    rig.type("bm")
    #expect(rig.teleop.lesson.contents == "2 waypoints and a path")
    rig.press(.enter)
    #expect(rig.requests("move.path").last?["waypoints"]?.array?.count == 4)
    rig.press(.escape)
    rig.type("nwave")
    rig.press(.enter)
    #expect(try #require(rig.teleop.files.first).text.hasPrefix("# wave: 2 waypoints and 2 points of a recorded path, taught on test.\n"))
    rig.type("x")
    #expect(rig.teleop.notice?.text == "1 waypoint and a path left.")
    rig.type("x")
    #expect(rig.teleop.notice?.text == "1 waypoint left.")
    rig.type("xx")
    #expect(rig.teleop.notice?.text == "There is no waypoint, and no path.")
  }
}
