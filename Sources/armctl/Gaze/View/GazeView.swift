internal import Foundation
internal import Gaze

/// Draws what the system believes: the table with the gaze, the ring that fills, the arm and its plan, and how likely each thing is meant.
struct GazeView {
  /// Where the map is on the screen, in characters.
  struct Map: Equatable, Sendable {
    var x, y, columns, rows: Int
    let area: GazeArea

    static let panel = 36
    static let least = (width: 60, height: 18)

    init?(width: Int, height: Int, area: GazeArea) {
      guard width >= Self.least.width, height >= Self.least.height else { return nil }
      (x, y, columns, rows, self.area) = (1, 2, width - Self.panel - 3, height - 6, area)
    }

    /// Dots a metre, the same in both directions.
    var scale: Double {
      let seen = area.size + 2 * Self.room
      return min(Double(2 * columns) / seen.y, Double(4 * rows) / seen.x)
    }

    /// A place of the table as a dot: x is away, y to the left, as somebody sees it who sits behind the base.
    func dot(_ place: SIMD2<Double>) -> SIMD2<Double> {
      let off = (place - area.middle) * scale
      return SIMD2(Double(columns) - off.y, Double(2 * rows) - off.x)
    }

    /// The shares of the area that a character of the screen is at.
    func share(column: Int, row: Int) -> SIMD2<Double> {
      let off = SIMD2(Double(2 * (column - x) + 1), Double(4 * (row - y) + 2)) - SIMD2(Double(columns), Double(2 * rows))
      return SIMD2(0.5 + off.x / scale / area.size.y, 0.5 + off.y / scale / area.size.x)
    }

    /// So much is seen around the area [m].
    private static let room = 0.04
  }

  func screen(of session: GazeSession, source: String, width: Int, height: Int, at time: Double) -> Screen {
    var screen = Screen(width: width, height: height)
    guard let map = Map(width: width, height: height, area: session.settings.area) else {
      screen.write(
        "Please make this window at least \(Map.least.width) × \(Map.least.height): it has \(width) × \(height).", x: 0, y: height / 2, .warning)
      return screen
    }
    drawHeader(session, source, at: time, on: &screen)
    drawMap(session, map, at: time, on: &screen)
    drawPanel(session, x: width - Map.panel, at: time, on: &screen)
    drawMessages(session, at: time, on: &screen)
    let count = screen.write(hints: GazeSession.hints, y: height - 2)
    screen.write(hints: Array(GazeSession.hints.dropFirst(count)), y: height - 1)
    return screen
  }

  /// What went wrong last, and below it what is being chosen or done.
  private func drawMessages(_ session: GazeSession, at time: Double, on screen: inout Screen) {
    var notices = [session.trouble, session.notice].compactMap(\.self)
    // What has to be known for as long as it lasts.
    if let standing = session.standingNotice {
      // What says more says the same, too.
      notices.removeAll { standing.text.hasPrefix($0.text) }
      notices = notices.prefix(1) + [standing]
    }
    let lines = notices.flatMap { notice in
      Screen.wrapped(Self.dated(notice, at: time), width: screen.width - 2, rows: notices.count == 1 ? 2 : 1).map { ($0, notice.ink) }
    }
    for (row, (text, ink)) in lines.enumerated() { screen.write(text, x: 1, y: screen.height - 2 - lines.count + row, ink) }
  }

  /// What is not of now says so.
  private static func dated(_ notice: Notice, at time: Double) -> String {
    guard let begin = notice.begin, time - begin >= 4 else { return notice.text }
    return "\(Int(time - begin)) s ago: \(notice.text)"
  }

  // MARK: The header

  private func drawHeader(_ session: GazeSession, _ source: String, at time: Double, on screen: inout Screen) {
    var x = screen.write("gaze", x: 1, y: 0, .strong) + 2
    let state = session.activeGate.state(at: time)
    let (word, ink): (String, Ink) =
      switch state {
      case .waiting: ("waiting", .warning)
      case .live: ("live", .good)
      case .blink: ("blink", .accent)
      case .gap: ("gap", .warning)
      case .lost: ("lost", .alarm)
      }
    x = screen.write("● \(word)", x: x, y: 0, ink) + 2
    let mode = session.isServerSilent(at: time) ? "no answer" : session.reading?.mode ?? "…"
    let arm = "arm \(mode)" + (session.token != nil ? ", led by gaze" : "")
    screen.write(source, x: x, y: 0, .faint, limit: max(0, screen.width - arm.count - 3 - x))
    if let problem = session.problem(at: time) ?? session.complaint(at: time) { screen.write(problem, x: 1, y: 1, .warning, limit: screen.width - 2) }
    screen.write(arm, endingBefore: screen.width - 1, y: 0, mode == "fault" || mode == "no answer" ? .alarm : .accent)
  }

