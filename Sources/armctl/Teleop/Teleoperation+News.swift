internal import Foundation

// What the server says.

extension Teleoperation {
  mutating func take(state: JSONObject, at time: Double) {
    reading = ArmReading(state)
    readingTime = time
    if let position = reading?.position, position != shownPosition, requests.asked.insert(.places).inserted {
      shownPosition = position
      send("model.places", ["position": JSONValue(numbers: position)], for: .places, at: time)
    }
  }

  mutating func take(job update: JSONObject, at time: Double) {
    guard let number = update["job"]?.integer, number == job?.number, let state = update["state"]?.string else { return }
    lastMotion = time
    switch state {
    case "done":
      if job?.isStep == false { say("There.", .good, at: time) }
      endJob()
    case "cancelled", "failed":
      if let reason = update["reason"]?["message"]?.string, notice?.ink != .warning { say(reason, .warning, at: time) }
      endJob()
    default:
      if let progress = update["progress"]?.number { job?.progress = progress }
      job?.remark = ["knocked", "recovering", "paused"].contains(state) ? state : nil
    }
  }

  private mutating func endJob() {
    job = nil
    ghost = nil
  }

  mutating func take(event: JSONObject, at time: Double) {
    let message = event["message"]?.string ?? ""
    switch event["kind"]?.string {
    case "lease.lost", "lease.expired":
      guard token != nil else { return }
      token = nil
      isStreaming = false
      isBlocked = isAnythingHeld
      say(message, .alarm, at: time)
    case "mode", "servo.stale": break
    // What was on its way when the stream ended does not matter any more.
    case "servo.refused" where !isStreaming: break
    case "fault", "knocked", "obstacle": say(message, .alarm, at: time)
    case "recovered", "reset", "gripper": say(message, .good, at: time)
    case "input": say(message, .faint, at: time)
    default: say(message, .warning, at: time)
    }
  }

  mutating func take(answer result: Result<JSONValue, RPCError>, for purpose: Purpose, at time: Double) {
    requests.asked.remove(purpose)
    if case .proposal(let number) = purpose { return takePlan(number, result, at: time) }
    switch result {
    case .success(let value): takeSuccess(value, for: purpose, at: time)
    case .failure(let error): takeFailure(error, for: purpose, at: time)
    }
  }

  private mutating func takeSuccess(_ value: JSONValue, for purpose: Purpose, at time: Double) {
    switch purpose {
    case .lease:
      let wasAwaited = requests.waiting != nil
      if let other = value["from"]?.string {
        restsBy = time + Self.longestRest
        say("You lead now, and no longer \(other): the arm comes to rest first.", .warning, at: time)
      }
      requests.takeLease(value, at: time)
      if !wasAwaited { pass(to: time) }
    case .step, .motion:
      guard let number = value["job"]?.integer else { return }
      job = Job(number: number, title: purpose == .step ? "of this step" : underWay, isStep: purpose == .step)
    case .places: places = ArmPlaces(value) ?? places
    case .ghost: if proposal != nil || job != nil { ghost = ArmPlaces(value) }
    case .health:
      health = Health(
        missedTicks: value["missedTicks"]?.integer ?? 0, tick: value["tick"]?["p99"]?.number ?? 0, busLoad: value["bus"]?["load"]?.number ?? 0,
        busErrors: value["bus"]?["errorRate"]?.number ?? 0)
    case .leaseHolder: leaseHolder = value["holder"]?.string
    case .otherJob: otherJob = job == nil && !isOnTheWay && !requests.asked.contains(.step) ? OtherJob(value) : nil
    case .scene: scene = value
    case .recordStart, .recordStop, .recordedPath: takeRecording(purpose, value, at: time)
    case .mode("float"): say("The arm floats: lead it by hand. m marks, b records, l holds it.", .good, at: time)
    case .mode("hold"): say("The arm holds.", .good, at: time)
    case .mode("off"): say("The motors are off.", .warning, at: time)
    case .reset: say("The fault is cleared.", .good, at: time)
    case .stream, .stop, .renewal, .mode, .gripper, .proposal: break
    }
  }

  private mutating func takeFailure(_ error: RPCError, for purpose: Purpose, at time: Double) {
    if error.data["kind"]?.string == "lease.ended" { token = nil }
    let kind = error.data["kind"]?.string
    switch purpose {
    // What is asked again by itself.
    case .places, .ghost, .health, .leaseHolder, .otherJob, .scene, .renewal: return
    // The key moves the arm as soon as it has come to rest.
    case .stream where kind == "busy" && time < restsBy: return
    case .lease:
      if let purpose = requests.waiting?.purpose { requests.asked.remove(purpose) }
      requests.waiting = nil
    case .recordStop: lesson.end()
    default: break
    }
    isStreaming = false
    isBlocked = isAnythingHeld
    say(Self.words(for: error, purpose), .alarm, at: time)
  }

  /// What a refusal says to somebody at the keys: the server says it for programs.
  private static func words(for error: RPCError, _ purpose: Purpose) -> String {
    if let lead = Lead(error.data) {
      return lead.sentence
        + (lead.priority == .terminal ? String(format: " It lets go %.0f s after its last key; space stops the arm.", idlePeriod) : "")
    }
    if purpose == .stream, error.data["kind"] == "busy" { return "\(error.message) Space stops it; then jog." }
    return [error.message, error.data["try"]?.string.map { "Try: \($0)" }].compactMap(\.self).joined(separator: " ")
  }
}
