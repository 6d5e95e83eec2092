public import Kinematics

extension Trajectory {
  /// The tool along a path, as fast as the limits of the joints and of the tool allow, at rest only at its ends and stops.
  ///
  /// - Parameters:
  ///   - path: Where to lead the tool. It begins where the tool is.
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - follower: The arm, and how closely it keeps to the path.
  ///   - limits: Of the joints; never exceeded.
  ///   - tool: Of the tool's own motion: of its speed and acceleration anywhere, and of its jerk along the path.
  ///   - speed: Above 0, at most 1; slows all in proportion as in ``jointMove(from:to:limits:speed:joints:)``.
  /// - Throws: Where the path cannot be followed, and why; limits that allow no motion.
  public static func toolPath(
    _ path: ToolPath, from start: JointVector, follower: PathFollower, limits: JointLimits, tool: ToolLimits = ToolLimits(), speed: Double = 1
  ) throws(MotionRefusal) -> Trajectory {
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    guard tool.isUsable else { throw .unusableToolLimits }
    try limits.check(start, as: .start, labels: follower.labels)
    try limits.checkUsable(labels: follower.labels)
    var bounds = RetimingLimits(joints: limits)
    bounds.tool = ToolBound(model: follower.model, limits: tool)
    bounds.parameter.jerk = path.jerk(within: tool)
    return try retimed(try follower.path(along: path, from: start), limits: bounds, speed: speed)
  }

  /// Through waypoints in joint space, as fast as the limits allow, at rest only at both ends and at waypoints without a blend radius.
  ///
  /// - Parameters:
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - waypoints: Where to go; the last one is the end.
  ///   - limits: Never exceeded.
  ///   - speed: Above 0, at most 1; slows all in proportion as in ``jointMove(from:to:limits:speed:joints:)``.
  ///   - joints: What refusals call the joints.
  public static func waypoints(
    from start: JointVector, through waypoints: [JointWaypoints.Waypoint], limits: JointLimits, speed: Double = 1, joints: [JointLabel] = []
  ) throws(MotionRefusal) -> Trajectory {
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    try limits.checkUsable(labels: JointLabels(joints))
    let path = try JointWaypoints(from: start, through: waypoints, limits: limits, joints: joints).path
    return try retimed(path, limits: RetimingLimits(joints: limits), speed: speed)
  }

  /// From rest to rest between the stops of a path.
  private static func retimed(_ path: JointPath, limits: RetimingLimits, speed: Double) throws(MotionRefusal) -> Trajectory {
    var timing = PathTiming.resting(at: 0)
    var shares = PeakShares(count: path.jointCount)
    do throws(RetimingRefusal) {
      for leg in path.legs {
        let motion = try timeOptimal(along: leg, limits: limits)
        timing.append(motion.timing)
        shares.takeLarger(of: motion.peakShares)
      }
    } catch {
      throw .notRetimed(error)
    }
    let trajectory = Trajectory(path: path, timing: timing, peakShares: shares)
    return trajectory.lengthened(to: trajectory.duration / speed)
  }
}

extension ToolPath {
  /// The jerk of the path's parameter that keeps the tool's own jerk along the path within its limits [m/s³].
  fileprivate func jerk(within limits: ToolLimits) -> Double {
    var jerk = Double.infinity
    for (index, span) in spans.enumerated() {
      for share in [0, 0.5, 1] {
        let twist = point(at: span.start + share * span.width, span: index).twist
        jerk = min(jerk, limits.jerk / max(twist.linear.length, 1e-9), limits.angularJerk / max(twist.angular.length, 1e-9))
      }
    }
    return jerk
  }
}

extension PeakShares {
  fileprivate mutating func takeLarger(of other: Self) {
    velocity = JointVector(lanes: velocity.lanes.larger(other.velocity.lanes), count: velocity.count)
    acceleration = JointVector(lanes: acceleration.lanes.larger(other.acceleration.lanes), count: acceleration.count)
    jerk = JointVector(lanes: jerk.lanes.larger(other.jerk.lanes), count: jerk.count)
  }
}