  // MARK: The map

  private static let framePen = BrailleCanvas.Pen(ink: .faint, weight: 1, spacing: 3)
  private static let thingPen = BrailleCanvas.Pen(ink: .obstacle, weight: 3)
  private static let planPen = BrailleCanvas.Pen(ink: .ghost, weight: 2, spacing: 2)
  private static let armPen = BrailleCanvas.Pen(ink: .arm, weight: 2)
  private static let ringPen = BrailleCanvas.Pen(ink: .accent, weight: 5)
  private static let chosenPen = BrailleCanvas.Pen(ink: .good, weight: 5)
  private static let gazePen = BrailleCanvas.Pen(ink: .strong, weight: 7)

  private func drawMap(_ session: GazeSession, _ map: Map, at time: Double, on screen: inout Screen) {
    var canvas = BrailleCanvas(columns: map.columns, rows: map.rows)
    let (area, plane) = (session.settings.area, session.settings.plane)
    let corners = [area.lower, SIMD2(area.upper.x, area.lower.y), area.upper, SIMD2(area.lower.x, area.upper.y)]
    canvas.polygon(corners.map(map.dot), Self.framePen)
    for thing in session.things { circle(at: thing.position, radius: max(thing.radius, 0.008), map, Self.thingPen, on: &canvas) }
    if let places = session.places {
      let dots = places.points.map { map.dot(plane.coordinates(of: $0)) }
      for (a, b) in zip(dots, dots.dropFirst()) { canvas.line(from: a, to: b, Self.armPen) }
      if let tool = dots.last { canvas.disc(at: tool, radius: 1.5, Self.armPen) }
    }
    if let errand = session.errand {
      let dots = errand.path.map { map.dot(plane.coordinates(of: $0)) }
      for (a, b) in zip(dots, dots.dropFirst()) { canvas.line(from: a, to: b, Self.planPen) }
    }
    drawRings(session, map, at: time, on: &canvas)
    if let look = session.pipeline?.look(at: time), look.age < 0.3 {
      let dot = map.dot(look.place)
      for step in -2...2 {
        canvas.dot(dot + SIMD2(Double(step), 0), Self.gazePen)
        canvas.dot(dot + SIMD2(0, Double(step)), Self.gazePen)
      }
    }
    canvas.draw(on: &screen, x: map.x, y: map.y)
    for thing in session.things {
      let dot = map.dot(thing.position)
      let label = (session.digits.digit(of: thing.name).map { "\($0) " } ?? "") + thing.name
      // To the right of the thing's middle where there is room.
      let x = max(map.x, min(map.x + Int(dot.x) / 2 + 2, map.x + map.columns - label.count))
      screen.write(label, x: x, y: map.y + Int(dot.y) / 4, .plain, limit: max(0, map.x + map.columns - x))
    }
  }

  private func drawRings(_ session: GazeSession, _ map: Map, at time: Double, on canvas: inout BrailleCanvas) {
    if let point = session.calibrating?.point {
      circle(at: point, radius: 0.006, map, Self.chosenPen, on: &canvas)
      arc(at: point, share: session.calibrating?.share(at: time) ?? 0, radius: 0.02, map, Self.ringPen, on: &canvas)
    }
    if let touching = session.touching {
      for place in touching.places { circle(at: session.settings.plane.coordinates(of: place), radius: 0.006, map, Self.chosenPen, on: &canvas) }
      if let tip = session.reading?.place {
        arc(at: session.settings.plane.coordinates(of: tip), share: touching.share(at: time), radius: 0.02, map, Self.ringPen, on: &canvas)
      }
    }
    let intent = session.intent
    if let index = intent.dwell.target, intent.targets.indices.contains(index) {
      let target = intent.targets[index]
      arc(at: target.position, share: intent.dwell.share, radius: max(target.radius, 0.008) + 0.008, map, Self.ringPen, on: &canvas)
    }
    if let free = intent.freeDwell { arc(at: free.place, share: free.share, radius: 0.016, map, Self.ringPen, on: &canvas) }
    if let go = intent.settings.go {
      circle(at: go.position, radius: go.radius, map, Self.framePen, on: &canvas)
      arc(at: go.position, share: intent.goShare, radius: go.radius + 0.008, map, Self.chosenPen, on: &canvas)
    }
    if let selection = intent.selection {
      for extra in [0.010, 0.014] { circle(at: selection.position, radius: 0.01 + extra, map, Self.chosenPen, on: &canvas) }
    }
  }

