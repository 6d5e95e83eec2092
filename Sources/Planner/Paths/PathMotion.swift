public import Kinematics

extension Trajectory {
  /// The tool straight to a pose, turning evenly on the way, in the posture the arm has.
  ///
  /// - Parameters:
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - baseFromGoal: Where the tool is to come to rest.
  ///   - model: The arm with its tool.
  ///   - limits, tool, speed, shouldStop: As in ``toolPath(_:from:follower:limits:tool:speed:shouldStop:)``.
  public static func toolLine(
    from start: JointVector, to baseFromGoal: Pose, model: RobotModel, limits: JointLimits, tool: ToolLimits = ToolLimits(), speed: Double = 1,
    shouldStop: () -> Bool = { false }
  ) throws(MotionRefusal) -> Trajectory {
    let follower = PathFollower(model: model, limits: limits)
    try limits.check(start, as: .start, labels: follower.labels)
    do throws(MotionRefusal) {
      let path = try ToolPath(from: model.pose(at: start), [.line(to: baseFromGoal)])
      return try toolPath(path, from: start, follower: follower, limits: limits, tool: tool, speed: speed, shouldStop: shouldStop)
    } catch .leadsNowhere {
      return try jointMove(from: start, to: start, limits: limits, speed: speed, joints: model.jointLabels)
    }
  }

  /// The tool along a path, as fast as the limits of the joints and of the tool allow, at rest only at its ends and stops.
  ///
  /// Where the tool's own limits leave a straight line room under those of the joints, they alone time it, by a ``ScalarProfile``.
  ///
  /// - Parameters:
  ///   - path: Where to lead the tool. It begins where the tool is.
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - follower: The arm, and how closely it keeps to the path.
  ///   - limits: Of the joints; never exceeded.
  ///   - tool: Of the tool's own motion: of its speed and acceleration anywhere, and of its jerk along the path.
  ///   - speed: Above 0, at most 1; slows all in proportion as in ``jointMove(from:to:limits:speed:joints:)``.
  ///   - shouldStop: Asked every 50 µs or so; ends the work with ``MotionRefusal/stopped``.
  /// - Throws: Where the path cannot be followed, and why; limits that allow no motion.
  public static func toolPath(
    _ path: ToolPath, from start: JointVector, follower: PathFollower, limits: JointLimits, tool: ToolLimits = ToolLimits(), speed: Double = 1,
    shouldStop: () -> Bool = { false }
  ) throws(MotionRefusal) -> Trajectory {
    try Interruption.whenever(shouldStop) { interruption throws(MotionRefusal) in
      try toolPath(path, from: start, follower: follower, limits: limits, tool: tool, speed: speed, interruption)
    }
  }

  private static func toolPath(
    _ path: ToolPath, from start: JointVector, follower: PathFollower, limits: JointLimits, tool: ToolLimits, speed: Double,
    _ interruption: Interruption
  ) throws(MotionRefusal) -> Trajectory {
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    guard tool.isUsable else { throw .unusableToolLimits }
    try limits.checkUsable(labels: follower.labels)
    let joints = try follower.path(along: path, from: start, interruption)
    var bounds = RetimingLimits(joints: limits)
    bounds.parameter = path.parameterLimits(within: tool)
    guard path.isStraight else {
      bounds.parameter.velocity = .infinity
      bounds.parameter.acceleration = .infinity
      bounds.tool = ToolBound(model: follower.model, limits: tool)
      return try retimed(joints, limits: bounds, speed: speed, interruption)
    }
    let even = evenPace(along: joints, limits: bounds, interruption)
    guard !interruption.hasCome else { throw .stopped }
    let slowdown = even.peakShares.surelyNeededSlowdown
    if slowdown == 1 { return even.slowed(by: 1 / speed) }
    let retimed = try retimed(joints, limits: bounds, speed: speed, interruption)
    let slowed = even.slowed(by: slowdown / speed)
    return retimed.duration < slowed.duration ? retimed : slowed
  }

