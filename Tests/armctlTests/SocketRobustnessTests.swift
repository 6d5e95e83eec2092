import Dispatch
import TestSupport
import Testing

@testable import armctl

/// Clients that mean harm or are merely broken. Another client is always there and must notice nothing.
@Suite("Robustness") struct SocketRobustnessTests {
  @Test func randomBytesAreRefusedLineByLine() throws {
    let harness = try SocketHarness()
    let (vandal, witness) = (try harness.rawClient(), try harness.client())
    var random = SeededGenerator(seed: 5)
    for round in 0..<caseCount(100) {
      let line = (0..<Int.random(in: 1...400, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }.filter { $0 != 0x0A && $0 != 0x0D }
      if line.isEmpty { continue }
      vandal.send(line + [0x0A])
      #expect(try vandal.answer()?["error"]?["code"] == -32700, "\(line)")
      if round % 20 == 0 { try witness.call("state") }
    }
    vandal.send(line: #"{"id":1,"method":"state"}"#)
    #expect(try vandal.answer()?["result"]?["mode"] == "hold")
  }

  @Test func aLongLineIsRefusedOnceAndSkipped() throws {
    let harness = try SocketHarness()
    let (vandal, witness) = (try harness.rawClient(), try harness.client())
    vandal.send([UInt8](repeating: UInt8(ascii: "["), count: 1 << 20))
    try witness.call("state")
    vandal.send([UInt8](repeating: UInt8(ascii: "["), count: 1 << 20) + [0x0A])
    let refusal = try vandal.answer()
    #expect(refusal?["error"]?["code"] == -32600)
    #expect(refusal?["error"]?["message"] == "The line is longer than 1048576 bytes.")
    vandal.send(line: #"{"id":7,"method":"state"}"#)
    #expect(try vandal.answer()?["id"] == 7)
    // One that just fits is parsed, beside the event loop, and keeps its place in the order.
    let padding = String(repeating: "x", count: 1_000_000)
    vandal.send(line: #"{"id":8,"method":"move.to","params":{"name":"\#(padding)"}}"#)
    vandal.send(line: #"{"id":9,"method":"state"}"#)
    #expect(try vandal.answer()?["error"]?["data"]?["field"] == "name")
    #expect(try vandal.answer()?["id"] == 9)
    try witness.call("state")
  }

  @Test func aHalfClosedClientGetsItsAnswers() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    client.send(line: #"{"id":1,"method":"move.to","params":{"name":"home"}}"#)
    #expect(try client.answer()?["result"]?["job"] == 1)
    client.send(line: #"{"id":2,"method":"job.wait","params":{"job":1}}"#)
    client.send(Array(#"{"id":3,"method":"state"}"#.utf8))
    client.closeSending()
    #expect(try client.answer()?["id"] == 3)
    harness.arm.tell(job: 1, .done)
    #expect(try client.answer()?["result"]?["state"] == "done")
    #expect(client.line() == nil)
  }

  @Test func aHalfClosedSubscriberIsStillServed() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    client.send(line: #"{"id":1,"method":"subscribe","params":{"topics":["state"],"rate":500}}"#)
    client.closeSending()
    #expect(try client.answer()?["id"] == 1)
    for _ in 0..<5 { #expect(try client.answer()?["method"] == "state") }
  }

  /// Its requests wait as long as it does not read; it gets every answer when it does.
  @Test func whoDoesNotReadItsAnswersWaitsAlone() throws {
    let harness = try SocketHarness()
    let (slow, witness) = (try harness.rawClient(), try harness.client())
    let count = 5_000
    let isSent = DispatchSemaphore(value: 0)
    DispatchQueue(label: "slow").async {
      for id in 1...count { slow.send(line: #"{"id":\#(id),"method":"state"}"#) }
      slow.send(line: #"{"id":0,"method":"stop"}"#)
      isSent.signal()
    }
    isSent.wait()
    for _ in 0..<10 { try witness.call("state") }
    // Its stop does not wait for its other requests.
    harness.arm.waitForStop()
    var answered = 0
    var hasSeenStop = false
    while answered < count || !hasSeenStop {
      let answer = try #require(try slow.answer())
      if answer["id"] == 0 {
        hasSeenStop = true
      } else {
        answered += 1
        if answer["id"]?.integer != answered { Issue.record("answer \(answered) is \(answer)") }
      }
    }
  }

  @Test func whoPilesUpAnswersIsClosed() throws {
    var settings = CommandServer.Settings()
    settings.maximumUnsentAnswers = 128 << 10
    let harness = try SocketHarness(settings: settings)
    let (vandal, witness) = (try harness.rawClient(), try harness.client())
    // Stops are handled out of turn, so their answers pile up.
    var sent = 0
    while vandal.send(line: #"{"id":1,"method":"stop"}"#), sent < 1_000_000 { sent += 1 }
    #expect(sent < 1_000_000)
    try witness.call("state")
  }

  @Test func aNeverReadingSubscriberLosesTheOldestAndIsTold() throws {
    var settings = CommandServer.Settings()
    settings.notificationQueueLength = 4
    let harness = try SocketHarness(FakeArm(rate: 20_000), settings: settings)
    let (slow, witness) = (try harness.rawClient(), try harness.rawClient())
    let subscribe = #"{"id":1,"method":"subscribe","params":{"topics":["state"],"rate":20000}}"#
    slow.send(line: subscribe)
    witness.send(line: subscribe)
    // What the witness reads paces this; the slow one's buffers fill meanwhile.
    for _ in 0..<4_000 { _ = witness.line() }
    witness.send(line: #"{"id":2,"method":"unsubscribe"}"#)
    while try witness.answer()?["id"] != 2 {}

    #expect(try slow.answer()?["id"] == 1)
    var dropped = 0
    var received = 0
    while dropped == 0 {
      let state = try #require(try slow.answer())
      received += 1
      #expect(state["method"] == "state")
      dropped = state["params"]?["dropped"]?.integer ?? 0
      #expect(state["params"]?["position"]?.numbers?.count == 6)
    }
    #expect(received < 4_000)
    #expect(dropped > 0)
  }

  @Test func threeHundredIdleClientsAreServed() throws {
    let harness = try SocketHarness()
    let clients = try (0..<300).map { _ in try harness.rawClient() }
    for client in clients { client.send(line: #"{"id":1,"method":"state"}"#) }
    for client in clients { #expect(try client.answer()?["result"]?["mode"] == "hold") }
  }

  @Test func tooManyClientsAreToldSo() throws {
    var settings = CommandServer.Settings()
    settings.maximumClients = 2
    let harness = try SocketHarness(settings: settings)
    let first = try harness.client()
    try first.call("state")
    let second = try harness.client()
    try second.call("state")
    let third = try harness.rawClient()
    #expect(try third.answer()?["error"]?["message"] == "2 clients are connected already.")
    #expect(third.line() == nil)
    try first.call("state")
  }

  @Test func tooManyUnansweredRequestsAreRefused() throws {
    var settings = CommandServer.Settings()
    settings.maximumPendingRequests = 3
    let harness = try SocketHarness(settings: settings)
    let client = try harness.client()
    let job = try #require(try client.call("move.to", ["name": "home"])["job"])
    for _ in 0..<3 { _ = try client.send("job.wait", ["job": job]) }
    let failure = #expect(throws: CommandClient.Failure.self) { try client.call("state") }
    #expect(failure?.description == "3 requests of this client wait for their answers already.")
    try client.call("stop")
  }

  @Test func aSlowDripIsOneRequest() throws {
    let harness = try SocketHarness()
    let (slow, witness) = (try harness.rawClient(), try harness.client())
    for byte in Array("{\"id\":4,\"method\":\"state\"}\n".utf8) {
      slow.send([byte])
      try witness.call("state")
    }
    #expect(try slow.answer()?["id"] == 4)
  }

  @Test func clientsThatVanishLeaveNothingBehind() throws {
    var settings = CommandServer.Settings()
    settings.maximumClients = 4
    let harness = try SocketHarness(settings: settings)
    let witness = try harness.client()
    let job = try #require(try witness.call("move.to", ["name": "home"])["job"])
    for _ in 0..<40 {
      let client = try harness.rawClient()
      client.send(line: #"{"id":1,"method":"subscribe","params":{"topics":["state","job","event"],"rate":500}}"#)
      client.send(line: #"{"id":2,"method":"job.wait","params":{"job":\#(job)}}"#)
      // Full houses are possible until the server has noticed who left; both answers are fine.
      _ = client.line()
    }
    try witness.call("state")
  }

  @Test func stopIsAnsweredWhileThePlannerThinks() throws {
    let gate = DispatchSemaphore(value: 0)
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let (mover, stopper) = (try harness.client(), try harness.client())
    let move = try mover.send("move.to", ["name": "home"])
    harness.arm.waitForSubmission()
    // The planner is stuck: both clients' stops are answered all the same.
    try stopper.call("stop")
    try mover.call("stop")
    #expect(harness.arm.stops.count == 2)
    gate.signal()
    guard case .answer(let id, _)? = try mover.receive() else {
      Issue.record("no answer to the move")
      return
    }
    #expect(id == move)
  }
}
