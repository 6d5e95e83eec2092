/// What each joint may do. Never exceeded; infinite where nobody said a limit.
public struct JointLimits: Sendable, Equatable {
  /// [rad; m for prismatic]
  public var lower, upper: JointVector
  /// Magnitudes [rad/s], [rad/s²], [rad/s³]; [m/s], … for prismatic.
  public var velocity, acceleration, jerk: JointVector
  /// Magnitude [N·m; N for prismatic].
  public var effort: JointVector

  /// No limit at all for `count` joints.
  public init(unlimited count: Int) {
    let infinite = JointVector(repeating: .infinity, count: count)
    lower = -infinite
    upper = infinite
    velocity = infinite
    acceleration = infinite
    jerk = infinite
    effort = infinite
  }
}