  private func circle(at place: SIMD2<Double>, radius: Double, _ map: Map, _ pen: BrailleCanvas.Pen, on canvas: inout BrailleCanvas) {
    arc(at: place, share: 1, radius: radius, map, pen, on: &canvas)
  }

  /// From the top clockwise.
  private func arc(
    at place: SIMD2<Double>, share: Double, radius: Double, _ map: Map, _ pen: BrailleCanvas.Pen, on canvas: inout BrailleCanvas
  ) {
    guard share > 0 else { return }
    let (middle, reach) = (map.dot(place), radius * map.scale)
    let steps = max(12, Int(6 * reach))
    for step in 0...Int((share * Double(steps)).rounded()) {
      let angle = 2 * .pi * Double(step) / Double(steps)
      canvas.dot(middle + reach * SIMD2(sin(angle), -cos(angle)), pen)
    }
  }

  // MARK: The panel

  private func drawPanel(_ session: GazeSession, x: Int, at time: Double, on screen: inout Screen) {
    var y = 2
    func row(_ name: String, _ value: String, _ ink: Ink = .plain) {
      screen.write(name, x: x, y: y, .faint)
      screen.write(value, x: x + 10, y: y, ink, limit: Map.panel - 11)
      y += 1
    }
    row("looks", String(format: "%.0f Hz", session.sampleRate))
    let refusals = session.activeGate.refusals
    if let (reason, _) = refusals.max(by: { ($0.value, $0.key.word) < ($1.value, $1.key.word) }) {
      row("refused", "\(refusals.values.reduce(0, +)), mostly \(reason.word)", .warning)
    }
    if let pipeline = session.pipeline {
      row("filter", String(format: "%.0f ms behind", pipeline.delay * 1e3))
      let calibration = pipeline.calibration
      row(
        "map",
        calibration.residuals.isEmpty ? "the table itself" : String(format: "%.1f mm RMS, %.1f worst", calibration.rms * 1e3, calibration.worst * 1e3)
      )
      let drift = pipeline.drift
      let length = (drift.offset * drift.offset).sum().squareRoot()
      row("drift", String(format: "%.1f mm corrected", length * 1e3), drift.isExhausted ? .warning : .plain)
    } else {
      row("map", "none yet: press c", .warning)
    }
    row("action", session.action.title, .strong)
    if session.isFollowing {
      row("follow", String(format: "%.0f mm/s", (session.follower.velocity * session.follower.velocity).sum().squareRoot() * 1e3), .good)
    }
    y += 1
    // Above the messages and the hints.
    let bottom = screen.height - 4
    if session.pipeline != nil, session.calibrating == nil, !session.isFollowing {
      drawGoals(session, x: x, y: &y, above: session.errand == nil ? bottom : bottom - 2, on: &screen)
    }
    if let errand = session.errand { drawErrand(errand, x: x, y: min(y + 1, bottom - 2), on: &screen) }
  }

  private func drawGoals(_ session: GazeSession, x: Int, y: inout Int, above bottom: Int, on screen: inout Screen) {
    let inference = session.intent.inference
    let probabilities = inference.probabilities
    let rest = max(0, 1 - probabilities.reduce(0, +))
    let named = zip(inference.targets.map(\.name), probabilities).sorted { $0.1 > $1.1 }.prefix(max(0, min(6, bottom - y - 1)))
    for (name, probability) in named + [("something else", rest)] {
      let bar = Int((probability * 10).rounded())
      screen.write(name, x: x, y: y, session.intent.selection?.name == name ? .good : .plain, limit: 16)
      screen.write(
        String(repeating: "█", count: bar) + String(repeating: "░", count: 10 - bar), x: x + 17, y: y, probability >= 0.8 ? .good : .accent)
      screen.write(String(format: "%3.0f %%", probability * 100), x: x + 28, y: y, .plain)
      y += 1
    }
    guard y < bottom else { return }
    screen.write(String(format: "undecided by %.1f bit", inference.entropy), x: x, y: y, .faint)
    y += 1
  }

  private func drawErrand(_ errand: GazeErrand, x: Int, y: Int, on screen: inout Screen) {
    screen.write(errand.title, x: x, y: y, .strong, limit: GazeView.Map.panel - 1)
    let text: String =
      switch errand.stage {
      case .asking, .rehearsing, .measuring: "planning"
      case .moving: String(format: "%.0f %% of %.1f s", errand.progress * 100, errand.duration)
      case .paused, .stranded: "paused: Enter goes on"
      case .offered: "held out: tug, or Enter"
      }
    screen.write(
      "step \(min(errand.index + 1, errand.steps.count)) of \(errand.steps.count), \(text)", x: x, y: y + 1, .plain, limit: GazeView.Map.panel - 1)
  }
}
