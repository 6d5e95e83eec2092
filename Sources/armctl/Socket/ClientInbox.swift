/// Lines of one client that wait to be handled, and how much memory they take.
struct ClientInbox {
  private var lines: [LineFramer.Line] = []
  private var head = 0
  /// Those before this one waited already when the arm was last stopped.
  private var overtakenEnd = 0
  private(set) var byteCount = 0

  var isEmpty: Bool { head == lines.count }

  mutating func append(_ line: LineFramer.Line) {
    lines.append(line)
    byteCount += Self.size(line)
  }

  /// The arm was stopped: whatever waits was meant for before that.
  mutating func overtake() { overtakenEnd = lines.count }

  /// - Returns: The oldest line, and whether a stop has overtaken it.
  mutating func popFirst() -> (line: LineFramer.Line, isOvertaken: Bool)? {
    guard head < lines.count else { return nil }
    let (line, isOvertaken) = (lines[head], head < overtakenEnd)
    lines[head] = .tooLong
    head += 1
    byteCount -= Self.size(line)
    if head == lines.count {
      lines.removeAll(keepingCapacity: lines.capacity <= 64)
      (head, overtakenEnd) = (0, 0)
    }
    return (line, isOvertaken)
  }

  private static func size(_ line: LineFramer.Line) -> Int {
    if case .text(let bytes) = line { bytes.count + 32 } else { 32 }
  }
}
