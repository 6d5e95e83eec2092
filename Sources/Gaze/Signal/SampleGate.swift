/// Lets in what can be believed of a stream of samples, and says in which state the stream is.
///
/// Trackers lose eyes, repeat themselves, restart, send what is no number, and go silent. None of that is a place that somebody looked
/// at: it is a refusal with a reason, or a state.
public struct SampleGate: Sendable {
  public struct Settings: Sendable, Equatable {
    /// Samples below are the tracker's guess, 0 to 1.
    public var minimumConfidence = 0.6
    /// What comes faster is dropped [Hz].
    public var maximumRate = 2000.0
    /// A sample this much later than the fastest ones was waiting in somebody's queue [s].
    public var staleAge = 0.15
    /// A silence this short is none [s].
    public var bridge = 0.075
    /// Eyes closed for longer are away, not blinking [s].
    public var longestBlink = 0.4
    /// A stream silent for longer is lost [s].
    public var lossAge = 0.3
    /// How long a clock that jumped must run evenly before it is believed again [s].
    public var settling = 0.1

    public init() {}
  }

  /// Why a sample was not taken.
  public enum Refusal: Sendable, Hashable, CaseIterable {
    case unreadable, notANumber, outOfSight, unsure, outOfOrder, clockJump, stale, flood
  }

  public enum Verdict: Sendable, Equatable {
    /// Somebody looked there then, by our clock [s]; later than any look before.
    case accepted(time: Double)
    /// The tracker sees no eye.
    case eyesClosed
    case refused(Refusal)
  }

  public enum State: Sendable, Hashable {
    /// Nothing that can be believed has come yet.
    case waiting
    case live
    /// Eyes closed, for no longer than people blink.
    case blink
    /// Silence, too short to be a loss.
    case gap
    /// No look for so long that nobody directs anything.
    case lost
  }

  public let settings: Settings
  public private(set) var refusals: [Refusal: Int] = [:]
  /// Why the latest sample that was not taken was not, and when that was [s].
  public private(set) var latestRefusal: (reason: Refusal, time: Double)?
  public private(set) var acceptedCount = 0
  /// When the latest accepted sample was looked, by our clock [s].
  public private(set) var latest: Double?

  private var offset = ClockOffset()
  private var lastStamp: Double?
  private var lastArrival = -Double.infinity
  private var credit: Double
  private var settledAt = -Double.infinity
  private var closedSince: Double?

  public init(settings: Settings = Settings()) {
    self.settings = settings
    credit = Self.burst
  }

  /// Judges one sample.
  ///
  /// - Parameter arrival: When it came, by our clock [s]; never decreasing.
  public mutating func admit(_ sample: GazeSample, arrival: Double) -> Verdict {
    let verdict = judge(sample, arrival: arrival)
    switch verdict {
    case .accepted(let time):
      acceptedCount += 1
      latest = time
      closedSince = nil
    case .eyesClosed: closedSince = closedSince ?? arrival
    case .refused(let reason): refuse(reason, arrival: arrival)
    }
    return verdict
  }

  /// Counts what was not taken.
  public mutating func refuse(_ reason: Refusal, arrival: Double) {
    refusals[reason, default: 0] += 1
    latestRefusal = (reason, arrival)
  }

  /// The stream's state at `now`, by our clock [s].
  public func state(at now: Double) -> State {
    guard let latest else { return .waiting }
    let age = now - latest
    if let closedSince, closedSince >= latest { return now - closedSince <= settings.longestBlink ? .blink : .lost }
    if age <= settings.bridge { return .live }
    return age <= settings.lossAge ? .gap : .lost
  }

  private mutating func judge(_ sample: GazeSample, arrival: Double) -> Verdict {
    credit = min(Self.burst, credit + max(0, min(arrival - lastArrival, 1)) * settings.maximumRate)
    let elapsed = arrival - lastArrival
    lastArrival = arrival
    guard credit >= 1 else { return .refused(.flood) }
    credit -= 1
    guard sample.time.isFinite, sample.confidence.isFinite else { return .refused(.notANumber) }

    if let last = lastStamp {
      let step = sample.time - last
      if abs(step - elapsed) > Self.longestJump {
        offset = ClockOffset()
        settledAt = arrival + settings.settling
      } else if step <= 0 {
        return .refused(.outOfOrder)
      }
    }
    lastStamp = sample.time
    offset.observe(stamp: sample.time, arrival: arrival)
    guard arrival >= settledAt else { return .refused(.clockJump) }
    let time = sample.time + (offset.value ?? 0)
    guard arrival - time <= settings.staleAge else { return .refused(.stale) }

    guard sample.isValid else { return .eyesClosed }
    guard sample.look.isFinite else { return .refused(.notANumber) }
    guard sample.look.isPlausible else { return .refused(.outOfSight) }
    guard sample.confidence >= settings.minimumConfidence else { return .refused(.unsure) }
    // The first samples may come late; those that show it seem to have been looked before them.
    guard time > latest ?? -.infinity else { return .refused(.outOfOrder) }
    return .accepted(time: time)
  }

  /// A queue that was held up for a tenth of a second may come at once.
  private static let burst = 200.0
  /// A clock that leaps farther than this against ours was set, or is another one [s].
  private static let longestJump = 1.0
}

extension SampleGate.Refusal: CustomStringConvertible {
  /// For the screen: why nothing moves.
  public var description: String {
    switch self {
    case .unreadable: "The tracker sends what cannot be read."
    case .notANumber: "The tracker sends what is no number."
    case .outOfSight: "The tracker sends places that nobody can look at."
    case .unsure: "The tracker is not sure what it sees."
    case .outOfOrder: "The tracker's time stands still or runs backwards."
    case .clockJump: "The tracker's clock has jumped."
    case .stale: "Samples come too late."
    case .flood: "Samples come faster than any tracker measures."
    }
  }

  /// The same in two words, for a table.
  public var word: String {
    switch self {
    case .unreadable: "unreadable"
    case .notANumber: "no numbers"
    case .outOfSight: "out of sight"
    case .unsure: "not sure"
    case .outOfOrder: "out of order"
    case .clockJump: "clock jumped"
    case .stale: "too late"
    case .flood: "too many"
    }
  }
}