  /// Through waypoints in joint space, as fast as the limits allow, at rest only at both ends and at waypoints without a blend radius.
  ///
  /// - Parameters:
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - waypoints: Where to go; the last one is the end.
  ///   - limits: Never exceeded.
  ///   - speed: Above 0, at most 1; slows all in proportion as in ``jointMove(from:to:limits:speed:joints:)``.
  ///   - joints: What refusals call the joints.
  ///   - shouldStop: Asked every 50 µs or so; ends the work with ``MotionRefusal/stopped``.
  public static func waypoints(
    from start: JointVector, through waypoints: [JointWaypoints.Waypoint], limits: JointLimits, speed: Double = 1, joints: [JointLabel] = [],
    shouldStop: () -> Bool = { false }
  ) throws(MotionRefusal) -> Trajectory {
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    try limits.checkUsable(labels: JointLabels(joints))
    let path = try JointWaypoints(from: start, through: waypoints, limits: limits, joints: joints).path
    return try Interruption.whenever(shouldStop) { interruption throws(MotionRefusal) in
      try retimed(path, limits: RetimingLimits(joints: limits), speed: speed, interruption)
    }
  }

  /// From rest to rest between the stops of a path.
  private static func retimed(
    _ path: JointPath, limits: RetimingLimits, speed: Double, _ interruption: Interruption
  ) throws(MotionRefusal) -> Trajectory {
    var timing = PathTiming.resting(at: 0)
    var shares = PeakShares(count: path.jointCount)
    do throws(RetimingRefusal) {
      for leg in path.legs {
        // At the ends of blends the third derivative jumps, and the jerk with it: the finer the cut, the better that is met.
        let motion = try timeOptimal(
          along: leg, limits: limits, startPathVelocity: 0, endPathVelocity: 0, intervals: min(max(400, 40 * leg.knots.count), 2000), interruption)
        let slowed = motion.slowed(by: max(1, motion.peakShares.neededSlowdown))
        timing.append(slowed.timing)
        shares.note(slowed.peakShares)
      }
    } catch {
      throw error == .stopped ? .stopped : .notRetimed(error)
    }
    timing.settle(at: path.length, velocity: 0)
    return Trajectory(path: path, timing: timing, peakShares: shares).slowed(by: 1 / speed)
  }

  /// The fastest under the limits of the path parameter alone, whatever that asks of the joints.
  private static func evenPace(along path: JointPath, limits: RetimingLimits, _ interruption: Interruption) -> Trajectory {
    let parameter = limits.parameter
    let profile = ScalarProfile(
      distance: path.length, velocity: parameter.velocity, acceleration: parameter.acceleration, jerk: parameter.jerk)
    return Trajectory(
      path: path, timing: PathTiming(profile), peakShares: PeakShares(of: profile, along: path, limits: limits.joints, interruption))
  }

  private func slowed(by factor: Double) -> Self {
    Self(path: path, timing: timing.slowed(by: factor), peakShares: peakShares.slowed(by: factor))
  }
}

extension ToolPath {
  /// Whether it is one line.
  fileprivate var isStraight: Bool { curves.count == 1 && curves[0].isStraight }

  /// What keeps the tool's own motion along the path within its limits: exact where the path is straight, else without what its bends ask for.
  fileprivate func parameterLimits(within tool: ToolLimits) -> ParameterLimits {
    var (linear, angular) = (0.0, 0.0)
    for (index, span) in spans.enumerated() {
      for share in [0, 0.5, 1] {
        let twist = point(at: span.start + share * span.width, span: index).twist
        linear = max(linear, twist.linear.length)
        angular = max(angular, twist.angular.length)
      }
    }
    var limits = ParameterLimits()
    limits.velocity = min(tool.speed / linear, tool.angularSpeed / angular)
    limits.acceleration = min(tool.acceleration / linear, tool.angularAcceleration / angular)
    limits.jerk = min(tool.jerk / linear, tool.angularJerk / angular)
    return limits
  }
}

extension PeakShares {
  /// ``neededSlowdown``, but at least 1, and where it is about that or more with a thousandth for what lies between the places looked at.
  fileprivate var surelyNeededSlowdown: Double { max(1, 1.001 * neededSlowdown) }

  /// What the joints do at their most along a path, looked at in five places of every phase and of every span between knots, at least.
  fileprivate init(of profile: ScalarProfile, along path: JointPath, limits: JointLimits, _ interruption: Interruption) {
    self.init(count: path.jointCount)
    let step = 0.2 * path.length / (Double(path.knots.count) * profile.peaks.velocity)
    for phase in 0..<profile.phaseCount {
      let length = profile.length(ofPhase: phase)
      let count = max(5, Int((length / step).rounded(.up)))
      for index in 0...count where !interruption.comes() {
        note(profile.state(inPhase: phase, after: length * Double(index) / Double(count)), along: path, limits: limits)
      }
    }
  }
}
