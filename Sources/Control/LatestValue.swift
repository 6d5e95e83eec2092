internal import Synchronization

/// The newest value of one writing thread, for any number of reading ones. The writer never waits; a reader tries again when it was overtaken.
///
/// A sequence lock over words that are themselves atomic, so that a torn read is well defined and thrown away.
///
/// - Real-time: `store` does not allocate, lock or wait.
/// - Source: Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012, figure 6.
final class LatestValue<Value: BitwiseCopyable & Sendable>: Sendable {
  private let slot: AtomicSlots<Value>
  /// Odd while a store is under way.
  private let sequence = Atomic<UInt64>(0)

  init(_ value: Value) { slot = AtomicSlots(repeating: value, count: 1) }

  /// On the writing thread.
  func store(_ value: Value) {
    let begun = sequence.load(ordering: .relaxed) + 1
    sequence.store(begun, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    slot.store(value, in: 0)
    sequence.store(begun + 1, ordering: .releasing)
  }

  /// On any thread.
  func load() -> Value {
    while true {
      let before = sequence.load(ordering: .acquiring)
      guard before.isMultiple(of: 2) else { continue }
      let value = slot.load(from: 0)
      atomicMemoryFence(ordering: .acquiring)
      if sequence.load(ordering: .relaxed) == before { return value }
    }
  }
}
