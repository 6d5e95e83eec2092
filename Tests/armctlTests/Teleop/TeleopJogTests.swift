import Foundation
import Testing

@testable import armctl

@Suite("Teleop: jogging") struct TeleopJogTests {
  private static let speed = 0.2 * JogSettings.toolSpeed.linear
  private static let turning = 0.2 * JogSettings.toolSpeed.angular

  @Test func theFirstKeyTakesTheLeaseAndMovesTheArmAtOnce() {
    var rig = TeleopRig()
    rig.press(.character("q"))
    #expect(rig.methods == ["lease.acquire", "servo.twist"])
    #expect(rig.requests("lease.acquire") == [["priority": "terminal", "ttl": 0.3]])
    #expect(
      rig.requests("servo.twist") == [["linear": [.number(Self.speed), 0, 0], "angular": [0, 0, 0], "frame": "base", "token": "T"]])
    #expect(rig.sent.allSatisfy { $0.time == rig.time })
  }

  @Test func aTapIsANudgeAndThenTheArmIsToldToRest() throws {
    var rig = TeleopRig()
    let begin = rig.time
    rig.press(.character("q"))
    rig.pass(1)
    let last = try #require(rig.sent.last)
    #expect(abs(last.time - begin - DeadMan.repeatTime) < 0.001)
    #expect(last.request.parameters["linear"] == [0, 0, 0])
    // A command every 20 ms in between, and nothing after it.
    #expect((7...9).contains(rig.requests("servo.twist").count))
  }

  @Test func aHeldKeyStreamsAndItsEndIsNoticedInTime() throws {
    var rig = TeleopRig()
    rig.hold(.character("w"), for: 2)
    let end = rig.time
    rig.pass(1)
    let last = try #require(rig.sent.last)
    #expect(last.request.parameters["linear"] == [0, 0, 0])
    #expect(last.time - end <= DeadMan.repeatTime + 0.001)
    let moving = rig.sent.filter { $0.request.parameters["linear"] == [0, .number(Self.speed), 0] }.map(\.time)
    // Between two commands of the stream never so long that the server would call it stale.
    let gaps = zip(moving, moving.dropFirst()).map { $1 - $0 }.filter { $0 < 0.3 }
    #expect(try #require(gaps.max()) < 0.03)
  }

  @Test func aReleaseThatIsToldCountsAtOnce() throws {
    var rig = TeleopRig(tellsReleases: true)
    rig.press(.character("e"))
    rig.pass(0.4)
    rig.press(.character("e"), .release)
    let last = try #require(rig.sent.last)
    #expect(last.time == rig.time)
    #expect(last.request.parameters["linear"] == [0, 0, 0])
  }

  @Test func whoLosesTheKeyboardLetsGo() throws {
    var rig = TeleopRig(tellsReleases: true)
    rig.press(.character("e"))
    rig.pass(0.1)
    rig.teleop.loseFocus(at: rig.time)
    rig.pass(0.001)
    #expect(try #require(rig.sent.last).request.parameters["linear"] == [0, 0, 0])
  }

  struct Direction: Sendable, CustomTestStringConvertible {
    var keys: String
    var frame: JogSettings.Frame
    var linear: [Double]
    var angular: [Double]

    var testDescription: String { "\(keys) \(frame)" }
  }

  /// Of each key, and of keys together: the diagonal is not faster.
  @Test(arguments: [
    Direction(keys: "q", frame: .base, linear: [1, 0, 0], angular: [0, 0, 0]),
    Direction(keys: "a", frame: .base, linear: [-1, 0, 0], angular: [0, 0, 0]),
    Direction(keys: "s", frame: .tool, linear: [0, -1, 0], angular: [0, 0, 0]),
    Direction(keys: "E", frame: .base, linear: [0, 0, 1], angular: [0, 0, 0]),
    Direction(keys: "r", frame: .base, linear: [0, 0, 0], angular: [1, 0, 0]),
    Direction(keys: "g", frame: .tool, linear: [0, 0, 0], angular: [0, -1, 0]),
    Direction(keys: "z", frame: .base, linear: [0, 0, 0], angular: [0, 0, 1]),
    Direction(keys: "qw", frame: .base, linear: [0.7071067811865476, 0.7071067811865476, 0], angular: [0, 0, 0]),
    Direction(keys: "qa", frame: .base, linear: [0, 0, 0], angular: [0, 0, 0]),
    Direction(keys: "qr", frame: .base, linear: [1, 0, 0], angular: [1, 0, 0]),
    // The view has been turned by a right angle: its right is the base's y.
    Direction(keys: "q", frame: .view, linear: [0, 1, 0], angular: [0, 0, 0]),
    Direction(keys: "w", frame: .view, linear: [-1, 0, 0], angular: [0, 0, 0]),
  ])
  func keysMoveTheTool(_ direction: Direction) throws {
    var rig = TeleopRig(tellsReleases: true)
    if direction.frame == .view { rig.type(">>>>>>") }
    while rig.teleop.settings.frame != direction.frame { rig.type("v") }
    rig.type(direction.keys)
    let parameters = try #require(rig.requests("servo.twist").last)
    let linear = try #require(parameters["linear"]?.numbers), angular = try #require(parameters["angular"]?.numbers)
    for axis in 0..<3 {
      #expect(abs(linear[axis] - direction.linear[axis] * Self.speed) < 1e-12)
      #expect(abs(angular[axis] - direction.angular[axis] * Self.turning) < 1e-12)
    }
    #expect(parameters["frame"] == (direction.frame == .tool ? "tool" : "base"))
  }

  @Test func keysMoveTheJoints() {
    var rig = TeleopRig()
    rig.press(.tab)
    rig.type("t")
    #expect(rig.requests("servo.joints").last?["velocity"] == [0, 0, 0, 0, .number(0.2 * 1.5), 0])
    rig.pass(0.5)
    #expect(rig.requests("servo.joints").last?["velocity"] == [0, 0, 0, 0, 0, 0])
    // The arm has six joints: the keys of the seventh do nothing.
    rig.forget()
    rig.type("u")
    #expect(rig.methods.isEmpty)
    // The arrow keys choose a joint and move it.
    rig.press(.up)
    rig.press(.left)
    #expect(rig.requests("servo.joints").last?["velocity"] == [0, 0, 0, .number(-0.2 * 1.5), 0, 0])
  }

  @Test func keysGoByTheirPlaceWhereItIsKnown() {
    // On a French keyboard, the key to the right of tab says "a".
    var rig = TeleopRig(tellsReleases: true)
    rig.press(.character("a"), place: "q")
    #expect(rig.requests("servo.twist").last?["linear"] == [.number(Self.speed), 0, 0])
    rig.press(.character("a"), .release, place: "q")
    #expect(rig.requests("servo.twist").last?["linear"] == [0, 0, 0])
  }

  @Test func spaceStopsAtOnceAndHeldKeysMoveNothingUntilLetGo() {
    var rig = TeleopRig()
    rig.hold(.character("q"), for: 1)
    rig.forget()
    rig.press(.character(" "))
    #expect(rig.methods == ["stop"])
    rig.hold(.character("q"), for: 0.3, delay: 0.04)
    #expect(rig.methods == ["stop"])
    rig.pass(0.2)
    rig.press(.character("q"))
    #expect(rig.methods == ["stop", "servo.twist"])
  }

  @Test(arguments: [
    ("off", "The motors are off; o switches them on."), ("fault", "A fault is latched; o clears it."),
    ("float", "The arm is led by hand; l holds it."),
  ])
  func whereTheArmCannotMoveItSaysWhatToDo(mode: String, sentence: String) {
    var rig = TeleopRig()
    rig.state["mode"] = .string(mode)
    rig.pass(0.1)
    rig.press(.character("q"))
    #expect(rig.methods.isEmpty)
    #expect(rig.teleop.notice?.text == sentence)
  }

  @Test func aSilentServerIsToldOfAndNothingMoves() {
    var rig = TeleopRig()
    rig.teleop.take(KeyEvent(key: .character("q")), at: rig.time + 1)
    #expect(rig.teleop.takeOutbox().allSatisfy { !$0.method.hasPrefix("servo") && $0.method != "lease.acquire" })
    #expect(rig.teleop.notice?.text == "The server does not answer.")
  }

  @Test func whoHoldsTheLeaseIsToldAndNothingMoves() {
    var rig = TeleopRig()
    rig.refusals["lease.acquire"] = RPCError(
      code: -32001, message: "gaze holds the lease with priority terminal.", data: ["kind": "lease.held", "try": "again when it has been released"])
    rig.hold(.character("q"), for: 1)
    #expect(Set(rig.methods) == ["lease.acquire"])
    #expect(rig.teleop.notice?.text == "gaze holds the lease with priority terminal. Try: again when it has been released")
    #expect(rig.methods.count <= 3)
  }

  @Test func anotherTeleoperationIsToldOfInWords() {
    var rig = TeleopRig()
    rig.refusals["lease.acquire"] = RPCError(
      code: -32001, message: "x", data: ["kind": "lease.held", "holder": "teleop on pts/3", "priority": "terminal", "held": 12])
    rig.press(.character("q"))
    #expect(
      rig.teleop.notice?.text
        == "teleop on pts/3 has led the arm for 12 s, with priority terminal. It lets go 10 s after its last key; space stops the arm.")
  }

  @Test func whoMovesTheArmIsToldWhileJoggingIsRefused() {
    var rig = TeleopRig()
    rig.refusals["servo.twist"] = RPCError(
      code: -32045, message: "The arm is on a motion of armctl on pts/1.", data: ["kind": "busy", "try": "stop"])
    rig.press(.character("q"))
    #expect(rig.teleop.notice?.text == "The arm is on a motion of armctl on pts/1. Space stops it; then jog.")
    rig.forget()
    rig.hold(.character("q"), for: 0.3, delay: 0.04)
    #expect(rig.methods.isEmpty)
  }

  /// The script's motion comes to rest first; who goes on holding the key moves the arm then.
  @Test func aKeyTakesTheLeadFromAScriptAndMovesTheArmWhenItRests() {
    var rig = TeleopRig()
    rig.leaseIsTakenFrom = "pick.arm on pts/1"
    rig.refusals["servo.twist"] = RPCError(code: -32045, message: "The arm is about to come to rest.", data: ["kind": "busy"])
    rig.press(.character("q"))
    #expect(rig.teleop.notice?.text == "You lead now, and no longer pick.arm on pts/1: the arm comes to rest first.")
    rig.hold(.character("q"), for: 0.4, delay: 0.04)
    rig.refusals = [:]
    rig.forget()
    rig.hold(.character("q"), for: 0.2, delay: 0.04)
    #expect(rig.requests("servo.twist").first?["linear"] == [.number(Self.speed), 0, 0])
  }

  @Test func whatWasOnItsWayWhenTheStreamEndedIsNoNews() {
    var rig = TeleopRig()
    rig.hold(.character("q"), for: 0.3)
    rig.press(.character(" "))
    rig.tell(event: ["kind": "servo.refused", "message": "The arm was stopped before the motion began."])
    #expect(rig.teleop.notice?.text == "Stopped.")
  }

  @Test func anIdleTeleoperationGivesTheLeadBack() {
    var rig = TeleopRig()
    rig.hold(.character("q"), for: 0.3)
    rig.forget()
    rig.pass(Teleoperation.idlePeriod - 1)
    #expect(rig.methods.filter { $0.hasPrefix("lease") }.isEmpty && rig.teleop.token == "T")
    rig.pass(2)
    #expect(rig.methods.filter { $0.hasPrefix("lease") } == ["lease.release"])
    #expect(rig.teleop.token == nil && rig.teleop.notice?.text == "Others may lead the arm now; the next key that moves it leads again.")
    rig.forget()
    rig.press(.character("q"))
    #expect(rig.methods == ["lease.acquire", "servo.twist"])
    // An arm that somebody may have a hand on is nobody else's.
    rig.state["mode"] = "float"
    rig.forget()
    rig.pass(3 * Teleoperation.idlePeriod)
    #expect(rig.methods.filter { $0.hasPrefix("lease") }.isEmpty)
  }

  @Test(
    arguments: [
      (["job": 4, "client": "pick.arm on pts/1", "progress": 0.4], "pick.arm on pts/1 moves the arm, 40 %; space stops it."),
      (["job": 4, "client": "pick.arm", "pausedBy": "anna"], "A motion of pick.arm is paused by anna; space ends it."),
      (["job": nil], ""),
    ] as [(JSONObject, String)])
  func whatOthersAreAtIsShown(job: JSONObject, sentence: String) {
    var rig = TeleopRig()
    rig.otherJob = .object(job)
    rig.pass(1.1)
    #expect(TeleopView.message(rig.teleop, at: rig.time).text == sentence)
  }

  @Test func aLeaseThatIsTakenOverEndsTheStream() {
    var rig = TeleopRig(tellsReleases: true)
    rig.press(.character("q"))
    rig.pass(0.1)
    rig.forget()
    rig.tell(event: ["kind": "lease.lost", "message": "pendant took the lease over from teleop."])
    rig.press(.character("q"), .again)
    rig.pass(0.2)
    #expect(rig.methods.isEmpty)
    #expect(rig.teleop.notice?.text == "pendant took the lease over from teleop.")
  }

  /// Obstacles hold the arm back unless the person wants to touch them.
  @Test func touchingIsAsked() {
    var rig = TeleopRig()
    rig.press(.character("q"))
    #expect(rig.requests("servo.twist").last?["mayTouch"] == nil)
    rig.pass(0.5)
    rig.press(.character("1"))
    rig.press(.character("q"))
    #expect(rig.requests("servo.twist").last?["mayTouch"] == true)
    rig.pass(0.5)
    rig.press(.character("1"))
    #expect(rig.teleop.notice?.text == "The arm keeps clear of obstacles.")
  }

  @Test func theGripperIsToldAndItsRefusalShown() {
    var rig = TeleopRig(hasGripper: true)
    rig.press(.character("."))
    rig.press(.character(","))
    #expect(rig.requests("gripper.set").map { $0["opening"] } == [1, 0])
    rig.refusals["gripper.set"] = RPCError(code: -32040, message: "This arm has no gripper.", data: ["kind": "wrong-mode", "try": "an arm with one"])
    rig.press(.character("."))
    #expect(rig.teleop.notice?.text == "This arm has no gripper. Try: an arm with one")
  }

  @Test func theLeaseIsKeptAlive() {
    var rig = TeleopRig()
    rig.press(.character("q"))
    rig.pass(0.3)
    var gaps: [Double] = []
    var last = rig.time
    for _ in 0..<400 {
      rig.pass(0.005)
      if rig.teleop.deadline > rig.time + 0.05 {
        gaps.append(rig.time - last)
        last = rig.time
      }
    }
    #expect((gaps.max() ?? 1) < rig.teleop.requests.lifetime / 2)
  }

  @Test func stepsAreMotionsOneAfterTheOther() {
    var rig = TeleopRig()
    rig.type("c]")
    rig.press(.character("q"))
    #expect(rig.requests("move.linear") == [["speed": 0.2, "by": [0.01, 0, 0], "frame": "base", "token": "T"]])
    rig.hold(.character("q"), for: 0.3, delay: 0.04)
    #expect(rig.requests("move.linear").count == 1)
    rig.tell(job: ["job": 1, "state": "done"])
    rig.press(.character("q"))
    #expect(rig.requests("move.linear").count == 2)
    #expect(rig.requests("servo.twist").isEmpty)
  }

  @Test func aStepOfAJointStopsAtItsLimit() throws {
    var rig = TeleopRig()
    rig.type("c]]")
    rig.press(.tab)
    rig.state["setpoint"] = [0, 1.95, 0, 0, 0, 0]
    rig.pass(0.1)
    rig.type("w")
    #expect(rig.requests("move.joints").last?["position"] == [0, 2, 0, 0, 0, 0])
  }

  @Test func aStepTurnsTheToolAboutItsAxis() throws {
    var rig = TeleopRig()
    rig.type("ct")
    let pose = try #require(rig.requests("move.pose").last?["pose"])
    #expect(pose["position"] == [0.3, 0.05, 0.2])
    // Half a turn about y, and one degree more.
    let half = Double.pi / 2 + Double.pi / 360, q = try #require(pose["quaternion"]?.numbers)
    #expect(zip(q, [0, sin(half), 0, cos(half)]).allSatisfy { abs($0 - $1) < 1e-12 })
  }
}
