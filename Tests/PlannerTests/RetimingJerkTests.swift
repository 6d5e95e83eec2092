import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct RetimingJerkTests {
  /// On a line the fastest motion is known exactly.
  @Test func isHardlySlowerThanTheFastestOnALine() throws {
    var random = SeededGenerator(seed: 81)
    for _ in 0..<caseCount(15) {
      let limits = random.limits(count: 4)
      let (start, end) = (random.configuration(within: limits), random.configuration(within: limits))
      let fastest = try Trajectory.jointMove(from: start, to: end, limits: limits).duration
      let retimed = try Trajectory.timeOptimal(along: .straight(from: start, to: end), limits: RetimingLimits(joints: limits), intervals: 150)
      #expect(retimed.duration >= fastest * (1 - 1e-9) && retimed.duration < 1.02 * fastest, "\(retimed.duration) \(fastest) \(limits)")
    }
  }

  @Test func holdsAllLimitsOnSplines() throws {
    var random = SeededGenerator(seed: 82)
    for _ in 0..<caseCount(25) {
      let c = random.spline()
      let trajectory = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: c.limits))
      let peaks = DensePeaks(trajectory, limits: c.limits)
      #expect(peaks.velocity <= 1.001 && peaks.acceleration <= 1.001 && peaks.jerk <= 1.001, "\(peaks) \(c.text)")
      #expect(trajectory.peakShares.largest <= 1 + 1e-9)
      #expect(trajectory.setpoint(at: 0) == JointSetpoint(restingAt: c.waypoints[0]))
      #expect(trajectory.setpoint(at: trajectory.duration) == JointSetpoint(restingAt: c.waypoints[c.waypoints.count - 1]))
      // Not faster than without limits on the jerk, but for what the coarser grid loses there.
      let without = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: c.limits.withoutJerk))
      #expect(trajectory.duration > 0.99 * without.duration, "\(c.text)")
    }
  }

  @Test func beginsAndEndsInMotion() throws {
    var limits = JointLimits(unlimited: 2)
    limits.velocity = [2, 2]
    limits.acceleration = [5, 5]
    limits.jerk = [50, 50]
    let path = JointPath.spline(through: [[0, 0], [1, 0.5], [2, -0.5]], knots: [0, 1, 2], ends: .natural)
    let trajectory = try Trajectory.timeOptimal(
      along: path, limits: RetimingLimits(joints: limits), startPathVelocity: 0.8, endPathVelocity: 0.5, intervals: 100)
    let peaks = DensePeaks(trajectory, limits: limits)
    #expect(peaks.velocity <= 1.001 && peaks.acceleration <= 1.001 && peaks.jerk <= 1.01, "\(peaks)")
    #expect((trajectory.setpoint(at: 0).velocity - 0.8 * path.point(at: 0).first).maximumMagnitude < 1e-9)
    #expect((trajectory.setpoint(at: trajectory.duration).velocity - 0.5 * path.point(at: 2).first).maximumMagnitude < 1e-9)
  }
}
