internal import Foundation
internal import Gaze
internal import Planner

// What the server says.

extension GazeSession {
  mutating func take(answer result: Result<JSONValue, RPCError>, for purpose: Purpose, at time: Double) {
    requests.asked.remove(purpose)
    switch result {
    case .success(let answer): take(answer, for: purpose, at: time)
    case .failure(let error): take(error, for: purpose, at: time)
    }
  }

  private mutating func take(_ answer: JSONValue, for purpose: Purpose, at time: Double) {
    switch purpose {
    case .lease: requests.takeLease(answer, at: time)
    case .scene: take(scene: answer, at: time)
    case .places:
      places = ArmPlaces(answer)
      shownPosition = reading?.position ?? []
    case .plan: takePlan(answer, at: time)
    case .rehearsal: takeRehearsal(at: time)
    case .waypoint(let index): takeWaypoint(index, answer, at: time)
    case .motion: takeMotion(answer, at: time)
    case .belief: isHeardOf = (answer["listeners"]?.integer ?? 0) > 0
    case .edit: takeEdit(at: time)
    case .grip: takeGrip(at: time)
    case .renewal, .stream, .stop, .pause, .resume, .cancel: break
    }
  }

  private mutating func take(_ error: RPCError, for purpose: Purpose, at time: Double) {
    let refusal = GazeRefusal(error), sentence = refusal.sentence
    if refusal.kind == .leaseEnded, [.plan, .rehearsal, .motion, .grip].contains(purpose), askAgain(at: time) { return }
    switch purpose {
    case .renewal: token = nil
    case .lease:
      requests.waiting = nil
      if errand != nil { return drop(sentence, .alarm, at: time) }
      if isFollowing { endFollowing(at: time) }
      say(sentence, .warning, at: time)
    case .plan: takeRefusal(refusal, canTurn: refusal.kind == .unreachable, at: time)
    case .rehearsal: takeRefusal(refusal, canTurn: true, at: time)
    case .waypoint, .motion, .edit, .grip, .resume: giveUp(refusal, at: time)
    case .stream:
      if isFollowing { endFollowing(at: time) }
      deadMan.letGo()
      say(sentence, .alarm, at: time)
    // What is paused or cancelled may have ended meanwhile.
    case .pause, .cancel, .scene, .places, .belief: break
    case .stop: say(sentence, .alarm, at: time)
    }
  }

  mutating func take(state: JSONObject, at time: Double) {
    reading = ArmReading(state)
    readingTime = time
    if reading?.mode == "fault", errand != nil || isFollowing {
      if isFollowing { endFollowing(at: time) }
      drop(reading?.fault ?? "The arm has a fault.", .alarm, at: time)
    }
  }

  mutating func take(event: JSONObject, at time: Double) {
    switch event["kind"]?.string {
    case "lease.lost", "lease.expired":
      guard token != nil, event["holder"]?.string == Self.clientName else { return }
      token = nil
      isFollowing = false
      deadMan.letGo()
      let sentence = event["message"]?.string ?? "The lease was lost."
      if event["kind"] == "lease.lost" { return errand == nil ? () : drop(sentence, .warning, at: time) }
      // What only was being planned goes on with a new lease.
      if errand?.job != nil { strand(sentence, at: time) }
    case "input" where settings.pedal != nil && event["input"]?.string == settings.pedal:
      if event["on"] == true { confirm(by: .pedal, at: time) }
    case "knocked" where errand?.step == .offer: letGo(at: time)
    case "knocked", "fault", "obstacle": warn(event["message"]?.string ?? "", at: time)
    default: break
    }
  }

  private mutating func take(scene answer: JSONValue, at time: Double) {
    guard answer != scene else { return }
    scene = answer
    let read = TeleopScene(answer)
    carried = read.carried.first?.name
    let found = GazeThing.things(of: read, on: settings.plane, in: settings.area)
    guard found != things else { return }
    things = found
    digits.see(found.map(\.name))
    // What was selected may be gone.
    if let event = intent.lose() { take(event, at: time) }
    beginIntent()
  }

  static let clientName = "gaze"
}
