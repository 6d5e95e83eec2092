internal import Kinematics
internal import Foundation
let dbg = ProcessInfo.processInfo.environment["DBG"] != nil

extension Trajectory {
  /// The fastest motion along a path under limits on velocities, accelerations and jerks, or one that takes hardly longer.
  static func jerkLimited(
    along path: JointPath, limits: RetimingLimits, startPathVelocity: Double, endPathVelocity: Double, intervals: Int
  ) throws(RetimingRefusal) -> Trajectory {
    let course = try JerkLimitedCourse(
      path, limits: limits, startPathVelocity: startPathVelocity, endPathVelocity: endPathVelocity, intervals: intervals)
    var timing = course.timing
    timing.settle(velocity: endPathVelocity)
    let shares = PeakShares(of: timing, along: path, limits: limits.joints)
    let slowdown = max(1, shares.neededSlowdown)
    if dbg { print("DBG slow", slowdown, shares.velocity.maximumMagnitude, shares.acceleration.maximumMagnitude, shares.jerk.maximumMagnitude, timing.duration, course.newtonSteps) }
    return Trajectory(path: path, timing: timing.slowed(by: slowdown), peakShares: shares.slowed(by: slowdown))
  }
}

extension PeakShares {
  /// What the joints do at their most.
  init(of timing: PathTiming, along path: JointPath, limits: JointLimits) {
    self.init(count: path.jointCount)
    for span in 0..<timing.spanCount { note(timing, span: span, along: path, limits: limits) }
  }

  /// Takes in what the joints do in a span of a timing, looked at in five places.
  mutating func note(_ timing: PathTiming, span: Int, along path: JointPath, limits: JointLimits) {
    for quarter in 0...4 { note(timing.state(inSpan: span, at: Double(quarter) / 4), along: path, limits: limits) }
  }

  private mutating func note(_ s: ScalarState, along path: JointPath, limits: JointLimits) {
    let q = path.point(at: s.position)
    note(
      velocity: s.velocity * q.first, acceleration: s.velocity * s.velocity * q.second + s.acceleration * q.first,
      jerk: (s.velocity * s.velocity * s.velocity) * path.third(at: s.position) + (3 * s.velocity * s.acceleration) * q.second + s.jerk * q.first,
      limits: limits)
  }
}
