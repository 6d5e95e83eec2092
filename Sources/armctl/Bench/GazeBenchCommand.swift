internal import ArgumentParser
internal import Foundation
internal import Gaze

/// `armctl bench gaze`: how well looks direct the arm.
struct GazeBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gaze", abstract: "Measure how well looks direct: right choices, how soon, how far off, what is confirmed by mistake.",
    discussion: """
      Made-up persons are calibrated and choose things 0.7 m away; their looks travel as each tracker's bytes. Without a tracker, an arm or a clock, \
      so the figures are the same on every machine.

      Examples:
        armctl bench gaze
        armctl bench gaze --persons 120 --seed 1000 --json
        armctl bench gaze --rate 30 --drift 0.5
        armctl bench gaze --recordings my-recordings
      """)

  @Option(help: "Made-up persons for each figure, 1 to 1000.")
  var persons = 20
  @Option(help: "The first person's number, 1 to 1000000: others are other persons.")
  var seed = 1
  @Option(help: "Samples in a second, 10 to 1000 [Hz].")
  var rate = 60.0
  @Option(help: "How fast the tracker drifts, 0 to 10 [° in a minute].")
  var drift = 0.1
  @Option(help: "How often the eyes blink, 0 to 2 [Hz].")
  var blinks = 0.25
  @Option(help: "A folder of looks that were labelled by hand, as CSV: t_s,x_px,y_px,label.")
  var recordings: String?
  @Flag(help: "Print one JSON object: figure → {asked, and each wire's}.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(persons) else { throw ValidationError("--persons is from 1 to 1000, not \(persons).") }
    guard (1...1_000_000).contains(seed) else { throw ValidationError("--seed is from 1 to 1000000, not \(seed).") }
    guard (10...1000).contains(rate) else { throw ValidationError("--rate is from 10 to 1000 Hz, not \(rate).") }
    guard (0...10).contains(drift) else { throw ValidationError("--drift is from 0 to 10 ° in a minute, not \(drift).") }
    guard (0...2).contains(blinks) else { throw ValidationError("--blinks is from 0 to 2 Hz, not \(blinks).") }
  }

  func run() throws {
    try CommandFailure.reporting {
      let labelled = try recordings.map { folder throws(CommandFailure) in try LabelledRecording.all(in: folder) } ?? []
      var habits = GazeTrial.Habits()
      (habits.rate, habits.drift, habits.blinkRate) = (rate, drift * .pi / 180 / 60, blinks)
      let rows = try GazeBench(persons: persons, seed: seed, habits: habits).rows()
      if json { return print(JSONValue.object(object(rows, labelled))) }
      var table = TextTable(head: ["\(persons) made-up persons over the wire of", "asked"] + GazeBench.wires.map(\.name))
      for row in rows { table.append([row.name, row.asked] + row.figures.map { String(format: "%.\(row.decimals)f", $0) }) }
      print(table.lines.joined(separator: "\n"))
      for recording in labelled {
        print(
          "\(recording.name): κ of fixation against the rest \(String(format: "%.2f", recording.kappa)) (asked ≥ 0.75); "
            + "\(recording.decisions.selections) selected, \(recording.decisions.commits) confirmed")
      }
    }
  }

  private func object(_ rows: [GazeBench.Row], _ labelled: [LabelledRecording]) -> JSONObject {
    var object = JSONObject()
    for row in rows {
      var figures: JSONObject = ["asked": row.asked.isEmpty ? .null : .string(row.asked)]
      for (wire, figure) in zip(GazeBench.wires, row.figures) { figures[wire.name] = .number(figure) }
      object.append(row.name, .object(figures))
    }
    for recording in labelled {
      object.append(
        recording.name, ["kappa": .number(recording.kappa), "confirmed": .number(Double(recording.decisions.commits)), "asked": "≥ 0.75"])
    }
    return object
  }
}
