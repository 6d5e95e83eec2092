import Dispatch
import Testing

@testable import armctl

@Suite("Leases and jobs") struct SocketLeaseTests {
  private func event(_ client: CommandClient) throws -> JSONObject? {
    while let message = try client.receive(timeout: 60) {
      if case .notification("event", let parameters) = message { return parameters }
    }
    return nil
  }

  private func kind(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch CommandClient.Failure.refused(let error) {
      return error.data["kind"]?.string
    } catch {
      return "\(error)"
    }
  }

  @Test func aHigherPriorityTakesOverAndTheArmStops() throws {
    let harness = try SocketHarness()
    let (script, terminal) = (try harness.client(), try harness.client())
    try script.call("hello", ["protocol": 1, "client": "weld.py"])
    try terminal.call("hello", ["protocol": 1, "client": "teleop"])

    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 600])["token"])
    try script.call("move.to", ["name": "home", "token": token])
    #expect(kind { try terminal.call("move.to", ["name": "rest"]) } == "lease.held")
    #expect(kind { try terminal.call("mode.set", ["mode": "off"]) } == "lease.held")
    #expect(kind { try terminal.call("lease.acquire", ["priority": "gaze"]) } == "lease.held")
    #expect(harness.arm.stops.isEmpty)

    let taken = try #require(try terminal.call("lease.acquire", ["priority": "terminal", "ttl": 600])["token"])
    #expect(harness.arm.stops == [.leaseTaken(holder: "weld.py", by: "teleop")])
    let lost = try event(script)
    #expect(lost?["kind"] == "lease.lost")
    #expect(lost?["message"] == "teleop took the lease over from weld.py.")
    #expect(lost?["by"] == "teleop")
    #expect(kind { try script.call("move.to", ["name": "home", "token": token]) } == "lease.ended")
    let refusal = #expect(throws: CommandClient.Failure.self) { try script.call("lease.renew", ["token": token]) }
    #expect(refusal?.description == "The lease of this token has ended: teleop took it over.")

    // What is given back is free for all.
    try terminal.call("lease.release", ["token": taken])
    try script.call("move.to", ["name": "home"])
  }

  @Test func aTakeOverAlsoStopsAPlanUnderWay() throws {
    let gate = DispatchSemaphore(value: 0)
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let (script, terminal) = (try harness.client(), try harness.client())
    try terminal.call("hello", ["protocol": 1, "client": "teleop"])
    try script.call("hello", ["protocol": 1, "client": "weld.py"])
    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 600])["token"])
    _ = try script.send("move.to", ["name": "home", "token": token, "onExpiry": "finish"])
    harness.arm.waitForSubmission()
    try terminal.call("lease.acquire", ["priority": "terminal"])
    #expect(harness.arm.stops.count == 1)
    while let message = try script.receive(timeout: 60) {
      guard case .answer(_, .failure(let refusal)) = message else { continue }
      #expect(refusal.message == "teleop took the lease from weld.py while the motion was planned.")
      break
    }
    gate.signal()
  }

  @Test func anIdleArmIsNotStoppedByATakeOver() throws {
    let harness = try SocketHarness()
    let (script, terminal) = (try harness.client(), try harness.client())
    try script.call("lease.acquire", ["priority": "script", "ttl": 600])
    try terminal.call("lease.acquire", ["priority": "terminal", "ttl": 600])
    #expect(try event(script)?["kind"] == "lease.lost")
    #expect(harness.arm.stops.isEmpty)
  }

  @Test func anExpiredLeaseStopsItsJob() throws {
    let harness = try SocketHarness()
    let (script, viewer) = (try harness.client(), try harness.client())
    try script.call("hello", ["protocol": 1, "client": "weld.py"])
    try viewer.call("subscribe", ["topics": ["event"]])
    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 0.05])["token"])
    try script.call("move.to", ["name": "home", "token": token])
    harness.arm.waitForStop()
    #expect(harness.arm.stops == [.leaseExpired(holder: "weld.py")])
    #expect(try event(viewer)?["message"] == "The lease of weld.py expired.")
    #expect(try event(script)?["kind"] == "lease.expired")
  }

  /// What was still being planned is refused as everything is under a lease that has ended, so that its holder may take a new one.
  @Test func anExpiredLeaseEndsItsPlan() throws {
    let gate = DispatchSemaphore(value: 0)
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let script = try harness.client()
    try script.call("hello", ["protocol": 1, "client": "weld.py"])
    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 0.05])["token"])
    _ = try script.send("move.to", ["name": "home", "token": token])
    while let message = try script.receive(timeout: 60) {
      guard case .answer(_, .failure(let refusal)) = message else { continue }
      #expect(refusal.data["kind"] == "lease.ended" && refusal.message == "The lease of weld.py ran out while the motion was planned.")
      break
    }
    gate.signal()
  }

  @Test func aJobMayOutliveItsLease() throws {
    let harness = try SocketHarness()
    let script = try harness.client()
    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 0.05])["token"])
    try script.call("move.to", ["name": "home", "token": token, "onExpiry": "finish"])
    #expect(try event(script)?["kind"] == "lease.expired")
    #expect(harness.arm.stops.isEmpty)
  }

  @Test func everyMessageOfTheHolderKeepsTheLease() throws {
    let harness = try SocketHarness()
    let (script, other) = (try harness.client(), try harness.client())
    let token = try #require(try script.call("lease.acquire", ["priority": "script", "ttl": 600])["token"])
    #expect(try script.call("lease.renew", ["token": token])["ttl"] == 600)
    // A second connection of the same client may use the token.
    try other.call("move.to", ["name": "home", "token": token])
    #expect(harness.arm.motions.count == 1)
  }

  @Test func jobsAreFollowedToTheirEnd() throws {
    let harness = try SocketHarness()
    let (mover, watcher) = (try harness.client(), try harness.client())
    try watcher.call("subscribe", ["topics": ["job"]])
    #expect(
      try mover.call("move.to", ["name": "home"]).description
        == #"{"job":1,"duration":1.25,"end":[0,0,1.571,0,0,0],"peakShares":{"velocity":0.5,"acceleration":0.75,"jerk":1}}"#)
    let wait = try mover.send("job.wait", ["job": 1])
    try mover.call("state")
    harness.arm.tell(job: 1, .started)
    harness.arm.tell(job: 1, .progress, progress: 0.5)
    harness.arm.tell(job: 1, .failed, reason: ServiceError(.bus, "The bus can0 is silent.", suggestion: "its plug"))
    var states: [String] = []
    while states.last != "failed", case .notification("job", let update)? = try watcher.receive(timeout: 60) {
      states.append(update["state"]?.string ?? "")
    }
    #expect(states == ["queued", "started", "progress", "failed"])
    guard case .answer(wait, .success(let end))? = try mover.receive(timeout: 60) else {
      Issue.record("no answer to job.wait")
      return
    }
    #expect(end["state"] == "failed")
    #expect(end["reason"]?.description == #"{"kind":"bus","message":"The bus can0 is silent.","try":"its plug"}"#)
    #expect(try watcher.call("job.wait", ["job": 1])["state"] == "failed")
  }

  @Test func aJobIsCancelled() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    try client.call("move.to", ["name": "home"])
    #expect(try client.call("job.cancel", ["job": 1])["state"] == "queued")
    #expect(try client.call("job.wait", ["job": 1])["state"] == "cancelled")
    #expect(try client.call("job.cancel", ["job": 1])["state"] == "cancelled")
    #expect(harness.arm.cancels == [1])
  }

  @Test func waitingMayEndBeforeTheJob() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    try client.call("move.to", ["name": "home"])
    let failure = #expect(throws: CommandClient.Failure.self) { try client.call("job.wait", ["job": 1, "timeout": 0.01]) }
    #expect(failure?.description == "Job 1 has not ended within 0.01 s; it is queued.")
    harness.arm.tell(job: 1, .done)
    #expect(try client.call("job.wait", ["job": 1])["state"] == "done")
  }
}
