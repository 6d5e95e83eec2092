import ArgumentParser
import Control
import Foundation
import Kinematics
import Testing

@testable import armctl

/// Scripts over a real socket, with an arm behind it that does what a test says.
@Suite struct ScriptRunTests {
  /// A person, played by a test: asked many times a second while the script runs.
  private final class PlayedConsole: RunConsole {
    var choice = RunChoice.stop
    var shown: [RunProgress] = []
    var told: [String] = []
    private let play: (PlayedConsole) -> RunWish?

    init(play: @escaping (PlayedConsole) -> RunWish?) { self.play = play }

    func show(_ progress: RunProgress) { shown.append(progress) }
    func tell(_ sentence: String) { told.append(sentence) }
    func clear() {}
    func nextWish() -> RunWish? { play(self) }
    func choose(_ choices: [RunChoice], idling: () throws -> Void) throws -> RunChoice {
      try idling()
      #expect(choices.contains(choice))
      return choice
    }
    func confirm(_ task: ScriptTask, idling: () throws -> Void) -> RunConfirmation { .go }
  }

  /// Runs a script; `play` is told how many motions were asked for, and each count only once.
  private func run(
    _ text: String, on arm: FakeArm, choice: RunChoice = .stop, play: @escaping (Int) -> RunWish? = { _ in nil }
  ) throws -> (outcomes: [ScriptOutcome], console: PlayedConsole) {
    let harness = try SocketHarness(arm)
    let client = try harness.client()
    let description = ScriptArm(configuration: try client.call("config.get"))
    let script = try Script(parsing: text, file: "demo.arm", arm: description)
    var played = 0
    let console = PlayedConsole { _ in
      let count = arm.motions.count
      guard count > played else { return nil }
      played = count
      return play(count)
    }
    console.choice = choice
    let session = ScriptSession(client)
    try session.begin()
    var outcomes: [ScriptOutcome] = []
    try ScriptRunner(session, console: console, arm: description, answers: script.answers).run(ScriptTask.tasks(of: script.steps)) {
      outcomes.append($0)
    }
    session.end()
    return (outcomes, console)
  }

  private func knocked(_ arm: FakeArm) {
    arm.tell(.occurrence(Occurrence(kind: "knocked", time: 1, tick: 1, message: "Something knocked the arm.", joint: "joint1")))
  }

  @Test func motionsAreAskedForInTheirOrder() throws {
    let arm = FakeArm(isFinishingJobs: true)
    let outcomes = try run("speed 50%\nmove home\nblend 5 mm\nline by 0 0 10 mm\nline by 0 10 0 mm\nwait 0 s\nmove rest at 25%", on: arm).outcomes
    #expect(arm.motions.map(\.goal) == [.named("home"), .offset([0, 0.01, 0], inTool: false), .named("rest")])
    #expect(arm.motions.map(\.speed) == [0.5, 0.5, 0.25])
    #expect(outcomes.map(\.task.steps.count) == [1, 2, 1, 1] && outcomes[0].duration == 1.25)
  }

  @Test func theWholeScriptIsPlannedFirst() throws {
    let arm = FakeArm(isFinishingJobs: true)
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "repeat 3\nmove home\nmove rest\nend\n".write(toFile: folder + "/a.arm", atomically: true, encoding: .utf8)
    let harness = try SocketHarness(arm)
    try RunCommand.parse([folder + "/a.arm", "--socket", harness.server.path]).run()
    // What repeats itself from the same place is planned once.
    #expect(arm.motions.map(\.isDryRun) == Array(repeating: true, count: 3) + Array(repeating: false, count: 6))
    try RunCommand.parse([folder + "/a.arm", "--dry-run", "--json", "--socket", harness.server.path]).run()
    #expect(arm.motions.dropFirst(9).map(\.isDryRun) == [true, true, true])
  }

