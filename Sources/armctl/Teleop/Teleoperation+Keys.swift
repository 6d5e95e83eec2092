// What keys do.

extension Teleoperation {
  mutating func take(_ event: KeyEvent, at time: Double) {
    let action = TeleopKeys.standard.action(of: event)
    lastTouch = time
    if event.phase == .release {
      // The key that went down may have been named otherwise, with shift or in another layout.
      _ = deadMan.up(Self.held(event))
      return pass(to: time)
    }
    defer { pass(to: time) }
    // These always work, and first of all.
    if action == .leave { return leave(at: time) }
    if action == .stop, !isNaming { return stop(at: time) }
    if takeInPanel(event, action, at: time) { return }
    guard let action else { return }
    if let (axis, isUp) = jogged(by: action) { return jog(axis: axis, isUp: isUp, event, at: time) }
    guard event.phase == .press else { return }
    carryOut(action, at: time)
  }

  mutating func loseFocus(at time: Double) {
    deadMan.letGo()
    pass(to: time)
  }

  /// By what a key is known while it is held: its place where that is known, else the key as it is without shift.
  static func held(_ event: KeyEvent) -> Key {
    if let place = event.place { return .character(place) }
    if case .character(let character) = event.key, let small = character.lowercased().first { return .character(small) }
    return event.key
  }

  private var isNaming: Bool { if case .naming = panel { true } else { false } }

  // MARK: Always

  mutating func stop(at time: Double) {
    send("stop", for: .stop, at: time)
    isStreaming = false
    isBlocked = isAnythingHeld
    if let waiting = requests.waiting { requests.asked.remove(waiting.purpose) }
    (proposal, requests.waiting, ghost) = (nil, nil, nil)
    if panel != .help { panel = .none }
    say("Stopped.", .warning, at: time)
  }

  private mutating func leave(at time: Double) {
    if isStreaming || job != nil || requests.waiting != nil { send("stop", for: .stop, at: time) }
    isStreaming = false
    deadMan.letGo()
    requests.releaseLease(at: time)
    isLeaving = true
  }

  // MARK: Panels

  /// - Returns: Whether an open panel has taken the key.
  private mutating func takeInPanel(_ event: KeyEvent, _ action: TeleopAction?, at time: Double) -> Bool {
    switch panel {
    case .none: return false
    case .help:
      guard event.phase == .press else { return true }
      panel = .none
      return true
    case .naming(let name):
      takeInName(event, name, at: time)
      return true
    case .switchingOff:
      panel = .none
      if action == .power || event.key == .enter { command("mode.set", ["mode": "off"], for: .mode("off"), at: time) }
      return true
    case .poses(let index): return takeInPoses(event, action, index, at: time)
    }
  }

  private mutating func takeInName(_ event: KeyEvent, _ name: String, at time: Double) {
    switch event.key {
    case .escape: panel = .none
    case .enter: if !name.isEmpty { save(as: name, at: time) }
    case .backspace: panel = .naming(String(name.dropLast()))
    case .character(let character):
      let isFit = character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
      if isFit, name.count < 40 { panel = .naming(name + String(character)) }
    default: break
    }
  }

  private mutating func takeInPoses(_ event: KeyEvent, _ action: TeleopAction?, _ index: Int, at time: Double) -> Bool {
    switch (event.key, action) {
    case (.up, _), (.down, _):
      let next = min(max(index + (event.key == .down ? 1 : -1), 0), arm.poses.count - 1)
      panel = .poses(next)
      if next != index { proposePose(next, at: time) }
    case (.enter, _): if event.phase == .press { agree(at: time) }
    case (_, .poses), (_, .cancel): dismiss()
    case (_, .faster), (_, .slower): return false
    case (_, nil): break
    default:
      // Whoever does something else wants no list any more.
      dismiss()
      return false
    }
    return true
  }

  // MARK: The rest

  mutating func carryOut(_ action: TeleopAction, at time: Double) {
    switch action {
    case .help: panel = .help
    case .cancel: dismiss()
    case .switchTarget:
      settings.target = settings.target == .tool ? .joints : .tool
      block()
    case .nextFrame:
      let frames = JogSettings.Frame.allCases, index = frames.firstIndex(of: settings.frame) ?? 0
      settings.frame = frames[(index + 1) % frames.count]
      block()
    case .switchStepping:
      settings.isStepwise.toggle()
      block()
    case .faster: changeSpeed(by: 1, at: time)
    case .slower: changeSpeed(by: -1, at: time)
    case .longerStep: settings.changeStep(by: 1)
    case .shorterStep: settings.changeStep(by: -1)
    case .turnLeft: settings.turnView(by: -1)
    case .turnRight: settings.turnView(by: 1)
    case .power: switchPower(at: time)
    case .float: switchFloat(at: time)
    case .poses: openPoses(at: time)
    case .undo: proposeUndo(at: time)
    case .go:
      // Who presses enter twice, or holds it, wants no other motion behind the one that was agreed to.
      if proposal != nil {
        agree(at: time)
      } else if isOnTheWay {
        say("On the way \(underWay); space stops.", .faint, at: time)
      } else {
        proposePlay(at: time)
      }
    case .mark: mark(at: time)
    case .unmark: unmark(at: time)
    case .record: switchRecording(at: time)
    case .save: openNaming(at: time)
    case .openGripper, .closeGripper:
      guard arm.hasGripper else { return say("This arm has no gripper that its file describes.", .faint, at: time) }
      command("gripper.set", ["opening": action == .openGripper ? 1 : 0], for: .gripper, at: time)
    case .switchTouching:
      settings.mayTouch.toggle()
      say(
        settings.mayTouch ? "Obstacles do not hold the arm back now: 1 again, and they do." : "The arm keeps clear of obstacles.", .warning, at: time)
    case .arrow(let arrow):
      if settings.target == .joints, arrow == .up || arrow == .down {
        settings.joint = min(max(settings.joint + (arrow == .down ? 1 : -1), 0), arm.joints.count - 1)
      }
    case .jog, .stop, .leave: break
    }
  }

  /// What is held now moves nothing under the new meaning of its key.
  private mutating func block() { isBlocked = isAnythingHeld }

  private mutating func changeSpeed(by steps: Int, at time: Double) {
    settings.changeSpeed(by: steps)
    // A proposal is planned at the speed that is shown.
    guard var proposal else { return }
    proposal.parameters["speed"] = .number(settings.speed)
    propose(proposal.title, proposal.method, proposal.parameters, at: time)
  }

  private mutating func switchPower(at time: Double) {
    switch reading?.mode {
    case "off": command("mode.set", ["mode": "hold"], for: .mode("hold"), at: time)
    case "fault": command("fault.reset", for: .reset, at: time)
    default: panel = .switchingOff
    }
  }

  private mutating func switchFloat(at time: Double) {
    let mode = reading?.isLed == true ? "hold" : "float"
    command("mode.set", ["mode": .string(mode)], for: .mode(mode), at: time)
  }
}
