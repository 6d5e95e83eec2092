import Foundation
import Gaze
import TestSupport
import Testing

@testable import armctl

@Suite struct GazeBenchTests {
  /// The table's bounds hold over every wire, our own JSON included, for a few persons as for many.
  @Test func everyWireKeepsWhatIsAsked() throws {
    let bench = GazeBench(persons: 2, choices: 10, browsing: 60)
    let rows = try bench.rows()
    #expect(Set(rows.map(\.name)).count == rows.count && rows.allSatisfy { $0.figures.count == GazeBench.wires.count })
    for row in rows where !row.asked.isEmpty {
      let bound = try #require(Double(row.asked.drop { !$0.isNumber }))
      for figure in row.figures { #expect(row.asked.hasPrefix("≥") ? figure >= bound : figure <= bound, "\(row.name): \(row.figures)") }
    }
  }

  @Test func samplesSurviveOurOwnFormat() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<caseCount(200) {
      func number() -> Double { Double.random(in: -1...1, using: &generator) }
      let look: GazeSample.Look =
        Bool.random(using: &generator)
        ? .screen(SIMD2(number(), number())) : .ray(origin: SIMD3(number(), number(), number()), direction: SIMD3(number(), number(), number()))
      let time = Double(Int.random(in: 0...1 << 50, using: &generator)) * 1e-9
      let sample = GazeSample(time: time, look: look, confidence: abs(number()), isValid: Bool.random(using: &generator))
      #expect(GazeLine.sample(GazeLine.bytes(sample), time: 0) == sample)
    }
  }

  /// A made-up recording: rests of 0.3 s, jumps of 200 px within 40 ms, and labels that say so.
  @Test func labelledRecordingsAreCompared() throws {
    var lines = ["# a comment", "t_s,x_px,y_px,label"]
    for index in 0..<2000 {
      let phase = index % 170
      let x = 300.0 + 200 * Double(index / 170 % 2 == 0 ? 1 : 0) + (phase < 150 ? 0 : Double(phase - 150) * (index / 170 % 2 == 0 ? -10 : 10))
      lines.append(String(format: "%.3f,%.1f,384.0,%@", Double(index) / 500, x, phase < 150 ? "fixation" : "saccade"))
    }
    let recording = LabelledRecording(name: "made up", text: lines.joined(separator: "\n"))
    #expect(recording.kappa > 0.9)
    #expect(recording.decisions.commits == 0)
  }

  @Test func aFolderWithoutRecordingsIsRefused() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(throws: CommandFailure.self) { try LabelledRecording.all(in: folder) }
    try "hello".write(toFile: folder + "/a.csv", atomically: true, encoding: .utf8)
    do {
      _ = try LabelledRecording.all(in: folder)
      Issue.record("there is nothing in it")
    } catch {
      #expect(error.sentence == "There are no labelled looks in a.csv.")
    }
  }
}
