/// Decides which of a motor's reported positions can be true, and keeps them continuous when the motor's own zero is moved.
///
/// A position that the motor's motion so far does not lead to is withheld at first. When three in a row agree with each other, it is
/// either true motion, faster than usual, or the motor counts from another zero: after a step of the zero it goes on as fast as before,
/// while the step itself would have taken a velocity that it has neither before nor after. Then positions continue from before the step.
/// - Real-time: does not allocate.
struct MotionGate: Sendable {
  struct Settings: Sendable {
    /// The motor never turns faster [rad/s].
    var maximumVelocity: Double
    /// It seldom accelerates harder [rad/s²]; motion that does has to show in three replies.
    var usualAcceleration = 5_000.0
    /// Encoder noise and the like [rad].
    var margin = usualMargin
    static let usualMargin = 0.02
  }

  /// One position with the times between which it was measured.
  struct Sample: Sendable {
    var position: Double
    let sent: Double
    let received: Double
  }

  enum Verdict: Sendable, Equatable {
    /// The position, continuous since the first.
    case good(Double)
    case withheld
    /// The motor's zero has moved. The position, continuous all the same.
    case referenceLost(Double)
  }

  static let agreeingCount = 3

  let settings: Settings
  /// Continuous position = the motor's own + offset [rad].
  private(set) var offset = 0.0
  private var last: Sample?
  private var velocity = 0.0
  private var suspects: (first: Sample, last: Sample, count: Int)?

  init(settings: Settings) { self.settings = settings }

  /// Takes the next position on trust, as after a time without knowledge. The offset stays.
  mutating func trustNext() {
    last = nil
    velocity = 0
    suspects = nil
  }

  /// Judges a position that the motor reported.
  ///
  /// - Parameters:
  ///   - reported: The motor's own [rad].
  ///   - sent: When it was asked for [s], later than for the one before.
  ///   - received: When the answer was read [s].
  mutating func judge(_ reported: Double, sent: Double, received: Double) -> Verdict {
    let sample = Sample(position: reported + offset, sent: sent, received: received)
    guard let last else { return accept(sample, velocity: 0) }
    if leads(from: last, to: sample) {
      let mean = (sample.position - last.position) / max(sent - last.sent, 1e-6)
      return accept(sample, velocity: velocity + 0.5 * (mean - velocity))
    }
    let count = 1 + (suspects.map { canReach(from: $0.last, to: sample) ? $0.count : 0 } ?? 0)
    let first = count > 1 ? suspects?.first ?? sample : sample
    suspects = (first, sample, count)
    guard count >= Self.agreeingCount else { return .withheld }
    let slope = (sample.position - first.position) / max(sent - first.sent, 1e-6)
    if isMotion(from: last, to: first, continuingAt: slope) { return accept(sample, velocity: slope) }

    let firstTrue = last.position + 0.5 * (velocity + slope) * (first.sent - last.sent)
    offset += firstTrue - first.position
    var moved = sample
    moved.position += firstTrue - first.position
    _ = accept(moved, velocity: slope)
    return .referenceLost(moved.position)
  }

  private mutating func accept(_ sample: Sample, velocity: Double) -> Verdict {
    last = sample
    self.velocity = min(max(velocity, -settings.maximumVelocity), settings.maximumVelocity)
    suspects = nil
    return .good(sample.position)
  }

  /// The motion so far leads there.
  private func leads(from last: Sample, to sample: Sample) -> Bool {
    let expected = last.position + velocity * (sample.sent - last.sent)
    // Neither moment of measuring is known better than from its request to the reading of its reply.
    let uncertainty = (last.received - last.sent) + (sample.received - sample.sent)
    let span = sample.received - last.sent
    let room = settings.margin + abs(velocity) * uncertainty + 0.5 * settings.usualAcceleration * span * span
    return abs(sample.position - expected) <= room && canReach(from: last, to: sample)
  }

  /// No motor could be there otherwise.
  private func canReach(from last: Sample, to sample: Sample) -> Bool {
    abs(sample.position - last.position) <= settings.margin + settings.maximumVelocity * (sample.received - last.sent)
  }

  /// The mean velocity of the step lies between those before and after it.
  private func isMotion(from last: Sample, to first: Sample, continuingAt slope: Double) -> Bool {
    guard canReach(from: last, to: first) else { return false }
    let time = max(first.sent - last.sent, 1e-6)
    let mean = (first.position - last.position) / time
    let uncertainty = (last.received - last.sent) + (first.received - first.sent)
    let slack = (settings.margin + max(abs(velocity), abs(slope)) * uncertainty) / time
    return mean >= min(velocity, slope) - slack && mean <= max(velocity, slope) + slack
  }
}
