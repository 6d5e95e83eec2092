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
    var watch = ContactWatch(thresholds: ContactWatchTests.thresholds, payload: 0, observerGain: 60)
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
          residual: [effort], position: [0], velocity: [velocity], acceleration: [acceleration], effort: [0],
          load: ToolLoad(jointCount: 1, period: ContactWatchTests.period), following: .slowly, period: ContactWatchTests.period)
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

  /// OpenArm that carries something of which its model knows nothing, and swings it about.
  private struct Carrying {
    static let thresholds = OpenArm.settings.compliance!.thresholds
    var watch = ContactWatch(thresholds: thresholds, payload: 0.5, observerGain: 60)
    var load = ToolLoad(jointCount: 7, period: period)
    var residual = JointVector(count: 7)
    var time = 0.0

    /// - Parameter size: Of the swings [rad].
    /// - Returns: How many times its threshold the arm has felt at most.
    mutating func swing(_ mass: Double, by size: Double, for seconds: Double) -> Double {
      var greatest = 0.0
      for _ in 0..<Int(seconds / period) {
        time += period
        var q = OpenArm.ready, v = JointVector(count: 7), a = v
        for joint in q.indices {
          let rate = 2 + 0.4 * Double(joint)
          q[joint] += size * sin(rate * time)
          v[joint] = size * rate * cos(rate * time)
          a[joint] = -size * rate * rate * sin(rate * time)
        }
        load.update(model: OpenArm.model, position: q, velocity: v, acceleration: a)
        residual += (1 - exp(-60 * period)) * (mass * load.effort - residual)
        watch.update(
          residual: residual, position: q, velocity: v, acceleration: a, effort: JointVector(count: 7), load: load, following: .slowly,
          period: period)
        greatest = max(greatest, watch.level)
      }
      return greatest
    }
  }

  /// A thing that was taken up half a second ago is known, and what it does to a shoulder that swings it is no touch.
  @Test(arguments: [0.5, -0.3]) func whatWasTakenUpMaySwing(mass: Double) {
    var arm = Carrying()
    #expect(arm.swing(mass, by: 0, for: 0.5) < 0.1)
    let felt = arm.swing(mass, by: 0.5, for: 3)
    #expect(felt < 0.1, "\(felt) thresholds")
  }

  /// What weighs more than may be taken up is no such thing.
  @Test func whatIsTooHeavyIsFelt() {
    var arm = Carrying()
    #expect(arm.swing(4, by: 0.5, for: 1) > 1)
  }
}
