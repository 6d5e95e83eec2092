import Kinematics
import TestSupport
import Testing

@testable import Control

/// What counts as a blow.
@Suite struct JoltWatchTests {
  private static let period = 0.002

  private static func watch(fed signal: (Double) -> JointVector, until end: Double, _ look: (Double, JoltWatch) -> Void = { _, _ in }) -> JoltWatch {
    var watch = JoltWatch(threshold: [10, 20], period: period), time = 0.0
    while time < end - 1e-9 {
      watch.update(acceleration: signal(time))
      look(time, watch)
      time += period
    }
    return watch
  }

  @Test func whatLastsIsNone() {
    let watch = Self.watch(fed: { _ in [7, -400] }, until: 0.1)
    #expect(watch.jolt.maximumMagnitude < 1e-9)
    #expect(watch.joint(beyond: 1) == nil)
  }

  /// The means' middles are 20 ms apart.
  @Test func whatGrowsSteadilyCountsByItsSlope() {
    let watch = Self.watch(fed: { [50 * $0, -300 * $0] }, until: 0.2)
    #expect(abs(watch.jolt[0] - 50 * 0.020) < 1e-9)
    #expect(abs(watch.jolt[1] + 300 * 0.020) < 1e-9)
  }

  @Test func aBlowIsFeltWithinItsOwnTimeAndPasses() {
    var first: Double?
    let watch = Self.watch(fed: { [0.1..<0.12 ~= $0 ? 40 : 3, 0] }, until: 0.3) { time, watch in
      if first == nil, watch.joint(beyond: 1) == 0 { first = time }
    }
    #expect(0.1..<0.106 ~= (first ?? 0))
    #expect(watch.joint(beyond: 0.01) == nil)
  }

  @Test func theOutermostJointIsTold() {
    let watch = Self.watch(fed: { [$0 > 0.051 ? 30 : 0, $0 > 0.051 ? -60 : 0] }, until: 0.062)
    #expect(watch.joint(beyond: 1) == 1)
    #expect(watch.joint(beyond: 2.9) == 1)
    #expect(watch.joint(beyond: 3.1) == nil)
    #expect(abs(watch.level - 3) < 1e-9)
  }

  /// The sums that are kept going say what sums anew would.
  @Test func itIsTheDifferenceOfTheTwoMeans() {
    var draws = SeededGenerator(seed: 4), history: [Double] = []
    var watch = JoltWatch(threshold: [1], period: Self.period)
    for _ in 0..<caseCount(5000) {
      history.append(.random(in: -1e4...1e4, using: &draws))
      watch.update(acceleration: JointVector([history[history.count - 1]]))
      guard history.count >= 20 else { continue }
      let recent = history.suffix(5).reduce(0, +) / 5, before = history.suffix(20).prefix(15).reduce(0, +) / 15
      #expect(abs(watch.jolt[0] - (recent - before)) < 1e-6)
    }
  }

  @Test func aNewBeginningForgets() {
    var watch = Self.watch(fed: { [$0 > 0.05 ? 500 : 0, 0] }, until: 0.06)
    watch.reset()
    #expect(watch.jolt.maximumMagnitude == 0)
    watch.update(acceleration: [0, 0])
    #expect(watch.jolt.maximumMagnitude == 0)
  }
}
