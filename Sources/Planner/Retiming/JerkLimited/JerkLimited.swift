internal import Foundation
internal import Kinematics

extension Trajectory {
  /// The fastest motion along a path under limits on velocities, accelerations and jerks, or one that takes hardly longer.
  ///
  /// The joints' limits and those of the path parameter are verified in 24 places of each interval: a motion from rest to rest is slowed by what
  /// they are passed there; for one that begins or ends otherwise the limits are tightened until it passes them by a thousandth at most.
  ///
  /// - Parameters:
  ///   - motion: The fastest that ``RetimingLimits/withoutJerk(_:)`` allows.
  ///   - ramp: How long the slowest joint takes from one limit of its acceleration to the other [s].
  static func jerkLimited(
    along path: JointPath, limits: RetimingLimits, near motion: PathTiming, ramp: Double, startPathVelocity: Double, endPathVelocity: Double,
    intervals: Int, _ interruption: Interruption
  ) throws(RetimingRefusal) -> Trajectory {
    let parameter = EvenParameter(
      motion, window: min(max(ramp, motion.duration / 20), motion.duration / 2), intervals: (intervals + 7) / 8 * 8,
      startsAtRest: startPathVelocity == 0, endsAtRest: endPathVelocity == 0, interruption)
    guard !interruption.hasCome else { throw .stopped }
    var tightened = limits
    for _ in 0..<8 {
      let course = try JerkLimitedCourse(
        path, parameter, limits: tightened, startPathVelocity: startPathVelocity, endPathVelocity: endPathVelocity, interruption)
      var timing = course.timing
      timing.settle(at: path.length, velocity: endPathVelocity)
      let shares = PeakShares(of: timing, along: path, limits: limits.joints, interruption)
      let parameterSlowdown = limits.parameter.neededSlowdown(of: timing, interruption)
      guard !interruption.hasCome else { throw .stopped }
      // What lies between two places that were looked at is worth 0.05 %.
      let slowdown = max(1, 1.0005 * max(shares.neededSlowdown, parameterSlowdown))
      if startPathVelocity == 0 && endPathVelocity == 0 {
        return Trajectory(path: path, timing: timing.slowed(by: slowdown), peakShares: shares.slowed(by: slowdown))
      }
      if max(shares.largest, slowdown) < 1.001 { return Trajectory(path: path, timing: timing, peakShares: shares) }
      tightened.joints.tighten(by: shares)
    }
    throw .jerkTooLow(start: startPathVelocity, end: endPathVelocity)
  }
}

extension JointLimits {
  /// Tightens every limit of which a motion used more than all, by a little more than that.
  fileprivate mutating func tighten(by shares: PeakShares) {
    for joint in velocity.indices {
      if shares.velocity[joint] > 1 { velocity[joint] /= 1.0005 * shares.velocity[joint] }
      if shares.acceleration[joint] > 1 { acceleration[joint] /= 1.0005 * shares.acceleration[joint] }
      if shares.jerk[joint] > 1 { jerk[joint] /= 1.0005 * shares.jerk[joint] }
    }
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
      let reached = min(
        (joints.velocity[joint] * joints.jerk[joint]).squareRoot(), cbrt(grid.way[joint] * joints.jerk[joint] * joints.jerk[joint] / 2))
      if reached > 0 { limits.joints.acceleration[joint] = min(joints.acceleration[joint], reached) }
    }
    limits.parameter.jerk = .infinity
    limits.parameter.acceleration = min(parameter.acceleration, (parameter.velocity * parameter.jerk).squareRoot())
    return limits
  }

  /// How long the slowest joint takes from one of its acceleration limits in `accelerations` to the other [s].
  func ramp(_ accelerations: Self) -> Double {
    let joints = joints.jerk.indices.map { 2 * accelerations.joints.acceleration[$0] / self.joints.jerk[$0] }
    return (joints + [2 * accelerations.parameter.acceleration / parameter.jerk]).filter(\.isFinite).max() ?? 0
  }
}

extension ParameterLimits {
  /// How many times as long a timing has to last to keep these limits.
  fileprivate func neededSlowdown(of timing: PathTiming, _ interruption: Interruption) -> Double {
    var needed = 0.0
    for span in 0..<timing.spanCount where !interruption.comes() {
      let (start, end) = (timing.start(ofSpan: span), timing.start(ofSpan: span + 1))
      for place in 0...8 {
        let s = timing.state(inSpan: span, at: start + Double(place) / 8 * (end - start))
        needed = max(needed, s.velocity / velocity, (abs(s.acceleration) / acceleration).squareRoot(), cbrt(abs(s.jerk) / jerk))
      }
    }
    return needed
  }
}

extension PeakShares {
  /// What the joints do at their most.
  init(of timing: PathTiming, along path: JointPath, limits: JointLimits, _ interruption: Interruption = .never) {
    self.init(count: path.jointCount)
    for span in 0..<timing.spanCount where !interruption.comes(before: 8) { note(timing, span: span, places: 24, along: path, limits: limits) }
  }

  /// Takes in what the joints do in a span of a timing, looked at in so many places.
  mutating func note(_ timing: PathTiming, span: Int, places: Int, along path: JointPath, limits: JointLimits) {
    let (start, end) = (timing.start(ofSpan: span), timing.start(ofSpan: span + 1))
    for place in 0...places {
      note(timing.state(inSpan: span, at: start + Double(place) / Double(places) * (end - start)), along: path, limits: limits)
    }
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
