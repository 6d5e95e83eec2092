internal import Foundation

// Jogging.

extension Teleoperation {
  /// The axis that an action moves.
  func jogged(by action: TeleopAction) -> (axis: Int, isUp: Bool)? {
    switch action {
    case .jog(let axis, let isUp):
      axis < (settings.target == .joints ? arm.joints.count : 6) ? (axis, isUp) : nil
    case .arrow(let arrow): settings.axis(of: arrow)
    default: nil
    }
  }

  /// The axes that held keys move, or else the device.
  var joggedAxes: [JoggedAxis] {
    guard !isBlocked else { return [] }
    guard deadMan.isIdle else {
      return deadMan.keys.compactMap { key in
        TeleopKeys.standard.action(of: KeyEvent(key: key)).flatMap(jogged(by:)).map { JoggedAxis(axis: $0.axis, share: $0.isUp ? 1 : -1) }
      }
    }
    return (device?.wish ?? []).enumerated().map { JoggedAxis(axis: $0, share: $1) }
  }

  /// Whether a key is held or a stick deflected.
  var isAnythingHeld: Bool { !deadMan.isIdle || device?.wish != nil }

  mutating func jog(axis: Int, isUp: Bool, _ event: KeyEvent, at time: Double) {
    let isFirst = deadMan.down(Self.held(event), isAgain: event.phase == .again, at: time)
    guard mayJog(by: "a key was pressed", at: time) else { return }
    if settings.joint != axis, settings.target == .joints { settings.joint = axis }
    if settings.isStepwise, isFirst || event.phase != .release { step(axis: axis, isUp: isUp, at: time) }
  }

  /// Whether the arm may be jogged now; if not, what is held moves nothing until it is let go.
  mutating func mayJog(by cause: String, at time: Double) -> Bool {
    guard !isBlocked else { return false }
    if let obstacle = obstacleToMotion(at: time) {
      isBlocked = true
      say(obstacle, .warning, at: time)
      return false
    }
    if let job, !job.isStep {
      // Whoever reaches into a motion wants it to end.
      send("stop", for: .stop, at: time)
      isBlocked = true
      say("Stopped: \(cause) on the way \(job.title).", .warning, at: time)
      return false
    }
    if proposal != nil { dismiss() }
    return true
  }

  /// Why the arm cannot move now; nil where it can.
  func obstacleToMotion(at time: Double) -> String? {
    guard let reading, !isServerSilent(at: time) else { return "The server does not answer." }
    switch reading.mode {
    case "off": return "The motors are off; o switches them on."
    case "fault": return "A fault is latched; o clears it."
    case "float", "comply": return "The arm is led by hand; l holds it."
    default: return nil
    }
  }

  private mutating func step(axis: Int, isUp: Bool, at time: Double) {
    guard job == nil, !requests.asked.contains(.step), requests.waiting == nil, let reading else { return }
    guard let (method, parameters) = settings.step(along: axis, isUp: isUp, of: arm, from: reading) else { return }
    rememberPlace(at: time)
    lastMotion = time
    requests.asked.insert(.step)
    command(method, parameters, for: .step, at: time)
  }

  /// Where the arm is, for undoing what is about to begin: once for what follows in short order.
  mutating func rememberPlace(at time: Double) {
    guard time - lastMotion > 1, let position = reading?.setpoint, !position.isEmpty else { return }
    if let last = undo.last, zip(last, position).allSatisfy({ abs($0 - $1) < 1e-3 }) { return }
    undo.append(position)
    if undo.count > 50 { undo.removeFirst() }
  }
}
