internal import Synchronization

/// Places for values that one thread writes and others read at the same time: what is read may be torn, but it is well defined and can be
/// thrown away.
///
/// Each value is spread over words that are atomic for themselves. Whether a copy is whole, the owner must tell by other means.
///
/// - Real-time: `store` does not allocate, lock or wait.
struct AtomicSlots<Value: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let wordTotal: Int
  /// Where the writer lays out a value before it is spread.
  private let scratch: UnsafeMutableRawPointer
  private static var wordCount: Int { (MemoryLayout<Value>.size + 7) / 8 }

  init(repeating value: Value, count: Int) {
    wordTotal = count * Self.wordCount
    words = .allocate(capacity: wordTotal)
    for index in 0..<wordTotal { (words + index).initialize(to: Atomic(0)) }
    scratch = .allocate(byteCount: Self.wordCount * 8, alignment: max(8, MemoryLayout<Value>.alignment))
    scratch.initializeMemory(as: UInt8.self, repeating: 0, count: Self.wordCount * 8)
    for slot in 0..<count { store(value, in: slot) }
  }

  deinit {
    words.deinitialize(count: wordTotal)
    words.deallocate()
    scratch.deallocate()
  }

  /// On the writing thread.
  func store(_ value: Value, in slot: Int) {
    withUnsafeBytes(of: value) { scratch.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    let first = slot * Self.wordCount
    for index in 0..<Self.wordCount {
      words[first + index].store(scratch.load(fromByteOffset: index * 8, as: UInt64.self), ordering: .relaxed)
    }
  }

  /// A copy for somebody else to judge, on any thread.
  func load(from slot: Int) -> Value {
    withUnsafeTemporaryAllocation(byteCount: Self.wordCount * 8, alignment: max(8, MemoryLayout<Value>.alignment)) { copy in
      let first = slot * Self.wordCount
      for index in 0..<Self.wordCount {
        copy.storeBytes(of: words[first + index].load(ordering: .relaxed), toByteOffset: index * 8, as: UInt64.self)
      }
      return copy.load(as: Value.self)
    }
  }
}
