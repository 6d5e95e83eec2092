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
      watch.feel(signal(time))
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

  @Test(arguments: [(time: 0.1, feltJoint: nil), (time: 0.106, feltJoint: 0), (time: 0.3, feltJoint: nil)] as [(time: Double, feltJoint: Int?)])
  func aBlowIsFeltWithinItsOwnTimeAndPasses(_ look: (time: Double, feltJoint: Int?)) {
    let watch = Self.watch(fed: { [0.1..<0.12 ~= $0 ? 40 : 3, 0] }, until: look.time)
    #expect(watch.joint(beyond: 1) == look.feltJoint)
  }

  /// What the arm may carry without its model's knowing swings ever more with the arm: a joint that is pushed by as much, or less, feels no blow.
  @Test(arguments: [(share: 1.0, isFelt: false), (share: -0.5, isFelt: false), (share: 1.4, isFelt: true)] as [(share: Double, isFelt: Bool)])
  func whatIsCarriedIsNone(_ look: (share: Double, isFelt: Bool)) {
    var watch = JoltWatch(threshold: [10, 20], period: Self.period), felt = false
    for tick in 0..<100 {
      let load: JointVector = [2000 * Double(tick) * Self.period, 0]
      watch.feel(look.share * load, carried: load)
      felt = felt || watch.joint(beyond: 1) != nil
    }
    #expect(felt == look.isFelt)
  }

  @Test func theOutermostJointIsTold() {
    let watch = Self.watch(fed: { [$0 > 0.051 ? 30 : 0, $0 > 0.051 ? -60 : 0] }, until: 0.062)
    #expect(watch.joint(beyond: 1) == 1)
    #expect(watch.joint(beyond: 2.9) == 1)
    // All together by √(3² + 3²)/1.3.
    #expect(watch.joint(beyond: 3.2) == 1)
    #expect(watch.joint(beyond: 3.3) == nil)
    #expect(abs(watch.level - 3) < 1e-9)
  }

  /// Whatever the history.
  @Test func itIsTheDifferenceOfTheTwoMeans() {
    var draws = SeededGenerator(seed: 4), history: [Double] = []
    var watch = JoltWatch(threshold: [1], period: Self.period)
    for _ in 0..<caseCount(5000) {
      history.append(.random(in: -1e4...1e4, using: &draws))
      watch.feel([history[history.count - 1]])
      guard history.count >= 20 else { continue }
      let recent = history.suffix(5).reduce(0, +) / 5, before = history.suffix(20).prefix(15).reduce(0, +) / 15
      #expect(abs(watch.jolt[0] - (recent - before)) < 1e-6)
    }
  }

  @Test func aNewBeginningForgets() {
    var watch = Self.watch(fed: { [$0 > 0.05 ? 500 : 0, 0] }, until: 0.06)
    #expect(watch.joint(beyond: 1) != nil)
    watch.reset()
    #expect(watch.jolt.maximumMagnitude == 0)
    #expect(watch.joint(beyond: 1e-9) == nil)
    watch.feel([0, 0])
    #expect(watch.jolt.maximumMagnitude == 0)
  }

  /// A single sample as long as its noise may be passes; a harder one is felt at once, where five together would not do.
  @Test(arguments: [(size: 24.0, isFelt: false), (size: 28.0, isFelt: true), (size: -28.0, isFelt: true)])
  func aHardBlowIsFeltByItsFirstSample(_ blow: (size: Double, isFelt: Bool)) {
    var watch = Self.watch(fed: { _ in [3, 0] }, until: 0.1)
    watch.feel([3 + blow.size, 0])
    #expect((watch.joint(beyond: 1) == 0) == blow.isFelt)
  }

  struct Spread: Sendable {
    /// What two joints are jolted by, as shares of their thresholds.
    var shares: (Double, Double)
    var conduct: JoltWatch.Conduct
    var feltJoint: Int?
  }

  /// What stays below each joint's threshold is felt by all together: sooner while the arm rests, and not while it gives way.
  @Test(arguments: [
    Spread(shares: (0.8, -0.8), conduct: .moving, feltJoint: nil), Spread(shares: (0.95, -0.95), conduct: .moving, feltJoint: 1),
    Spread(shares: (0.6, 0.6), conduct: .resting, feltJoint: nil), Spread(shares: (0.7, 0.7), conduct: .resting, feltJoint: 1),
    Spread(shares: (0.95, 0.2), conduct: .resting, feltJoint: 0), Spread(shares: (0.99, 0.99), conduct: .yielding, feltJoint: nil),
  ])
  func aWeakBlowIsFeltByAllTogether(_ blow: Spread) {
    var watch = Self.watch(fed: { _ in [3, -2] }, until: 0.1)
    for _ in 0..<5 { watch.feel([3 + 10 * blow.shares.0, -2 + 20 * blow.shares.1], conduct: blow.conduct) }
    #expect(watch.joint(beyond: 1) == blow.feltJoint)
  }

  /// On its way back the arm is jolted by its own motors: there only the mean over the whole time counts.
  @Test func onTheWayBackNoSingleSampleIsABlow() {
    var watch = Self.watch(fed: { _ in [3, 0] }, until: 0.1)
    watch.feel([3 + 49, 0], conduct: .yielding)
    #expect(watch.joint(beyond: 1) == nil)
    watch.feel([3 + 2, 0], conduct: .yielding)
    #expect(watch.joint(beyond: 1) == 0)
  }

  /// Half of what the arm's own motors jolt it by is doubted where they may have been told late, and for 50 ms after it.
  @Test(arguments: [
    (stumble: 0, own: -100.0, isFelt: false), (stumble: 0, own: -20.0, isFelt: true),
    (stumble: 24, own: -100.0, isFelt: false), (stumble: 25, own: -100.0, isFelt: true),
  ])
  func whatMotorsMayHaveDoneIsNoBlow(_ blow: (stumble: Int, own: Double, isFelt: Bool)) {
    var watch = Self.watch(fed: { _ in [0, 0] }, until: 0.1)
    for back in stride(from: blow.stumble, to: 0, by: -1) { watch.feel([0, 0], isEven: back != blow.stumble) }
    watch.feel([60, 0], accounted: [blow.own, 0], isEven: blow.stumble != 0)
    #expect((watch.joint(beyond: 1) == 0) == blow.isFelt)
  }

  /// A joint that was not heard for a while did all that time what its next sample tells on average.
  @Test func whatWasNotHeardIsMadeUpFor() {
    var watch = Self.watch(fed: { _ in [2, 5] }, until: 0.1)
    for _ in 0..<3 { watch.feel([0, 5], heard: JointSet([1])) }
    #expect(watch.joint(beyond: 1e-9) == nil)
    watch.feel([12, 5])
    #expect(abs(watch.jolt[0] - 10 * 4 / 5) < 1e-9)
    #expect(watch.jolt[1].magnitude < 1e-9)
  }

  /// What a joint did before a new beginning is nothing to compare with, even if another is heard first.
  @Test func aJointNotYetHeardIsNotJolted() {
    var watch = Self.watch(fed: { [$0 > 0.05 ? 500 : 0, 0] }, until: 0.06)
    watch.reset()
    watch.feel([500, 0], heard: JointSet([1]))
    #expect(watch.level == 0)
    watch.feel([500, 0])
    #expect(watch.level == 0)
  }

  /// After a new beginning what acts has always acted.
  @Test func aSteadyErrorIsNoJoltAfterANewBeginning() {
    var watch = Self.watch(fed: { _ in [500, -300] }, until: 0.1)
    watch.reset()
    for _ in 0..<30 {
      watch.feel([500, -300])
      #expect(watch.level < 1e-9)
    }
  }
}

extension JoltWatch {
  /// Of a line and a loop that are in order.
  fileprivate mutating func feel(
    _ acceleration: JointVector, accounted: JointVector? = nil, carried: JointVector? = nil, heard: JointSet? = nil, isEven: Bool = true,
    conduct: JoltWatch.Conduct = .moving
  ) {
    update(
      acceleration: acceleration, accounted: accounted ?? JointVector(count: acceleration.count),
      carried: carried ?? JointVector(count: acceleration.count), fresh: heard ?? JointSet(acceleration.indices), isEven: isEven, conduct: conduct)
  }
}
