/// Tells whether what arrives answers what was asked lately, on a link whose replies bear no number.
///
/// When every motor has been silent for `replyTimeout`, the link is stalled: somewhere requests may wait, and when it wakes they are all
/// answered, late. So nothing is asked until the line has been quiet for `quietTime`; then one probe goes out. Only when it is answered in
/// time, by one reply and nothing else, and the line is quiet again, are replies believed again.
///
///     up ──silent──► draining ──quiet──► probing ──one reply, then quiet──► up
///                        ▲                  │
///                        └───anything else──┘
///
/// - Real-time: does not allocate.
struct LinkMonitor: Sendable {
  enum Change: Sendable { case stalled, restored }

  private enum State: Sendable {
    case up
    case draining
    case probing(motor: Int, sent: Double, isAnswered: Bool)
  }

  let replyTimeout: Double
  let quietTime: Double
  /// How long a probe may stay unanswered before another goes out [s], at first and when it has gone on for `patience`.
  static let probeIntervals = (first: 0.02, later: 0.1)
  static let patience = 0.5

  private var state = State.up
  /// When the oldest request was sent since a reply was last heard.
  private var silentSince: Double?
  private var hasHeard = false
  private var lastByte = 0.0
  private var stallTime = 0.0
  private var nextMotor = 0

  init(replyTimeout: Double, quietTime: Double) {
    self.replyTimeout = replyTimeout
    self.quietTime = quietTime
  }

  var isUp: Bool { if case .up = state { true } else { false } }

  mutating func noteBytes(at time: Double) { lastByte = time }

  /// A request that should be answered was sent.
  mutating func noteRequest(at time: Double) { if silentSince == nil { silentSince = time } }

  /// A motor was heard.
  mutating func noteReply() {
    hasHeard = true
    if !isUp { state = .draining }
  }

  /// A line came in damaged.
  mutating func noteDamage() { if !isUp { state = .draining } }

  /// A motor answered a probe. Returns whether it is the answer that was waited for.
  mutating func noteProbeReply(of motor: Int, at time: Double) -> Bool {
    hasHeard = true
    guard !isUp else { return false }
    guard case .probing(motor, let sent, isAnswered: false) = state, time - sent <= replyTimeout else {
      state = .draining
      return false
    }
    state = .probing(motor: motor, sent: sent, isAnswered: true)
    return true
  }

  /// Judges the link once all that had arrived by `time` was noted.
  mutating func judge(at time: Double) -> Change? {
    defer { hasHeard = false }
    if hasHeard { silentSince = nil }
    switch state {
    case .up:
      guard let silentSince, time - silentSince >= replyTimeout else { return nil }
      state = .draining
      lastByte = time
      stallTime = time
      return .stalled
    case .probing(_, _, isAnswered: true) where time - lastByte >= quietTime:
      state = .up
      silentSince = nil
      return .restored
    default:
      return nil
    }
  }

  /// Which of `motorCount` motors to probe now; nil for none yet.
  mutating func probe(at time: Double, motorCount: Int) -> Int? {
    switch state {
    case .up, .probing(_, _, isAnswered: true): return nil
    case .draining: guard time - lastByte >= quietTime else { return nil }
    case .probing(_, let sent, isAnswered: false):
      let interval = time - stallTime < Self.patience ? Self.probeIntervals.first : Self.probeIntervals.later
      guard time - sent >= interval else { return nil }
    }
    let motor = nextMotor % motorCount
    nextMotor = motor + 1
    state = .probing(motor: motor, sent: time, isAnswered: false)
    return motor
  }
}