  @Test func aLineThatCannotBeDoneIsNamedBeforeAnythingMoves() throws {
    for kind in [ServiceError.Kind.unreachable, .collision] {
      let arm = FakeArm(refusal: ServiceError(kind, "The wrist would touch the table.", suggestion: "stay 20 mm higher"))
      let harness = try SocketHarness(arm)
      let tasks = ScriptTask.tasks(of: try script("wait 0 s\n  line by 0 0 -500 mm").steps)
      let failure = #expect(throws: CommandFailure.self) { try ScriptPlan(tasks, session: ScriptSession(harness.client())) }
      #expect(
        failure?.sentence
          == "demo.arm:2:3: The wrist would touch the table.\n    2 |   line by 0 0 -500 mm\n      |   ^^^^")
      #expect(failure?.suggestion == "stay 20 mm higher" && arm.motions.isEmpty)
    }
  }

  @Test func nobodyElseMovesTheArmMeanwhile() throws {
    let arm = FakeArm()
    let harness = try SocketHarness(arm)
    let session = ScriptSession(try harness.client())
    try session.begin()
    let refused = #expect(throws: CommandClient.Failure.self) { try harness.client().call("move.to", ["name": "home"]) }
    guard case .refused(let error)? = refused else { return }
    #expect(error.data["kind"] == "lease.held")
    session.end()
    try harness.client().call("move.to", ["name": "home"])
  }

  @Test func resumeGoesOn() throws {
    let arm = FakeArm()
    let outcomes = try run("move home", on: arm, choice: .resume) { count in
      arm.tell(job: count, .started)
      DispatchQueue.global().async {
        while arm.courses != [.paused, .forward] { usleep(1000) }
        arm.tell(job: count, .done)
      }
      return .interrupt
    }.outcomes
    #expect(arm.courses == [.paused, .forward] && outcomes.count == 1)
  }

  struct Ending: Sendable {
    var choice: RunChoice
    var sentence: String
  }

  @Test(arguments: [
    Ending(choice: .stop, sentence: "Interrupted; the arm was told to stop."),
    Ending(choice: .off, sentence: "Interrupted; the motors are off."),
    Ending(choice: .park, sentence: "Interrupted; the arm is parked at rest."),
  ])
  func otherChoicesEndTheScript(_ ending: Ending) {
    let arm = FakeArm()
    let failure = #expect(throws: CommandFailure.self) {
      try run("wait 0 s\nmove home", on: arm, choice: ending.choice) { count in
        if count == 1 { return .interrupt }
        arm.tell(job: count, .done)
        return nil
      }
    }
    #expect(failure?.sentence == "demo.arm:2:1: \(ending.sentence)\n    2 | move home\n      | ^^^^")
    #expect(arm.courses == [.paused])
    #expect(arm.stops.count == (ending.choice == .stop ? 1 : 0) && arm.modes == (ending.choice == .off ? [.off] : []))
    #expect(arm.motions.last?.goal == .named(ending.choice == .park ? "rest" : "home"))
  }

  @Test func theSpeedIsLive() throws {
    let arm = FakeArm()
    let result = try run("move home\nmove rest", on: arm) { count in
      arm.tell(job: count, .done)
      return count == 1 ? .faster : .slower
    }
    // At the end it is as it was.
    #expect(arm.speeds == [1.1, 1])
    #expect(result.outcomes.count == 2 && result.console.told.isEmpty)
  }

  @Test func aSpeedThatSomebodyHasSetIsToldFirst() throws {
    let arm = FakeArm(isFinishingJobs: true)
    arm.setSpeed(0.4)
    let told = try run("move home", on: arm).console.told
    #expect(told == ["The arm runs at 40 % of what is planned, as somebody has set it; armctl speed 100 ends that."])
  }

  @Test func aKnockIsAnsweredByItsRoutine() throws {
    let arm = FakeArm()
    let text = "on knock greet\nline by 0 0 1 mm\nroutine greet\nwait 0 s\nend"
    _ = try run(text, on: arm) { count in
      if count == 1 {
        knocked(arm)
        DispatchQueue.global().async {
          while arm.courses != [.paused, .back] { usleep(1000) }
          arm.tell(job: 1, .cancelled)
        }
      } else {
        arm.tell(job: count, .done)
      }
      return nil
    }
    #expect(arm.courses == [.paused, .back])
    #expect(
      arm.motions.map(\.goal) == [
        .offset([0, 0, 0.001], inTool: false), .joints([0.5, -0.25, 1, 0, 0, 0]), .offset([0, 0, 0.001], inTool: false),
      ])
    #expect(arm.motions.map(\.path) == [.line, .line, .line])
  }

  @Test func aKnockMayEndTheScript() {
    let arm = FakeArm()
    let failure = #expect(throws: CommandFailure.self) {
      try run("on knock stop\nmove home\nmove rest", on: arm) { _ in
        knocked(arm)
        return nil
      }
    }
    #expect(failure?.sentence.hasPrefix("demo.arm:2:1: The arm was knocked, and the script says on knock stop.") == true)
    #expect(arm.cancels == [1] && arm.motions.count == 1)
  }

  private func fault(_ arm: FakeArm, job: Int) {
    let fault = ServiceError(.driveFault, "The drive of joint1 is too hot.", suggestion: "let it cool")
    arm.fault = fault
    arm.tell(job: job, .failed, reason: fault)
  }

  @Test func afterAFaultAMotionIsBegunAgainThreeTimes() throws {
    let arm = FakeArm()
    _ = try run("on fault resume\nmove home", on: arm) { count in
      if count == 1 { fault(arm, job: 1) } else { arm.tell(job: count, .done) }
      return nil
    }
    #expect(arm.motions.map(\.goal) == [.named("home"), .joints([0.5, -0.25, 1, 0, 0, 0]), .named("home")])

    let hot = FakeArm()
    let failure = #expect(throws: CommandFailure.self) {
      try run("on fault resume\nmove home", on: hot) { count in
        if count % 2 == 1 { fault(hot, job: count) } else { hot.tell(job: count, .done) }
        return nil
      }
    }
    #expect(failure?.sentence.hasPrefix("demo.arm:2:1: The drive of joint1 is too hot.") == true && failure?.suggestion == "let it cool")
    #expect(hot.motions.count == 7)
  }

  @Test func afterAFaultARoutineMayEndTheScript() {
    let arm = FakeArm()
    let failure = #expect(throws: CommandFailure.self) {
      try run("on fault leave\nmove home\nroutine leave\nmove rest\nend", on: arm) { count in
        if count == 1 { fault(arm, job: 1) } else { arm.tell(job: count, .done) }
        return nil
      }
    }
    #expect(failure?.suggestion == "let it cool")
    #expect(arm.motions.map(\.goal) == [.named("home"), .named("rest")])
  }

  @Test func anArmThatFeelsNothingSaysSo() {
    let failure = #expect(throws: CommandFailure.self) { try run("wait contact", on: FakeArm()) }
    #expect(failure?.sentence.contains("This arm does not feel contact: it estimates no outside efforts.") == true)
  }

  @Test func scriptsAreFormattedInTheirFiles() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/a.arm"
    try "move   home".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ExitCode(1)) { try FormatCommand.parse(["--check", path]).run() }
    try FormatCommand.parse([path]).run()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "move home\n")
    try FormatCommand.parse(["--check", path]).run()
    try "mvoe home".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: ExitCode(1)) { try FormatCommand.parse([path]).run() }
  }

  @Test(
    arguments: [
      ([], nil), ([(3.21, 0.412)], "knocked once, at 3.2 s (0.41 N·s)"),
      ([(3.2, 0.4), (5, 0.6)], "knocked twice, at 3.2 s and 5.0 s (0.40 and 0.60 N·s)"),
      ([(1, 0.4), (2, nil), (3, 0.6)], "knocked 3 times, at 1.0 s, 2.0 s and 3.0 s"),
      ([(1, 0.4), (2, nil), (3, 0.6), (4, nil), (5, nil)], "knocked 5 times from 1.0 s to 5.0 s (0.60 N·s at most)"),
    ] as [([(Double, Double?)], String?)])
  func knocksAreToldAtTheEnd(_ knocks: [(Double, Double?)], sentence: String?) {
    let told = knocks.compactMap { time, impulse -> ScriptKnock? in
      var event: JSONObject = ["kind": "knocked", "time": .number((time + 100) * 1e9), "joint": "elbow"]
      if let impulse { event["impulse"] = .number(impulse) }
      return ScriptKnock(event, since: 100)
    }
    #expect(told.sentence == sentence)
    #expect(told.first?.json["joint"] == (knocks.isEmpty ? nil : "elbow"))
    #expect(ScriptKnock(["time": 5e9], since: 100) == nil)
  }
}
