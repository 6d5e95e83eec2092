/// A ring that fills while one target is looked at, and empties when it is not.
///
/// The surer the target, the sooner the ring is full: 800 ms where it is just sure enough, 600 ms where nothing else can be meant.
/// A blink holds it.
public struct Dwell: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// Of a target that is beyond doubt, and of one at ``certainty`` [s].
    public var shortest = 0.6
    public var longest = 0.8
    /// The ring fills from this probability on.
    public var certainty = 0.8

    public init() {}
  }

  public let settings: Settings
  /// What is being looked at, by its place among the targets.
  public private(set) var target: Int?
  /// How full the ring is, 0 to 1.
  public private(set) var share = 0.0

  public init(settings: Settings = Settings()) { self.settings = settings }

  /// - Parameters:
  ///   - leader: The likeliest target and its probability.
  ///   - interval: Since the call before [s].
  /// - Returns: The target whose ring is full now; once for each filling.
  public mutating func advance(_ leader: (target: Int, probability: Double)?, by interval: Double) -> Int? {
    guard let leader, leader.probability >= settings.certainty else {
      share = max(0, share - interval / settings.shortest)
      if share == 0 { target = nil }
      return nil
    }
    if target != leader.target {
      target = leader.target
      share = 0
    }
    guard share < 1 else { return nil }
    share = min(1, share + interval / duration(at: leader.probability))
    return share >= 1 ? target : nil
  }

  public mutating func reset() {
    target = nil
    share = 0
  }

  /// How long a target of that probability is looked at before it counts [s].
  public func duration(at probability: Double) -> Double {
    let surplus = (probability - settings.certainty) / max(1e-9, 0.99 - settings.certainty)
    return settings.longest - (settings.longest - settings.shortest) * min(1, max(0, surplus))
  }
}
