internal import Gaze

// What the keys of the terminal do.

extension GazeSession {
  /// The keys, for the foot of the screen.
  static let hints = [
    ("space", "stop"), ("enter", "confirm"), ("esc", "no"), ("hold f", "follow"), ("q", "leave"), ("g", "go"), (".", "point"), ("p", "pick up"),
    ("l", "lay down"), ("b", "bring"), ("h", "hand over"), ("c", "calibrate"), ("t", "touch"),
  ]

  mutating func take(_ event: KeyEvent, at time: Double) {
    if event.phase == .release {
      if deadMan.up(event.key) { follow(at: time) }
      return
    }
    if event.key == .character("f") {
      guard deadMan.down(event.key, isAgain: event.phase == .again, at: time) else { return }
      follow(at: time)
      if !isFollowing { say(whyNothingIsLed, at: time) }
      return
    }
    guard event.phase == .press else { return }
    // Any other key is no longer a held dead-man.
    deadMan.letGo()
    switch event.key {
    case .enter: confirm(at: time)
    case .escape: revoke(at: time)
    case .character(" "): stop(at: time)
    case .character("c"): beginCalibration(at: time)
    case .character("t"): touch(at: time)
    case .character("."): choose(.point, at: time)
    case .character("g"): choose(.go, at: time)
    case .character("p"): choose(.pick, at: time)
    case .character("l"): choose(.place, at: time)
    case .character("b"): choose(.bring, at: time)
    case .character("h"): choose(.hand, at: time)
    case .character("q"), .control("c"): leave(at: time)
    default: break
    }
  }

  private var whyNothingIsLed: String {
    if errand != nil || calibrating != nil { return "The arm is busy." }
    return pipeline == nil ? Self.calibrationHint : "No looks: nothing moves."
  }

  mutating func stop(at time: Double) {
    let wasMoving = errand != nil || isFollowing
    if isFollowing { endFollowing(at: time) }
    if errand != nil { drop("Stopped.", .plain, at: time) }
    endCalibration("Stopped.", goesBack: false, at: time)
    if let event = intent.lose() { take(event, at: time) }
    if wasMoving { send("stop", for: .stop, at: time) }
  }

  /// Whoever leaves while the arm is low over the table for a calibration sees it go back first; told once more it stops where it is.
  private mutating func leave(at time: Double) {
    guard !leavesWhenBack, calibrating != nil || isGoingBack else {
      stop(at: time)
      isLeaving = true
      return
    }
    leavesWhenBack = true
    abandonCalibration(at: time)
  }

  mutating func loseFocus(at time: Double) {
    deadMan.letGo()
    follow(at: time)
  }

  private mutating func choose(_ action: GazeAction, at time: Double) {
    self.action = action
    if action == .hand, let carried {
      say("Enter hands \(carried) over.", at: time)
    } else if intent.selection == nil {
      let isBareTableLeft = action == .place && !intent.settings.freePoints
      say("Now: \(action.title) what is chosen." + (isBareTableLeft ? " \(Self.freeHint)" : ""), at: time)
    }
  }
}
