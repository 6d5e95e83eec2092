/// Cuts a byte stream into lines, whatever the pieces it comes in. A line over the limit is reported once and the rest of it skipped.
struct LineFramer {
  enum Line: Equatable {
    /// Without its newline. Empty lines are left out.
    case text([UInt8])
    case tooLong
  }

  let maximumLength: Int
  private var partial: [UInt8] = []
  private var isSkipping = false

  init(maximumLength: Int) { self.maximumLength = maximumLength }

  /// Appends the lines that `bytes` completes, in their order.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, into lines: inout [Line]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let end = rest.firstIndex(of: newline) else {
        take(rest, into: &lines)
        return
      }
      take(rest[..<end], into: &lines)
      finishLine(into: &lines)
      rest = rest[(end + 1)...]
    }
  }

  /// The stream has ended: what is left counts as a line.
  mutating func finish(into lines: inout [Line]) { finishLine(into: &lines) }

  private mutating func take(_ piece: Slice<UnsafeRawBufferPointer>, into lines: inout [Line]) {
    if isSkipping { return }
    if partial.count + piece.count > maximumLength {
      partial = []
      isSkipping = true
      lines.append(.tooLong)
    } else {
      partial.append(contentsOf: piece)
    }
  }

  private mutating func finishLine(into lines: inout [Line]) {
    defer { isSkipping = false }
    if isSkipping { return }
    if partial.last == carriageReturn { partial.removeLast() }
    if partial.isEmpty { return }
    lines.append(.text(partial))
    partial = []
  }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
