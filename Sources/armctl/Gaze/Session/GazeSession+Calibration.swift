internal import Foundation
internal import Gaze

// The arm shows nine points of the table, and whoever is going to direct it looks at its tip.

extension GazeSession {
  mutating func beginCalibration(at time: Double) {
    touching = nil
    guard errand == nil, !isFollowing else { return say("The arm is busy.", .warning, at: time) }
    if let event = intent.lose() { take(event, at: time) }
    gate = SampleGate()
    calibrating = GazeCalibrating(points: settings.area.grid(rows: 3, columns: 3))
    say("Look at the tip of the tool until it moves on.", .accent, at: time)
    showPoint(at: time)
  }

  mutating func calibrate(at time: Double) {
    guard let outcome = calibrating?.advance(view: settings.view, at: time) else { return }
    switch outcome {
    case .waiting: return
    case .next: showPoint(at: time)
    case .abandoned: abandonCalibration("Nobody looked: \(problem(at: time) ?? "the eyes were not seen").", at: time)
    case .complete:
      guard let points = calibrating?.done else { return }
      calibrating = nil
      judge(Result { () throws(CalibrationError) in try GazeCalibration(points, on: settings.plane, view: settings.view) }, at: time)
    }
  }

  private mutating func judge(_ found: Result<GazeCalibration, CalibrationError>, at time: Double) {
    do throws(CalibrationError) {
      let calibration = try found.get()
      use(calibration)
      unsaved = calibration
      tell("calibrated", ["rms": .number(calibration.rms), "worst": .number(calibration.worst)])
      say(String(format: "Calibrated: off by %.1f mm (RMS), %.1f mm at worst.", calibration.rms * 1e3, calibration.worst * 1e3), .good, at: time)
    } catch {
      tell("refused", ["why": .string(error.description)])
      say("\(error.description) Try: \(error.suggestion).", .alarm, at: time)
    }
  }

  // MARK: By touch

  /// The tip is on the table: at first this only begins.
  mutating func touch(at time: Double) {
    guard errand == nil, !isFollowing, calibrating == nil else { return say("The arm is busy.", .warning, at: time) }
    guard touching != nil else {
      if let event = intent.lose() { take(event, at: time) }
      gate = SampleGate()
      touching = GazeTouching()
      return say(
        "Lead the tool's tip to a place of the table, by hand or from another terminal, look at it and press t. Esc ends it.", .accent, at: time)
    }
    guard let tip = reading?.place, !isServerSilent(at: time) else { return say("The server has not told where the arm is.", .warning, at: time) }
    touching?.touch(tip, at: time)
    say("Look at the tip …", .accent, at: time)
  }

  mutating func learnByTouch(at time: Double) {
    guard let tip = reading?.place, let news = touching?.advance(tip: tip, at: time) else { return }
    say(news, .accent, at: time)
    guard let touched = touching, touched.isComplete else { return }
    touching = nil
    judge(Result { () throws(CalibrationError) in try touched.calibration(view: settings.view) }, at: time)
  }

  mutating func abandonCalibration(_ reason: String, at time: Double) {
    (calibrating, touching) = (nil, nil)
    tell("refused", ["why": .string(reason)])
    say(reason, .warning, at: time)
  }

  private mutating func showPoint(at time: Double) {
    guard let point = calibrating?.point else { return }
    // From above, so that the tip does not sweep over the table.
    let (over, down) = (settings.plane.point(at: point, height: settings.hover / 2), settings.plane.point(at: point, height: Self.tip))
    begin(GazeErrand(title: "show a point", steps: [.reach(over), .reach(down)]), at: time)
  }

  /// How near the table the tip comes [m].
  private static let tip = 0.015
}
