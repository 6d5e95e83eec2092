import Foundation
import TestSupport
import Testing

@testable import Gaze

/// The whole way from the tracker's samples to a decision, with a synthetic eye that is calibrated as a person is.
@Suite struct GazeAcceptanceTests {
  static func choices(noise: Double, persons: Int, count: Int, isFree: Bool = false, over wire: @escaping GazeTrial.Wire = { $0 }) throws
    -> [GazeTrial.Choice]
  {
    try (1...persons).flatMap { seed in
      var trial = try GazeTrial(noise: noise.degrees, seed: seed, over: wire)
      return trial.choices(count, isFree: isFree)
    }
  }

  static func share(_ choices: [GazeTrial.Choice]) -> Double { Double(choices.count { $0.isRight }) / Double(choices.count) }
  static func middle(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

  @Test(arguments: [(0.5, 0.99, 1.0), (1.0, 0.98, 1.0), (1.5, 0.93, 1.2)])
  func nineTargetsEightyMillimetresApart(_ noise: Double, _ share: Double, _ seconds: Double) throws {
    let choices = try Self.choices(noise: noise, persons: caseCount(8), count: 25)
    #expect(Self.share(choices) >= share)
    #expect(Self.middle(choices.map(\.seconds)) <= seconds)
  }

  /// The same over every tracker's own wire; opentrack's is a sight line from where the head is.
  @Test(arguments: TrackerWire.allCases) func overEveryWire(_ wire: TrackerWire) throws {
    let choices = try Self.choices(noise: 1, persons: caseCount(5), count: 20, over: { wire.carried($0) })
    #expect(Self.share(choices) >= 0.98)
    #expect(Self.middle(choices.map(\.seconds)) <= 1)
    let free = try Self.choices(noise: 1, persons: caseCount(5), count: 10, isFree: true, over: { wire.carried($0) })
    #expect(Self.middle(free.map(\.error)) <= 0.015)
  }

  @Test func freePlacesAreMetWithinFifteenMillimetres() throws {
    #expect(try Self.middle(Self.choices(noise: 1, persons: caseCount(8), count: 25, isFree: true).map(\.error)) <= 0.015)
  }

  /// Looking about, nothing may be confirmed: neither by a second look nor by blinks.
  @Test(arguments: [nil] + TrackerWire.allCases.map(Optional.some)) func browsingConfirmsNothing(over wire: TrackerWire?) throws {
    var browsing = GazeTrial.Browsing()
    let persons = caseCount(5)
    for seed in 1...persons {
      var trial = try GazeTrial(noise: 1.0.degrees, seed: seed) { sample in wire.map { $0.carried(sample) } ?? sample }
      let more = trial.browsing(for: 300)
      browsing.commits += more.commits
      browsing.selections += more.selections
    }
    #expect(Double(browsing.commits) / Double(5 * persons) <= 0.1)
    #expect(browsing.selections > 0)
  }

  /// In full motion, whenever it happens: within 0.3 s of the last sample the tool is led no more.
  @Test(arguments: TrackerWire.allCases) func aLostStreamEndsTheLeading(over wire: TrackerWire) throws {
    for seed in 1...caseCount(20) {
      var trial = try GazeTrial(noise: 1.0.degrees, seed: seed, over: { wire.carried($0) })
      let (speed, seconds) = trial.lossWhileFollowing(period: 0.02)
      #expect(speed > 0.1 && seconds <= 0.3)
    }
  }
}
