internal import Foundation
internal import Gaze
internal import Kinematics
internal import Planner

// An errand from its first plan to its last step.

extension GazeSession {
  mutating func begin(_ errand: GazeErrand, at time: Double) {
    self.errand = errand
    if errand.isChosen { say("\(errand.title) …", .good, at: time) }
    request(at: time)
  }

  /// Ends the errand; what moves brakes on its path.
  mutating func drop(_ reason: String, _ ink: Ink = .warning, at time: Double) {
    cancelMotion(at: time)
    intent.reset()
    tell("ended", ["why": .string(reason)])
    say(reason, ink, at: time)
    endCalibration(reason, goesBack: false, at: time)
  }

  /// Forgets the errand; what moves brakes on its path.
  mutating func cancelMotion(at time: Double) {
    if let job = errand?.job { send("job.cancel", ["job": .number(Double(job))], for: .cancel, at: time) }
    if requests.waiting?.purpose == .plan { requests.waiting = nil }
    errand = nil
  }

  /// Asks for the present step: the plan of a motion, or a change of the scene.
  private mutating func request(at time: Double) {
    guard let errand, let step = errand.step else { return finish(at: time) }
    self.errand?.stage = .asking
    switch step {
    case .attach(let name): send("scene.attach", ["name": .string(name)], for: .edit, at: time)
    case .detach(let name): send("scene.detach", ["name": .string(name)], for: .edit, at: time)
    case .give(let name): send("scene.remove", ["names": [.string(name)]], for: .edit, at: time)
    // An arm without one is served by a person who grips in its place.
    case .grip where !hasGripper: advance(at: time)
    case .grip(let isOpen): command("gripper.set", ["opening": isOpen ? 1 : 0], for: .grip, at: time)
    case .offer: offer(at: time)
    case .reach, .line, .pose, .joints:
      guard let (method, planned) = motion(step) else { return drop("The server has not told where the arm is.", at: time) }
      var parameters = planned
      parameters["dryRun"] = true
      parameters["speed"] = .number(errand.speed)
      command(method, parameters, for: .plan, at: time)
    }
  }

  private func motion(_ step: GazeErrand.Step) -> (method: String, parameters: JSONObject)? {
    switch step {
    case .reach(let point):
      guard let q = reading?.quaternion else { return nil }
      var parameters: JSONObject = [
        "pose": ["position": JSONValue(numbers: [point.x, point.y, point.z]), "quaternion": JSONValue(numbers: [q.x, q.y, q.z, q.w])]
      ]
      if let freedom = errand.flatMap({ GazeErrand.freedoms[$0.freedom] }) { parameters["free"] = .string(freedom) }
      return ("move.pose", parameters)
    case .line(let point, let thing):
      var parameters: JSONObject = ["point": JSONValue(numbers: [point.x, point.y, point.z])]
      if let thing { parameters["mayTouch"] = [.string(thing)] }
      return ("move.linear", parameters)
    case .pose(let name): return ("move.to", ["name": .string(name)])
    case .joints(let q): return ("move.joints", ["position": JSONValue(numbers: q)])
    case .attach, .detach, .grip, .offer, .give: return nil
    }
  }

  private mutating func finish(at time: Double) {
    guard let ended = errand else { return }
    errand = nil
    intent.reset()
    calibrating?.arrive(at: time)
    guard ended.isChosen else { return }
    tell("done", ["title": .string(ended.title)])
    say("\(ended.title): done.", .good, at: time)
  }

  /// How far the underside of what is carried is below the tool centre point [m].
  var hang: Double {
    guard let reading, let scene else { return 0 }
    let tool = Pose(rotation: Rotation(quaternion: reading.quaternion), translation: reading.place)
    let heights = TeleopScene(scene).carried.first { $0.name == carried }?.outline.map { ((tool * $0 - reading.place) * settings.plane.normal).sum() }
    return -min(0, heights?.min() ?? 0)
  }

  // MARK: Answers

  /// The lease has run out, as it may on a busy machine, and the arm has come to rest: only the person can let it go on.
  mutating func strand(_ sentence: String, at time: Double) {
    errand?.stage = .stranded
    if errand?.isChosen == false, askAgain(at: time) { return }
    rest(.stranded, "\(sentence) The arm rests. Enter goes on, Esc ends it.", at: time)
  }

  mutating func rest(_ stage: GazeErrand.Stage, _ why: String, at time: Double) {
    errand?.stage = stage
    errand?.hindrance = why
    say(why, .warning, at: time)
  }

  /// Plans the present step anew, from where the arm is. Who has been pushed away from a line goes to where it begins.
  mutating func goOn(at time: Double) {
    trouble = nil
    errand?.freedom = 0
    if case .line(let point, _)? = errand?.step, let tool = reading?.place {
      let off = tool - point, aside = off - settings.plane.normal * (off * settings.plane.normal).sum()
      if (aside * aside).sum().squareRoot() > Self.besideLine { errand?.leadBackToLine(toward: point) }
    }
    request(at: time)
  }

