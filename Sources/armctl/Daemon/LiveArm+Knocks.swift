internal import Control

// What clients hear of knocks.

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
