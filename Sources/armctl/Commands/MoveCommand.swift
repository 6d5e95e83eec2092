internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// `armctl move`: one motion, from its start to its end.
struct MoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move", abstract: "Move the arm and wait until it is there.",
    discussion: """
      Ctrl-C stops the arm. Meanwhile, in another terminal, `armctl pause`, `armctl speed 50` and `armctl stop` change how it goes on. \
      Angles are in radians, with --degrees or the suffix 'deg' in degrees. \
      A pose is x,y,z [m] and then a quaternion x,y,z,w, or roll,pitch,yaw, or nothing: then the tool keeps its direction.

      Examples:
        armctl move home                                           (as move --to home)
        armctl move --joints 0,-30deg,100deg,0,45deg,0 --speed 0.5
        armctl move --pose 0.25,0,0.28 --linear
        armctl move --pose 0.2,0,0.15,180deg,0,180deg --dry-run
        armctl move --to rest --no-plan
        armctl move home --take                                    (from a script that runs, which ends)
      """)

  @Argument(help: "The name of a pose in the arm file, as with --to.")
  var name: String?
  @Option(help: "The name of a pose in the arm file.")
  var to: String?
  @Option(parsing: .unconditional, help: "One position for each joint, with commas between.")
  var joints: String?
  @Option(parsing: .unconditional, help: "The tool's pose in the base: 3, 6 or 7 numbers with commas between.")
  var pose: String?
  @Option(help: "What of --pose does not matter: none, axis (turning about the tool's z), position (its orientation) or plane.")
  var free: String?
  @Flag(help: "Move the tool in a straight line.")
  var linear = false
  @Option(help: "Share of the joint limits to use, from 0.001 to 1.")
  var speed: Double?
  @Option(help: "Share of the accelerations to use, from 0.001 to 1.")
  var acceleration: Double?
  @Option(help: "With --linear: metres a second that the tool may go at most.")
  var toolSpeed: Double?
  @Flag(help: "Angles are in degrees.")
  var degrees = false
  @Flag(
    inversion: .prefixedNo,
    help: "Go round what is in the scene; --linear refuses a line that touches something. Default: where there is anything to run into.")
  var plan: Bool?
  @Flag(help: "Plan and report, but do not move.")
  var dryRun = false
  @OptionGroup var lead: LeadOptions
  @Flag(help: "Print the outcome as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  func validate() throws {
    if let name, let given = pose ?? joints, Double(name) != nil {
      let option = pose == nil ? "--joints" : "--pose"
      throw ValidationError("The numbers of \(option) go together, with commas and no spaces between: \(option) \(given),\(name),…")
    }
    guard [name, to, joints, pose].compactMap(\.self).count == 1 else { throw ValidationError("Give one of --to, --joints and --pose.") }
    if let free {
      let words = InverseKinematics.FreeAxes.allCases.map(\.rawValue)
      guard pose != nil, !linear else { throw ValidationError("--free goes with --pose, and not with --linear.") }
      guard words.contains(free) else { throw ValidationError("--free must be one of \(words.joined(separator: ", ")), not \(free).") }
    }
    if lead.take, dryRun { throw ValidationError("--dry-run moves nothing, and needs no --take.") }
    if linear, joints != nil { throw ValidationError("--linear goes with --to or --pose.") }
    if let speed, !(0.001...1 ~= speed) { throw ValidationError("--speed must be from 0.001 to 1, not \(speed).") }
    if let acceleration, !(0.001...1 ~= acceleration) {
      throw ValidationError("--acceleration must be from 0.001 to 1, not \(acceleration).")
    }
    if let toolSpeed {
      guard linear else { throw ValidationError("--tool-speed goes with --linear.") }
      guard 0.0001...10 ~= toolSpeed else { throw ValidationError("--tool-speed must be from 0.0001 to 10, not \(toolSpeed).") }
    }
    _ = try jointPositions
    _ = try toolPose
  }

  func run() throws {
    let interruption = Interruption()
    try CommandFailure.reporting {
      let client = try server.connect()
      client.interruption = interruption.descriptor
      let (method, parameters) = try request(client)
      try client.call("subscribe", ["topics": ["job"]])
      let start = try client.call("state")
      do {
        let plan = try lead.call(method, parameters, of: client, timeout: nil)
        if dryRun {
          print(json ? "\(plan)" : MotionSummary.dryRun(plan))
        } else {
          try follow(plan, from: start, client)
        }
      } catch CommandClient.Failure.interrupted {
        client.interruption = nil
        try client.call("stop")
        throw CommandFailure("Interrupted; the arm was told to stop.", suggestion: "armctl status")
      }
    }
  }

  // MARK: The request

  private var jointPositions: [Double]? {
    get throws { try joints.map { try WrittenNumbers.parse($0, of: "--joints", angles: 0..., areDegrees: degrees) } }
  }

  private var toolPose: WrittenPose? {
    get throws { try pose.map { try WrittenPose($0, of: "--pose", areDegrees: degrees) } }
  }

  /// The method and parameters that say what the options say.
  func request(_ client: CommandClient) throws -> (method: String, parameters: JSONObject) {
    var parameters: JSONObject = [:]
    var method = linear ? "move.linear" : "move.pose"
    if let to = to ?? name {
      parameters.append("name", .string(to))
      if !linear { method = "move.to" }
    } else if let positions = try jointPositions {
      let joints = try client.call("config.get")["joints"]?.array?.compactMap { $0["name"]?.string } ?? []
      guard positions.count == joints.count else {
        throw CommandFailure(
          "--joints has \(positions.count) number\(positions.count == 1 ? "" : "s"), but the arm has \(joints.count) joints.",
          suggestion: "one for each, with commas between: \(joints.joined(separator: ", "))")
      }
      parameters.append("position", JSONValue(numbers: positions))
      method = "move.joints"
    } else if let pose = try toolPose {
      let quaternion = try pose.quaternion ?? client.call("state")["pose"]?["quaternion"]?.numbers ?? [0, 0, 0, 1]
      let position = [pose.position.x, pose.position.y, pose.position.z]
      parameters.append("pose", ["position": JSONValue(numbers: position), "quaternion": JSONValue(numbers: quaternion)])
      if let free { parameters.append("free", .string(free)) }
    }
    if let speed { parameters.append("speed", .number(speed)) }
    if let acceleration { parameters.append("acceleration", .number(acceleration)) }
    if let toolSpeed { parameters.append("toolSpeed", .number(toolSpeed)) }
    if let plan { parameters.append("plan", .bool(plan)) }
    if dryRun { parameters.append("dryRun", true) }
    return (method, parameters)
  }

  // MARK: The job

  /// What the progress says of a job.
  private static func state(of update: JSONObject?, or other: String) -> String {
    update?["pausedBy"]?.string.map { "paused by \($0)" } ?? update?["state"]?.string ?? other
  }

  /// Waits for the job's end and shows how far it is.
  private func follow(_ plan: JSONValue, from start: JSONValue, _ client: CommandClient) throws {
    let job = plan["job"]?.integer ?? 0
    let duration = plan["duration"]?.number ?? 0
    var paused = PausedMotion()
    let progress = ProgressLine(isShown: !json && Terminal.isTerminal(STDERR_FILENO) && Terminal.isTerminal(STDOUT_FILENO))
    /// On a terminal the progress tells it.
    func note(_ update: JSONObject?) {
      if let sentence = paused.take(update), !progress.isShown { FileHandle.standardError.write(Data((sentence + "\n").utf8)) }
    }
    // It may be another's motion that is paused, and this one is behind it.
    let underWay = try client.call("job.get").object
    note(underWay)
    progress.show(state: Self.state(of: underWay?["pausedBy"] == nil ? nil : underWay, or: "queued"), share: nil, duration: duration)
    let answer = try client.send("job.wait", ["job": .number(Double(job))])
    var end: JSONValue?, began: Double?
    while end == nil, let message = try client.receive() {
      switch message {
      case .answer(id: answer, .success(let value)): end = value
      case .answer(id: answer, .failure(let error)): throw CommandClient.Failure.refused(error)
      case .notification(method: "job", let update) where update["job"]?.integer == job:
        note(update)
        progress.show(state: Self.state(of: update, or: ""), share: update["progress"]?.number, duration: duration)
        if update["state"] == "started" { began = update["time"]?.number }
      case .notification(method: "job", let update) where began == nil:
        note(update)
        progress.show(state: Self.state(of: update["pausedBy"] == nil ? nil : update, or: "queued"), share: nil, duration: duration)
      default: break
      }
    }
    progress.clear()
    let state = end?["state"]?.string
    // Slow zones, pauses and people at the speed dial make it longer than planned.
    let elapsed = began.flatMap { began in end?["time"]?.number.map { 1e-9 * ($0 - began) } }
    if json, case .object(var outcome)? = end {
      outcome["duration"] = .number(duration)
      outcome["elapsed"] = elapsed.map(JSONValue.number)
      print(JSONValue.object(outcome))
    } else if state == "done" {
      let names = try client.call("config.get")["joints"]?.array ?? []
      print(MotionSummary(plan: plan, elapsed: elapsed, joints: names, start: start, end: try client.call("state")).text)
    }
    guard state == "done" else {
      let reason = end?["reason"]
      throw CommandFailure(
        reason?["message"]?.string ?? "The motion was \(state == "cancelled" ? "cancelled" : "not finished").",
        suggestion: reason?["try"]?.string ?? "armctl status")
    }
  }
}

/// One line on the terminal that is written over and over; nothing at all elsewhere.
struct ProgressLine {
  var isShown: Bool

  func show(state: String, share: Double?, duration: Double) {
    guard isShown else { return }
    let filled = Int(((share ?? 0) * 30).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - min(30, filled))
    // With five characters that take no room; a line that wraps could not be written over.
    let text = String(format: "\r\u{1B}[2K%@ %@ %3.0f %% of %.2f s", state, bar, (share ?? 0) * 100, duration)
    FileHandle.standardError.write(Data(text.prefix((Terminal.width(of: STDERR_FILENO) ?? 80) + 4).utf8))
  }

  func clear() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
  }
}
