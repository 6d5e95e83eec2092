internal import Foundation
internal import Gaze

/// How well looks direct: made-up persons over the wires of every tracker, and recordings that people have labelled, as one table.
struct GazeBench {
  /// So many made-up persons for each figure.
  var persons: Int
  /// Of the first of them; the others count on.
  var seed = 1
  var habits = GazeTrial.Habits()
  /// Choices of each person, and how long each looks about [s].
  var choices = 25
  var browsing = 900.0

  static var wires: [(name: String, wire: GazeTrial.Wire)] {
    let own: GazeTrial.Wire = { GazeLine.sample(GazeLine.bytes($0), time: $0.time) }
    return [("JSON", own)] + TrackerWire.allCases.map { wire in (wire.rawValue, { wire.carried($0) }) }
  }

  /// One row of the table: what, what is asked of it, and the figure of each wire.
  struct Row: Equatable {
    var name, asked: String
    var figures: [Double]
    var decimals = 1
  }

  func rows() throws(CalibrationError) -> [Row] {
    var rows: [Row] = []
    for noise in [0.5, 1.0, 1.5] {
      var (shares, seconds): ([Double], [Double]) = ([], [])
      for (_, wire) in Self.wires {
        let made = try each(noise, wire) { $0.choices(choices) }.flatMap { $0 }
        shares.append(100 * Double(made.count { $0.isRight }) / Double(made.count))
        seconds.append(Self.middle(made.map(\.seconds)))
      }
      rows.append(Row(name: "noise \(noise)°: right of nine targets 80 mm apart [%]", asked: noise == 1 ? "≥ 98" : "", figures: shares))
      rows.append(Row(name: "noise \(noise)°: landing to selection, median [s]", asked: noise == 1 ? "≤ 1" : "", figures: seconds, decimals: 2))
    }
    var (middles, commits, selections, losses): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    for (_, wire) in Self.wires {
      let errors = try each(1, wire) { $0.choices(choices, isFree: true) }.flatMap { $0.map(\.error) }
      middles.append(1e3 * Self.middle(errors))
      let browsings = try each(1, wire) { $0.browsing(for: browsing) }
      let minutes = Double(persons) * browsing / 60
      commits.append(Double(browsings.reduce(0) { $0 + $1.commits }) / minutes)
      selections.append(Double(browsings.reduce(0) { $0 + $1.selections }) / minutes)
      losses.append(1e3 * (try each(1, wire) { $0.lossWhileFollowing().seconds }.max() ?? 0))
    }
    rows.append(Row(name: "places without a name, off by, median [mm]", asked: "≤ 15", figures: middles))
    rows.append(Row(name: "confirmed while looking about [1/min]", asked: "≤ 0.1", figures: commits, decimals: 3))
    rows.append(Row(name: "selected while looking about [1/min]", asked: "", figures: selections))
    rows.append(Row(name: "last sample to no leading any more, at worst [ms]", asked: "≤ 300", figures: losses, decimals: 0))
    return rows
  }

  private func each<T>(_ noise: Double, _ wire: @escaping GazeTrial.Wire, _ measure: (inout GazeTrial) -> T) throws(CalibrationError) -> [T] {
    var found: [T] = []
    for seed in seed..<seed + persons {
      var trial = try GazeTrial(noise: noise * .pi / 180, seed: seed, habits: habits, over: wire)
      found.append(measure(&trial))
    }
    return found
  }

  private static func middle(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
}

/// A recording of somebody's looks at a screen, labelled by hand: `t_s,x_px,y_px,label` a line, of 1024 × 768 px, 0.38 × 0.30 m, at 0.67 m.
struct LabelledRecording {
  var name: String
  private var times: [Double] = []
  private var shares: [SIMD2<Double>] = []
  private var isFixation: [Bool] = []

  private static let pixels = SIMD2(1024.0, 768)
  private static let view = ViewGeometry(size: SIMD2(0.38, 0.3), distance: 0.67)

  /// - Throws: ``CommandFailure`` for a folder without recordings.
  static func all(in folder: String) throws(CommandFailure) -> [Self] {
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".csv") }.sorted()
    let recordings = files.map { Self(name: $0, text: (try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)) ?? "") }
    guard let broken = recordings.first(where: { $0.times.count < 2 })?.name ?? (files.isEmpty ? folder : nil) else { return recordings }
    throw CommandFailure("There are no labelled looks in \(broken).", suggestion: "a folder of CSV files with lines of t_s,x_px,y_px,label")
  }

  init(name: String, text: String) {
    self.name = name
    for line in text.split(whereSeparator: \.isNewline) {
      let cells = line.split(separator: ",")
      guard cells.count == 4, let time = Double(cells[0]), let x = Double(cells[1]), let y = Double(cells[2]) else { continue }
      times.append(time)
      shares.append(SIMD2(x, y) / Self.pixels)
      isFixation.append(cells[3] == "fixation")
    }
  }

  /// How well our labels agree with the person's, fixation against the rest.
  var kappa: Double {
    let rate = Double(times.count - 1) / (times[times.count - 1] - times[0])
    let thresholds = MovementThresholds(noise: 0.02 * .pi / 180, rate: rate)
    let labels = MovementLabels.labels(times: times, angles: shares.map(Self.view.angle(of:)), thresholds: thresholds)
    return cohensKappa(labels.map { $0 == .fixation }, isFixation)
  }

  /// What would be decided of these looks if nine things and a go area were on the screen.
  var decisions: GazeTrial.Browsing {
    let area = GazeArea.desk
    var pipeline = GazePipeline(calibration: GazePuppet.calibration(of: area, on: TablePlane(), noise: 0.02 * .pi / 180))
    var settings = GazeIntent.Settings()
    settings.blinks = true
    settings.go = GazeTarget(name: "go", position: area.lower, radius: 0.03)
    let targets = area.grid(rows: 3, columns: 3).enumerated().map { GazeTarget(name: "target\($0.offset + 1)", position: $0.element, radius: 0.015) }
    var intent = GazeIntent(targets: targets, settings: settings)
    var decisions = GazeTrial.Browsing()
    for (time, share) in zip(times, shares) {
      guard let seen = pipeline.take(GazeSample(time: time, look: .screen(share)), arrival: time) else { continue }
      for event in intent.observe(seen.look, time: seen.time) {
        if case .confirmed = event { decisions.commits += 1 }
        if case .selected = event { decisions.selections += 1 }
      }
    }
    return decisions
  }
}
