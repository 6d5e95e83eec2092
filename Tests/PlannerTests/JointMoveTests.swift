import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@Suite struct JointMoveTests {
  /// Limits held where sampled densely, ends met, joints in proportion, and some joint at one of its limits at every instant.
  @Test func isStraightFastestAndWithinLimits() throws {
    var random = SeededGenerator(seed: 45)
    for _ in 0..<caseCount(300) {
      let count = Int.random(in: 1...8, using: &random)
      let limits = random.limits(count: count)
      let start = random.configuration(within: limits)
      let target = random.configuration(within: limits)
      let move = try Trajectory.jointMove(from: start, to: target, limits: limits)
      #expect(move.start == start && move.end == target)
      #expect(move.setpoint(at: 0) == JointSetpoint(restingAt: start))
      #expect(move.setpoint(at: move.duration) == JointSetpoint(restingAt: target))
      let delta = target - start
      let steps = 200
      var before = move.setpoint(at: 0)
      for step in 1...steps {
        let dt = move.duration / Double(steps)
        let now = move.setpoint(at: Double(step) * dt)
        let share = delta.dot(now.position - start) / delta.dot(delta)
        #expect((now.position - start - share * delta).maximumMagnitude < 1e-12)
        for joint in 0..<count {
          #expect(abs(now.velocity[joint]) <= limits.velocity[joint] * (1 + 1e-9))
          #expect(abs(now.acceleration[joint]) <= limits.acceleration[joint] * (1 + 1e-9))
          #expect(abs(now.acceleration[joint] - before.acceleration[joint]) <= limits.jerk[joint] * dt * (1 + 1e-6))
        }
        before = now
      }
      #expect(abs(move.peakShares.largest - 1) < 1e-9)
    }
  }

  /// No joint could have made its way alone in more time than all of them take together; the slowest alone takes just as long where it
  /// is the only one to move.
  @Test func isNeverFasterThanAJointAlone() throws {
    var random = SeededGenerator(seed: 46)
    for _ in 0..<caseCount(300) {
      let limits = random.limits(count: 6)
      let start = random.configuration(within: limits)
      let target = random.configuration(within: limits)
      let together = try Trajectory.jointMove(from: start, to: target, limits: limits).duration
      for joint in 0..<6 {
        var alone = start
        alone[joint] = target[joint]
        let single = try Trajectory.jointMove(from: start, to: alone, limits: limits).duration
        let profile = ScalarProfile(
          distance: target[joint] - start[joint], velocity: limits.velocity[joint], acceleration: limits.acceleration[joint],
          jerk: limits.jerk[joint])
        #expect(abs(single - profile.duration) < 1e-9)
        #expect(single <= together + 1e-9)
      }
    }
  }

  @Test func halfTheSpeedTakesTwiceAsLong() throws {
    var random = SeededGenerator(seed: 47)
    let limits = random.limits(count: 6)
    let (a, b) = (random.configuration(within: limits), random.configuration(within: limits))
    let full = try Trajectory.jointMove(from: a, to: b, limits: limits)
    let half = try Trajectory.jointMove(from: a, to: b, limits: limits, speed: 0.5)
    #expect(abs(half.duration - 2 * full.duration) < 1e-12)
    #expect((half.setpoint(at: 0.6).velocity - 0.5 * full.setpoint(at: 0.3).velocity).maximumMagnitude < 1e-12)
    #expect(abs(half.peakShares.velocity.maximumMagnitude - 0.5 * full.peakShares.velocity.maximumMagnitude) < 1e-12)
    let lengthened = full.lengthened(to: half.duration)
    #expect((half.setpoint(at: 0.6).position - lengthened.setpoint(at: 0.6).position).maximumMagnitude < 1e-12)
  }

  @Test func theSameThereAndBack() throws {
    var random = SeededGenerator(seed: 48)
    let limits = random.limits(count: 6)
    let (a, b) = (random.configuration(within: limits), random.configuration(within: limits))
    let there = try Trajectory.jointMove(from: a, to: b, limits: limits)
    let back = try Trajectory.jointMove(from: b, to: a, limits: limits)
    for step in 0...100 {
      let time = Double(step) / 100 * there.duration
      let (out, home) = (there.setpoint(at: time), back.setpoint(at: there.duration - time))
      #expect((out.position - home.position).maximumMagnitude < 1e-12)
      #expect((out.velocity + home.velocity).maximumMagnitude < 1e-9)
    }
  }

  @Test func nowhereTakesNoTime() throws {
    var random = SeededGenerator(seed: 49)
    let limits = random.limits(count: 6)
    let q = random.configuration(within: limits)
    let move = try Trajectory.jointMove(from: q, to: q, limits: limits)
    #expect(move.duration == 0)
    #expect(move.setpoint(at: 0) == JointSetpoint(restingAt: q))
    #expect(move.peakShares.largest == 0)
    let barely = try Trajectory.jointMove(from: q, to: q + JointVector(repeating: 1e-16, count: 6), limits: limits)
    #expect(barely.setpoint(at: 0.1).position.isFinite)
  }

  @Test func comesBackFromOutsideItsLimits() throws {
    var random = SeededGenerator(seed: 50)
    let limits = random.limits(count: 3)
    let outside: JointVector = [3.2, 0, 0]
    #expect(try Trajectory.jointMove(from: outside, to: [3.1, 0, 0], limits: limits).end == [3.1, 0, 0])
    #expect(try Trajectory.jointMove(from: outside, to: [3.2, 1, 0], limits: limits).end == [3.2, 1, 0])
    #expect(throws: MotionRefusal.outsideLimits(joint: "joint 1", value: 3.3, lower: -.pi, upper: .pi)) {
      try Trajectory.jointMove(from: outside, to: [3.3, 0, 0], limits: limits)
    }
  }
}
