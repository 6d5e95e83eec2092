public import Kinematics

/// What is known of a knock.
public struct Knock: Sendable, Equatable, BitwiseCopyable {
  /// The outermost joint that felt it: it met that joint's link, or one beyond.
  public var joint = 0
  /// When it was felt, monotonic [s].
  public var time = 0.0
  /// Whether ``impulse`` and ``direction`` are known.
  public var isMeasured = false
  /// As if all of it had met the tool [N·s].
  public var impulse = 0.0
  /// A unit vector in base axes.
  public var direction = SIMD3<Double>()

  public init() {}
}
