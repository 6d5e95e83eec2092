/// Lines of one client that wait to be handled, and how much memory they take.
///
/// Short ones lie in one piece of memory, so that thousands of them are gone at once when their client goes.
struct ClientInbox {
  private enum Entry {
    /// So many bytes of `text`.
    case short(Int)
    case long(LineFramer.Line)
  }

  private static let shortLength = 1024

  private var entries: [Entry] = []
  private var head = 0
  /// The short lines that wait, from `textHead` on.
  private var text: [UInt8] = []
  private var textHead = 0
  /// Those before this one waited already when the arm was last stopped.
  private var overtakenEnd = 0
  private(set) var byteCount = 0

  var isEmpty: Bool { head == entries.count }

  mutating func append(_ line: LineFramer.Line) {
    if case .text(let bytes) = line, bytes.count <= Self.shortLength {
      entries.append(.short(bytes.count))
      text.append(contentsOf: bytes)
    } else {
      entries.append(.long(line))
    }
    byteCount += Self.size(line)
  }

  /// The arm was stopped: whatever waits was meant for before that.
  mutating func overtake() { overtakenEnd = entries.count }

  /// - Returns: The oldest line, and whether a stop has overtaken it.
  mutating func popFirst() -> (line: LineFramer.Line, isOvertaken: Bool)? {
    guard head < entries.count else { return nil }
    let (line, isOvertaken) = (takeFirst(), head < overtakenEnd)
    head += 1
    byteCount -= Self.size(line)
    forgetTaken()
    return (line, isOvertaken)
  }

  /// Whoever keeps it filled never sees it empty: once half of it is taken, that half goes.
  private mutating func forgetTaken() {
    if isEmpty {
      entries.removeAll(keepingCapacity: entries.capacity <= 64)
      text.removeAll(keepingCapacity: text.capacity <= 64 * Self.shortLength)
    } else if head >= 1024, 2 * head >= entries.count {
      entries.removeFirst(head)
      text.removeFirst(textHead)
    } else {
      return
    }
    overtakenEnd = max(0, overtakenEnd - head)
    (head, textHead) = (0, 0)
  }

  private mutating func takeFirst() -> LineFramer.Line {
    switch entries[head] {
    case .short(let count):
      defer { textHead += count }
      return .text(Array(text[textHead..<textHead + count]))
    case .long(let line):
      entries[head] = .long(.tooLong)
      return line
    }
  }

  private static func size(_ line: LineFramer.Line) -> Int {
    if case .text(let bytes) = line { bytes.count + 32 } else { 32 }
  }
}
