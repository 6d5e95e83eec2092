public import Kinematics

/// The fastest motion of up to eight joints from one state to another under limits on velocity, acceleration and jerk.
///
/// States are any: moving, accelerating, even beyond the limits, from where a joint first comes back as fast as it can. Each joint has its own
/// shortest time; joints that arrive together take the shortest time that all of them can take, which may be longer than the longest of these,
/// because a moving joint cannot always wait (see ``Transfer`` for why, and for how the motions are found).
///
/// A plain value with everything inline.
///
/// - Real-time: neither making nor evaluating it allocates or locks. It throws typed refusals before anything is computed.
public struct OnlineTrajectory: Sendable {
  /// When all joints are at the target [s].
  public private(set) var duration: Double
  /// When each joint could be at the target at the earliest, alone [s].
  public private(set) var jointDurations: JointVector
  var table = PhaseTable()

  /// - Parameters:
  ///   - start: Where the joints are and how they move. Of as many joints as all the rest.
  ///   - target: Within the limits.
  ///   - limits: Never exceeded, but by a start beyond them. Position limits are not looked at here; see ``reach(of:)``.
  ///   - minimumDuration: The whole lasts at least so long [s].
  ///   - comesBack: Whether a joint that begins in the very state it is to end in, and moves with limited jerk, comes back to it. Otherwise it is
  ///     there, as a stream wants it that has caught up with what it follows.
  ///   - joints: What refusals call the joints; "joint 1", … where there is none.
  /// - Throws: Wrong counts, values that are not numbers, limits that allow no motion, targets beyond the limits.
  public init(
    from start: JointSetpoint, to target: MotionTarget, limits: MotionLimits, synchronization: Synchronization = .time,
    minimumDuration: Double = 0, comesBack: Bool = false, joints: [JointLabel] = []
  ) throws(MotionRefusal) {
    try limits.check(from: start, to: target, labels: JointLabels(joints))
    self.init(checked: start, to: target, limits: limits, synchronization: synchronization, minimumDuration: minimumDuration, comesBack: comesBack)
  }

  /// Where to be `time` [s] after the start; after `duration` the target's acceleration goes on.
  public func setpoint(at time: Double) -> JointSetpoint { table.setpoint(at: max(0, time), count: jointDurations.count) }

  init(
    checked start: JointSetpoint, to target: MotionTarget, limits: MotionLimits, synchronization: Synchronization, minimumDuration: Double,
    comesBack: Bool
  ) {
    let count = start.position.count
    jointDurations = JointVector(count: count)
    duration = minimumDuration
    var tasks = InlineArray<8, JointTask>(repeating: .idle)
    for joint in 0..<count {
      let task = JointTask(
        from: start.state(of: joint), to: target.state(of: joint), limits: limits[joint], bindsPosition: target.bindsPosition)
      tasks[joint] = task
      jointDurations[joint] = task.shortestDuration(comesBack: comesBack)
      duration = max(duration, jointDurations[joint])
    }

    var motions = InlineArray<8, TransferMotion>(repeating: .idle)
    switch synchronization {
    case .none:
      for joint in 0..<count {
        var own = jointDurations[joint]
        Self.agree(on: &own, tasks.span, joint..<(joint + 1), &motions)
        tasks.span[joint].write(motions[joint], lasting: own, of: joint, origin: start.position[joint], to: &table)
        duration = max(duration, own)
      }
    case .phase where writeStraight(from: start, to: target, limits: limits): break
    case .phase, .time:
      Self.agree(on: &duration, tasks.span, 0..<count, &motions)
      for joint in 0..<count {
        tasks.span[joint].write(motions[joint], lasting: duration, of: joint, origin: start.position[joint], to: &table)
      }
    }
  }

  /// Lengthens a duration until all joints of a range can take it, and says how they do.
  ///
  /// A joint that cannot says when it can next, which is the end of one of its at most two blocked intervals, and all are asked anew.
  private static func agree(
    on duration: inout Double, _ tasks: Span<JointTask>, _ joints: Range<Int>, _ motions: inout InlineArray<8, TransferMotion>
  ) {
    var joint = joints.lowerBound
    // Should rounding call a duration impossible that it has just called possible, then the next one is a little longer, and soon much.
    var nudge = 1e-16
    while joint < joints.upperBound {
      if let motion = tasks[joint].motion(lasting: duration) {
        motions[joint] = motion
        joint += 1
      } else {
        duration = max(tasks[joint].firstFeasibleDuration(from: duration), duration + nudge * (1 + duration))
        nudge *= 2
        joint = joints.lowerBound
      }
    }
  }

  /// Writes a motion along a straight line through joint space, where there is one that takes no longer than `duration`.
  ///
  /// One joint's task, under the narrowest of all joints' limits, seen from it; the others do the same at their scale.
  private mutating func writeStraight(from start: JointSetpoint, to target: MotionTarget, limits: MotionLimits) -> Bool {
    guard let line = StraightLine(from: start, to: target, limits: limits) else { return false }
    let joint = line.leader
    let task = JointTask(
      from: start.state(of: joint), to: target.state(of: joint), limits: line.limits, bindsPosition: target.bindsPosition)
    // Where one joint has to come back within its limits first, the others' velocities would follow it beyond theirs.
    guard task.limitReturn.duration == 0, task.firstFeasibleDuration(from: duration) <= duration * (1 + 1e-9),
      let motion = task.motion(lasting: duration)
    else { return false }
    for joint in start.position.indices {
      task.write(motion, lasting: duration, of: joint, origin: start.position[joint], scale: line.direction[joint], to: &table)
    }
    return true
  }
}

extension OnlineTrajectory {
  /// A stop as a trajectory: its joints rest each as soon as it can.
  init(_ stop: JerkLimitedStop, count: Int) {
    duration = stop.duration
    jointDurations = JointVector(count: count)
    table = stop.table
  }

  /// The lowest and the highest position of a joint on its way from the start to `duration`, both included [rad; m].
  public func reach(of joint: Int) -> ClosedRange<Double> { table.reach(of: joint, until: duration) }
}
