import ArgumentParser
import Foundation
import Logging
import Testing

@testable import armctl

@Suite("Commands that use the socket") struct SocketCommandTests {
  struct Move: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var method: String
    var parameters: String

    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Move(arguments: ["--to", "home"], method: "move.to", parameters: #"{"name":"home"}"#),
    Move(arguments: ["home"], method: "move.to", parameters: #"{"name":"home"}"#),
    Move(arguments: ["--to", "home", "--linear", "--speed", "0.5"], method: "move.linear", parameters: #"{"name":"home","speed":0.5}"#),
    Move(arguments: ["--joints", "-0.5, 1,2e-3,0,0,0"], method: "move.joints", parameters: #"{"position":[-0.5,1,0.002,0,0,0]}"#),
    Move(
      arguments: ["--joints", "180deg,-90deg,1,0,0,0"], method: "move.joints",
      parameters: #"{"position":[3.141592653589793,-1.5707963267948966,1,0,0,0]}"#),
    Move(
      arguments: ["--joints", "180,1deg,0,0,0,0", "--degrees"], method: "move.joints",
      parameters: #"{"position":[3.141592653589793,0.017453292519943295,0,0,0,0]}"#),
    Move(
      arguments: ["--pose", "0.3,0,0.2", "--dry-run"], method: "move.pose",
      parameters: #"{"pose":{"position":[0.3,0,0.2],"quaternion":[0,0,0,1]},"dryRun":true}"#),
    Move(
      arguments: ["--pose", "-0.3,0,0.2,0,0,0,2", "--degrees"], method: "move.pose",
      parameters: #"{"pose":{"position":[-0.3,0,0.2],"quaternion":[0,0,0,1]}}"#),
    Move(
      arguments: ["--pose", "0.3,0,0.2", "--free", "position"], method: "move.pose",
      parameters: #"{"pose":{"position":[0.3,0,0.2],"quaternion":[0,0,0,1]},"free":"position"}"#),
    Move(
      arguments: ["--pose", "0.3,0,0.2,0,0,0deg", "--linear"], method: "move.linear",
      parameters: #"{"pose":{"position":[0.3,0,0.2],"quaternion":[0,0,0,1]}}"#),
  ])
  func moveSaysWhatItsOptionsSay(_ move: Move) throws {
    let harness = try SocketHarness()
    let command = try MoveCommand.parse(move.arguments)
    let (method, parameters) = try command.request(harness.client())
    #expect(method == move.method)
    #expect(JSONValue.object(parameters).description == move.parameters)
  }

  struct Wrong: Sendable {
    var arguments: [String]
    var sentence: String
  }

  @Test(arguments: [
    Wrong(arguments: [], sentence: "Give one of --to, --joints and --pose."),
    Wrong(arguments: ["--to", "home", "--joints", "1"], sentence: "Give one of --to, --joints and --pose."),
    Wrong(arguments: ["home", "--to", "home"], sentence: "Give one of --to, --joints and --pose."),
    Wrong(
      arguments: ["--pose", "1,2,3", "--free", "axes"], sentence: "--free must be one of none, axis, position, plane, not axes."),
    Wrong(arguments: ["--to", "home", "--free", "axis"], sentence: "--free goes with --pose, and not with --linear."),
    Wrong(arguments: ["--pose", "1,2,3", "--linear", "--free", "axis"], sentence: "--free goes with --pose, and not with --linear."),
    Wrong(arguments: ["--joints", "1,2", "--linear"], sentence: "--linear goes with --to or --pose."),
    Wrong(arguments: ["--to", "home", "--speed", "0"], sentence: "--speed must be from 0.001 to 1, not 0.0."),
    Wrong(arguments: ["--to", "home", "--speed", "nan"], sentence: "--speed must be from 0.001 to 1, not nan."),
    Wrong(
      arguments: ["--pose", "0.25", "0.1"],
      sentence: "The numbers of --pose go together, with commas and no spaces between: --pose 0.25,0.1,…"),
    Wrong(arguments: ["--joints", "1,x,3"], sentence: "--joints has \"x\" where a number should be."),
    Wrong(arguments: ["--joints", "1,,3"], sentence: "--joints has \"\" where a number should be."),
    Wrong(arguments: ["--joints", "nan"], sentence: "--joints has \"nan\" where a number should be."),
    Wrong(arguments: ["--pose", "1,2"], sentence: "--pose needs 3, 6 or 7 numbers, not 2."),
    Wrong(arguments: ["--pose", "1deg,2,3"], sentence: "--pose has \"1deg\" where a number should be."),
    Wrong(arguments: ["--pose", "1,2,3,0,0,0,0"], sentence: "--pose has a quaternion of length 0."),
  ])
  func moveRefusesWrongUsage(_ wrong: Wrong) {
    do {
      _ = try MoveCommand.parse(wrong.arguments)
      Issue.record("\(wrong.arguments) was taken")
    } catch {
      #expect(MoveCommand.message(for: error) == wrong.sentence)
    }
  }

  /// Against rotations whose quaternions anyone can write down.
  @Test func rollPitchYaw() {
    let half = 0.5.squareRoot()
    let cases: [(angles: [Double], quaternion: [Double])] = [
      ([.pi / 2, 0, 0], [half, 0, 0, half]), ([0, .pi / 2, 0], [0, half, 0, half]), ([0, 0, .pi / 2], [0, 0, half, half]),
      ([.pi / 2, 0, .pi / 2], [0.5, 0.5, 0.5, 0.5]), ([0, .pi / 2, .pi / 2], [-0.5, 0.5, 0.5, 0.5]),
    ]
    for (angles, expected) in cases {
      let quaternion = WrittenPose.quaternion(roll: angles[0], pitch: angles[1], yaw: angles[2])
      for (a, b) in zip(quaternion, expected) { #expect(abs(a - b) < 1e-15, "\(angles)") }
    }
  }

  @Test func aMoveEndsWithItsJob() throws {
    let harness = try SocketHarness(FakeArm(isFinishingJobs: true))
    try MoveCommand.parse(["--to", "home", "--speed", "0.5", "--socket", harness.server.path]).run()
    #expect(harness.arm.motions.map(\.speed) == [0.5])
  }

  @Test func aRefusedMoveExitsWithOne() throws {
    let refusal = ServiceError(.unreachable, "No configuration reaches that pose.", suggestion: "a pose nearer to the base")
    let harness = try SocketHarness(FakeArm(refusal: refusal))
    #expect(throws: ExitCode(1)) { try MoveCommand.parse(["--to", "home", "--socket", harness.server.path]).run() }
  }

  @Test func withoutAServerCommandsExitWithOne() {
    for arguments in [["status"], ["stop"], ["reset"], ["move", "--to", "home"]] {
      #expect(throws: ExitCode(1)) {
        var command = try ArmCtl.parseAsRoot(arguments + ["--socket", "/nowhere/s"])
        try command.run()
      }
    }
  }

  @Test func stopStops() throws {
    let harness = try SocketHarness()
    try StopCommand.parse(["--socket", harness.server.path]).run()
    #expect(harness.arm.stops.count == 1)
  }

  @Test func aFailureIsASentenceAndAWayOut() {
    let failure = CommandFailure(CommandClient.Failure.noServer(path: "/run/armctl.sock"))
    #expect(failure.text(isColoured: false) == "No armctl server answers on /run/armctl.sock.\ntry: armctl serve --arm dummy --sim\n")
    #expect(failure.text(isColoured: true).hasPrefix("\u{1B}[31mNo armctl server answers on /run/armctl.sock.\u{1B}[0m\n"))
    #expect(!Terminal.isColoured(STDERR_FILENO, environment: ["NO_COLOR": "1"]))
  }

  @Test func aMotionIsSummedUpInALine() throws {
    func state(_ position: String, _ setpoint: String, _ tool: String) throws -> JSONValue {
      try JSONValue(parsing: #"{"position":\#(position),"setpoint":\#(setpoint),"pose":{"position":\#(tool)}}"#)
    }
    let joints = try JSONValue(parsing: #"[{"name":"shoulder","type":"revolute"},{"name":"slide","type":"prismatic"}]"#).array ?? []
    let plan = try JSONValue(parsing: #"{"job":1,"duration":1.25,"peakShares":{"velocity":0.5,"acceleration":0.75,"jerk":0.25}}"#)
    let summary = MotionSummary(
      plan: plan, joints: joints, start: try state("[0,0]", "[0,0]", "[0.3,0,0.2]"), end: try state("[1.0471,0.1]", "[1.0472,0.1]", "[0.3,0.4,0.5]"))
    let way = "the tool went 500 mm, shoulder 60.0°"
    #expect(summary.text == "done in 1.25 s: \(way) · planned at up to 75 % of the limits · shoulder 0.006° from its setpoint")
    #expect(MotionSummary.error(of: try state("[0,0.1]", "[0,0.102]", "[0,0,0]"), joints: joints) == "slide 2.000 mm from its setpoint")
  }

  @Test func logLinesHaveNoPrefixForPeople() throws {
    let folder = try temporaryFolder(), path = folder + "/log"
    let file = try #require(LogFile(appendingTo: path))
    for isStamped in [false, true] {
      let logger = Logger(label: "test") { _ in LogFileHandler(file: file, isStamped: isStamped) }
      logger.info("The arm is served.")
      logger.warning("The clock is slow.")
      logger.debug("Tick 3.")
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines[..<2] == ["The arm is served.", "warning: The clock is slow."])
    #expect(lines.count == 4 && lines[2].hasSuffix("Z info: The arm is served.") && lines[3].hasSuffix("Z warning: The clock is slow."))
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func theReportIsATable() throws {
    let configuration = try JSONValue(
      parsing: #"{"name":"fake","joints":[{"name":"shoulder","type":"revolute"},{"name":"gripper","type":"prismatic"}]}"#)
    let state = try JSONValue(
      parsing: #"""
        {"tick":42,"mode":"fault","position":[1.5707963267948966,0.02],"velocity":[0,-0.001],"effort":[1.5,null],"external":[null,null],
        "pose":{"position":[0.3,0,0.25],"quaternion":[0,0,0,1]},"fault":{"message":"The bus can0 is silent.","try":"its plug","record":"/tmp/r.csv"},
        "homed":true,"speed":0.5}
        """#)
    let table = """
      fake · fault · homed · speed 50 % · tick 42
      lead       weld.arm on pts/1 (script), for 2 min
      job        7 of weld.arm on pts/1, 40 % done
      paused     by armctl on pts/3
      try:       `armctl resume` there or by who leads, or `armctl stop`

      joint       position  velocity    effort  external
      shoulder       90.00      0.00      1.50         –  °, °/s, N·m
      gripper        20.00     -1.00         –         –  mm, mm/s, N

      tool       0.3000  0.0000  0.2500 m
                 0.0000  0.0000  0.0000  1.0000 (x y z w)
      fault      The bus can0 is silent.
      try:       its plug
      record     /tmp/r.csv
      """
    let lead = try JSONValue(parsing: #"{"holder":"weld.arm on pts/1","priority":"script","held":131.2}"#)
    let job = try JSONValue(
      parsing: #"{"job":7,"client":"weld.arm on pts/1","state":"paused","progress":0.4,"pausedBy":"armctl on pts/3"}"#)
    #expect(StatusReport(configuration: configuration, state: state, lead: lead, job: job).text == table)
    var waiting = lead.object ?? [:]
    waiting["pausedBy"] = "armctl on pts/3"
    let between = StatusReport(configuration: configuration, state: state, lead: .object(waiting), job: ["job": nil]).text
    #expect(between.contains("\npaused     by armctl on pts/3\n") && !between.contains("\njob "))
    let nobody: JSONValue = ["holder": nil, "priority": nil, "held": nil], idle: JSONValue = ["job": nil]
    let calm = StatusReport(configuration: configuration, state: state, lead: nobody, job: idle).text
    #expect(calm.split(separator: "\n")[1] == "lead       nobody; anyone may move the arm")
    let json = StatusReport.json(state: state, lead: lead, job: job)
    #expect(json["tick"] == 42 && json["lead"] == lead && json["job"]?["pausedBy"] == "armctl on pts/3")
  }

  @Test(arguments: [
    ("gaze", 4.4, "x has led the arm for 4 s, with priority gaze.", "--take"),
    ("script", 100, "x has led the arm for 2 min, with priority script.", "--take"),
    ("terminal", 7200, "x has led the arm for 2.0 h, with priority terminal.", "Ctrl-C there"),
    ("stop", 0, "x has led the arm for 0 s, with priority stop.", "again when"),
  ])
  func aPersonIsToldWhoLeadsAndWhatToDo(priority: String, held: Double, sentence: String, suggestion: String) {
    let error = RPCError(
      code: -32001, message: "x holds the lease.",
      data: ["kind": "lease.held", "holder": "x", "priority": .string(priority), "held": .number(held), "try": "lease.acquire"])
    let failure = CommandFailure(CommandClient.Failure.refused(error))
    #expect(failure.sentence == sentence)
    #expect(failure.suggestion.contains(suggestion) && !failure.suggestion.contains("lease.acquire"))
    var paused = error
    paused.data["pausedBy"] = "anna"
    #expect(CommandFailure(CommandClient.Failure.refused(paused)).sentence == sentence + " anna has paused it.")
    #expect(CommandFailure(CommandClient.Failure.refused(paused)).suggestion.hasPrefix("armctl resume"))
    var hurried = error
    hurried.data["limit"] = 0.4
    #expect(CommandFailure(CommandClient.Failure.refused(hurried)).suggestion == "armctl speed 40, or less")
  }

  @Test func aNarrowTerminalGetsMoreLines() {
    let parts = ["done in 1.00 s", "planned at up to 30 % of the limits", "wrist 0.001° from its setpoint"]
    #expect(Terminal.joined(parts, width: nil) == parts.joined(separator: " · "))
    #expect(Terminal.joined(parts, width: 60) == "\(parts[0]) · \(parts[1])\n  \(parts[2])")
    #expect(Terminal.joined([], width: 60) == "")
  }

  @Test func jointsOfAKindHaveTheirUnitsAbove() throws {
    let configuration = try JSONValue(parsing: #"{"name":"fake","joints":[{"name":"waist","type":"revolute"}]}"#)
    let state = try JSONValue(parsing: #"{"tick":1,"mode":"hold","position":[0],"velocity":[0],"effort":[0],"external":[0],"homed":true}"#)
    let lines = StatusReport(configuration: configuration, state: state, lead: nil, job: nil).text.split(separator: "\n")
    #expect(lines[3] == "                   °       °/s       N·m       N·m")
    #expect(lines.allSatisfy { $0.count < 60 })
  }
}
