internal import Control

// What clients hear of knocks.

/// Counts knocks while the daemon lives, and tells which one the arm is busy with: what is told meanwhile bears its number.
struct KnockCounter {
  private(set) var count = 0
  private var lastTick = -1
  /// Whether the arm gives way, or is on its way back.
  private var isReacting = false

  mutating func feel(at tick: Int) {
    count += 1
    lastTick = tick
  }

  /// - Parameter mode: What the arm has changed to.
  mutating func note(_ mode: ControlMode) { isReacting = mode == .yield || mode == .recover }

  /// Of the knock to which something belongs that happened at a tick: at once, or while the arm reacted.
  func number(at tick: Int) -> Int? { isReacting || tick == lastTick ? count : nil }
}

extension LiveArm {
  /// A knock does not end a job; it only holds it up.
  func tellOfReaction(in mode: ControlMode, _ timed: TimedEvent) {
    guard mode == .yield || mode == .recover, let job = controlled.snapshot.job else { return }
    tell(job, mode == .yield ? .knocked : .recovering, at: timed, progress: controlled.snapshot.progress)
  }

  func report(_ knock: Knock, as kind: String, _ message: String, _ timed: TimedEvent) {
    var details: JSONObject = [:]
    if let impulse = knock.impulse { details["impulse"] = .number(impulse) }
    if let direction = knock.direction { details["direction"] = .array([direction.x, direction.y, direction.z].map { .number($0) }) }
    occur(kind, timed, message, joint: controlled.jointNames[knock.joint], details: details)
  }
}
