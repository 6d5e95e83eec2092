internal import Foundation
public import Kinematics

extension Trajectory {
  /// The tool straight to a pose, turning evenly on the way, in the posture the arm has.
  ///
  /// The tool's own limits time the line. Where a joint would pass one of its limits at that pace, the whole line is slowed just enough; the
  /// line is refused before it starts if no joint positions follow it, if some leave their limits, or if a joint would need more than
  /// `mostSlowdown`.
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
    speed: Double = 1, period: Double = 0.002, mostSlowdown: Double = 50
  ) throws(MotionRefusal) -> Trajectory {
    let labels = JointLabels(model.jointLabels)
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    guard tool.isUsable else { throw .unusableToolLimits }
    try limits.check(start, as: .start, labels: labels)
    try limits.checkUsable(labels: labels)
    guard baseFromGoal.isFinite else { throw .notAPose }

    let start0 = model.pose(at: start)
    guard let path = try? ToolPath(from: start0, [.line(to: baseFromGoal)]) else { return try jointMove(from: start, to: start, limits: limits) }
    let (length, angle) = (path.curves[0].length, path.curves[0].angle)
    var settings = PathFollower.Settings()
    settings.slowest = min(tool.speed, 0.25) / mostSlowdown
    let follower = PathFollower(model: model, limits: limits, settings: settings)
    let joints = try follower.path(along: path, from: start)
    let w = path.length
    let profile = ScalarProfile(
      distance: w, velocity: w * min(tool.speed / length, tool.angularSpeed / angle),
      acceleration: w * min(tool.acceleration / length, tool.angularAcceleration / angle), jerk: w * min(tool.jerk / length, tool.angularJerk / angle)
    )

    let peaks = LinePeaks(path: joints, profile: profile, limits: limits, period: period)
    guard peaks.worst.slowdown <= mostSlowdown else {
      throw .nearSingularity(
        joint: labels[peaks.worst.joint], pathVelocity: tool.speed, value: peaks.worst.value, limit: peaks.worst.limit,
        at: path.place(at: peaks.worst.share))
    }
    // What lies between two checks is worth a thousandth.
    let slowdown = max(1, 1.001 * peaks.shares.neededSlowdown) / speed
    return Trajectory(path: joints, timing: PathTiming(profile.slowed(by: slowdown)), peakShares: peaks.shares.slowed(by: slowdown))
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
    let step = min(period, 0.2 * path.length / (Double(path.knots.count) * profile.peaks.velocity))
    for phase in 0..<profile.phaseCount {
      let length = profile.length(ofPhase: phase)
      let count = Int((length / step).rounded(.up))
      for index in 0...count { note(profile.state(inPhase: phase, after: length * Double(index) / Double(count)), path: path, limits: limits) }
    }
  }

  private mutating func note(_ s: ScalarState, path: JointPath, limits: JointLimits) {
    let share = s.position
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
