/// Requests of one kind to one motor that are not answered yet, oldest first.
///
/// The wire keeps order, so a reply answers the oldest request that can still be answered.
/// - Real-time: does not allocate.
struct RequestQueue: Sendable {
  struct Request: Sendable, Equatable {
    /// The number of the tick that sent it.
    let tick: UInt64
    /// That tick's time [s].
    let sent: Double
  }

  private static let capacity = 32
  private var ring = InlineArray<32, Request>(repeating: Request(tick: 0, sent: 0))
  private var start = 0
  private(set) var count = 0

  var first: Request? { count > 0 ? ring[start] : nil }
  var isFull: Bool { count == Self.capacity }

  /// - Precondition: The queue is not full.
  mutating func append(_ request: Request) {
    precondition(!isFull)
    ring[(start + count) % Self.capacity] = request
    count += 1
  }

  @discardableResult mutating func popFirst() -> Request? {
    guard let first else { return nil }
    start = (start + 1) % Self.capacity
    count -= 1
    return first
  }

  /// Removes the requests of ticks before `tick`, and returns how many.
  mutating func removeRequests(before tick: UInt64) -> Int {
    var removed = 0
    while let first, first.tick < tick {
      popFirst()
      removed += 1
    }
    return removed
  }

  /// Removes the requests sent before `time`, and returns how many.
  mutating func removeRequests(sentBefore time: Double) -> Int {
    var removed = 0
    while let first, first.sent < time {
      popFirst()
      removed += 1
    }
    return removed
  }

  mutating func removeAll() -> Int {
    defer { count = 0 }
    return count
  }
}
