import Foundation
import Testing
import TestSupport

@testable import Planner

@Suite struct ScalarProfileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let distance, velocity, acceleration, jerk, duration: Double
    let testDescription: String

    init(_ distance: Double, _ velocity: Double, _ acceleration: Double, _ jerk: Double, takes duration: Double, _ name: String) {
      self.distance = distance
      self.velocity = velocity
      self.acceleration = acceleration
      self.jerk = jerk
      self.duration = duration
      testDescription = name
    }
  }

  /// Distance, velocity limit V, acceleration limit A, jerk limit J.
  static let cases: [Case] = [
    // each of the textbook's closed forms
    Case(10, 1.5, 1.0, 1.0, takes: 10 / 1.5 + 1.5 + 1, "all seven phases: D/V + V/A + A/J"),
    Case(5, 1.0, 10, 4.0, takes: 6, "no plateau, cruise: D/V + 2√(V/J)"),
    Case(6, 99, 1.0, 1.0, takes: 6, "plateau, no cruise: A/J + √((A/J)² + 4D/A)"),
    Case(2, 99, 99, 1.0, takes: 4, "jerk alone: 4∛(D/2J)"),
    // on the borders between them
    Case(2, 1.0, 1.0, 1.0, takes: 4, "velocity limit just reached at mid-rise"),
    Case(6, 2.0, 1.0, 1.0, takes: 6, "velocity limit just reached with a plateau"),
    Case(4, 1.0, 1.0, 1.0, takes: 6, "plateau of no length, cruise"),
    // limits that are not there
    Case(4, 2.0, 2.0, .infinity, takes: 3, "no jerk limit: D/V + V/A"),
    Case(4, 99, 1.0, .infinity, takes: 4, "no jerk limit, no cruise: 2√(D/A)"),
    Case(5, 1.0, .infinity, 4.0, takes: 6, "no acceleration limit"),
    Case(6, .infinity, 1.0, 1.0, takes: 6, "no velocity limit"),
    Case(2, .infinity, .infinity, 1.0, takes: 4, "jerk limit only"),
    Case(4, .infinity, 1.0, .infinity, takes: 4, "acceleration limit only"),
    // signs and sizes
    Case(-10, 1.5, 1.0, 1.0, takes: 10 / 1.5 + 1.5 + 1, "backwards"),
    Case(0, 1.0, 1.0, 1.0, takes: 0, "nowhere"),
    Case(2e-12, 1.0, 1.0, 1.0, takes: 4e-4, "a picometre"),
    Case(3e8, 1.0, 1.0, 1.0, takes: 3e8 + 2, "a light-second"),
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
