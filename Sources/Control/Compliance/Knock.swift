internal import Kinematics

/// What is known of a knock.
public struct Knock: Sendable, Equatable, BitwiseCopyable {
  /// The outermost joint that felt it: it met that joint's link, or one beyond.
  public var joint = 0
  /// When it was felt, monotonic [s].
  public var time = 0.0
  /// As if all of it had met the tool [N·s]; nil until it is over, and where it cannot be told.
  public var impulse: Double?
  /// A unit vector in base axes; nil where it cannot be told.
  public var direction: SIMD3<Double>?

  public init() {}
}
