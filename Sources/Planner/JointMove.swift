public import Kinematics

extension Trajectory {
  /// The fastest motion straight through joint space, all joints starting and arriving together and in proportion on the way.
  ///
  /// One parameter s goes from 0 to 1, and each joint's limits divided by the way it has to go bound it; the least bound of all joints
  /// makes the profile, so at every instant some joint is at one of its limits.
  ///
  ///     q(t) = q₀ + s(t) Δq,   |ṡ| ≤ min(velocityᵢ/|Δqᵢ|),   and so for s̈ and the third derivative
  ///
  /// A `speed` below 1 is the same motion in slow motion: it lasts 1/speed as long, with speed, speed², speed³ of the velocities,
  /// accelerations and jerks. Half speed therefore takes exactly twice as long, whatever the motion.
  ///
  /// A joint that begins outside its position limits may come back in, or stay where it is, but not go further out.
  ///
  /// - Parameters:
  ///   - start: Where the setpoint rests now [rad; m].
  ///   - target: Where to come to rest [rad; m].
  ///   - limits: Never exceeded.
  ///   - speed: Above 0, at most 1.
  ///   - joints: What refusals call the joints, such as `model.jointLabels`; "joint 1", … where there is none.
  /// - Throws: Wrong counts, values that are not numbers, targets outside the limits, limits that allow no motion.
  public static func jointMove(
    from start: JointVector, to target: JointVector, limits: JointLimits, speed: Double = 1, joints: [JointLabel] = []
  ) throws(MotionRefusal) -> Trajectory {
    let labels = JointLabels(joints)
    guard speed > 0, speed <= 1 else { throw .speedOutOfRange(speed) }
    try limits.check(start, as: .start, labels: labels)
    try limits.check(target, as: .target, labels: labels)
    try limits.checkUsable(labels: labels)
    try limits.checkInside(target, from: start, labels: labels)

    let delta = target - start
    var velocity = Double.infinity
    var acceleration = Double.infinity
    var jerk = Double.infinity
    for joint in delta.indices where delta[joint] != 0 {
      velocity = min(velocity, limits.velocity[joint] / abs(delta[joint]))
      acceleration = min(acceleration, limits.acceleration[joint] / abs(delta[joint]))
      jerk = min(jerk, limits.jerk[joint] / abs(delta[joint]))
    }
    // Less than rounding leaves of an angle is no way to go, and would overflow the bounds above.
    let isMoving = delta.maximumMagnitude > 1e-12
    let profile = ScalarProfile(distance: isMoving ? 1 : 0, velocity: velocity, acceleration: acceleration, jerk: jerk).slowed(by: 1 / speed)
    let peaks = profile.peaks
    var shares = PeakShares(count: delta.count)
    shares.note(velocity: peaks.velocity * delta, acceleration: peaks.acceleration * delta, jerk: peaks.jerk * delta, limits: limits)
    return Trajectory(path: .straight(from: start, to: target), timing: PathTiming(profile), peakShares: shares)
  }
}
