internal import Foundation
public import Kinematics

extension Trajectory {
  /// The tool straight to a pose, turning evenly on the way, in the posture the arm has.
  ///
  /// The tool's own limits time the line. Where a joint would pass one of its limits at that pace, the line is gone slower just there. It is
  /// refused before it starts if no joint positions follow it, if some leave their limits, or if the whole line would have to be slowed by more
  /// than `mostSlowdown` for a joint.
  ///
  /// The joints follow a spline whose tool is within 0.01 mm and 0.0006° of the line everywhere, not only at the ticks.
  ///
  /// - Parameters:
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - baseFromGoal: Where the tool is to come to rest.
  ///   - model: The arm with its tool.
  ///   - limits: Of the joints; never exceeded.
  ///   - tool: Of the tool's own motion.
  ///   - speed: Above 0, at most 1; slows all in proportion as in ``jointMove(from:to:limits:speed:joints:)``.
  ///   - period: The loop's [s]; joint limits are checked at least so often.
  ///   - mostSlowdown: How many times as long a line may take as its tool limits alone would have it.
  public static func toolLine(
    from start: JointVector, to baseFromGoal: Pose, model: RobotModel, limits: JointLimits, tool: ToolLimits = ToolLimits(),
    speed: Double = 1, period: Double = 0.002, mostSlowdown: Double = 20
  ) throws(MotionRefusal) -> Trajectory {
    let labels = JointLabels(model.jointLabels)
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    guard tool.isUsable else { throw .unusableToolLimits }
    try limits.check(start, as: .start, labels: labels)
    try limits.checkUsable(labels: labels)
    guard baseFromGoal.isFinite else { throw .notAPose }

    let line = ToolLine(from: model.pose(at: start), to: baseFromGoal)
    let (length, angle) = (line.length, line.angle)
    guard length > 1e-9 || angle > 1e-9 else { return try jointMove(from: start, to: start, limits: limits) }
    let profile = ScalarProfile(
      distance: 1, velocity: min(tool.speed / length, tool.angularSpeed / angle),
      acceleration: min(tool.acceleration / length, tool.angularAcceleration / angle), jerk: min(tool.jerk / length, tool.angularJerk / angle))
    let follower = LineFollower(
      model: model, line: line, labels: labels, allowed: limits.widened(toInclude: start), limits: limits,
      pathVelocity: profile.peaks.velocity)
    let path = try follower.path(from: start)

    let peaks = LinePeaks(path: path, profile: profile, limits: limits, period: period)
    guard peaks.worst.slowdown <= mostSlowdown else {
      throw .nearSingularity(
        joint: labels[peaks.worst.joint], peaks.worst.quantity, value: peaks.worst.value, limit: peaks.worst.limit,
        at: line.place(at: peaks.worst.share))
    }
    // What lies between two checks is worth a thousandth.
    let slowdown = max(1, 1.001 * peaks.shares.neededSlowdown)
    let evenly = Trajectory(path: path, timing: PathTiming(profile.slowed(by: slowdown)), peakShares: peaks.shares.slowed(by: slowdown))
    let fastest = slowdown > 1 ? slowedWhereNeeded(path, limits: limits, tool: tool, line: line, insteadOf: evenly) : evenly
    return fastest.lengthened(to: fastest.duration / speed)
  }

  /// A line that is slower only where a joint asks for it, if that is the shorter motion.
  private static func slowedWhereNeeded(
    _ path: JointPath, limits: JointLimits, tool: ToolLimits, line: ToolLine, insteadOf evenly: Trajectory
  ) -> Trajectory {
    var bounds = RetimingLimits(joints: limits)
    bounds.parameter.velocity = min(tool.speed / line.length, tool.angularSpeed / line.angle)
    bounds.parameter.acceleration = min(tool.acceleration / line.length, tool.angularAcceleration / line.angle)
    bounds.parameter.jerk = min(tool.jerk / line.length, tool.angularJerk / line.angle)
    guard let retimed = try? timeOptimal(along: path, limits: bounds, intervals: 200), retimed.duration < evenly.duration else { return evenly }
    return retimed
  }
}

/// What the joints do at their most along a timed path.
private struct LinePeaks {
  var shares: PeakShares
  /// Where and what asks for the greatest slowdown.
  var worst = (slowdown: 0.0, joint: 0, quantity: MotionQuantity.velocity, value: 0.0, limit: 0.0, share: 0.0)

  /// Looks at every tick, at least twice in every span of the path, and at both sides of every instant at which the jerk jumps.
  init(path: JointPath, profile: ScalarProfile, limits: JointLimits, period: Double) {
    shares = PeakShares(count: limits.lower.count)
    let step = min(period, 0.5 / (Double(path.knots.count) * profile.peaks.velocity))
    for phase in 0..<profile.phaseCount {
      let length = profile.length(ofPhase: phase)
      let count = Int((length / step).rounded(.up))
      for index in 0...count { note(profile.state(inPhase: phase, after: length * Double(index) / Double(count)), path: path, limits: limits) }
    }
  }

  private mutating func note(_ s: ScalarState, path: JointPath, limits: JointLimits) {
    let share = min(max(s.position, 0), 1)
    let q = path.point(at: share)
    let velocity = s.velocity * q.first
    let acceleration = s.velocity * s.velocity * q.second + s.acceleration * q.first
    let jerk = (s.velocity * s.velocity * s.velocity) * path.third(at: share) + (3 * s.velocity * s.acceleration) * q.second + s.jerk * q.first
    shares.note(velocity: velocity, acceleration: acceleration, jerk: jerk, limits: limits)
    note(.velocity, velocity, limit: limits.velocity, share: share)
    note(.acceleration, acceleration, limit: limits.acceleration, share: share)
    note(.jerk, jerk, limit: limits.jerk, share: share)
  }

  private mutating func note(_ quantity: MotionQuantity, _ values: JointVector, limit: JointVector, share: Double) {
    for joint in values.indices {
      let excess = abs(values[joint]) / limit[joint]
      let slowdown = quantity.slowdown(for: excess)
      if slowdown > worst.slowdown { worst = (slowdown, joint, quantity, abs(values[joint]), limit[joint], share) }
    }
  }
}

extension MotionQuantity {
  /// How many times as long a motion has to last to use `share` times less of this quantity.
  fileprivate func slowdown(for share: Double) -> Double {
    switch self {
    case .velocity: share
    case .acceleration: share.squareRoot()
    case .jerk: cbrt(share)
    }
  }
}

extension Pose {
  fileprivate var isFinite: Bool {
    let sum = translation + rotation.x + rotation.y + rotation.z
    return sum.x.isFinite && sum.y.isFinite && sum.z.isFinite
  }
}
