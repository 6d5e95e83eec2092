import ArgumentParser
import Foundation
import Testing

@testable import armctl

/// Several clients who want the same arm, and clients that are not what they should be: the arm does the declared thing, and everybody can read who
/// holds it. Real sockets, the daemon's own arm, emulated drives.
@Suite(.serialized) struct ArbitrationTests {
  private func lease(_ client: CommandClient, _ priority: String, ttl: Double = 60) throws -> JSONValue {
    try #require(try client.call("lease.acquire", ["priority": .string(priority), "ttl": .number(ttl)])["token"])
  }

  private func holder(_ client: CommandClient) throws -> String? { try client.call("lease.get")["holder"]?.string }

  /// From the answer's job until it has ended.
  private func end(of job: JSONValue?, _ client: CommandClient) throws -> JSONValue {
    try client.call("job.wait", ["job": job ?? .null], timeout: 60)
  }

  @Test func twoTeleoperatorsAScriptAndGaze() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (gaze, script) = (try harness.client("gaze"), try harness.client("weld.arm"))
    let (anna, ben) = (try harness.client("anna"), try harness.client("ben"))

    // Gaze leads the arm until the script comes; its motion ends on its path.
    let gazeToken = try lease(gaze, "gaze")
    let looked = try gaze.call("move.joints", ["position": [1, 0, 1.571, 0, 0, 0], "speed": 0.002, "token": gazeToken])["job"]
    _ = try gaze.news { topic, news in topic == "job" && news["state"] == "started" }
    let scriptToken = try lease(script, "script")
    #expect(try end(of: looked, gaze)["reason"]?["message"] == "weld.arm took the lease from gaze.")
    #expect(try gaze.news { $1["kind"] == "lease.lost" }.last?.news["by"] == "weld.arm")
    #expect(try gaze.refusal("lease.acquire", ["priority": "gaze"])?.message == "weld.arm holds the lease with priority script.")

    // A person at a terminal takes over from the script; a second one does not from the first.
    let welded = try script.call("move.joints", ["position": [-1, 0, 1.571, 0, 0, 0], "speed": 0.002, "token": scriptToken])["job"]
    _ = try script.news { topic, news in topic == "job" && news["job"] == welded && news["state"] == "started" }
    let annasToken = try lease(anna, "terminal")
    #expect(try end(of: welded, script)["state"] == "cancelled")
    #expect(try ben.refusal("lease.acquire", ["priority": "terminal"])?.message == "anna holds the lease with priority terminal.")
    #expect(try ben.refusal("servo.joints", ["velocity": [0.1, 0, 0, 0, 0, 0]])?.data["kind"] == "lease.held")
    for client in [gaze, script, anna, ben] { #expect(try holder(client) == "anna") }
    try anna.call("servo.joints", ["velocity": [0.1, 0, 0, 0, 0, 0], "token": annasToken])

    // Anybody may stop her, and nobody has the lease for it.
    try ben.call("stop")
    #expect(try holder(ben) == "anna")
    // What was given back is free for the next, with the token that was asked for and no other.
    try anna.call("lease.release", ["token": annasToken])
    #expect(try script.refusal("move.to", ["name": "home", "token": scriptToken])?.data["kind"] == "lease.ended")
    let bensToken = try lease(ben, "terminal")
    #expect(try end(of: ben.call("move.to", ["name": "home", "token": bensToken])["job"], ben)["state"] == "done")
  }

