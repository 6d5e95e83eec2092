/// How far the sender's clock is from ours, from nothing but when samples were stamped and when they came.
///
/// Every sample takes at least the shortest way, so the smallest difference seen of late is the best guess. What is left in it is that
/// shortest latency, which no receiver can tell from an offset. Two halves of the window make it forget a drifting clock.
public struct ClockOffset: Sendable, Equatable {
  private let halfWindow: Double
  private var current = Double.infinity
  private var previous = Double.infinity
  private var turn = -Double.infinity

  /// - Parameter window: How long the smallest difference counts [s].
  public init(window: Double = 10) { halfWindow = window / 2 }

  /// Our clock minus the sender's [s]; nil before the first sample.
  public var value: Double? {
    let smallest = min(current, previous)
    return smallest.isFinite ? smallest : nil
  }

  /// - Parameters: Both in seconds, `arrival` by our clock and never decreasing.
  public mutating func observe(stamp: Double, arrival: Double) {
    if arrival - turn >= halfWindow {
      (previous, current) = (arrival - turn >= 2 * halfWindow ? .infinity : current, .infinity)
      turn = arrival
    }
    current = min(current, arrival - stamp)
  }
}
