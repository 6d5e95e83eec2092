internal import Synchronization

/// The newest value of one writing thread, for any number of reading ones. The writer never waits; a reader tries again when it was overtaken.
///
/// A sequence lock over words that are themselves atomic, so that a torn read is well defined and thrown away.
///
/// - Real-time: `store` does not allocate, lock or wait.
/// - Source: Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012, figure 6.
final class LatestValue<Value: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private static var wordCount: Int { (MemoryLayout<Value>.size + 7) / 8 }
  /// Odd while a store is under way.
  private let sequence = Atomic<UInt64>(0)
  private let scratch: UnsafeMutableRawPointer

  init(_ value: Value) {
    words = .allocate(capacity: Self.wordCount)
    for index in 0..<Self.wordCount { (words + index).initialize(to: Atomic(0)) }
    scratch = .allocate(byteCount: Self.wordCount * 8, alignment: 64)
    scratch.initializeMemory(as: UInt8.self, repeating: 0, count: Self.wordCount * 8)
    store(value)
  }

  deinit {
    words.deinitialize(count: Self.wordCount)
    words.deallocate()
    scratch.deallocate()
  }

  /// On the writing thread.
  func store(_ value: Value) {
    withUnsafeBytes(of: value) { scratch.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    let begun = sequence.load(ordering: .relaxed) + 1
    sequence.store(begun, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    for index in 0..<Self.wordCount {
      words[index].store(scratch.load(fromByteOffset: index * 8, as: UInt64.self), ordering: .relaxed)
    }
    sequence.store(begun + 1, ordering: .releasing)
  }

  /// On any thread.
  func load() -> Value {
    withUnsafeTemporaryAllocation(byteCount: Self.wordCount * 8, alignment: 64) { copy in
      while true {
        let before = sequence.load(ordering: .acquiring)
        guard before.isMultiple(of: 2) else { continue }
        for index in 0..<Self.wordCount {
          copy.storeBytes(of: words[index].load(ordering: .relaxed), toByteOffset: index * 8, as: UInt64.self)
        }
        atomicMemoryFence(ordering: .acquiring)
        if sequence.load(ordering: .relaxed) == before { return copy.load(as: Value.self) }
      }
    }
  }
}
