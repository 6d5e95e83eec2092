/// Whether a caller wants a long computation to end: asked so often that the answer is heeded within a fraction of a millisecond, and so seldom that
/// asking is not felt.
///
/// Work is counted in rakes of eight configurations checked in a simple scene, each about half a microsecond. One for each call of a planner's
/// function; never used by two threads.
final class Interruption {
  /// So much work passes between two questions: some 50 µs.
  private static let period = 64

  /// Whether the answer was yes. It is not asked again.
  private(set) var hasCome = false
  private var left = 0
  private let shouldStop: (() -> Bool)?

  private init(_ shouldStop: (() -> Bool)?) { self.shouldStop = shouldStop }

  /// That never comes.
  static var never: Interruption { Interruption(nil) }

  /// Lets a computation ask its caller.
  static func whenever<Result, Failure: Error>(
    _ shouldStop: () -> Bool, _ work: (Interruption) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withoutActuallyEscaping(shouldStop) { shouldStop throws(Failure) in try work(Interruption(shouldStop)) }
  }

  /// Whether to end, before so much more work is done.
  @inline(__always)
  func comes(before work: Int = 1) -> Bool {
    guard left <= 0 else {
      left -= work
      return hasCome
    }
    return ask(before: work)
  }

  @inline(never)
  private func ask(before work: Int) -> Bool {
    left = Self.period - work
    hasCome = hasCome || shouldStop?() ?? false
    return hasCome
  }
}
