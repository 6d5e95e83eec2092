import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct OneEuroFilterTests {
  /// Its authors' own reference data and program; six digits were printed of the first.
  @Test func agreesWithItsAuthors() throws {
    let rows = try String(contentsOfFile: packageFile("Tests/Data/gaze/one-euro.csv"), encoding: .utf8).split(separator: "\n").dropFirst()
    let cases = Dictionary(grouping: rows.map { $0.split(separator: ",") }, by: { String($0[0]) })
    #expect(cases.count == 4)
    for (name, rows) in cases {
      let settings = rows[0][1...3].map { Double($0)! }
      var filter = OneEuroFilter(settings: .init(minimumCutoff: settings[0], beta: settings[1], speedCutoff: settings[2]))
      var last: Double?
      for row in rows {
        let (time, raw, expected) = (Double(row[4])!, Double(row[5])!, Double(row[6])!)
        let filtered = filter.filter(raw, interval: time - (last ?? time))
        last = time
        #expect(abs(filtered - expected) < (name == "authors" ? 4e-6 : 1e-12), "\(name) at \(time)")
      }
    }
  }

  /// What the filter says of its own delay is how far it is behind a slow ramp.
  @Test(arguments: [0.3, 1, 4]) func tellsItsDelay(_ cutoff: Double) {
    var filter = OneEuroFilter(settings: .init(minimumCutoff: cutoff))
    var behind = 0.0
    for step in 0..<20_000 {
      let raw = 0.01 * Double(step) / 1000
      behind = (raw - filter.filter(raw, interval: 1e-3)) / 0.01
    }
    #expect(abs(behind - filter.delay) < 2e-3)
  }

  @Test func letsGoAtASaccadeWithinTwoSamples() {
    var filter = GazeFilter(noise: 0.3.degrees)
    var generator = SeededGenerator(seed: 5)
    func tremble() -> SIMD2<Double> {
      SIMD2(Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator)) * 0.3.degrees
    }
    for step in 0..<120 { _ = filter.filter(tremble(), time: Double(step) / 120) }
    let target = SIMD2(8.0.degrees, 3.0.degrees)
    #expect(filter.filter(target + tremble(), time: 1) == nil)
    let landed = filter.filter(target + tremble(), time: 1 + 1.0 / 120)
    #expect(filter.hasJumped)
    #expect(landed.map { ($0 - target).length < 0.5.degrees } == true)
  }

  @Test func forgetsASpike() {
    var filter = GazeFilter(noise: 0.3.degrees)
    for step in 0..<60 { _ = filter.filter(.zero, time: Double(step) / 60) }
    #expect(filter.filter(SIMD2(0.5, -0.5), time: 1) == nil)
    let after = filter.filter(.zero, time: 1 + 1.0 / 60)
    #expect(after == .zero)
  }
}
