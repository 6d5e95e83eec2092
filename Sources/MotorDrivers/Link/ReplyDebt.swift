/// How many answers a motor owes, and whether one of them may be lost.
///
/// On a line that jitters a motor owes now more and now less, and comes back to its least before long. One that has lost an answer never does.
/// What it owes is looked into by a question, whose answer tells what of it was lost.
/// - Real-time: does not allocate.
struct ReplyDebt: Sendable {
  /// The fewest since that was last looked into, and for how many ticks it has been more.
  private var least = 0, ticksAbove = 0
  /// The most of late of which nothing was lost.
  private var honest = 0
  /// The most in this stretch of ticks, and how many those are.
  private var most = 0, stretch = 0

  /// Ticks until what jitter might be is looked into all the same, and after which a line that was slow for once is forgotten.
  private static let patience = 25, memory = 128

  /// - Parameter count: Of answers that are owed at a tick's start.
  mutating func note(_ count: Int) {
    least = min(least, count)
    ticksAbove = count > least ? ticksAbove + 1 : 0
    most = max(most, count)
    stretch += 1
    guard stretch == Self.memory else { return }
    honest = min(honest, most)
    (most, stretch) = (0, 0)
  }

  /// Whether a motor that owes `count` answers may have lost one.
  func isDoubtful(_ count: Int) -> Bool { count > honest && count > least || ticksAbove >= Self.patience }

  /// It was looked into.
  ///
  /// - Parameters:
  ///   - owed: When the question was asked.
  ///   - lost: Of those.
  ///   - left: Now.
  mutating func settle(owed: Int, lost: Int, left: Int) {
    // Where something was lost now, what passed for honest before may have been such a loss that others' answers had covered.
    honest = lost == 0 ? max(honest, owed) : min(honest, max(0, owed - lost))
    (least, ticksAbove) = (left, 0)
  }
}
