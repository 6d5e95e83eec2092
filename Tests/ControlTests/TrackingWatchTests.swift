import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import Control

/// Joints that are not where their drives were told to be.
@Suite struct TrackingWatchTests {
  private static let period = 0.002
  /// As far as 0.3 mrad from its setpoint.
  private static let jolt: JointVector = [27]

  /// A joint that follows `q = A sin ωt`, and its drive a while behind.
  private struct Following {
    var watch = TrackingWatch(jolt: TrackingWatchTests.jolt, period: TrackingWatchTests.period)
    var lag: Double
    var time = 0.0
    var age = 0.0, silence = 0.0, lateness = 0.0

    mutating func run(_ seconds: Double, pushedBy push: Double = 0, speed: Double = 1, isAtTask: Bool = true) {
      let rate = 3.0, size = speed / rate
      for _ in 0..<Int(seconds / TrackingWatchTests.period) {
        time += TrackingWatchTests.period
        let setpoint = JointSetpoint(
          position: [size * sin(rate * time)], velocity: [speed * cos(rate * time)], acceleration: [-rate * speed * sin(rate * time)])
        let position: JointVector = [size * sin(rate * (time - lag - age)) + push]
        watch.watch(
          position, age: [age], silence: [silence], lateness: lateness, setpoint: setpoint, isAtTask: isAtTask, period: TrackingWatchTests.period)
      }
    }
  }

  /// Whatever a drive's lag is, and however old a sample: a joint that follows is not pushed, once its lag is learnt.
  @Test(arguments: [0.0005, 0.001, 0.003, 0.006]) func whatFollowsIsNotPushed(lag: Double) {
    var joint = Following(lag: lag)
    joint.run(6)
    for age in [0, 0.002, 0.004] {
      joint.age = age
      joint.run(0.1)
      #expect(!joint.watch.isPushed(0), "\(joint.watch.give[0]) rad of \(joint.watch.threshold[0])")
    }
  }

  @Test func whatIsOffItsWayIsPushed() {
    var joint = Following(lag: 0.001)
    joint.run(6)
    joint.run(0.004, pushedBy: 0.002)
    #expect(joint.watch.isPushed(0))
    // What stays is usual in the end.
    joint.run(2, pushedBy: 0.002)
    #expect(!joint.watch.isPushed(0))
  }

  /// A drive may have missed a setpoint whose acknowledgement is missing: for a while it may be as far behind.
  @Test func aDriveThatWasNotHeardMayBeBehind() {
    var joint = Following(lag: 0.001)
    joint.run(6)
    joint.silence = 0.002
    joint.run(0.002)
    joint.silence = 0
    joint.run(0.004, pushedBy: -0.003)
    #expect(!joint.watch.isPushed(0))
  }

  /// A drive that was told late had gone on by itself; and what it then makes up for is not learnt.
  @Test(arguments: [(0.004, 1.0), (0.008, 1.0), (0.008, -0.4)]) func aLateLoopIsNoPush(lateness: Double, speed: Double) {
    var joint = Following(lag: 0.001)
    joint.run(6, speed: speed)
    let usual = joint.watch.give[0]
    joint.lateness = lateness
    joint.run(0.002, pushedBy: lateness * speed * cos(3 * joint.time), speed: speed)
    #expect(!joint.watch.isPushed(0), "\(joint.watch.give[0]) rad of \(joint.watch.threshold[0])")
    joint.lateness = 0
    for time in stride(from: 0.002, to: 0.2, by: 0.002) {
      joint.run(0.002, pushedBy: lateness * speed * cos(3 * joint.time) * exp(-time / 0.04), speed: speed)
      #expect(!joint.watch.isPushed(0), "\(joint.watch.give[0]) rad of \(joint.watch.threshold[0]) after \(time) s")
    }
    joint.run(0.1, speed: speed)
    #expect(abs(joint.watch.give[0] - usual) < 2e-4)
    #expect(joint.watch.threshold[0] < 0.002, "\(joint.watch.threshold[0])")
  }

  /// Where samples' times are off by more, more is no push; where they are not, less is one.
  @Test(arguments: [(0.0005, false), (0.002, true)]) func scatteredTimesAreLearnt(scatter: Double, isUsual: Bool) {
    var joint = Following(lag: 0.001), random = SeededGenerator(seed: 5)
    for _ in 0..<3_000 {
      joint.run(0.002, pushedBy: -Double.random(in: 0...scatter, using: &random) * cos(3 * joint.time))
    }
    joint.run(0.002, pushedBy: 0.0015 - 0.5 * scatter * cos(3 * joint.time))
    #expect(joint.watch.isPushed(0) == !isUsual, "\(joint.watch.give[0]) rad of \(joint.watch.threshold[0])")
  }

  /// A joint that swings far while it moves is felt at rest long before that, but not where friction lets it slip; where it comes to rest is no push.
  @Test func restIsFelt() {
    var watch = TrackingWatch(jolt: [2_000], period: Self.period), setpoint = JointSetpoint(restingAt: [0.3])
    for tick in 0..<600 {
      let position: JointVector = [0.3 + 0.001 * Double(min(tick, 100))]
      watch.watch(position, age: [0], silence: [0], lateness: 0, setpoint: setpoint, isAtTask: true, period: Self.period)
    }
    #expect(!watch.isPushed(0))
    watch.watch([0.404], age: [0], silence: [0], lateness: 0, setpoint: setpoint, isAtTask: true, period: Self.period)
    #expect(!watch.isPushed(0), "it slips")
    watch.watch([0.406], age: [0], silence: [0], lateness: 0, setpoint: setpoint, isAtTask: true, period: Self.period)
    #expect(watch.isPushed(0))
    setpoint.velocity = [0.1]
    watch.watch([0.406], age: [0], silence: [0], lateness: 0, setpoint: setpoint, isAtTask: true, period: Self.period)
    #expect(!watch.isPushed(0), "it moves")
  }

  /// Where somebody leads the arm it follows its hand; for a while after that nothing is felt.
  @Test func whatGivesWayIsUsual() {
    var joint = Following(lag: 0.001)
    joint.run(1)
    joint.run(0.5, pushedBy: 0.3, isAtTask: false)
    joint.run(0.2, pushedBy: 0.1)
    #expect(joint.watch.give[0] == 0 && !joint.watch.isPushed(0))
  }
}
