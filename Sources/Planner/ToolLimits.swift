internal import Foundation

/// How fast the tool itself may go along a line: of its tool centre point, and of its turning.
public struct ToolLimits: Sendable, Equatable {
  /// [m/s], [m/s²], [m/s³]
  public var speed = 0.25
  public var acceleration = 1.0
  public var jerk = 10.0
  /// [rad/s], [rad/s²], [rad/s³]
  public var angularSpeed = 1.5
  public var angularAcceleration = 6.0
  public var angularJerk = 60.0

  public init() {}

  /// Whether there is a motion under these limits, and it takes time.
  var isUsable: Bool {
    [speed, acceleration, jerk, angularSpeed, angularAcceleration, angularJerk].allSatisfy { $0 > 0 }
      && (acceleration.isFinite || jerk.isFinite) && (angularAcceleration.isFinite || angularJerk.isFinite)
  }
}
