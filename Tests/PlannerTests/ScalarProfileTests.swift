import Foundation
import Testing
import TestSupport

@testable import Planner

@Suite struct ScalarProfileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let distance, velocity, acceleration, jerk, duration: Double
    var testDescription: String { name }

    init(_ name: String, _ distance: Double, _ velocity: Double, _ acceleration: Double, _ jerk: Double, _ duration: Double) {
      (self.name, self.distance, self.velocity, self.acceleration, self.jerk, self.duration) = (
        name, distance, velocity, acceleration, jerk, duration
      )
    }
  }

  static let cases: [Case] = [
    //   name                                        distance     V     A     J   duration
    // each of the textbook's closed forms
    Case("all seven phases: D/V + V/A + A/J", /*          */ 10, 1.5, 1.0, 1.0, 10 / 1.5 + 1.5 + 1),
    Case("no plateau, cruise: D/V + 2√(V/J)", /*           */ 5, 1.0, 10, 4.0, 6),
    Case("plateau, no cruise: A/J + √((A/J)² + 4D/A)", /*  */ 6, 99, 1.0, 1.0, 6),
    Case("jerk alone: 4∛(D/2J)", /*                        */ 2, 99, 99, 1.0, 4),
    // on the borders between them
    Case("velocity limit just reached at mid-rise", /*     */ 2, 1.0, 1.0, 1.0, 4),
    Case("velocity limit just reached with a plateau", /*  */ 6, 2.0, 1.0, 1.0, 6),
    Case("plateau of no length, cruise", /*                */ 4, 1.0, 1.0, 1.0, 6),
    // limits that are not there
    Case("no jerk limit: D/V + V/A", /*                    */ 4, 2.0, 2.0, .infinity, 3),
    Case("no jerk limit, no cruise: 2√(D/A)", /*           */ 4, 99, 1.0, .infinity, 4),
    Case("no acceleration limit", /*                       */ 5, 1.0, .infinity, 4.0, 6),
    Case("no velocity limit", /*                           */ 6, .infinity, 1.0, 1.0, 6),
    Case("jerk limit only", /*                             */ 2, .infinity, .infinity, 1.0, 4),
    Case("acceleration limit only", /*                     */ 4, .infinity, 1.0, .infinity, 4),
    // signs and sizes
    Case("backwards", /*                                 */ -10, 1.5, 1.0, 1.0, 10 / 1.5 + 1.5 + 1),
    Case("nowhere", /*                                     */ 0, 1.0, 1.0, 1.0, 0),
    Case("a picometre", /*                             */ 2e-12, 1.0, 1.0, 1.0, 4e-4),
    Case("a light-second", /*                            */ 3e8, 1.0, 1.0, 1.0, 3e8 + 2),
  ]

  @Test(arguments: cases) func restToRestTakesTheKnownTime(_ c: Case) {
    let profile = ScalarProfile(distance: c.distance, velocity: c.velocity, acceleration: c.acceleration, jerk: c.jerk)
    #expect(abs(profile.duration - c.duration) <= 1e-12 * max(1, c.duration))
    #expect(profile.state(at: profile.duration) == ScalarState(position: c.distance))
  }

  @Test func restToRestIsAsFastAsTheOracle() throws {
    for row in try table("Tests/Data/planner/rest-to-rest.tsv") {
      let profile = ScalarProfile(distance: row[0], velocity: row[1], acceleration: row[2], jerk: row[3])
      #expect(abs(profile.duration - row[4]) < 1e-8, "\(row)")
    }
  }

  @Test func stopsAreAsFastAsTheOracle() throws {
    for row in try table("Tests/Data/planner/stops.tsv") {
      let profile = ScalarProfile.fastestStop(
        from: ScalarState(velocity: row[0], acceleration: row[1]), acceleration: row[2], jerk: row[3])
      #expect(abs(profile.duration - row[4]) < 1e-8, "\(row)")
    }
  }

  /// Limits held, no jump in position, velocity or acceleration, the same forwards and backwards, the end met.
  @Test func restToRestIsSmoothWithinLimitsAndSymmetric() {
    var random = SeededGenerator(seed: 41)
    for _ in 0..<caseCount(500) {
      let distance = random.magnitude(-4...3) * (Bool.random(using: &random) ? 1 : -1)
      let v = random.magnitude(-2...2)
      let a = random.magnitude(-2...2)
      let j = random.magnitude(-1...4)
      let profile = ScalarProfile(distance: distance, velocity: v, acceleration: a, jerk: j)
      let input = "distance \(distance) velocity \(v) acceleration \(a) jerk \(j)"
      let steps = 400
      let dt = profile.duration / Double(steps)
      var before = profile.state(at: 0)
      #expect(before.position == 0 && before.velocity == 0 && before.acceleration == 0, "\(input)")
      for step in 1...steps {
        let now = profile.state(at: Double(step) * dt)
        let mirrored = profile.state(at: profile.duration - Double(step) * dt)
        let isWithinLimits = abs(now.velocity) <= v * (1 + 1e-9) && abs(now.acceleration) <= a * (1 + 1e-9) && abs(now.jerk) <= j
        let isSmooth =
          abs(now.position - before.position) <= v * dt * (1 + 1e-6) && abs(now.velocity - before.velocity) <= a * dt * (1 + 1e-6)
          && abs(now.acceleration - before.acceleration) <= j * dt * (1 + 1e-6)
        let isSymmetric =
          abs(now.position + mirrored.position - distance) <= 1e-9 * abs(distance) && abs(now.velocity - mirrored.velocity) <= 1e-9 * v
        #expect(isWithinLimits && isSmooth && isSymmetric, "\(input) at step \(step) of \(steps)")
        before = now
      }
      #expect(profile.end == ScalarState(position: distance), "\(input)")
    }
  }

  /// At every instant but where it rests, a fastest motion is at one of its limits.
  @Test func restToRestWastesNothing() {
    var random = SeededGenerator(seed: 42)
    for _ in 0..<caseCount(500) {
      let (v, a, j) = (random.magnitude(-1...1), random.magnitude(-1...1), random.magnitude(-1...2))
      let profile = ScalarProfile(distance: random.magnitude(-3...2), velocity: v, acceleration: a, jerk: j)
      for step in 0..<100 {
        let now = profile.state(at: (Double(step) + 0.37) / 100 * profile.duration)
        let isAtLimit = abs(now.jerk) == j || abs(now.acceleration) > a * (1 - 1e-9) || abs(now.velocity) > v * (1 - 1e-9)
        #expect(isAtLimit, "velocity \(v) acceleration \(a) jerk \(j): \(now)")
      }
    }
  }

  @Test func lengtheningKeepsTheShape() {
    let profile = ScalarProfile(distance: 2, velocity: 1, acceleration: 3, jerk: 20)
    let longer = profile.lengthened(to: 3 * profile.duration)
    #expect(abs(longer.duration - 3 * profile.duration) < 1e-12)
    #expect(longer.end == profile.end)
    for step in 0...50 {
      let time = Double(step) / 50 * profile.duration
      let (quick, slow) = (profile.state(at: time), longer.state(at: 3 * time))
      #expect(abs(quick.position - slow.position) < 1e-12)
      #expect(abs(quick.velocity - 3 * slow.velocity) < 1e-12)
      #expect(abs(quick.acceleration - 9 * slow.acceleration) < 1e-12)
    }
    #expect(abs(longer.peaks.velocity - profile.peaks.velocity / 3) < 1e-12)
    #expect(abs(longer.peaks.jerk - profile.peaks.jerk / 27) < 1e-12)
    #expect(profile.lengthened(to: profile.duration / 2) == profile)
  }
}