  @Test func whoFreezesLosesTheArmAndItBrakes() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (frozen, watcher) = (try harness.client("frozen.py"), try harness.client("watcher"))
    let token = try lease(frozen, "script", ttl: 0.1)
    let job = try frozen.call("move.joints", ["position": [1.5, 0, 1.571, 0, 0, 0], "speed": 0.002, "token": token])["job"]
    // It says nothing any more, although it is connected.
    let news = try watcher.news { topic, news in topic == "job" && news["state"] == "cancelled" }
    #expect(news.contains { $0.news["kind"] == "lease.expired" && $0.news["message"] == "The lease of frozen.py expired." })
    #expect(news.last?.news["job"] == job && news.last?.news["reason"]?["message"] == "The lease of frozen.py ran out.")
    #expect(try watcher.call("lease.get")["holder"] == .null && watcher.call("state")["mode"] == "stopped")
    // It wakes up, and must ask anew.
    #expect(
      try frozen.refusal("move.to", ["name": "home", "token": token])?.message
        == "The lease of this token has ended: its holder said nothing for 0.1 s.")
  }

  @Test func whoDiesLosesTheArmAndItBrakes() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let watcher = try harness.client("watcher")
    do {
      let dying = try harness.client("dying.py")
      let token = try lease(dying, "script", ttl: 0.1)
      try dying.call("move.joints", ["position": [1.5, 0, 1.571, 0, 0, 0], "speed": 0.002, "token": token])
    }
    let news = try watcher.news { topic, news in topic == "job" && news["state"] == "cancelled" }
    #expect(news.last?.news["reason"]?["message"] == "The lease of dying.py ran out.")
    let home = try watcher.call("move.to", ["name": "home"])["job"]
    #expect(try end(of: home, watcher)["state"] == "done")
  }

  @Test func whoFloodsKeepsNobodyFromStopping() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (mover, person) = (try harness.client("mover"), try harness.client("person"))
    let floods = try (0..<4).map { _ in try RawClient(path: harness.server.path) }
    let batch = "[" + repeatElement(#"{"id":1,"method":"state"}"#, count: 64).joined(separator: ",") + "]"
    for flood in floods {
      Thread { for _ in 0..<200 where flood.send(line: batch) {} }.start()
    }
    let job = try mover.call("move.joints", ["position": [1.5, 0, 1.571, 0, 0, 0], "speed": 0.002])["job"]
    _ = try mover.news { topic, news in topic == "job" && news["state"] == "started" }
    try person.call("stop")
    let reason = try end(of: job, mover)["reason"]
    #expect(reason?["message"] == "person stopped the arm." && reason?["by"] == "person")
    #expect(reason?["try"] == "ask person whether the arm may move, then send the motion again")
    for flood in floods { #expect(try flood.answer()?.array?.count == 64) }
  }

  @Test func whoLiesDoesNotGetTheArm() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (holder, liar) = (try harness.client("holder"), try harness.client("holder"))
    let token = try lease(holder, "script")
    // The same name is not the same client, and tokens cannot be made up, released or renewed by guessing.
    for guess: JSONValue in ["0", "", .string(String((token.string ?? "").dropLast()))] {
      #expect(try liar.refusal("move.to", ["name": "home", "token": guess])?.data["kind"] == "lease.ended")
      #expect(try liar.refusal("lease.release", ["token": guess])?.data["kind"] == "lease.ended")
      #expect(try liar.refusal("lease.renew", ["token": guess])?.data["kind"] == "lease.ended")
    }
    #expect(try liar.refusal("lease.acquire", ["priority": "king"])?.data["field"] == "priority")
    #expect(try liar.refusal("lease.acquire", ["priority": "terminal", "ttl": -1])?.data["field"] == "ttl")
    #expect(try liar.refusal("move.joints", ["position": [1e300, 0, 0, 0, 0, 0]])?.data["kind"] == "lease.held")
    #expect(try liar.refusal("mode.set", ["mode": "off"])?.data["kind"] == "lease.held")
    let done = try holder.call("move.to", ["name": "home", "token": token])["job"]
    #expect(try end(of: done, holder)["state"] == "done")
  }

  @Test func aRestartedServerKnowsNoLease() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try harness.client("weld.py")
    let token = try lease(client, "script")
    try harness.restartServer()
    let lost = #expect(throws: CommandClient.Failure.self) { try client.call("state") }
    #expect(lost == .disconnected(path: harness.server.path))
    let again = try harness.client("weld.py")
    #expect(try holder(again) == nil)
    #expect(try again.refusal("move.to", ["name": "home", "token": token])?.data["kind"] == "lease.ended")
    let job = try again.call("move.to", ["name": "home", "token": lease(again, "script")])["job"]
    #expect(try end(of: job, again)["state"] == "done")
  }

  @Test func anybodyMayMakeTheArmSlower() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (script, person) = (try harness.client("weld.arm"), try harness.client("person"))
    let token = try lease(script, "script")
    func speed(is wanted: Double) throws { while try script.call("state")["speed"]?.number != wanted {} }
    try person.call("speed.set", ["speed": 0.4])
    try speed(is: 0.4)
    let refused = try harness.client("ben").refusal("speed.set", ["speed": 0.6])
    #expect(refused?.message == "weld.arm holds the lease with priority script. Others may make the arm no faster than 40 %.")
    #expect(refused?.data["kind"] == "lease.held" && refused?.data["limit"] == 0.4)
    // Who made it slower may undo that, but no more.
    try person.call("speed.set", ["speed": 0.2])
    try person.call("speed.set", ["speed": 0.6])
    try speed(is: 0.6)
    #expect(try person.refusal("speed.set", ["speed": 1.1])?.data["limit"] == 1)
    try script.call("speed.set", ["speed": 0.5, "token": token])
    // Since then it is the script's wish.
    #expect(try person.refusal("speed.set", ["speed": 0.6])?.data["limit"] == 0.5)
    try script.call("speed.set", ["speed": 1, "token": token])
    try speed(is: 1)
    #expect(try person.refusal("speed.set", ["speed": 0.1, "token": "0"])?.data["kind"] == "lease.ended")
    try script.call("lease.release", ["token": token])
    try person.call("speed.set", ["speed": 1.5])
  }

  /// Anybody may pause; to let the arm go on is for who paused it and who leads.
  @Test func whoHasPausedTheArmMayLetItGoOn() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (script, anna, ben) = (try harness.client("weld.arm"), try harness.client("anna"), try harness.client("ben"))
    let token = try lease(script, "script")
    let job = try script.call("move.joints", ["position": [1, 0, 1.571, 0, 0, 0], "speed": 0.02, "token": token])["job"]
    _ = try script.news { topic, news in topic == "job" && news["state"] == "started" }
    #expect(try ben.call("job.get")["client"] == "weld.arm" && ben.call("job.get")["pausedBy"] == nil)
    try anna.call("pause")
    #expect(try script.news { topic, news in topic == "job" && news["state"] == "paused" }.last?.news["pausedBy"] == "anna")
    #expect(try ben.call("job.get")["pausedBy"] == "anna")
    #expect(
      try ben.refusal("resume")?.message
        == "weld.arm holds the lease with priority script. The arm was paused by anna, who may let it go on, too.")
    // Also from another connection of hers.
    try harness.client("anna").call("resume")
    #expect(try ben.call("job.get")["pausedBy"] == nil)
    try anna.call("pause")
    try script.call("resume", ["token": token])
    #expect(try anna.refusal("resume")?.data["kind"] == "lease.held")
    try ben.call("stop")
    #expect(try end(of: job, ben)["state"] == "cancelled")
    #expect(try ben.call("job.get")["job"] == .null)
  }

  /// Between two motions, who leads is paused: what is asked for waits, streams are refused.
  @Test func whoLeadsIsPausedBetweenMotions() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (script, anna, ben) = (try harness.client("weld.arm"), try harness.client("anna"), try harness.client("ben"))
    #expect(try anna.refusal("pause")?.message == "No motion is under way.")
    let token = try lease(script, "script")
    // Nobody pauses themselves that way.
    #expect(try script.refusal("pause")?.message == "No motion is under way.")
    #expect(try anna.call("pause")["state"] == "paused")
    #expect(try script.news { $1["kind"] == "paused" }.last?.news["by"] == "anna")
    #expect(try ben.call("lease.get")["pausedBy"] == "anna")
    let job = try script.call("move.joints", ["position": [0.1, 0, 1.571, 0, 0, 0], "token": token])["job"]
    #expect(try script.refusal("servo.joints", ["velocity": [0.1, 0, 0, 0, 0, 0], "token": token])?.message == "The arm is paused.")
    let tick = try #require(try ben.call("state")["tick"]?.number)
    while try #require(try ben.call("state")["tick"]?.number) < tick + 100 {}
    #expect(try ben.call("job.get")["job"] == .null && ben.call("state")["mode"] == "hold")
    #expect(try ben.refusal("resume")?.data["kind"] == "lease.held")
    try anna.call("resume")
    #expect(try end(of: job, script)["state"] == "done" && ben.call("lease.get")["pausedBy"] == nil)
    #expect(try script.news { $1["kind"] == "resumed" }.last?.news["message"] == "anna lets weld.arm go on.")

    // A stop ends the pause and what waited for its end; who leads hears of it although nothing moved.
    try anna.call("pause")
    let waiting = try script.call("move.joints", ["position": [0.2, 0, 1.571, 0, 0, 0], "token": token])["job"]
    try ben.call("stop")
    #expect(try end(of: waiting, script)["reason"]?["message"] == "ben stopped the arm.")
    #expect(try script.news { $1["kind"] == "stopped" }.last?.news["by"] == "ben")
    let next = try script.call("move.to", ["name": "home", "token": token])["job"]
    #expect(try end(of: next, script)["state"] == "done")

    // So does the lease's end, where nothing waits.
    try anna.call("pause")
    try script.call("lease.release", ["token": token])
    #expect(try end(of: ben.call("move.to", ["name": "home"])["job"], ben)["state"] == "done")
  }

  /// What can never be done is told before who leads.
  @Test func whatCannotBeIsToldFirst() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (script, anna) = (try harness.client("weld.arm"), try harness.client("anna"))
    _ = try lease(script, "script")
    #expect(try anna.refusal("gripper.set", ["opening": 0])?.message == "This arm has no gripper that its file describes.")
    #expect(try anna.refusal("move.to", ["name": "hom"])?.data["nearest"] == "home")
    #expect(try anna.refusal("resume")?.message == "No motion is under way.")
    #expect(try anna.refusal("resume", ["direction": "back"])?.data["kind"] == "lease.held")
    #expect(try anna.refusal("move.to", ["name": "home"])?.data["kind"] == "lease.held")
  }

  /// Who has stopped the arm need not ask anybody.
  @Test func whoStoppedTheArmMaySendTheMotionAgain() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let mover = try harness.client("mover")
    let job = try mover.call("move.joints", ["position": [1.5, 0, 1.571, 0, 0, 0], "speed": 0.002])["job"]
    _ = try mover.news { topic, news in topic == "job" && news["state"] == "started" }
    try mover.call("stop")
    #expect(try end(of: job, mover)["reason"]?["try"] == "send the motion again")
    // `armctl stop` has the name that other commands of its terminal have.
    let other = try mover.call("move.joints", ["position": [1.5, 0, 1.571, 0, 0, 0], "speed": 0.002])["job"]
    _ = try mover.news { topic, news in topic == "job" && news["job"] == other && news["state"] == "started" }
    try StopCommand.parse(["--json", "--socket", harness.server.path]).run()
    #expect(try end(of: other, mover)["reason"]?["by"] == .string(ClientName.name()))
  }

  /// Who streams while another's motion is under way is told whose it is.
  @Test func aStreamIsToldWhoMovesTheArm() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (mover, teleop) = (try harness.client("move on pts/1"), try harness.client("teleop on pts/2"))
    try mover.call("move.joints", ["position": [1, 0, 1.571, 0, 0, 0], "speed": 0.02])
    _ = try mover.news { topic, news in topic == "job" && news["state"] == "started" }
    let refused = try teleop.refusal("servo.joints", ["velocity": [0.1, 0, 0, 0, 0, 0]])
    #expect(refused?.message == "The arm is on a motion of move on pts/1." && refused?.data["kind"] == "busy")
    try teleop.call("stop")
  }

  /// A person at the command line takes the arm from a script, and gives the lead back when the motion is under way.
  @Test func moveTakesTheLeadWhereItIsToldTo() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let (script, watcher) = (try harness.client("weld.arm"), try harness.client("watcher"))
    let token = try lease(script, "script")
    let welded = try script.call("move.joints", ["position": [1, 0, 1.571, 0, 0, 0], "speed": 0.02, "token": token])["job"]
    _ = try script.news { topic, news in topic == "job" && news["state"] == "started" }
    #expect(throws: ExitCode.self) { try MoveCommand.parse(["home", "--json", "--socket", harness.server.path]).run() }
    #expect(try holder(watcher) == "weld.arm")
    try MoveCommand.parse(["home", "--take", "--json", "--socket", harness.server.path]).run()
    #expect(try end(of: welded, watcher)["state"] == "cancelled" && holder(watcher) == nil)
    #expect(try script.refusal("move.to", ["name": "home", "token": token])?.data["kind"] == "lease.ended")
    // So do the others that need it.
    _ = try lease(script, "script")
    #expect(throws: ExitCode.self) { try ResetCommand.parse(["--json", "--socket", harness.server.path]).run() }
    try ResetCommand.parse(["--take", "--json", "--socket", harness.server.path]).run()
    #expect(try holder(watcher) == nil)
    #expect(throws: (any Error).self) { try GripperCommand.parse(["--take"]) }
    // What cannot be done takes nothing from anybody.
    _ = try lease(script, "script")
    #expect(throws: ExitCode.self) { try GripperCommand.parse(["close", "--take", "--socket", harness.server.path]).run() }
    #expect(try holder(watcher) == "weld.arm")
  }

  @Test func aGripperIsTakenFromAScript() throws {
    let harness = try SocketHarness()
    let script = try harness.client()
    _ = try lease(script, "script")
    #expect(throws: ExitCode.self) { try GripperCommand.parse(["close", "--socket", harness.server.path]).run() }
    #expect(harness.arm.gripperState.opening == nil)
    try GripperCommand.parse(["close", "--take", "--json", "--socket", harness.server.path]).run()
    #expect(try harness.arm.gripperState.opening == 0 && holder(script) == nil)
  }

  @Test func jointsAreCountedInTheCommandLinesWords() throws {
    let harness = try SocketHarness()
    let failure = #expect(throws: CommandFailure.self) { try MoveCommand.parse(["--joints", "0,1,0"]).request(harness.client()) }
    #expect(failure?.sentence == "--joints has 3 numbers, but the arm has 6 joints.")
    #expect(failure?.suggestion == "one for each, with commas between: joint1, joint2, joint3, joint4, joint5, joint6")
  }

  @Test func aPauseIsToldOnce() {
    var motion = PausedMotion()
    let sentence = "anna has paused the arm.\ntry: armctl resume there, or armctl stop, which ends the motion"
    let steps: [(update: JSONObject?, told: String?)] = [
      (nil, nil), (["pausedBy": "anna"], sentence), (["pausedBy": "anna"], nil), (["state": "progress"], nil), (["pausedBy": "anna"], sentence),
    ]
    for (update, told) in steps {
      let sentence = motion.take(update)
      #expect(sentence == told)
    }
  }
}
