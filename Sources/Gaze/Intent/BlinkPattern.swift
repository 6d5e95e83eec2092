/// Tells two closings of the eyes on purpose from blinks: each as long as hardly any blink is, the second soon after the first.
public struct BlinkPattern: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// How long each lasts [s]. Blinks take 0.1 to 0.25 s, and seldom up to 0.4 s.
    public var closed = 0.3...0.9
    /// How long the eyes are open between them [s].
    public var open = 0.08...0.7

    public init() {}
  }

  private let settings: Settings
  private var closedAt: Double?
  private var firstEnded: Double?

  public init(settings: Settings = Settings()) { self.settings = settings }

  /// - Parameters:
  ///   - isClosed: Whether the tracker sees no eye.
  ///   - time: Increasing [s].
  /// - Returns: Whether the second closing has just ended.
  public mutating func observe(isClosed: Bool, time: Double) -> Bool {
    if isClosed {
      if closedAt == nil {
        closedAt = time
        if let first = firstEnded, !settings.open.contains(time - first) { firstEnded = nil }
      }
      return false
    }
    guard let start = closedAt else { return false }
    closedAt = nil
    guard settings.closed.contains(time - start) else {
      firstEnded = nil
      return false
    }
    if firstEnded != nil {
      firstEnded = nil
      return true
    }
    firstEnded = time
    return false
  }

  public mutating func reset() { self = BlinkPattern(settings: settings) }
}
