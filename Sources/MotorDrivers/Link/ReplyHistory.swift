/// How well the last 200 expected replies came.
///
/// - Real-time: does not allocate.
struct ReplyHistory: Sendable {
  static let window = 200
  /// With fewer replies than this the share is of this many, so that the first lost one is no catastrophe.
  static let leastCount = 50

  private var wasLost = InlineArray<200, Bool>(repeating: false)
  private var next = 0
  private var count = 0
  private var lostCount = 0

  mutating func record(isGood: Bool) {
    if count == Self.window { lostCount -= wasLost[next] ? 1 : 0 } else { count += 1 }
    wasLost[next] = !isGood
    lostCount += isGood ? 0 : 1
    next = (next + 1) % Self.window
  }

  /// A reply that was taken for lost came after all: late is not lost.
  mutating func forgive() {
    for age in 1...max(1, count) {
      let index = (next - age + Self.window) % Self.window
      guard wasLost[index] else { continue }
      wasLost[index] = false
      lostCount -= 1
      return
    }
  }

  /// Share of expected replies that did not come, or not well, 0…1.
  var lostShare: Double { Double(lostCount) / Double(max(count, Self.leastCount)) }
}
