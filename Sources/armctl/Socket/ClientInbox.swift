/// Lines of one client that wait to be handled, and how much memory they take.
struct ClientInbox {
  private var lines: [LineFramer.Line] = []
  private var head = 0
  private(set) var byteCount = 0

  var isEmpty: Bool { head == lines.count }

  mutating func append(_ line: LineFramer.Line) {
    lines.append(line)
    byteCount += Self.size(line)
  }

  mutating func popFirst() -> LineFramer.Line? {
    guard head < lines.count else { return nil }
    let line = lines[head]
    lines[head] = .tooLong
    head += 1
    byteCount -= Self.size(line)
    if head == lines.count {
      lines.removeAll(keepingCapacity: lines.capacity <= 64)
      head = 0
    }
    return line
  }

  private static func size(_ line: LineFramer.Line) -> Int {
    if case .text(let bytes) = line { bytes.count + 32 } else { 32 }
  }
}
