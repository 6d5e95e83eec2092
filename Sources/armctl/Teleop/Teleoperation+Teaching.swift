internal import Foundation

// Teach and repeat.

extension Teleoperation {
  mutating func mark(at time: Double) {
    guard let reading, !reading.position.isEmpty else { return }
    // A held arm is where it is asked to be; one that is led is where it is.
    lesson.mark(reading.isLed || reading.mode == "off" ? reading.position : reading.setpoint)
    say("Waypoint \(lesson.marks.count) is here.", .good, at: time)
  }

  mutating func unmark(at time: Double) {
    guard !lesson.isEmpty else { return say("There is no waypoint, and no path.", .faint, at: time) }
    lesson.takeBack()
    say("\(lesson.contents.map { "\($0) left" } ?? "Nothing left").", at: time)
  }

  mutating func switchRecording(at time: Double) {
    if lesson.isRecording {
      ask("record.stop", for: .recordStop, at: time)
    } else {
      ask("record.start", for: .recordStart, at: time)
    }
  }

  mutating func openNaming(at time: Double) {
    guard !lesson.isEmpty else { return say("Nothing to save yet: m marks a waypoint, b records a path.", .faint, at: time) }
    panel = .naming("")
  }

  mutating func save(as name: String, at time: Double) {
    panel = .none
    files.append(TeleopFile(name: name + ".arm", text: lesson.script(named: name, for: arm, speed: settings.speed)))
  }

  /// - Parameter problem: Why the file could not be written; nil where it was.
  mutating func didSave(_ file: TeleopFile, problem: String?, at time: Double) {
    if let problem {
      panel = .naming("")
      say("\(file.name): \(problem).", .alarm, at: time)
    } else {
      say("Saved: armctl run \(file.name)", .good, at: time)
    }
  }

  mutating func takeRecording(_ purpose: Purpose, _ answer: JSONValue, at time: Double) {
    switch purpose {
    case .recordStart:
      lesson.begin(at: time)
      say("The path is being recorded; b ends it.", .good, at: time)
    case .recordStop:
      lesson.end()
      ask("record.get", for: .recordedPath, at: time)
    default:
      let points = answer["waypoints"]?.array?.compactMap(\.numbers) ?? []
      guard points.count > 1 else { return say("The arm has not moved while the path was recorded.", .warning, at: time) }
      let duration = answer["duration"]?.number ?? 0
      lesson.take(Lesson.Path(points: points, blend: answer["blend"]?.number ?? 0, duration: duration))
      let others = lesson.steps.count > 1 ? " behind what was taught before" : ""
      say(String(format: "%.1f s in %d points\(others): enter plays them, n names and saves.", duration, points.count), .good, at: time)
    }
  }
}
