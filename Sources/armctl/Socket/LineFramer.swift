internal import Glibc

/// Cuts a byte stream into lines, whatever the pieces it comes in. A line over the limit is reported once and the rest of it skipped.
struct LineFramer {
  enum Line: Equatable {
    /// Without its newline. Empty lines are left out.
    case text([UInt8])
    case tooLong
  }

  /// In bytes, without the newline.
  var maximumLength: Int
  private var partial: [UInt8] = []
  private var isSkipping = false

  /// Bytes so far of the line that has not ended yet.
  private(set) var unfinishedLength = 0

  init(maximumLength: Int) { self.maximumLength = maximumLength }

  /// Appends the lines that `bytes` completes, in their order.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, into lines: inout [Line]) {
    guard var start = bytes.baseAddress else { return }
    let end = start + bytes.count
    while start < end {
      guard let stop = memchr(start, newline, end - start) else {
        return take(UnsafeRawBufferPointer(start: start, count: end - start), into: &lines)
      }
      take(UnsafeRawBufferPointer(start: start, count: UnsafeRawPointer(stop) - start), into: &lines)
      finishLine(into: &lines)
      start = UnsafeRawPointer(stop) + 1
    }
  }

  /// The stream has ended: what is left counts as a line.
  mutating func finish(into lines: inout [Line]) { finishLine(into: &lines) }

  private mutating func take(_ piece: UnsafeRawBufferPointer, into lines: inout [Line]) {
    unfinishedLength += piece.count
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
    defer { (isSkipping, unfinishedLength) = (false, 0) }
    if isSkipping { return }
    if partial.last == carriageReturn { partial.removeLast() }
    if partial.isEmpty { return }
    lines.append(.text(partial))
    partial = []
  }
}

private let newline = Int32(UInt8(ascii: "\n"))
private let carriageReturn = UInt8(ascii: "\r")
