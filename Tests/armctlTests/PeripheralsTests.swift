import Foundation
import Simulator
import Testing

@testable import armctl

/// The gripper and the inputs from the arm file to the line and back.
@Suite(.serialized) struct PeripheralsTests {
  private static let keys = """

    gpio:
      emergencyStop: {chip: gpiochip0, line: 1}
      inputs:
        part: {chip: gpiochip0, line: 2}
    gripper: {close: {chip: gpiochip0, line: 3}, duration: 0.05}
    """

  @Test func aScriptWaitsForAPartAndTakesIt() throws {
    let harness = try LiveHarness(keys: Self.keys)
    defer { harness.end() }
    let watcher = try harness.client("watcher")
    #expect(try watcher.call("config.get")["inputs"] == ["part"])
    #expect(try watcher.call("config.get")["gripper"]?.description == #"{"duration":0.05}"#)
    #expect(try watcher.call("input.get").description == #"{"inputs":{"part":false}}"#)
    #expect(try watcher.call("gripper.get").description == #"{"opening":null,"moving":false}"#)

    let client = try harness.client("script")
    let arm = ScriptArm(configuration: try client.call("config.get"))
    let script = try Script(parsing: "wait input part at most 60 s\ngripper close\nwait input part off\ngripper 100%", file: "demo.arm", arm: arm)
    let session = ScriptSession(client)
    try session.begin()
    var done: [String] = []
    try harness.set(line: "part", true)
    try ScriptRunner(session, console: SilentConsole(), arm: arm).run(ScriptTask.tasks(of: script.steps)) { outcome in
      done.append(outcome.task.text)
      if outcome.task.text == "gripper close" {
        #expect(try harness.line("gripper") == "1\n")
        try harness.set(line: "part", false)
      }
    }
    session.end()
    #expect(try done.count == 4 && harness.line("gripper") == "0\n")

    let told = try watcher.news { $1["opening"] == 1 }.map(\.news).filter { $0["kind"] == "input" || $0["kind"] == "gripper" }
    #expect(
      told.compactMap { $0["message"]?.string } == [
        "The input part is on.", "The gripper is closed.", "The input part is off.", "The gripper is open.",
      ])
    #expect(told.first?["input"] == "part" && told.first?["on"] == true)
  }

  @Test func theGripperObeysTheHolderOfTheLease() throws {
    let harness = try LiveHarness(keys: Self.keys)
    defer { harness.end() }
    let (holder, other) = (try harness.client("holder"), try harness.client("other"))
    let token = try #require(try holder.call("lease.acquire", ["priority": "script", "ttl": 60])["token"])
    #expect(try other.refusal("gripper.set", ["opening": 0])?.data["kind"] == "lease.held")
    try holder.call("gripper.set", ["opening": 0, "token": token])
    // What it holds it keeps.
    try other.call("stop")
    #expect(try harness.line("gripper") == "1\n")
    #expect(try other.call("gripper.get")["opening"] == 0)
    #expect(try holder.refusal("gripper.set", ["opening": 0.5, "token": token])?.message == "This gripper only opens and closes.")
    // Of two commands at once the later one holds.
    let first = try holder.send("gripper.set", ["opening": 1, "token": token])
    try holder.call("gripper.set", ["opening": 0, "token": token])
    var outcome: RPCError?
    while let message = try holder.receive(timeout: 10) {
      if case .answer(first, .failure(let error)) = message {
        outcome = error
        break
      }
    }
    #expect(outcome?.message == "Another command came for the gripper.")
  }

  @Test func anEmulatedEmergencyStopIsOne() throws {
    let harness = try LiveHarness(keys: Self.keys)
    defer { harness.end() }
    let client = try harness.client("person")
    try harness.set(line: "emergencyStop", true)
    _ = try client.news { $1["kind"] == "fault" }
    #expect(try client.call("state")["fault"]?["kind"] == "emergency-stop")
  }

  @Test func contactsMayBounce() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let line = try EmulatedLine(name: "part", folder: folder)
    let peripherals = try Peripherals(inputs: [("part", line)])
    for isOn in [true, true, true, true, false, true, true, true, true] {
      try line.set(isActive: isOn)
      #expect(peripherals.look().isEmpty)
    }
    #expect(peripherals.look().map(\.isOn) == [true] && peripherals.levels == [true])
    #expect(peripherals.look().isEmpty)
  }

  @Test func anArmWithoutThemSaysSo() throws {
    let harness = try LiveHarness()
    defer { harness.end() }
    let client = try harness.client("person")
    let gripper = try client.refusal("gripper.set", ["opening": 1])
    #expect(gripper?.message == "This arm has no gripper that its file describes.")
    #expect(try client.refusal("gripper.get")?.message == gripper?.message)
    #expect(try client.refusal("input.get", ["name": "part"])?.message == "dummy has no input \"part\".")
    #expect(try client.call("input.get").description == #"{"inputs":{}}"#)
  }

  struct Slip: Sendable {
    var keys, sentence: String
  }

  @Test(arguments: [
    Slip(
      keys: "gpio: {inputs: {part: {chip: c, line: 3}}}\ngripper: {close: {chip: c, line: 3}}",
      sentence: "gripper.close is line 3 of c, which is gpio.inputs.part already"),
    Slip(
      keys: "gpio: {inputs: {a: {chip: c, line: 3}, b: {chip: c, line: 3}}}",
      sentence: "gpio.inputs.b is line 3 of c, which is gpio.inputs.a already"),
    Slip(keys: "gpio: {inputs: {2nd: {chip: c, line: 3}}}", sentence: "gpio.inputs.2nd is no name that a script could say"),
    Slip(keys: "gripper: {duration: 1}", sentence: "gripper lacks the key \"close\"; it has duration"),
  ])
  func slipsAreSaid(_ slip: Slip) {
    let error = #expect(throws: ConfigurationError.self) { try DaemonRig(keys: "\n" + slip.keys) }
    #expect(error?.sentence == slip.sentence)
  }
}
