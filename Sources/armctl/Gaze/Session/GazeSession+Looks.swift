internal import Foundation
internal import Gaze

// What comes from the tracker, and what it means.

extension GazeSession {
  /// - Parameter time: When it came, by the monotonic clock [s].
  mutating func take(_ sample: GazeSample, at time: Double) {
    sampleTimes.append(time)
    if sampleTimes.count > 64 { sampleTimes.removeFirst(sampleTimes.count - 64) }
    if calibrating != nil {
      if case .accepted = gate.admit(sample, arrival: time) { calibrating?.take(sample.look, at: time) }
      return
    }
    if touching != nil {
      if case .accepted = gate.admit(sample, arrival: time) { touching?.take(sample.look, at: time) }
      return
    }
    guard pipeline != nil else {
      _ = gate.admit(sample, arrival: time)
      return
    }
    guard let seen = pipeline?.take(sample, arrival: time) else { return }
    // While the arm is on an errand or is being led, looks choose nothing.
    if errand == nil, !isFollowing {
      for event in intent.observe(seen.look, time: seen.time) { take(event, at: time) }
    }
    hasFreshLook = true
  }

  /// Something has come that is no sample.
  mutating func takeUnreadable(at time: Double) {
    if calibrating == nil, touching == nil, pipeline != nil {
      pipeline?.refuse(.unreadable, arrival: time)
    } else {
      gate.refuse(.unreadable, arrival: time)
    }
  }

  /// Samples in a second, of late [Hz].
  var sampleRate: Double {
    guard let first = sampleTimes.first, let last = sampleTimes.last, last > first else { return 0 }
    return Double(sampleTimes.count - 1) / (last - first)
  }

  /// The judgement of samples that counts now.
  var activeGate: SampleGate { calibrating == nil && touching == nil ? pipeline?.gate ?? gate : gate }

  /// Why nothing moves, for the screen; nil where nothing is wrong.
  func problem(at time: Double) -> String? {
    if let sourceProblem { return sourceProblem }
    let gate = activeGate
    if case .live = gate.state(at: time) { return nil }
    if let refusal = gate.latestRefusal, refusal.time > (gate.latest ?? -.infinity), time - refusal.time < 0.5 { return refusal.reason.description }
    switch gate.state(at: time) {
    case .waiting: return "No looks have come yet."
    case .lost: return time - (sampleTimes.last ?? -.infinity) < 0.3 ? "The eyes are away." : "The tracker is silent."
    default: return nil
    }
  }

  /// Where the thing with this digit is; where there are no things, one of nine places.
  func place(of digit: Int) -> SIMD2<Double>? {
    if things.isEmpty { return settings.area.grid(rows: 3, columns: 3).dropFirst(digit - 1).first }
    let name = digits.name(of: digit)
    return things.first { $0.name == name }?.position
  }

  /// Why samples were refused of late, even where others are believed; nil where none was.
  func complaint(at time: Double) -> String? {
    guard let refusal = activeGate.latestRefusal, time - refusal.time < Self.complaining else { return nil }
    return refusal.reason.description
  }

  /// [s]
  private static let complaining = 2.0

  /// Tells whoever rests their eyes on the bare table, where only things can be chosen, how places can be.
  mutating func watchBareTable(at time: Double) {
    guard errand == nil, !isFollowing, calibrating == nil, !intent.settings.freePoints, intent.selection == nil, intent.dwell.target == nil,
      notice == nil, time - lastHint > Self.hintPeriod, let pipeline, let fixation = pipeline.fixation, time - fixation.end < 0.1,
      fixation.end - fixation.start > 1.5 * intent.settings.dwell.longest, let place = pipeline.place(of: fixation), settings.area.contains(place)
    else { return }
    lastHint = time
    say("No thing stands there. \(Self.freeHint)", .faint, at: time)
  }

  static let freeHint = "Bare places can be chosen with --free."
  /// [s]
  private static let hintPeriod = 20.0

  /// What is said for as long as it is so; nil where nothing is.
  var standingNotice: Notice? {
    if let reading, reading.mode == "fault" {
      return Notice(text: "\(reading.fault ?? "The arm has a fault.") Try: armctl reset.", ink: .alarm, end: .infinity)
    }
    if leavesWhenBack {
      return Notice(text: "The arm goes back first, then gaze ends. q again leaves the arm where it is.", ink: .accent, end: .infinity)
    }
    if let calibrating {
      let text = "Point \(calibrating.done.count + 1) of \(calibrating.count): look at the tip of the tool until it moves on."
      return Notice(text: text, ink: .accent, end: .infinity)
    }
    switch errand?.stage {
    case .paused, .stranded: return Notice(text: errand?.hindrance ?? "", ink: .warning, end: .infinity)
    default: break
    }
    if errand == nil, !isFollowing, let choice = intent.selection { return question(about: choice) }
    guard isFollowing, let hindrance = reading?.hindrance, hindrance.share < 0.95 else { return nil }
    return Notice(text: hindrance.message, ink: .warning, end: .infinity)
  }

