import NIOCore
import Testing

@testable import armctl

@Suite("Subscriptions") struct SocketSubscriptionTests {
  @Test func aStateIsEncodedOnceForAllWhoWatch() throws {
    let harness = try SocketHarness()
    let clients = try (0..<20).map { _ in try harness.rawClient() }
    for client in clients { client.send(line: #"{"id":1,"method":"subscribe","params":{"topics":["state"],"rate":500}}"#) }
    for client in clients { #expect(try client.answer()?["id"] == 1) }
    var lines = 0
    for client in clients {
      for _ in 0..<50 { if client.line() != nil { lines += 1 } }
    }
    #expect(lines == 1_000)
    for client in clients { client.send(line: #"{"id":2,"method":"unsubscribe"}"#) }
    for client in clients { while try client.answer()?["id"] != 2 { lines += 1 } }
    // Twenty watch, so one encoding serves up to twenty lines; the first few ticks had fewer watchers.
    #expect(harness.server.stateEncodingCount() * 10 < lines)
  }

  @Test func onlyTheFieldsThatWereAskedForAreSent() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    let answer = try client.call("subscribe", ["topics": ["state", "event"], "rate": 500, "fields": ["position", "mode"]])
    #expect(answer.description == #"{"topics":["state","event"],"rate":500,"fields":["time","tick","mode","position"]}"#)
    guard case .notification("state", let state)? = try client.receive(timeout: 60) else {
      Issue.record("no state")
      return
    }
    #expect(state.names == ["time", "tick", "mode", "position"])
    #expect(try client.call("unsubscribe", ["topics": ["state"]]).description == #"{"topics":["event"]}"#)
  }

  @Test func eventsGoToThoseWhoAsked() throws {
    let harness = try SocketHarness()
    let client = try harness.client()
    try client.call("subscribe", ["topics": ["event"]])
    harness.arm.tell(
      .occurrence(
        Occurrence(
          kind: "knocked", time: 9_007_199_254_740_993, tick: 7, message: "Something hit joint2.", joint: "joint2",
          details: ["impulse": 0.25])))
    let line = try harness.rawClient()
    line.send(line: #"{"id":1,"method":"state"}"#)
    _ = line.line()
    guard case .notification("event", let event)? = try client.receive(timeout: 60) else {
      Issue.record("no event")
      return
    }
    #expect(event.names == ["kind", "time", "tick", "message", "joint", "impulse"])
  }

  /// Nanoseconds beyond 2^53 are exact on the wire.
  @Test func eventsAreWrittenToTheLetter() {
    let entry = JSONWriter.eventNotification(
      Occurrence(kind: "knocked", time: 9_007_199_254_740_993, tick: 7, message: "Something hit joint2.", joint: "joint2", details: ["impulse": 0.25])
    )
    #expect(
      String(buffer: entry.line)
        == #"{"jsonrpc":"2.0","method":"event","params":{"kind":"knocked","time":9007199254740993,"tick":7,"# + ""
        + #""message":"Something hit joint2.","joint":"joint2","impulse":0.25}}"# + "\n")
  }

  @Test func aFullQueueDropsStatesFirst() {
    var queue = NotificationQueue(capacity: 3)
    let arm = FakeArm()
    queue.append(JSONWriter.jobNotification(JobUpdate(job: 1, state: .queued, time: 1, tick: 1)))
    for _ in 0..<4 { queue.append(JSONWriter.stateNotification(arm.state(), fields: .mode)) }
    queue.append(JSONWriter.jobNotification(JobUpdate(job: 1, state: .done, time: 2, tick: 2)))
    var lines: [String] = []
    while let line = queue.popFirst() { lines.append(String(buffer: line)) }
    #expect(
      lines == [
        #"{"jsonrpc":"2.0","method":"job","params":{"dropped":3,"job":1,"state":"queued","time":1,"tick":1}}"# + "\n",
        #"{"jsonrpc":"2.0","method":"state","params":{"time":8000000,"tick":4,"mode":"hold"}}"# + "\n",
        #"{"jsonrpc":"2.0","method":"job","params":{"job":1,"state":"done","time":2,"tick":2}}"# + "\n",
      ])
  }
}
