import Control
import Foundation
import Simulator
import Testing

@testable import armctl

/// What clients hear of a knock, and scripts that answer one: an arm of torque motors on emulated drives, really knocked.
@Suite(.serialized) struct KnockConversationTests {
  /// A blow on the tool in the midst of the next motion.
  private func knock(_ harness: LiveHarness) {
    func isOnItsWay(_ rig: DaemonRig) -> Bool { rig.controlled.snapshot.job != nil && rig.controlled.snapshot.progress > 0.2 }
    harness.touch(when: isOnItsWay) { point, now in KnockForce(at: point, impulse: 0.8, along: [0, 1, 0], start: now) }
  }

  private func isEnd(_ topic: String, _ news: JSONObject) -> Bool {
    topic == "job" && JobState(rawValue: news["state"]?.string ?? "")?.isFinal ?? false
  }

  @Test func allThatIsToldOfAKnockHasItsNumber() throws {
    let harness = try LiveHarness("openarm")
    defer { harness.end() }
    let client = try harness.client("watcher")
    for number in 1...2 {
      let target: JSONValue = number == 1 ? "ready" : "home"
      knock(harness)
      try client.call("move.to", ["name": target, "speed": 0.4])
      let news = try client.news(until: isEnd)
      #expect(news.last?.news["state"] == "done")
      let story = news.filter { $0.news["knock"] != nil }
      #expect(story.allSatisfy { $0.news["knock"] == .number(Double(number)) })
      #expect(story.first?.news["kind"] == "knocked")
      let kinds = story.compactMap { $0.news["kind"]?.string }, modes = story.compactMap { $0.news["mode"]?.string }
      #expect(kinds.filter { $0 != "mode" } == ["knocked", "recovered"], "\(kinds)")
      #expect(modes.first == "yield" && modes.last == "move", "\(modes)")
      let states = story.filter { $0.topic == "job" }.compactMap { $0.news["state"]?.string }
      #expect(states.first == "knocked" && states.last == "progress", "\(states)")
      // What was before and after belongs to no knock.
      #expect(news.last?.news["knock"] == nil)
    }
  }

  @Test func aScriptThatWentOnKnowsWhatHitIt() throws {
    let harness = try LiveHarness("openarm")
    defer { harness.end() }
    let client = try harness.client("script")
    knock(harness)
    try run(
      "move ready at 40%", on: harness,
      atEnd: { knocks, answers in
        #expect(knocks.count == 1 && answers == 0)
        #expect(knocks.first.map { $0.time > 0 && ($0.impulse ?? 1) > 0 } == true)
      })
    #expect(try client.news(until: isEnd).last?.news["knocks"] == 1)
  }

  @discardableResult
  private func run(
    _ text: String, on harness: LiveHarness, eachTime play: @escaping (Int) -> Void = { _ in }, atEnd: ([ScriptKnock], Int) -> Void = { _, _ in }
  ) throws -> [ScriptOutcome] {
    let client = try harness.client("script")
    let arm = ScriptArm(configuration: try client.call("config.get"))
    let script = try Script(parsing: text, file: "demo.arm", arm: arm)
    let session = ScriptSession(client)
    try session.begin()
    defer { session.end() }
    var outcomes: [ScriptOutcome] = []
    let runner = ScriptRunner(session, console: WatchingConsole(play), arm: arm, answers: script.answers)
    try runner.run(ScriptTask.tasks(of: script.steps)) { outcomes.append($0) }
    atEnd(runner.knocks, runner.answerCount)
    return outcomes
  }

  /// Tells how often progress was shown.
  private final class WatchingConsole: RunConsole {
    private var count = 0
    private let play: (Int) -> Void

    init(_ play: @escaping (Int) -> Void) { self.play = play }

    func show(_ progress: RunProgress) {
      count += 1
      play(count)
    }
    func tell(_ sentence: String) {}
    func clear() {}
    func nextWish() -> RunWish? { nil }
    func choose(_ choices: [RunChoice], idling: () throws -> Void) -> RunChoice { .stop }
    func confirm(_ task: ScriptTask, idling: () throws -> Void) -> RunConfirmation { .go }
  }

  @Test func aScriptWaitsForATouch() throws {
    let harness = try LiveHarness("openarm")
    defer { harness.end() }
    let outcomes = try run("wait contact at most 100 s", on: harness) { shown in
      if shown == 3 { harness.touch { point, now in Push(at: point, force: [0, 12, 0], start: now, duration: 0.5, ramp: 0.1) } }
    }
    #expect(outcomes.count == 1)
    // The touch lasts on for half a second, which may be a knock; then the arm stands where it stood.
    let client = try harness.client("watcher")
    let rate = try #require(try client.call("config.get")["rate"]?.number)
    let touched = try #require(try client.call("state")["tick"]?.number)
    var state = try client.call("state")
    while try #require(state["tick"]?.number) < touched + 2 * rate || state["mode"] != "hold" { state = try client.call("state") }
    let failure = #expect(throws: CommandFailure.self) { try run("wait contact at most 0.2 s", on: harness) }
    #expect(failure?.sentence.hasPrefix("demo.arm:1:1: Nothing touched the arm in time.") == true)
  }

  @Test func onKnockTheRoutineIsDoneAndTheMotionBegunAgain() throws {
    let harness = try LiveHarness("openarm")
    defer { harness.end() }
    let watcher = try harness.client("watcher")
    let start = try watcher.call("state")["position"]?.numbers ?? []
    knock(harness)
    let outcomes = try run("on knock greet\nmove ready at 30%\nroutine greet\nwait 0.05 s\nend", on: harness)
    #expect(outcomes.count == 1)
    let ready = try watcher.call("config.get")["poses"]?["ready"]?.numbers ?? []
    let end = try watcher.call("state")["setpoint"]?.numbers ?? []
    #expect(zip(end, ready).allSatisfy { abs($0 - $1) < 1e-6 } && zip(start, ready).contains { abs($0 - $1) > 0.1 })
    // Knocked, back to the beginning, there again.
    let ends = try watcher.news { topic, news in topic == "job" && news["state"] == "done" && news["job"] != 1 }
      .filter { isEnd($0.topic, $0.news) }
    #expect(ends.first?.news["state"] == "cancelled")
    #expect(ends.first?.news["reason"]?["message"] == "The arm went back to where the job began.")
  }

  @Test func onKnockStopEndsTheScript() throws {
    let harness = try LiveHarness("openarm")
    defer { harness.end() }
    knock(harness)
    let failure = #expect(throws: CommandFailure.self) { try run("on knock stop\nmove ready at 30%\nmove home", on: harness) }
    #expect(failure?.sentence.hasPrefix("demo.arm:2:1: The arm was knocked, and the script says on knock stop.") == true)
  }
}
