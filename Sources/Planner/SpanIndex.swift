/// Tells in which span a value lies, in about the same time however many spans there are.
///
/// The whole is cut into as many even slots as there are spans, and each slot knows in which span it begins; what is left to search is what begins
/// within one slot.
///
/// - Real-time: finding does not allocate, lock or throw. O(1) for spans of similar widths, never more than O(log spans).
struct SpanIndex: Sendable {
  /// Where each span begins.
  private let starts: [Double]
  /// The span in which each slot begins, and the last span.
  private let first: [Int32]
  private let slotsPerUnit: Double

  /// - Parameters:
  ///   - starts: Rising from 0.
  ///   - end: Of the last span.
  init(starts: [Double], end: Double) {
    let slots = max(starts.count, 1)
    var first: [Int32] = []
    first.reserveCapacity(slots + 1)
    var span = 0
    for slot in 0..<slots {
      let begin = end * Double(slot) / Double(slots)
      while span + 1 < starts.count, starts[span + 1] <= begin { span += 1 }
      // One less, lest rounding put a value into the slot after its own.
      first.append(Int32(max(0, span - 1)))
    }
    first.append(Int32(max(0, starts.count - 1)))
    self.starts = starts
    self.first = first
    slotsPerUnit = end > 0 ? Double(slots) / end : 0
  }

  /// The last span that begins at or before `value`; the first one for values before it.
  @inline(__always)
  func span(at value: Double) -> Int {
    let slot = min(max(Int(value * slotsPerUnit), 0), first.count - 2)
    var low = Int(first[slot])
    var high = min(Int(first[slot + 1]) + 2, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= value { low = middle } else { high = middle }
    }
    return low
  }
}
