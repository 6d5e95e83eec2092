internal import Foundation
internal import Kinematics

/// A conversation with the server in which the arm is moved through an exciting motion, and what it tells of itself is written down.
final class IdentifySession {
  /// How long the lease outlives the last message, and how often there is one at least [s].
  private static let leaseLifetime = 2.0, renewalPeriod = 0.5
  /// States come all the time; for so long without any the server counts as gone [s].
  private static let silence = 3.0
  /// A model that is wrong may be taken for a touch now and then. So many are left out of the recording, until the arm has recovered for a while [s].
  private static let patience = 3, settling = 1.0, longestTouch = 10.0
  /// What a straight way strays from a line that went round something [rad].
  private static let straightness = 1e-3

  private let client: CommandClient
  /// States in a second.
  private let rate: Double
  private var token: String?
  private var renewed = 0.0
  private var recording = EffortRecording()
  /// Until then the arm is touched, or on its way back.
  private var blindUntil = -Double.infinity

  init(_ client: CommandClient, rate: Double) { (self.client, self.rate) = (client, min(rate, 500)) }

  /// Where the arm is.
  ///
  /// - Throws: ``CommandFailure`` where it does not hold itself, or a motor does not tell its effort.
  func start(joints: [String]) throws -> JointVector {
    let state = try client.call("state"), efforts = state["effort"]?.array ?? [], mode = state["mode"]?.string ?? "off"
    guard ["hold", "stopped"].contains(mode) else {
      throw CommandFailure("The arm is in mode \(mode), and has to be at rest in mode hold.", suggestion: "armctl status")
    }
    if let silent = joints.indices.first(where: { !efforts.indices.contains($0) || efforts[$0].number == nil }) {
      throw CommandFailure(
        "\(joints[silent]) does not tell its effort, so that neither friction nor weight can be found.",
        suggestion: "drives that measure current or torque; docs/Compliance.md says which do")
    }
    // Plans begin where the arm is told to be.
    guard let position = state["setpoint"]?.numbers ?? state["position"]?.numbers else {
      throw CommandFailure("The server does not say where the arm is.", suggestion: "armctl status")
    }
    return JointVector(position)
  }

  /// Whether the straight way between two configurations meets nothing, by the server's own plan.
  func isFree(from start: JointVector, to end: JointVector) throws -> Bool {
    let plan: JSONValue
    do throws(CommandClient.Failure) {
      plan = try client.call(
        "move.joints", ["position": JSONValue(numbers: end), "from": JSONValue(numbers: start), "dryRun": true], timeout: 60)
    } catch {
      guard case .refused(let refusal) = error, Self.blocks(refusal) else { throw error }
      return false
    }
    let path = (plan["path"]?.array ?? []).compactMap(\.numbers).map(JointVector.init), way = end - start, square = way.dot(way)
    return path.allSatisfy { place in
      let share = square > 0 ? (place - start).dot(way) / square : 0
      return (place - start - share * way).maximumMagnitude < Self.straightness
    }
  }

  /// Refusals that are about the way, and not about the arm.
  private static func blocks(_ error: RPCError) -> Bool {
    let kind = error.data["kind"]?.string ?? ""
    return ["collision", "no-path", "fence"].contains(kind) || kind.hasPrefix("limit.")
  }

  // MARK: Moving

  /// Moves the arm through a motion and back.
  ///
  /// - Parameter progress: Gets the leg that begins.
  /// - Throws: ``CommandFailure`` where the arm was touched or a leg did not end as planned, or ``CommandClient/Failure``; the arm was told to stop.
  func record(_ motion: ExcitingMotion, progress: (Int) -> Void) throws -> EffortRecording {
    recording = EffortRecording()
    token = try client.call("lease.acquire", ["priority": "script", "ttl": .number(Self.leaseLifetime)])["token"]?.string
    defer { if let token { _ = try? client.call("lease.release", ["token": .string(token)], timeout: 1) } }
    do {
      try client.call(
        "subscribe", ["topics": ["state", "job", "event"], "rate": .number(rate), "fields": ["position", "velocity", "effort"]])
      try listen(for: ExcitingMotion.rest)
      for (index, leg) in motion.legs.enumerated() {
        progress(index)
        var request: JSONObject = ["position": JSONValue(numbers: leg.target), "speed": .number(leg.speed)]
        if let token { request.append("token", .string(token)) }
        let job = try client.call("move.joints", request, timeout: 60)["job"]?.integer
        try listen(leg: index, until: job)
        try listen(for: ExcitingMotion.rest)
      }
      return recording
    } catch {
      client.interruption = nil
      _ = try? client.call("stop", timeout: 2)
      throw error
    }
  }

  private func listen(for seconds: Double) throws {
    let end = ScriptSession.now + seconds
    while ScriptSession.now < end { try take(client.receive(timeout: max(end - ScriptSession.now, 0.001)), leg: nil) }
  }

  private func listen(leg: Int, until job: Int?) throws {
    while true {
      guard let message = try client.receive(timeout: Self.silence) else {
        throw CommandClient.Failure.noAnswer(method: "subscribe", seconds: Self.silence)
      }
      try take(message, leg: leg)
      guard case .notification("job", let update) = message, update["job"]?.integer == job else { continue }
      switch update["state"]?.string {
      case "done": return
      case "failed", "cancelled":
        let reason = update["reason"]
        throw CommandFailure(
          "The motion ended early, and nothing was written: \(reason?["message"]?.string ?? "it was cancelled.")",
          suggestion: reason?["try"]?.string ?? "armctl status")
      default: break
      }
    }
  }

  private func take(_ message: CommandClient.Message?, leg: Int?) throws {
    if let token, ScriptSession.now - renewed > Self.renewalPeriod {
      renewed = ScriptSession.now
      _ = try client.send("lease.renew", ["token": .string(token)])
    }
    switch message {
    case .notification("state", let state)?:
      guard ScriptSession.now >= blindUntil, let time = state["time"]?.number, let position = state["position"]?.numbers,
        let velocity = state["velocity"]?.numbers,
        let effort = state["effort"]?.numbers, position.count == effort.count
      else { return }
      recording.append(
        .init(
          time: time * 1e-9, position: JointVector(position), velocity: JointVector(velocity), effort: JointVector(effort), leg: leg))
    case .notification("event", let event)? where event["kind"]?.string == "knocked":
      let joint = event["joint"]?.string ?? "the arm"
      recording.touch(joint)
      blindUntil = ScriptSession.now + Self.longestTouch
      guard recording.touches.count <= Self.patience else { throw CommandFailure.touched(joint, after: recording.duration) }
    case .notification("event", let event)? where event["kind"]?.string == "recovered":
      blindUntil = ScriptSession.now + Self.settling
    case .notification?, .answer?, nil: break
    }
  }
}

extension CommandFailure {
  /// The motion was not free.
  static func touched(_ joint: String, after seconds: Double) -> CommandFailure {
    CommandFailure(
      String(format: "Something held or hit %@ or what it carries %.0f s into the motion, and nothing was written.", joint, seconds),
      suggestion: "more room around the arm; if nothing touched it, a lower --speed or a lower compliance.sensitivity in the arm file")
  }
}