  mutating func watchStream(at time: Double) {
    let state = activeGate.state(at: time)
    defer { streamState = state }
    guard state == .lost, streamState != .lost, streamState != .waiting else { return }
    tell("lost", ["why": .string(problem(at: time) ?? "")])
    if let event = intent.lose() { take(event, at: time) }
    guard let errand, errand.isChosen else { return }
    if case .moving(let job) = errand.stage {
      send("pause", for: .pause, at: time)
      rest(.paused(job), "No looks: the arm rests on its path. Enter goes on, Esc ends it.", at: time)
    } else if errand.job == nil, errand.stage != .stranded, errand.step != .offer {
      drop("No looks: nothing is begun.", at: time)
    }
  }

  mutating func take(_ event: GazeIntent.Event, at time: Double) {
    switch event {
    case .selected(let choice): tell("selected", Self.members(of: choice))
    case .dropped(let choice):
      tell("dropped", Self.members(of: choice))
      say("Not confirmed.", .faint, at: time)
    case .confirmed(let choice, let means): carryOut(choice, by: means, at: time)
    }
  }

  /// What Enter would do now about what is chosen, or why it would do nothing.
  private func question(about choice: GazeIntent.Choice) -> Notice {
    do throws(CommandFailure) {
      _ = try errand(for: choice)
      return Notice(text: "\(action.title) \(choice.name ?? "this place")? Enter confirms, Esc does not.", ink: .accent, end: .infinity)
    } catch { return Notice(text: "\(error.sentence) Try: \(error.suggestion).", ink: .warning, end: .infinity) }
  }

  mutating func confirm(by means: GazeIntent.Confirmation = .key, at time: Double) {
    if let errand, case .paused(let job) = errand.stage {
      guard streamState == .live || streamState == .blink else { return say("No looks: nothing moves.", .warning, at: time) }
      self.errand?.stage = .moving(job)
      trouble = nil
      command("resume", for: .resume, at: time)
      return
    }
    if let errand, errand.stage == .stranded {
      guard !errand.isChosen || streamState == .live || streamState == .blink else { return say("No looks: nothing moves.", .warning, at: time) }
      return goOn(at: time)
    }
    if case .offered? = errand?.stage { return letGo(at: time) }
    guard errand == nil, calibrating == nil else { return }
    // What is carried need not be looked at to be handed over.
    if action == .hand, let carried {
      return begin(GazeErrand(handingOver: carried, on: settings.plane, here: here, offer: settings.offer), at: time)
    }
    guard let event = intent.confirm(by: means) else {
      return say(pipeline == nil ? Self.calibrationHint : "Nothing is chosen: look at a thing until its ring is full.", at: time)
    }
    take(event, at: time)
  }

  static let calibrationHint = "There is no calibration yet: c makes one."

  mutating func revoke(at time: Double) {
    if calibrating != nil || touching != nil {
      return abandonCalibration(at: time)
    }
    if errand != nil { return drop(carried.map { "Ended: the arm carries \($0)." } ?? "Ended.", .plain, at: time) }
    if let event = intent.revoke() { take(event, at: time) }
  }

  private mutating func carryOut(_ choice: GazeIntent.Choice, by means: GazeIntent.Confirmation, at time: Double) {
    var members = Self.members(of: choice)
    members["by"] = .string(means.rawValue)
    members["action"] = .string(action.rawValue)
    tell("confirmed", members)
    pipeline?.drift.learn(target: choice.position, look: choice.look)
    guard settings.area.contains(choice.position, margin: 0.02) else {
      return say("That place is outside the area that gaze may direct the arm to.", .warning, at: time)
    }
    do throws(CommandFailure) { begin(try errand(for: choice), at: time) } catch {
      say("\(error.sentence) Try: \(error.suggestion).", .warning, at: time)
    }
  }

  /// What carries the present action out.
  private func errand(for choice: GazeIntent.Choice) throws(CommandFailure) -> GazeErrand {
    let thing = choice.name.flatMap { name in things.first { $0.name == name } }
    return try GazeErrand(
      action, thing, at: choice.position, on: settings.plane, hover: settings.hover, carried: carried.map { ($0, hang) }, here: here,
      grip: settings.grip, offer: settings.offer)
  }

  static func members(of choice: GazeIntent.Choice) -> JSONObject {
    [
      "name": choice.name.map(JSONValue.string) ?? .null, "position": JSONValue(numbers: [choice.position.x, choice.position.y]),
      "seconds": .number(choice.time - choice.firstLook),
    ]
  }
}
