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
      watch.update(acceleration: signal(time), accounted: [0, 0], fresh: JointSet([0, 1]))
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
      watch.update(acceleration: JointVector([history[history.count - 1]]), accounted: [0], fresh: JointSet([0]))
      guard history.count >= 20 else { continue }
      let recent = history.suffix(5).reduce(0, +) / 5, before = history.suffix(20).prefix(15).reduce(0, +) / 15
      #expect(abs(watch.jolt[0] - (recent - before)) < 1e-6)
    }
  }

  @Test func aNewBeginningForgets() {
    var watch = Self.watch(fed: { [$0 > 0.05 ? 500 : 0, 0] }, until: 0.06)
    watch.reset()
    #expect(watch.jolt.maximumMagnitude == 0)
    watch.update(acceleration: [0, 0], accounted: [0, 0], fresh: JointSet([0, 1]))
    #expect(watch.jolt.maximumMagnitude == 0)
  }

  /// A single sample as long as its noise may be passes; a harder one is felt at once, where five together would not do.
  @Test(arguments: [(size: 24.0, isFelt: false), (size: 28.0, isFelt: true), (size: -28.0, isFelt: true)])
  func aHardBlowIsFeltByItsFirstSample(_ blow: (size: Double, isFelt: Bool)) {
    var watch = Self.watch(fed: { _ in [3, 0] }, until: 0.1)
    watch.update(acceleration: [3 + blow.size, 0], accounted: [0, 0], fresh: JointSet([0, 1]))
    #expect((watch.joint(beyond: 1) == 0) == blow.isFelt)
  }

  /// What the arm's own motors jolt it by, as after a tick that came late, is doubted by half.
  @Test func whatMotorsDoIsNoBlow() {
    var watch = Self.watch(fed: { _ in [0, 0] }, until: 0.1)
    watch.update(acceleration: [60, 0], accounted: [-100, 0], fresh: JointSet([0, 1]))
    #expect(watch.joint(beyond: 1) == nil)
    watch.reset()
    watch = Self.watch(fed: { _ in [0, 0] }, until: 0.1)
    watch.update(acceleration: [60, 0], accounted: [-20, 0], fresh: JointSet([0, 1]))
    #expect(watch.joint(beyond: 1) == 0)
  }

  /// A joint that was not heard for a while did all that time what its next sample tells on average.
  @Test func whatWasNotHeardIsMadeUpFor() {
    var watch = Self.watch(fed: { _ in [2, 5] }, until: 0.1)
    for _ in 0..<3 { watch.update(acceleration: [0, 5], accounted: [0, 0], fresh: JointSet([1])) }
    #expect(watch.joint(beyond: 1e-9) == nil)
    watch.update(acceleration: [12, 5], accounted: [0, 0], fresh: JointSet([0, 1]))
    #expect(abs(watch.jolt[0] - 10 * 4 / 5) < 1e-9)
    #expect(watch.jolt[1].magnitude < 1e-9)
  }

  /// After a new beginning what acts has always acted.
  @Test func aSteadyErrorIsNoJoltAfterANewBeginning() {
    var watch = Self.watch(fed: { _ in [500, -300] }, until: 0.1)
    watch.reset()
    for _ in 0..<30 {
      watch.update(acceleration: [500, -300], accounted: [0, 0], fresh: JointSet([0, 1]))
      #expect(watch.level < 1e-9)
    }
  }
}
