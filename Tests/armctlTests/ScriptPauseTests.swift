import Foundation
import Testing

@testable import armctl

/// Scripts that wait while somebody else pauses or stops the arm: real sockets, the daemon's own arm, emulated drives.
@Suite(.serialized) struct ScriptPauseTests {
  /// What a script shows, and somebody elsewhere who watches it.
  private final class WatchedConsole: RunConsole {
    var shown: [RunProgress] = []
    private let watch: ([RunProgress]) -> Void

    init(_ watch: @escaping ([RunProgress]) -> Void) { self.watch = watch }

    func show(_ progress: RunProgress) {
      shown.append(progress)
      watch(shown)
    }
    func tell(_ sentence: String) {}
    func clear() {}
    func nextWish() -> RunWish? { nil }
    func choose(_ choices: [RunChoice], idling: () throws -> Void) -> RunChoice { .stop }
    func confirm(_ task: ScriptTask, idling: () throws -> Void) -> RunConfirmation { .go }
  }

  private func run(_ text: String, on harness: LiveHarness, watch: @escaping ([RunProgress]) -> Void) throws -> WatchedConsole {
    let client = try harness.client("demo.arm")
    let arm = ScriptArm(configuration: try client.call("config.get"))
    let session = ScriptSession(client)
    try session.begin()
    defer { session.end() }
    let console = WatchedConsole(watch)
    let steps = try Script(parsing: text, file: "demo.arm", arm: arm).steps
    try ScriptRunner(session, console: console, arm: arm).run(ScriptTask.tasks(of: steps)) { _ in }
    return console
  }

  /// The clock of a wait stands still with the script.
  @Test func aWaitIsPaused() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let anna = try harness.client("anna")
    let console = try run("wait 0.5 s\nmove rest", on: harness) { shown in
      if shown.count == 3 { _ = try? anna.call("pause") }
      if shown.count(where: { $0.pauser == "anna" }) == 30 { _ = try? anna.call("resume") }
    }
    // Thirty looks take longer than the whole wait, of which most is still to come then.
    let last = try #require(console.shown.lastIndex { $0.pauser != nil })
    #expect(console.shown[...last].count { $0.pauser != nil } >= 30)
    #expect(console.shown[last...].dropFirst().contains { $0.task.text == "wait 0.5 s" && $0.pauser == nil })
    #expect(console.shown.last?.task.text == "move rest")
  }

  /// Whom the lease was taken from hears of it, and who took it goes on.
  @Test func aScriptThatTookTheLeadRuns() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    try harness.client("other.arm").call("lease.acquire", ["priority": "script", "ttl": 60])
    let client = try harness.client("demo.arm")
    let arm = ScriptArm(configuration: try client.call("config.get")), session = ScriptSession(client)
    try session.begin(taking: true)
    defer { session.end() }
    var done = 0
    let steps = try Script(parsing: "wait 0.1 s\nmove home", file: "demo.arm", arm: arm).steps
    try ScriptRunner(session, console: SilentConsole(), arm: arm).run(ScriptTask.tasks(of: steps)) { _ in done += 1 }
    #expect(done == 2)
  }

  /// Who stops the arm while a script waits ends the script: its next motion must not come as a surprise.
  @Test(arguments: ["wait 60 s", "wait input part at most 60 s"]) func aStopEndsAWait(_ line: String) throws {
    let harness = try LiveHarness(keys: "\ngpio: {inputs: {part: {chip: gpiochip0, line: 2}}}\n")
    defer { harness.end() }
    let anna = try harness.client("anna")
    let failure = #expect(throws: CommandFailure.self) {
      try run("\(line)\nmove rest", on: harness) { shown in if shown.count == 3 { _ = try? anna.call("stop") } }
    }
    #expect(failure?.sentence.hasPrefix("demo.arm:1:1: anna stopped the arm.") == true)
    #expect(failure?.suggestion == "ask anna whether the arm may move, then run the script again")
    #expect(try anna.call("lease.get")["holder"] == .null)
  }

  @Test func whoTakesTheLeadEndsAWait() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let anna = try harness.client("anna")
    let failure = #expect(throws: CommandFailure.self) {
      try run("wait 60 s\nmove rest", on: harness) { shown in
        if shown.count == 3 { _ = try? anna.call("lease.acquire", ["priority": "terminal", "ttl": 60]) }
      }
    }
    #expect(failure?.sentence.hasPrefix("demo.arm:1:1: anna took the lease from demo.arm.") == true)
    #expect(failure?.suggestion == "run the script again when anna has let the arm go")
  }
}
