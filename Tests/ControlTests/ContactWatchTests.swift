import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Control

/// A knock is told from what a model has wrong.
@Suite struct ContactWatchTests {
  private static let period = 0.002
  private static let thresholds = ContactThresholds(base: [0.5], perVelocity: [0.6], perAcceleration: [0.04], perEffort: [0])

  /// A joint whose model is wrong by `error` at its speed and acceleration.
  private struct Moving {
    var watch = ContactWatch(thresholds: ContactWatchTests.thresholds, payload: 0)
    var time = 0.0
    /// How many times its threshold the joint has felt at most.
    var greatest = 0.0

    /// A motion that speeds up for `ramp`, goes on for `cruise` and brakes as long as it sped up, then a second of rest [s].
    mutating func run(speed: Double, ramp: Double, cruise: Double, error: (_ velocity: Double, _ acceleration: Double) -> Double) {
      let total = 2 * ramp + cruise, rate = speed / ramp
      for tick in 0..<Int((total + 1) / ContactWatchTests.period) {
        let now = Double(tick) * ContactWatchTests.period
        let velocity = speed * max(0, min(1, now / ramp, (total - now) / ramp))
        step(velocity: velocity, acceleration: now < ramp ? rate : now > ramp + cruise && now < total ? -rate : 0, pushedBy: error)
      }
    }

    private mutating func step(velocity: Double, acceleration: Double, pushedBy error: (_ velocity: Double, _ acceleration: Double) -> Double) {
      press(error(velocity, acceleration), for: ContactWatchTests.period, velocity: velocity, acceleration: acceleration)
    }

    mutating func press(_ effort: Double, for seconds: Double, velocity: Double = 0, acceleration: Double = 0) {
      for _ in 0..<max(1, Int(seconds / ContactWatchTests.period)) {
        watch.update(
          residual: [effort], position: [0], velocity: [velocity], acceleration: [acceleration], effort: [0], weight: [0], following: .slowly,
          period: ContactWatchTests.period)
        greatest = max(greatest, watch.level)
      }
    }
  }

  /// What the slow channel has learnt at speed it still holds for true when the arm has stopped, and the thresholds of an arm at rest are small: the
  /// motion may have been wrong by as much as its thresholds allow.
  @Test func whatWasLearntAtSpeedIsNoTouchWhenTheArmStops() {
    var draws = SeededGenerator(seed: 5)
    for _ in 0..<caseCount(200) {
      var joint = Moving()
      let share = Double.random(in: -1...1, using: &draws), speed = Double.random(in: 0.2...4, using: &draws)
      joint.run(speed: speed, ramp: .random(in: 0.04...0.3, using: &draws), cruise: .random(in: 0...1.5, using: &draws)) { velocity, acceleration in
        share * Self.thresholds.values(velocity: [velocity], acceleration: [acceleration], effort: [0], strayed: nil)[0]
      }
      #expect(joint.greatest <= 2.01, "\(share) of the thresholds at \(speed) rad/s")
    }
  }

  /// A second after it has stopped the arm feels nearly as much as one that has never moved.
  @Test func whatRestsFeelsNearlyAsMuchAsEver() {
    var joint = Moving()
    joint.run(speed: 3, ramp: 0.1, cruise: 1) { _, _ in 0 }
    joint.press(4.5 * 0.5, for: Self.period)
    #expect(joint.watch.joint(beyond: 4) == 0)
    var fresh = Moving()
    fresh.press(4.5 * 0.5, for: Self.period)
    #expect(fresh.watch.joint(beyond: 4) == 0)
  }
}
