internal import Synchronization

/// A queue of fixed size between one producing and one consuming thread. Neither ever waits.
///
/// - Real-time: `append` and `popFirst` do not allocate or lock.
final class Ring<Element: Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Element?>
  private let capacity: Int
  /// How many were ever taken out and put in; their difference is how many wait.
  private let taken = Atomic<Int>(0)
  private let put = Atomic<Int>(0)

  /// - Precondition: `capacity > 0`.
  init(capacity: Int) {
    precondition(capacity > 0)
    self.capacity = capacity
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: nil, count: capacity)
  }

  deinit {
    slots.deinitialize(count: capacity)
    slots.deallocate()
  }

  /// How many elements were ever put in. On any thread.
  var appendedCount: Int { put.load(ordering: .acquiring) }

  /// How many elements were ever taken out. On any thread.
  var removedCount: Int { taken.load(ordering: .acquiring) }

  /// Puts `element` at the end. On the producing thread.
  ///
  /// - Returns: False where the ring is full; the element is then not taken.
  func append(_ element: Element) -> Bool {
    let count = put.load(ordering: .relaxed)
    guard count - taken.load(ordering: .acquiring) < capacity else { return false }
    slots[count % capacity] = element
    put.store(count + 1, ordering: .releasing)
    return true
  }

  /// Takes the oldest element out. On the consuming thread.
  func popFirst() -> Element? {
    let count = taken.load(ordering: .relaxed)
    guard count < put.load(ordering: .acquiring) else { return nil }
    let element = slots[count % capacity].take()
    taken.store(count + 1, ordering: .releasing)
    return element
  }
}
