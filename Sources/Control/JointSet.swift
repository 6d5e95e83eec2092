internal import Kinematics

/// Some of an arm's joints.
///
/// - Real-time: a byte; nothing allocates.
public struct JointSet: Sendable, Equatable, BitwiseCopyable {
  private var bits: UInt8 = 0

  public init() {}

  /// - Precondition: each joint is in `0..<JointVector.capacity`.
  public init(_ joints: some Sequence<Int>) { for joint in joints { insert(joint) } }

  public var isEmpty: Bool { bits == 0 }

  /// The lowest joint; nil of the empty set.
  public var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }

  public func contains(_ joint: Int) -> Bool { bits & (1 << joint) != 0 }

  public mutating func insert(_ joint: Int) {
    precondition((0..<JointVector.capacity).contains(joint))
    bits |= 1 << joint
  }

  public mutating func remove(_ joint: Int) { bits &= ~(1 << joint) }
}
