internal import Foundation

/// An eye and its tracker, made up: for tests, and for people without a tracker.
///
/// The eye rests, jumps along the main sequence, falls short of far targets and corrects itself, blinks, and browses; the tracker adds
/// noise, a constant offset and a drift, and loses the eye while it is closed. All of it follows from the seed.
public struct SyntheticEye: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Samples in a second [Hz].
    public var rate = 60.0
    /// Standard deviation of the tracker's noise, by axis [rad].
    public var noise = 1.0 * .pi / 180
    /// What the tracker is always off by [rad].
    public var offset = SIMD2<Double>.zero
    /// How much that changes, in no special direction [rad in a second].
    public var drift = 0.0
    /// How often the eyes blink by themselves [Hz].
    public var blinkRate = 0.25
    /// How long it takes the eye to set out for what it is told to look at [s].
    public var reaction = 0.2
    public var seed: UInt64 = 1

    public init() {}
  }

  public struct Look: Sendable, Equatable {
    /// [s]
    public var time: Double
    /// What the tracker says [rad]; nil while the eyes are closed.
    public var measured: SIMD2<Double>?
    /// Where the eye does look [rad].
    public var truth: SIMD2<Double>
    public var movement: EyeMovement
  }

  public let settings: Settings
  /// Of the latest look [s].
  public private(set) var time: Double
  private var noise: EyeNoise
  private var rest: SIMD2<Double>
  private var tremor = SIMD2<Double>.zero
  private var saccades: [Saccade] = []
  private var driftVector: SIMD2<Double>
  private var blinkEnd = -Double.infinity
  private var nextBlink: Double
  private var browsing: (places: [SIMD2<Double>], next: Double)?

  /// - Parameter start: Where the eye rests at first [rad].
  public init(settings: Settings = Settings(), lookingAt start: SIMD2<Double> = .zero) {
    self.settings = settings
    time = 0
    noise = EyeNoise(seed: settings.seed)
    rest = start
    let heading = Double.random(in: 0..<2 * .pi, using: &noise)
    driftVector = SIMD2(cos(heading), sin(heading)) * settings.drift
    nextBlink = settings.blinkRate > 0 ? -log(Double.random(in: 1e-9...1, using: &noise)) / settings.blinkRate : .infinity
  }

  /// Tells the eye to look there, once it has reacted.
  public mutating func look(at target: SIMD2<Double>) {
    browsing = nil
    go(to: target, from: time + max(0, settings.reaction * (1 + 0.15 * noise.normal())))
  }

  /// Lets the eye wander: over `places`, near them, and between them.
  public mutating func browse(_ places: [SIMD2<Double>]) { browsing = (places, time) }

  /// Closes the eyes, for a pattern.
  public mutating func close(for duration: Double) { blinkEnd = time + duration }

  /// The next sample of the tracker.
  public mutating func next() -> Look {
    let interval = 1 / settings.rate
    time += interval
    wander()
    let movement: EyeMovement
    if let saccade = saccades.first(where: { $0.start <= time }) {
      rest = saccade.angle(at: time)
      movement = time < saccade.end ? .saccade : .fixation
      saccades.removeAll { $0.end <= time }
    } else {
      movement = .fixation
    }
    // The resting eye strays by 0.1°, and comes back within a third of a second.
    let share = min(1, interval / 0.3)
    tremor += -tremor * share + noise.normalPair() * (Self.straying * (2 * share).squareRoot())
    blink()
    let looked = rest + tremor
    let isClosed = time < blinkEnd
    let measured = looked + settings.offset + driftVector * time + noise.normalPair() * settings.noise
    return Look(time: time, measured: isClosed ? nil : measured, truth: looked, movement: movement)
  }

  /// Far jumps end short of the target, and a second one corrects it.
  private mutating func go(to target: SIMD2<Double>, from start: Double) {
    saccades.removeAll { $0.start > time }
    var origin = rest
    var begin = start
    if let running = saccades.first {
      origin = running.to
      begin = max(begin, running.end)
    }
    let way = target - origin
    guard way.length > Self.shortfallFrom else {
      saccades.append(Saccade(start: begin, from: origin, to: target))
      return
    }
    let first = Saccade(start: begin, from: origin, to: origin + way * (0.93 + 0.03 * noise.normal()))
    saccades += [first, Saccade(start: first.end + 0.13, from: first.to, to: target)]
  }

  private mutating func wander() {
    guard let (places, next) = browsing, time >= next else { return }
    let choice = Double.random(in: 0..<1, using: &noise)
    let place: SIMD2<Double>
    if choice < 0.5 || places.count < 2, let chosen = places.randomElement(using: &noise) {
      place = chosen + noise.normalPair() * Self.carelessness
    } else if let a = places.randomElement(using: &noise), let b = places.randomElement(using: &noise) {
      place = a + (b - a) * Double.random(in: -0.3...1.3, using: &noise) + noise.normalPair() * 3 * Self.carelessness
    } else {
      return
    }
    go(to: place, from: time)
    // Rests of people who look at scenes: 0.28 s in the middle, seldom beyond 0.8 s.
    browsing = (places, time + 0.04 + noise.logNormal(median: 0.28, spread: 0.45))
  }

  private mutating func blink() {
    guard time >= nextBlink else { return }
    blinkEnd = max(blinkEnd, time + min(0.4, noise.logNormal(median: 0.15, spread: 0.3)))
    nextBlink = blinkEnd - log(Double.random(in: 1e-9...1, using: &noise)) / settings.blinkRate
  }

  private static let straying = 0.1 * .pi / 180
  private static let shortfallFrom = 5.0 * .pi / 180
  /// How far from a thing one looks who looks at it in passing [rad].
  private static let carelessness = 0.7 * .pi / 180
}
