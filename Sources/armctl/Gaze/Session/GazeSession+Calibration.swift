internal import Foundation
internal import Gaze

// The arm shows nine points of the table, and whoever is going to direct it looks at its tip.

extension GazeSession {
  mutating func beginCalibration(at time: Double) {
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
      do throws(CalibrationError) {
        let calibration = try GazeCalibration(points, on: settings.plane, view: settings.view)
        use(calibration)
        unsaved = calibration
        tell("calibrated", ["rms": .number(calibration.rms), "worst": .number(calibration.worst)])
        say(
          String(format: "Calibrated: off by %.1f mm (RMS), %.1f mm at worst.", calibration.rms * 1e3, calibration.worst * 1e3), .good, at: time)
      } catch {
        tell("refused", ["why": .string(error.description)])
        say("\(error.description) Try: \(error.suggestion).", .alarm, at: time)
      }
    }
  }

  mutating func abandonCalibration(_ reason: String, at time: Double) {
    calibrating = nil
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
