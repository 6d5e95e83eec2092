/// Something large on its way into the control loop, which leaves in its place what it had before: neither is made nor let go of in a tick.
///
/// Whoever made it keeps the box, does not look into it while it is under way, and forgets it a while after the loop has had it.
public final class Handover<Value: Sendable>: @unchecked Sendable {
  private var value: Value?

  public init(_ value: consuming Value?) { self.value = value }

  /// - Real-time: does not allocate, lock or release.
  func swap(with other: inout Value?) { Swift.swap(&value, &other) }
}
