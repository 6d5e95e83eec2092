internal import Foundation

/// Carries out a script's steps over the command socket, one after the other.
struct ScriptRunner {
  /// What became of one motion.
  struct Outcome {
    var step: ScriptStep
    /// As planned [s].
    var duration: Double
    /// The most of any joint's velocity, acceleration and jerk limits that the motion uses, 0…1.
    var peakShare: Double
    /// The configuration at its end [rad].
    var end: [Double]
    /// When it began and ended, CLOCK_MONOTONIC [s]; zero of a dry run.
    var startTime = 0.0
    var endTime = 0.0
    /// Whether the tool goes in a straight line.
    var isLine: Bool
  }

  let client: CommandClient

  /// - Parameters:
  ///   - isDryRun: Plan each motion from the end of the one before; nothing moves.
  ///   - progress: Told of the share 0…1 of the motion under way.
  ///   - completion: Told of each motion when it has ended.
  /// - Throws: ``CommandFailure`` naming the line of the script that was refused or failed.
  func run(
    _ steps: [ScriptStep], isDryRun: Bool = false, progress: (ScriptStep, Double) -> Void = { _, _ in }, completion: (Outcome) throws -> Void
  ) throws {
    if !isDryRun { try client.call("subscribe", ["topics": ["job"]]) }
    var position: [Double]?
    for step in steps {
      do {
        switch step.action {
        case .wait(let seconds): if !isDryRun { try wait(seconds) }
        case .move, .line:
          let outcome = try carryOut(step, isDryRun: isDryRun, from: position, progress: progress)
          position = outcome.end
          try completion(outcome)
        }
      } catch CommandClient.Failure.refused(let error) {
        throw CommandFailure("\(step.place): \(error.message)\n\(step.place.excerpt)", suggestion: error.data["try"]?.string ?? "armctl status")
      }
    }
  }

  /// Lets time pass, still hearing what the server says and whether the user gives up.
  func wait(_ seconds: Double) throws {
    let end = ProcessInfo.processInfo.systemUptime + seconds
    while true {
      let left = end - ProcessInfo.processInfo.systemUptime
      guard left > 0 else { return }
      _ = try client.receive(timeout: left)
    }
  }

  private func carryOut(
    _ step: ScriptStep, isDryRun: Bool, from position: [Double]?, progress: (ScriptStep, Double) -> Void
  ) throws -> Outcome {
    var (method, parameters) = Self.request(of: step.action)
    if isDryRun {
      parameters.append("dryRun", true)
      if let position { parameters.append("from", JSONValue(numbers: position)) }
    }
    let plan = try client.call(method, parameters, timeout: nil)
    let peaks = ["velocity", "acceleration", "jerk"].compactMap { plan["peakShares"]?[$0]?.number }
    var outcome = Outcome(
      step: step, duration: plan["duration"]?.number ?? 0, peakShare: peaks.max() ?? 0, end: plan["end"]?.numbers ?? [],
      isLine: method == "move.linear")
    if !isDryRun, let job = plan["job"]?.integer { try follow(job, of: step, outcome: &outcome, progress: progress) }
    return outcome
  }

  private func follow(_ job: Int, of step: ScriptStep, outcome: inout Outcome, progress: (ScriptStep, Double) -> Void) throws {
    while let message = try client.receive() {
      guard case .notification("job", let update) = message, update["job"]?.integer == job else { continue }
      let time = (update["time"]?.number ?? 0) * 1e-9
      switch update["state"]?.string {
      case "started": outcome.startTime = time
      case "progress": progress(step, update["progress"]?.number ?? 0)
      case "done":
        outcome.endTime = time
        return
      case "cancelled", "failed":
        let reason = update["reason"]
        throw CommandFailure(
          "\(step.place): \(reason?["message"]?.string ?? "The motion did not end.")\n\(step.place.excerpt)",
          suggestion: reason?["try"]?.string ?? "armctl status")
      default: break
      }
    }
  }

  private static func request(of action: ScriptStep.Action) -> (method: String, parameters: JSONObject) {
    switch action {
    case .move(.armPose(let name), let speed): ("move.to", ["name": .string(name), "speed": .number(speed)])
    case .move(.scriptPose(_, let position), let speed), .move(.joints(let position), let speed):
      ("move.joints", ["position": JSONValue(numbers: position), "speed": .number(speed)])
    case .line(.configuration(.armPose(let name)), let speed): ("move.linear", ["name": .string(name), "speed": .number(speed)])
    case .line(.configuration(.scriptPose(_, let position)), let speed), .line(.configuration(.joints(let position)), let speed):
      ("move.linear", ["position": JSONValue(numbers: position), "speed": .number(speed)])
    case .line(.position(let point), let speed): ("move.linear", ["point": vector(point), "speed": .number(speed)])
    case .line(.offsetInBase(let offset), let speed): ("move.linear", ["by": vector(offset), "speed": .number(speed)])
    case .line(.offsetInTool(let offset), let speed):
      ("move.linear", ["by": vector(offset), "frame": "tool", "speed": .number(speed)])
    case .wait: preconditionFailure("waiting asks nothing of the server")
    }
  }

  private static func vector(_ v: SIMD3<Double>) -> JSONValue { JSONValue(numbers: [v.x, v.y, v.z]) }
}