  /// Asks for the present step with a new lease: on a busy machine one may expire while nothing moves yet.
  ///
  /// - Returns: Whether it was worth another try.
  mutating func askAgain(at time: Double) -> Bool {
    guard let errand, errand.job == nil, errand.renewals < GazeErrand.mostRenewals else { return false }
    self.errand?.renewals += 1
    token = nil
    request(at: time)
    return true
  }

  /// What cannot be done with the tool turned as it is may be done with it turned otherwise.
  mutating func takeRefusal(_ refusal: GazeRefusal, canTurn: Bool, at time: Double) {
    guard let errand else { return }
    guard case .reach? = errand.step, canTurn, GazeErrand.freedoms.indices.contains(errand.freedom + 1) else {
      return giveUp(refusal, at: time)
    }
    self.errand?.freedom += 1
    request(at: time)
  }

  /// The present step cannot be: the errand ends, unless it is one that the arm goes on without.
  mutating func giveUp(_ refusal: GazeRefusal, at time: Double) {
    guard let errand, !errand.isChosen, refusal.isOfTheWay else { return drop(refusal.sentence, .alarm, at: time) }
    if calibrating != nil { return leaveOutPoint(refusal.message, at: time) }
    warn("The arm cannot \(errand.title): \(refusal.message)", at: time, .alarm)
    advance(at: time)
  }

  mutating func takePlan(_ plan: JSONValue, at time: Double) {
    guard errand?.stage == .asking else { return }
    errand?.duration = plan["duration"]?.number ?? 0
    errand?.waypoints = plan["path"]?.array?.compactMap(\.numbers) ?? []
    guard let line = errand?.lineAhead, let end = plan["end"]?.numbers, let (method, planned) = motion(line) else { return measure(at: time) }
    var parameters = planned
    parameters["dryRun"] = true
    parameters["from"] = JSONValue(numbers: end)
    errand?.stage = .rehearsing
    command(method, parameters, for: .rehearsal, at: time)
  }

  mutating func takeRehearsal(at time: Double) { if errand?.stage == .rehearsing { measure(at: time) } }

  /// Asks where the tool passes on the planned motion.
  private mutating func measure(at time: Double) {
    guard let rows = errand?.waypoints else { return }
    let count = min(rows.count, Self.waypoints)
    guard count > 1 else { return move(at: time) }
    errand?.path = [SIMD3<Double>](repeating: .zero, count: count)
    errand?.stage = .measuring(count)
    for index in 0..<count {
      let row = rows[index * (rows.count - 1) / (count - 1)]
      send("model.places", ["position": JSONValue(numbers: row)], for: .waypoint(index), at: time)
    }
  }

  mutating func takeWaypoint(_ index: Int, _ answer: JSONValue, at time: Double) {
    guard case .measuring(let missing)? = errand?.stage, let place = answer["pose"]?["position"]?.numbers, place.count == 3 else { return }
    errand?.path[index] = SIMD3(place)
    errand?.stage = .measuring(missing - 1)
    guard missing == 1, let errand else { return }
    // Planned again, slower, until the tool keeps its cap.
    if errand.slowdown < 0.95, errand.speed > Self.slowest {
      self.errand?.speed = max(Self.slowest, errand.speed * errand.slowdown)
      request(at: time)
    } else {
      move(at: time)
    }
  }

  private mutating func move(at time: Double) {
    guard let errand, let step = errand.step, let (method, planned) = motion(step) else { return }
    guard !errand.isChosen || streamState != .lost else { return drop("No looks: nothing is begun.", at: time) }
    var parameters = planned
    parameters["speed"] = .number(errand.speed)
    command(method, parameters, for: .motion, at: time)
  }

  mutating func takeMotion(_ answer: JSONValue, at time: Double) {
    guard let job = answer["job"]?.integer else { return }
    guard errand != nil else { return send("job.cancel", ["job": .number(Double(job))], for: .cancel, at: time) }
    errand?.stage = .moving(job)
    errand?.progress = 0
  }

  mutating func takeEdit(at time: Double) {
    switch errand?.step {
    case .attach(let name): carried = name
    case .detach, .give: carried = nil
    default: return
    }
    advance(at: time)
  }

  mutating func takeGrip(at time: Double) { if case .grip? = errand?.step { advance(at: time) } }

  mutating func take(job update: JSONObject, at time: Double) {
    guard let job = errand?.job, update["job"]?.integer == job else { return }
    if let progress = update["progress"]?.number { errand?.progress = progress }
    switch update["state"]?.string {
    case "done": advance(at: time)
    case "cancelled" where update["reason"]?["kind"]?.string == ServiceError.Kind.leaseEnded.rawValue:
      strand(update["reason"]?["message"]?.string ?? "The lease has ended.", at: time)
    case "cancelled", "failed":
      errand?.stage = .asking
      giveUp(GazeRefusal(reason: update["reason"], or: "The motion was \(update["state"]?.string ?? "ended")."), at: time)
    default: break
    }
  }

  mutating func advance(at time: Double) {
    errand?.index += 1
    errand?.speed = GazeErrand.fastest
    errand?.freedom = 0
    errand?.path = []
    request(at: time)
  }

  /// Of a plan's path, so many places are measured.
  private static let waypoints = 24
  private static let slowest = 0.01
  /// Lines go straight up and down; farther aside than this the tool is not on its line any more [m].
  private static let besideLine = 0.01
}
