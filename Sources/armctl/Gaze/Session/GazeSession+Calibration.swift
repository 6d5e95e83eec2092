internal import Foundation
internal import Gaze

// The arm shows points of the table, and whoever is going to direct it looks at its tip.

extension GazeSession {
  mutating func beginCalibration(at time: Double) {
    touching = nil
    guard errand == nil, !isFollowing else { return say("The arm is busy.", .warning, at: time) }
    if let event = intent.lose() { take(event, at: time) }
    gate = SampleGate()
    if let (kept, end) = unfinished, !kept.done.isEmpty, time - end < Self.remembered {
      var begun = kept
      begun.goOn()
      calibrating = begun
      say("It goes on with the \(begun.count - begun.done.count) points that are missing: look at the tip of the tool.", .accent, at: time)
    } else {
      // Low over the table is no place to go back to.
      let start = reading.flatMap { height(of: $0) < settings.hover ? nil : $0.position }
      calibrating = GazeCalibrating(area: settings.area, start: start)
      say("Esc ends it, and the arm goes back; space leaves the arm where it is.", at: time)
    }
    unfinished = nil
    showPoint(at: time)
  }

  mutating func calibrate(at time: Double) {
    guard let outcome = calibrating?.advance(view: settings.view, at: time) else { return }
    switch outcome {
    case .waiting: return
    case .next: showPoint(at: time)
    case .abandoned: endCalibration("Nobody looked: \(problem(at: time) ?? "The eyes were not seen.")", at: time)
    case .complete: completeCalibration(at: time)
    }
  }

  /// The present point cannot be shown: the others are.
  mutating func leaveOutPoint(_ why: String, at time: Double) {
    guard let place = calibrating?.point else { return }
    errand = nil
    calibrating?.leaveOut(why)
    warn("The point at \(Self.text(place)) is left out: \(why)", at: time)
    if calibrating?.point == nil { completeCalibration(at: time) } else { showPoint(at: time) }
  }

  private mutating func completeCalibration(at time: Double) {
    guard let ended = calibrating else { return }
    calibrating = nil
    judge(
      Result { () throws(CalibrationError) in try GazeCalibration(ended.done, on: settings.plane, view: settings.view) }, leftOut: ended.leftOut,
      at: time)
    if ended.done.count < GazeCalibration.Settings().fewestPoints { keep(ended, at: time) }
    goBack(from: ended, at: time)
  }

  /// Ends the calibration before all of its points were shown.
  ///
  /// - Parameters:
  ///   - isKept: Whether another one begins with what was measured.
  ///   - goesBack: Whether the arm goes back to where it began.
  mutating func endCalibration(_ reason: String, isKept: Bool = true, goesBack: Bool = true, at time: Double) {
    guard calibrating != nil || touching != nil else { return }
    let ended = calibrating
    (calibrating, touching) = (nil, nil)
    var sentence = reason
    if let ended, isKept, !ended.done.isEmpty {
      sentence += " \(ended.done.count) of \(ended.count) points are measured: c goes on with the others."
      keep(ended, at: time)
    }
    tell("refused", ["why": .string(reason)])
    say(sentence, .warning, at: time)
    if let ended, goesBack { goBack(from: ended, at: time) }
  }

  /// Ends the calibration because somebody says so, and keeps nothing of it.
  mutating func abandonCalibration(at time: Double) {
    if calibrating != nil, errand != nil { cancelMotion(at: time) }
    endCalibration("The calibration was ended.", isKept: false, at: time)
  }

  /// Whether the arm is on its way to where a calibration began.
  var isGoingBack: Bool { calibrating == nil && errand?.isChosen == false }

  private mutating func keep(_ ended: GazeCalibrating, at time: Double) { unfinished = (ended, time) }

  private mutating func judge(
    _ found: Result<GazeCalibration, CalibrationError>, leftOut: [GazeCalibrating.Omission] = [], at time: Double
  ) {
    let omissions: JSONValue = .array(
      leftOut.map { ["position": JSONValue(numbers: [$0.place.x, $0.place.y]), "why": .string($0.why)] })
    do throws(CalibrationError) {
      let calibration = try found.get()
      use(calibration)
      unsaved = calibration
      tell("calibrated", ["rms": .number(calibration.rms), "worst": .number(calibration.worst), "leftOut": omissions])
      say(String(format: "Calibrated: off by %.1f mm (RMS), %.1f mm at worst.", calibration.rms * 1e3, calibration.worst * 1e3), .good, at: time)
      if !leftOut.isEmpty { warn(Self.sentence(leftOut), at: time) }
    } catch {
      tell("refused", ["why": .string(error.description), "leftOut": omissions])
      // What could not be shown is what to mend.
      say(
        leftOut.isEmpty ? "\(error.description) Try: \(error.suggestion)." : "\(error.description) \(Self.sentence(leftOut)) Then c goes on.",
        .alarm, at: time)
    }
  }

  /// Which points were left out, and why the last of them was.
  private static func sentence(_ leftOut: [GazeCalibrating.Omission]) -> String {
    "Left out: \(leftOut.map { text($0.place) }.joined(separator: ", ")). \(leftOut.last?.why ?? "")"
  }

  private static func text(_ place: SIMD2<Double>) -> String { String(format: "(%.2f, %.2f)", place.x, place.y) }

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

  private mutating func showPoint(at time: Double) {
    guard let point = calibrating?.point else { return }
    // From above, so that the tip does not sweep over the table.
    let (over, down) = (settings.plane.point(at: point, height: settings.hover / 2), settings.plane.point(at: point, height: Self.tip))
    begin(GazeErrand(title: "show a point", steps: [.reach(over), .reach(down)], isChosen: false), at: time)
  }

  /// Up from the table, where things may be put back, and to where the arm was when the calibration began.
  private mutating func goBack(from ended: GazeCalibrating, at time: Double) {
    guard let reading, reading.mode != "fault", !isServerSilent(at: time) else { return }
    var steps: [GazeErrand.Step] = []
    if height(of: reading) < settings.hover {
      steps.append(.reach(settings.plane.point(at: settings.plane.coordinates(of: reading.place), height: settings.hover)))
    }
    if let start = ended.start { steps.append(.joints(start)) }
    begin(GazeErrand(title: "go back", steps: steps, isChosen: false), at: time)
  }

  /// Of the tool above the table [m].
  private func height(of reading: ArmReading) -> Double { ((reading.place - settings.plane.origin) * settings.plane.normal).sum() }

  /// How near the table the tip comes [m].
  private static let tip = 0.015
  /// What was measured is worth so long: somebody's head does not keep its place for ever [s].
  private static let remembered = 120.0
}
