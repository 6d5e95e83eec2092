/// The frames of one tick as one stretch of text, so that one write sends them all.
///
/// A channel may take only part of it. Frames it did not begin are given up: a setpoint is worth nothing later. The one it broke off
/// in is finished at the start of the next batch, so that the adapter never sees a torn line.
/// - Real-time: does not allocate after `init`.
struct FrameBatch: ~Copyable {
  /// What a frame waits for.
  enum Reply: Sendable { case none, position, current, home, question, probe }

  struct Entry: Sendable {
    let end: Int
    let reply: Reply
    let motor: Int
    let wireBits: Double
  }

  private let buffer: UnsafeMutableRawBufferPointer
  private let entries: UnsafeMutableBufferPointer<Entry>
  private(set) var entryCount = 0
  private var length = 0
  /// Bytes at the start that finish a frame of the batch before.
  private var leftover = 0

  /// - Parameter capacity: Frames a batch can hold.
  init(capacity: Int) {
    buffer = .allocate(byteCount: (capacity + 1) * SLCAN.maximumLineLength, alignment: 1)
    entries = .allocate(capacity: capacity)
  }

  deinit {
    buffer.deallocate()
    entries.deallocate()
  }

  /// Forgets everything, the half-written frame too.
  mutating func reset() {
    entryCount = 0
    length = 0
    leftover = 0
  }

  /// - Precondition: The batch holds fewer frames than its capacity.
  mutating func append(_ frame: CANFrame, reply: Reply, motor: Int) {
    precondition(entryCount < entries.count)
    length += SLCAN.encode(.frame(frame), into: UnsafeMutableRawBufferPointer(rebasing: buffer[length...]))
    entries[entryCount] = Entry(end: length, reply: reply, motor: motor, wireBits: frame.wireBits)
    entryCount += 1
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<length]) }

  subscript(index: Int) -> Entry { entries[index] }

  /// How many frames were sent or begun when the channel took `count` bytes. The rest is given up, and the batch is empty again.
  mutating func finish(written count: Int) -> Int {
    var sent = 0
    var end = leftover
    while sent < entryCount && end < count {
      end = entries[sent].end
      sent += 1
    }
    // `end` is the border behind the last frame that was begun; what lies between it and `count` has to go first next time.
    let rest = max(end - count, 0)
    if rest > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[count..<end])) }
    leftover = rest
    length = rest
    entryCount = 0
    return sent
  }
}
