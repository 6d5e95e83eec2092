import Dispatch
import Kinematics
import Testing

@testable import armctl

/// Motions that are being planned and have no job yet: called off by who asked for them, or by a stop, and answered at once.
@Suite("Plans under way") struct SocketPlanTests {
  private let gate = DispatchSemaphore(value: 0)

  /// The answer to a request; whatever else comes is passed over.
  private func answer(to id: Int, _ client: CommandClient) throws -> Result<JSONValue, RPCError>? {
    while let message = try client.receive(timeout: 60) {
      if case .answer(id, let result) = message { return result }
    }
    return nil
  }

  private func error(_ result: Result<JSONValue, RPCError>?) -> RPCError? {
    if case .failure(let error)? = result { error } else { nil }
  }

  @Test func whoAskedForAPlanCallsItOff() throws {
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let (mover, other) = (try harness.client(), try harness.client())
    let move = try mover.send("move.to", ["name": "home"])
    harness.arm.waitForSubmission()
    // Ids are those of a connection.
    #expect(try other.call("request.cancel", ["id": .number(Double(move))])["planning"] == false)
    #expect(try mover.call("request.cancel", ["id": 99])["planning"] == false)
    let cancel = try mover.send("request.cancel", ["id": .number(Double(move))])
    // The planner is stuck, and both are answered all the same: first the motion, then who called it off.
    let refused = error(try answer(to: move, mover))
    #expect(refused?.code == -32042 && refused?.message == "The motion was cancelled while it was planned.")
    #expect(refused?.data["kind"] == "cancelled")
    guard case .success(let value)? = try answer(to: cancel, mover) else {
      Issue.record("no answer")
      return
    }
    #expect(value["planning"] == true)
    gate.signal()
    // What the planner still finds is no job.
    let next = try mover.send("move.to", ["name": "rest"])
    gate.signal()
    guard case .success(let plan)? = try answer(to: next, mover) else {
      Issue.record("no plan")
      return
    }
    #expect(plan["job"] == 1 && harness.arm.motions.map(\.goal) == [.named("rest")])
  }

  @Test func aStopAnswersEveryPlanAtOnce() throws {
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let (one, two, stopper) = (try harness.client(), try harness.client(), try harness.client())
    let first = try one.send("move.to", ["name": "home"])
    harness.arm.waitForSubmission()
    let second = try two.send("move.to", ["name": "rest"])
    // Its own answer tells that the server has the request.
    try two.call("state")
    try stopper.call("hello", ["protocol": 1, "client": "ben"])
    try stopper.call("stop")
    for (client, id) in [(one, first), (two, second)] {
      #expect(error(try answer(to: id, client))?.message == "ben stopped the arm while the motion was planned.")
    }
    gate.signal()
    gate.signal()
  }

