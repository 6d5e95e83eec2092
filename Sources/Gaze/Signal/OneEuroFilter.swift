/// The One-Euro filter: a low-pass whose cutoff rises with speed, still at rest and quick in motion.
///
///     f = f_min + β |ẋ|        x̂ ← x̂ + α(f) (x − x̂)        α(f) = 1 / (1 + 1 / (2π f Δt))
/// ẋ is (x − x̂) / Δt, itself smoothed at a cutoff of its own.
/// - Real-time: does not allocate, lock or throw.
/// - Source: Casiez, Roussel, Vogel, *1 € Filter*, CHI 2012, algorithm 1.
public struct OneEuroFilter: Sendable, Equatable {
  public struct Settings: Sendable, Equatable {
    /// Cutoff at rest [Hz].
    public var minimumCutoff: Double
    /// How much the cutoff rises with speed [Hz per unit/s].
    public var beta: Double
    /// Cutoff of the speed itself [Hz].
    public var speedCutoff: Double

    public init(minimumCutoff: Double = 1, beta: Double = 0, speedCutoff: Double = 1) {
      self.minimumCutoff = minimumCutoff
      self.beta = beta
      self.speedCutoff = speedCutoff
    }
  }

  public let settings: Settings
  /// The filtered value; nil before the first.
  public private(set) var value: Double?
  /// The present cutoff [Hz].
  public private(set) var cutoff: Double
  private var speed = 0.0

  public init(settings: Settings) {
    self.settings = settings
    cutoff = settings.minimumCutoff
  }

  /// How far the filtered value lags behind a slow signal, at the present cutoff [s].
  public var delay: Double { 1 / (2 * .pi * cutoff) }

  /// - Parameter interval: Since the value before [s], above 0. Of no account for the first.
  public mutating func filter(_ raw: Double, interval: Double) -> Double {
    guard let last = value else {
      value = raw
      return raw
    }
    speed += Self.share(of: settings.speedCutoff, interval) * ((raw - last) / interval - speed)
    cutoff = settings.minimumCutoff + settings.beta * abs(speed)
    let filtered = last + Self.share(of: cutoff, interval) * (raw - last)
    value = filtered
    return filtered
  }

  /// Goes on from a value that is known from elsewhere; the speed is kept.
  public mutating func set(to value: Double) { self.value = value }

  /// Forgets all that came before.
  public mutating func reset() { self = OneEuroFilter(settings: settings) }

  private static func share(of cutoff: Double, _ interval: Double) -> Double { 1 / (1 + 1 / (2 * .pi * cutoff * interval)) }
}
