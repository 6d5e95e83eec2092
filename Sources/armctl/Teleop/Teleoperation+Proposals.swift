internal import Foundation

// Motions that are planned and shown first, and happen when the person agrees.

extension Teleoperation {
  /// Plans a motion and shows where it leads.
  mutating func propose(_ title: String, _ method: String, _ parameters: JSONObject, at time: Double) {
    let number = (proposal?.number ?? lastProposal) + 1
    lastProposal = number
    proposal = Proposal(number: number, title: title, method: method, parameters: parameters)
    ghost = nil
    var dry = parameters
    dry["dryRun"] = true
    if let token { dry["token"] = .string(token) }
    send(method, dry, for: .proposal(number), at: time)
  }

  mutating func openPoses(at time: Double) {
    guard !arm.poses.isEmpty else { return say("The arm file names no poses.", .faint, at: time) }
    panel = .poses(0)
    proposePose(0, at: time)
  }

  mutating func proposePose(_ index: Int, at time: Double) {
    let name = arm.poses[index].name
    propose("to \(name)", "move.to", ["name": .string(name), "speed": .number(settings.speed)], at: time)
  }

  mutating func proposeUndo(at time: Double) {
    // Where the arm stands already is nowhere to go back to.
    while let last = undo.last, let now = reading?.setpoint, zip(last, now).allSatisfy({ abs($0 - $1) < 1e-3 }) { undo.removeLast() }
    guard let position = undo.last else { return say("There is nothing to go back to yet.", .faint, at: time) }
    propose("back", "move.joints", ["position": JSONValue(numbers: position), "speed": .number(settings.speed)], at: time)
  }

  mutating func proposePlay(at time: Double) {
    guard !lesson.isRecording else { return say("A path is being recorded; b ends it.", .faint, at: time) }
    guard let waypoints = lesson.waypoints(for: arm) else {
      return say("Nothing to play yet: m marks a waypoint, b records a path.", .faint, at: time)
    }
    propose(lesson.title, "move.path", ["waypoints": waypoints, "speed": .number(settings.speed)], at: time)
  }

  /// The proposed motion happens.
  mutating func agree(at time: Double) {
    guard let proposal else { return }
    guard proposal.duration != nil else {
      if let refusal = proposal.refusal { say(refusal, .alarm, at: time) }
      return
    }
    if let obstacle = obstacleToMotion(at: time) { return say(obstacle, .warning, at: time) }
    rememberPlace(at: time)
    lastMotion = time
    underWay = proposal.title
    requests.asked.insert(.motion)
    command(proposal.method, proposal.parameters, for: .motion, at: time)
    self.proposal = nil
    panel = .none
  }

  /// Whether a motion that was agreed to has been asked for, and has not ended.
  var isOnTheWay: Bool { job?.isStep == false || requests.asked.contains(.motion) || requests.waiting?.purpose == .motion }

  /// No motion, no list.
  mutating func dismiss() {
    (proposal, ghost) = (nil, nil)
    panel = .none
  }

  mutating func takePlan(_ number: Int, _ result: Result<JSONValue, RPCError>, at time: Double) {
    guard proposal?.number == number else { return }
    switch result {
    case .success(let plan):
      proposal?.duration = plan["duration"]?.number
      proposal?.end = plan["end"]?.numbers
      proposal?.clearance = plan["clearance"]?["distance"]?.number
      if let end = proposal?.end { send("model.places", ["position": JSONValue(numbers: end)], for: .ghost, at: time) }
    case .failure(let error): proposal?.refusal = error.message
    }
  }
}
