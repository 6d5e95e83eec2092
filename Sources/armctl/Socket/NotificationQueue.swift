internal import NIOCore

/// Notifications that wait until their client reads. Bounded: the oldest state is dropped first, jobs and events only when no state is left.
struct NotificationQueue {
  struct Entry {
    /// A whole line, shared with the other subscribers.
    var line: ByteBuffer
    /// Where a member can be put in: just after the `{` of `params`.
    var insertionOffset: Int
    var isState: Bool
  }

  let capacity: Int
  private var entries: [Entry] = []
  /// Dropped since the client was last told.
  private(set) var dropped = 0

  init(capacity: Int) { self.capacity = capacity }

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  mutating func append(_ entry: Entry) {
    if entries.count == capacity {
      entries.remove(at: entries.firstIndex(where: \.isState) ?? 0)
      dropped += 1
    }
    entries.append(entry)
  }

  /// The next line to send. The first one after a loss says how many were dropped.
  mutating func popFirst() -> ByteBuffer? {
    guard !entries.isEmpty else { return nil }
    let entry = entries.removeFirst()
    guard dropped > 0 else { return entry.line }
    var line = ByteBuffer()
    line.writeImmutableBuffer(entry.line.getSlice(at: 0, length: entry.insertionOffset) ?? ByteBuffer())
    line.writeString("\"dropped\":\(dropped),")
    let rest = entry.line.readableBytes - entry.insertionOffset
    line.writeImmutableBuffer(entry.line.getSlice(at: entry.insertionOffset, length: rest) ?? ByteBuffer())
    dropped = 0
    return line
  }

  /// Forgets the states that wait: their subscriber left.
  mutating func removeStates() { entries.removeAll(where: \.isState) }
}