  /// A stop on the same connection is carried out first; what was sent before it does not move the arm behind it, and what is sent after it does.
  @Test func whatAStopHasOvertakenDoesNotBegin() throws {
    let harness = try SocketHarness()
    let client = try harness.rawClient()
    let move = #""method":"move.to","params":{"name":"home""#
    // In one piece, so that the moves still wait when the stop is seen.
    client.send(
      line: [
        #"{"id":1,"method":"hello","params":{"protocol":1,"client":"ann"}}"#, #"{"id":2,\#(move)}}"#,
        #"[{"id":3,\#(move)}},{"id":4,"method":"state"}]"#,
        #"{"id":5,\#(move),"dryRun":true}}"#, #"{"id":6,"method":"mode.set","params":{"mode":"comply"}}"#, #"{"id":7,"method":"stop"}"#,
        #"{"id":8,"method":"move.to","params":{"name":"rest"}}"#,
      ].joined(separator: "\n"))
    var answers: [Int: JSONValue] = [:]
    while answers.count < 8 {
      let line = try #require(try client.answer())
      for answer in line.array ?? [line] { answers[try #require(answer["id"]?.integer)] = answer }
    }
    for id in [2, 3, 6] {
      #expect(answers[id]?["error"]?["data"]?["kind"] == "stopped")
      #expect(answers[id]?["error"]?["message"]?.string?.hasSuffix("stopped the arm while this request waited.") == true)
    }
    #expect(answers[4]?["result"]?["mode"] == "hold" && answers[5]?["result"]?["duration"] == 1.25)
    #expect(harness.arm.motions.filter { !$0.isDryRun }.map(\.goal) == [.named("rest")] && harness.arm.modes.isEmpty)
  }

  /// Somebody does not read, so their move waits, and somebody else stops the arm meanwhile: it does not set off when they read again.
  @Test func aMoveThatWaitedDoesNotSetOffAfterSomebodysStop() throws {
    let harness = try SocketHarness()
    let (slow, stopper) = (try harness.rawClient(), try harness.client())
    let count = 2_000
    for id in 1...count { slow.send(line: #"{"id":\#(id),"method":"state"}"#) }
    slow.send(line: #"{"id":0,"method":"move.to","params":{"name":"home"}}"#)
    while slow.untakenByteCount > 0 { try stopper.call("state") }
    try stopper.call("hello", ["protocol": 1, "client": "ben"])
    try stopper.call("stop")
    for id in 1...count { #expect(try slow.answer()?["id"]?.integer == id) }
    #expect(try slow.answer()?["error"]?["message"] == "ben stopped the arm while this request waited.")
    #expect(harness.arm.motions.isEmpty)
  }

  /// It moves nothing.
  @Test func aDryRunOutlivesAStop() throws {
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    let (asker, stopper) = (try harness.client(), try harness.client())
    let plan = try asker.send("move.to", ["name": "home", "dryRun": true])
    harness.arm.waitForSubmission()
    try stopper.call("stop")
    gate.signal()
    guard case .success(let found)? = try answer(to: plan, asker) else {
      Issue.record("no plan")
      return
    }
    #expect(found["duration"] == 1.25)
  }

  /// The planner was done at the very moment: the motion began, and ends as a job does.
  @Test func whatHasBegunIsCancelledAsAJob() throws {
    let ticket = PlanTicket()
    #expect(ticket.carryOut() && !ticket.callOff() && !ticket.isCalledOff)
    var book = PlanBook()
    let plan = PlanBook.Plan(client: 1, clientName: "c", request: 7, token: nil, onExpiry: .stop, isDryRun: false, answer: { _ in })
    let number = book.add(plan)
    #expect(plan.ticket.carryOut())
    let (calledOff, hasOthers) = book.callOff { $0.request == 7 }
    #expect(calledOff.isEmpty && hasOthers)
    #expect(book.remove(number)?.isUnwanted == true && book.remove(number) == nil)
  }

  @Test func nobodyWaitsForADryRunWhoseClientHasGone() throws {
    let harness = try SocketHarness(FakeArm(plannerGate: gate))
    do {
      let leaving = try harness.client()
      _ = try leaving.send("move.to", ["name": "home", "dryRun": true])
      harness.arm.waitForSubmission()
    }
    let staying = try harness.client()
    let move = try staying.send("move.to", ["name": "rest"])
    gate.signal()
    gate.signal()
    guard case .success(let plan)? = try answer(to: move, staying) else {
      Issue.record("no plan")
      return
    }
    #expect(plan["job"] == 1)
  }

  @Test func aPlanIsCalledOffOnce() {
    let ticket = PlanTicket()
    #expect(ticket.callOff() && ticket.isCalledOff && !ticket.callOff() && !ticket.carryOut())
  }

  /// Plates so narrow that the search would take all of its time.
  @Test func aSearchThatNobodyWantsEnds() throws {
    let rig = try DaemonRig()
    try rig.goHome()
    let plates = """
      boxes:
        - {name: left, center: [0.35, 0.06, 0.3], halfExtents: [0.28, 0.005, 0.5]}
        - {name: right, center: [0.35, -0.06, 0.3], halfExtents: [0.28, 0.005, 0.5]}
        - {name: back, center: [-0.3, 0, 0.4], halfExtents: [0.1, 0.005, 0.6]}
        - {name: lid, center: [0.35, 0, 0.6], halfExtents: [0.28, 0.06, 0.005]}
      """
    _ = try rig.edit(.set(try SceneFile(plates, file: "scene.yaml").items)).get()
    let ticket = PlanTicket()
    let search = rig.begin(MotionRequest(goal: .joints([2.8, 0, .pi / 2, 0, 0, 0]), path: .jointMove, plan: true), ticket)
    #expect(ticket.callOff())
    guard case .failure(let error) = search.wait() else {
      Issue.record("a way was found")
      return
    }
    #expect(error.kind == .stopped)
  }
}
