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
  ///   - joints: What refusals call the joints; "joint 1", … where there is none.
  /// - Throws: Wrong counts, values that are not numbers, limits that allow no motion, targets beyond the limits.
  public init(
    from start: JointSetpoint, to target: MotionTarget, limits: MotionLimits, synchronization: Synchronization = .time,
    minimumDuration: Double = 0, joints: [JointLabel] = []
  ) throws(MotionRefusal) {
    try limits.check(from: start, to: target, labels: JointLabels(joints))
    self.init(checked: start, to: target, limits: limits, synchronization: synchronization, minimumDuration: minimumDuration)
  }

  /// Where to be `time` [s] after the start; after `duration` the target's acceleration goes on.
  public func setpoint(at time: Double) -> JointSetpoint { table.setpoint(at: max(0, time), count: jointDurations.count) }

  init(
    checked start: JointSetpoint, to target: MotionTarget, limits: MotionLimits, synchronization: Synchronization, minimumDuration: Double
  ) {
    let count = start.position.count
    jointDurations = JointVector(count: count)
    duration = minimumDuration
    var tasks = InlineArray<8, JointTask>(repeating: .idle)
    for joint in 0..<count {
      let task = JointTask(
        from: start.state(of: joint), to: target.state(of: joint, from: start), limits: limits[joint], bindsPosition: target.bindsPosition)
      tasks[joint] = task
      jointDurations[joint] = task.firstFeasibleDuration(from: 0)
      duration = max(duration, jointDurations[joint])
    }
    if synchronization == .none {
      for joint in 0..<count {
        write(tasks[joint], tasks[joint].motion(lasting: jointDurations[joint]), of: joint, lasting: jointDurations[joint], from: start)
      }
      return
    }
    if synchronization == .phase, writeStraight(from: start, to: target, limits: limits) { return }

    var motions = InlineArray<8, TransferMotion>(repeating: .idle)
    var joint = 0
    while joint < count {
      if let motion = tasks[joint].motion(lasting: duration) {
        motions[joint] = motion
        joint += 1
      } else {
        duration = tasks[joint].firstFeasibleDuration(from: duration)
        joint = 0
      }
    }
    for joint in 0..<count { write(tasks[joint], motions[joint], of: joint, lasting: duration, from: start) }
  }

  private mutating func write(_ task: JointTask, _ motion: TransferMotion?, of joint: Int, lasting duration: Double, from start: JointSetpoint) {
    guard let motion else { return }
    task.write(motion, lasting: duration, of: joint, origin: start.position[joint], to: &table)
  }

  /// Writes a motion along a straight line through joint space, where there is one that takes no longer than `duration`.
  ///
  /// One joint's task, under the narrowest of all joints' limits, seen from it; the others do the same at their scale.
  private mutating func writeStraight(from start: JointSetpoint, to target: MotionTarget, limits: MotionLimits) -> Bool {
    guard let line = StraightLine(from: start, to: target, limits: limits) else { return false }
    let joint = line.leader
    let task = JointTask(
      from: start.state(of: joint), to: target.state(of: joint, from: start), limits: line.limits, bindsPosition: target.bindsPosition)
    guard task.firstFeasibleDuration(from: duration) <= duration * (1 + 1e-9), let motion = task.motion(lasting: duration)
    else { return false }
    for joint in start.position.indices {
      task.write(motion, lasting: duration, of: joint, origin: start.position[joint], scale: line.direction[joint], to: &table)
    }
    return true
  }
}

extension JointSetpoint {
  func state(of joint: Int) -> ScalarState {
    ScalarState(position: position[joint], velocity: velocity[joint], acceleration: acceleration[joint])
  }
}

extension MotionTarget {
  var bindsPosition: Bool {
    switch self {
    case .state: true
    case .velocity: false
    }
  }

  /// One joint's target, its position as a way from the start.
  func state(of joint: Int, from start: JointSetpoint) -> ScalarState {
    switch self {
    case .state(let target):
      ScalarState(
        position: target.position[joint] - start.position[joint], velocity: target.velocity[joint], acceleration: target.acceleration[joint])
    case .velocity(let velocity, let acceleration): ScalarState(velocity: velocity[joint], acceleration: acceleration[joint])
    }
  }
}
