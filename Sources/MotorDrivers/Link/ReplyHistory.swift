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

  /// Share of expected replies that did not come, or not well, 0…1.
  var lostShare: Double { Double(lostCount) / Double(max(count, Self.leastCount)) }
}
