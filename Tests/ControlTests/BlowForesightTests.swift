import Kinematics
import TestSupport
import Testing

@testable import Control

/// How fast a blow that has just been felt will have made the joints when the answer acts, 5 ms later, and 6 ms beyond.
@Suite struct BlowForesightTests {
  private static let period = 0.002, delay = 0.005, ahead = 0.011

  /// - Parameters:
  ///   - samples: What the blow added to two joints so far [rad/s²].
  ///   - accounted: What their motors did meanwhile, and still do [rad/s²].
  private static func foresight(
    of samples: [JointVector], accounted: JointVector = [0, 0], fresh: JointSet = JointSet([0, 1]), isSudden: Bool
  ) -> BlowForesight {
    var foresight = BlowForesight(jointCount: 2, delay: delay, period: period)
    for sample in samples { foresight.listen(acceleration: sample, accounted: accounted, fresh: fresh) }
    foresight.begin(isSudden: isSudden)
    return foresight
  }

  struct Blow: Sendable {
    var what: String
    /// What the blow added at the last two samples, and what motors did meanwhile [rad/s²].
    var before, now: Double
    var accounted = 0.0
    var isSudden = true
    /// How much faster than now the joint will be [rad/s].
    var adds: Double
  }

  @Test(arguments: [
    Blow(what: "a steady blow lasts", before: 100, now: 100, adds: 1.1),
    Blow(what: "one that grows goes on growing", before: 60, now: 100, adds: 2.31),
    Blow(what: "one that fades lasts all the same", before: 100, now: 60, adds: 0.66),
    Blow(what: "on the way back two samples tell no growth", before: 60, now: 100, isSudden: false, adds: 1.1),
    Blow(what: "motors go on until they are told anew, and are doubted", before: 90, now: 90, accounted: -100, adds: 0.16),
    Blow(what: "what a wrong model may explain is no blow", before: 25, now: 25, accounted: 100, adds: 0.5),
  ])
  func whatComesIsForeseen(_ blow: Blow) {
    for direction in [1.0, -1.0] {
      var foresight = Self.foresight(
        of: [[direction * blow.before, 0], [direction * blow.now, 0]], accounted: [direction * blow.accounted, 0], isSudden: blow.isSudden)
      foresight.look(from: [direction, 0], accounted: [direction * blow.accounted, 0])
      #expect(abs(foresight.velocity[0] - direction * (1 + blow.adds)) < 1e-9, "\(blow.what)")
      #expect(foresight.velocity[1] == 0)
    }
  }

  /// A blow grows for its first 6 ms. What was foreseen meanwhile would stand, so that joint turns round before the look that counts.
  @Test(arguments: [(looks: 2, grows: true), (looks: 3, grows: false)])
  func itGrowsAtFirstOnly(_ blow: (looks: Int, grows: Bool)) {
    var foresight = Self.foresight(of: [[60, 0], [100, 0]], isSudden: true), added = 100.0
    for _ in 1..<blow.looks {
      foresight.look(from: [-10, 0], accounted: [0, 0])
      added += 40
      foresight.listen(acceleration: [added, 0], accounted: [0, 0], fresh: JointSet([0, 1]))
    }
    foresight.look(from: [1, 0], accounted: [0, 0])
    let steady = 1 + Self.ahead * added, growth = 0.5 * Self.ahead * Self.ahead * 40 / Self.period
    #expect(abs(foresight.velocity[0] - (blow.grows ? steady + growth : steady)) < 1e-9)
  }

  /// As long as the same joint goes the same way, what was foreseen stands; the other way it is news.
  @Test func whatWasForeseenIsNotTakenBack() {
    var foresight = Self.foresight(of: [[100, -50], [100, -50]], isSudden: true)
    foresight.look(from: [1, -1], accounted: [0, 0])
    let first = foresight.velocity
    foresight.listen(acceleration: [10, 400], accounted: [0, 0], fresh: JointSet([0, 1]))
    foresight.look(from: [1.2, -1], accounted: [0, 0])
    #expect(foresight.velocity[0] == first[0])
    #expect(foresight.velocity[1] > 0)
    foresight.begin(isSudden: false)
    foresight.look(from: [1.2, -1], accounted: [0, 0])
    #expect(abs(foresight.velocity[0] - (1.2 + Self.ahead * 10)) < 1e-9)
    #expect(abs(foresight.velocity[1] - (-1 + Self.ahead * 400)) < 1e-9)
  }

  /// What was not heard goes on, and grows no more.
  @Test func aBlowGoesOnWhileItsJointIsNotHeard() {
    var foresight = Self.foresight(of: [[60, 0], [100, 0]], isSudden: true)
    foresight.listen(acceleration: [0, 0], accounted: [0, 0], fresh: JointSet([1]))
    foresight.look(from: [1, 0], accounted: [0, 0])
    #expect(abs(foresight.velocity[0] - (1 + Self.ahead * 100)) < 1e-9)
  }

  /// What a joint tells after two ticks of silence came about in three.
  @Test func growthCountsOverAllTheTimeAJointWasNotHeard() {
    var foresight = Self.foresight(of: [[40, 0]], isSudden: true)
    for _ in 0..<2 { foresight.listen(acceleration: [0, 0], accounted: [0, 0], fresh: JointSet([1])) }
    foresight.listen(acceleration: [100, 0], accounted: [0, 0], fresh: JointSet([0, 1]))
    foresight.begin(isSudden: true)
    foresight.look(from: [1, 0], accounted: [0, 0])
    #expect(abs(foresight.velocity[0] - (1 + Self.ahead * 100 + 0.5 * Self.ahead * Self.ahead * 60 / 0.006)) < 1e-9)
  }

  /// A blow lasts 12 ms from when it was felt; before the first none is under way.
  @Test func aBlowPasses() {
    var foresight = BlowForesight(jointCount: 2, delay: Self.delay, period: Self.period)
    #expect(!foresight.isUnderWay)
    foresight.begin(isSudden: true)
    for _ in 0..<4 { foresight.listen(acceleration: [100, 0], accounted: [0, 0], fresh: JointSet([0, 1])) }
    #expect(foresight.isUnderWay)
    foresight.listen(acceleration: [100, 0], accounted: [0, 0], fresh: JointSet([0, 1]))
    #expect(!foresight.isUnderWay)
    foresight.begin(isSudden: false)
    #expect(foresight.isUnderWay)
  }
}
