internal import Foundation
internal import Kinematics

extension Trajectory {
  /// The fastest motion along a path under limits on velocities, accelerations and jerks, or one that takes hardly longer.
  ///
  /// - Parameter motion: The fastest that ``RetimingLimits/withoutJerk(_:)`` allows.
  static func jerkLimited(
    along path: JointPath, limits: RetimingLimits, near motion: PathTiming, startPathVelocity: Double, endPathVelocity: Double, intervals: Int
  ) throws(RetimingRefusal) -> Trajectory {
    let parameter = EvenParameter(
      motion, window: min(max(limits.rampTime(path), motion.duration / 20), motion.duration / 2), intervals: intervals, startsAtRest: startPathVelocity == 0, endsAtRest: endPathVelocity == 0)
    let course = try JerkLimitedCourse(
      path, parameter, limits: limits, startPathVelocity: startPathVelocity, endPathVelocity: endPathVelocity)
    var timing = course.timing
    timing.settle(at: path.length, velocity: endPathVelocity)
    let shares = PeakShares(of: timing, along: path, limits: limits.joints)
    // What lies between two places that were looked at is worth 0.02 %.
    let slowdown = max(1, 1.0002 * shares.neededSlowdown)
    guard endPathVelocity > 0 || startPathVelocity > 0 else {
      return Trajectory(path: path, timing: timing.slowed(by: slowdown), peakShares: shares.slowed(by: slowdown))
    }
    guard slowdown < 1.001 else { throw .jerkTooLow(start: startPathVelocity, end: endPathVelocity) }
    return Trajectory(path: path, timing: timing, peakShares: shares)
  }
}

extension RetimingLimits {
  /// The same without limits on jerks, and with no larger accelerations than they let come about.
  ///
  /// An acceleration that rises and falls under the jerk limit J while the velocity limit V is reached is √(VJ) at its most.
  func withoutJerk(_ grid: RetimingGrid) -> Self {
    var limits = self
    limits.joints.jerk = JointVector(repeating: .infinity, count: joints.jerk.count)
    for joint in joints.jerk.indices {
      let reached = min((joints.velocity[joint] * joints.jerk[joint]).squareRoot(), cbrt(grid.way[joint] * joints.jerk[joint] * joints.jerk[joint] / 2))
      limits.joints.acceleration[joint] = min(joints.acceleration[joint], max(reached, .leastNormalMagnitude))
    }
    limits.parameter.jerk = .infinity
    limits.parameter.acceleration = min(parameter.acceleration, (parameter.velocity * parameter.jerk).squareRoot())
    return limits
  }

  /// How long the slowest joint takes from one limit of its acceleration to the other [s].
  fileprivate func rampTime(_ path: JointPath) -> Double {
    let limits = withoutJerk(RetimingGrid(path, intervals: 1))
    let ramps = joints.jerk.indices.map { 2 * limits.joints.acceleration[$0] / joints.jerk[$0] } + [2 * limits.parameter.acceleration / parameter.jerk]
    return ramps.filter(\.isFinite).max() ?? 0
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
    let (start, end) = (timing.start(ofSpan: span), timing.start(ofSpan: span + 1))
    for share in [0, 0.25, 0.5, 0.75, 1] { note(timing.state(inSpan: span, at: start + share * (end - start)), along: path, limits: limits) }
  }

  /// Takes in what the joints do where the path parameter moves so.
  mutating func note(_ s: ScalarState, along path: JointPath, limits: JointLimits) {
    let q = path.point(at: s.position)
    note(
      velocity: s.velocity * q.first, acceleration: s.velocity * s.velocity * q.second + s.acceleration * q.first,
      jerk: (s.velocity * s.velocity * s.velocity) * path.third(at: s.position) + (3 * s.velocity * s.acceleration) * q.second + s.jerk * q.first,
      limits: limits)
  }
}
