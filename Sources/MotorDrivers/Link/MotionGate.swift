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
    /// What something that hits it makes it do [rad/s²].
    var pushedAcceleration = 100_000.0
    /// Encoder noise and the like [rad].
    var margin = usualMargin
    static let usualMargin = 0.02
    /// How many times as fast something outside may turn it: such motion, too, has to show in three replies.
    var overdrive = 1.0
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
    /// The position; what was withheld before it was motion all the same, faster than usual.
    case surprising(Double)
    /// The motor's zero has moved. The position, continuous all the same.
    case referenceLost(Double)
  }

  let settings: Settings
  /// Continuous position = the motor's own + offset [rad].
  private(set) var offset = 0.0
  private var last: Sample?
  /// Nil until two positions are known.
  private var velocity: Double?
  /// The last one or two positions that motion did not lead to, and that could follow each other.
  private var suspects: (first: Sample, second: Sample?)?

  init(settings: Settings) { self.settings = settings }

  /// Takes the next position on trust, as after a time without knowledge. The offset stays.
  mutating func trustNext() {
    last = nil
    velocity = nil
    suspects = nil
  }

  /// Another source knows the offset [rad]: the positions so far were wrong by the difference.
  mutating func correct(offset exact: Double) {
    let step = exact - offset
    offset = exact
    last?.position += step
    suspects = nil
  }

  /// Judges a position that the motor reported.
  ///
  /// - Parameters:
  ///   - reported: The motor's own [rad].
  ///   - sent: When it was asked for [s], later than for the one before.
  ///   - received: When the answer was read [s].
  ///   - isPushed: The motor is known to have been hit just now.
  mutating func judge(_ reported: Double, sent: Double, received: Double, isPushed: Bool = false) -> Verdict {
    let sample = Sample(position: reported + offset, sent: sent, received: received)
    guard let last else { return accept(sample, velocity: nil) }
    if let suspects, let second = suspects.second {
      let slope = velocity(from: suspects.first, to: second)
      if continues(from: second, at: slope, to: sample) {
        return decide(from: last, first: suspects.first, third: sample, isPushed: isPushed)
      }
    }
    let suspect = suspects?.second ?? suspects?.first
    let repeats = suspect.map { continues(from: $0, at: velocity ?? 0, to: sample) } ?? false
    if !repeats && leads(from: last, to: sample, acceleration: isPushed ? settings.pushedAcceleration : settings.usualAcceleration) {
      // Answers that come in one burst were measured at one moment, so between them there is no velocity to be seen.
      guard sample.received > last.received else { return accept(sample, velocity: velocity) }
      let mean = velocity(from: last, to: sample)
      return accept(sample, velocity: velocity.map { $0 + 0.5 * (mean - $0) } ?? mean)
    }
    if let suspect, canReach(from: suspect, to: sample, times: settings.overdrive) { suspects = (suspect, sample) } else { suspects = (sample, nil) }
    return .withheld
  }

  /// Three agree: is it motion, or another zero?
  private mutating func decide(from last: Sample, first: Sample, third: Sample, isPushed: Bool) -> Verdict {
    let before = velocity ?? 0
    let after = velocity(from: first, to: third)
    // What was hit may have come to rest on its end stop meanwhile.
    let isThrown = isPushed && canReach(from: last, to: first, times: settings.overdrive)
    if isThrown || isMotion(from: last, at: before, to: first, at: after) {
      _ = accept(third, velocity: after)
      return .surprising(third.position)
    }
    let step = last.position + 0.5 * (before + after) * (first.sent - last.sent) - first.position
    offset += step
    var moved = third
    moved.position += step
    _ = accept(moved, velocity: after)
    return .referenceLost(moved.position)
  }

  private mutating func accept(_ sample: Sample, velocity: Double?) -> Verdict {
    last = sample
    let most = settings.overdrive * settings.maximumVelocity
    self.velocity = velocity.map { min(max($0, -most), most) }
    suspects = nil
    return .good(sample.position)
  }

  /// An answer that was held up was measured late, so the longer of the two spans is nearer the truth.
  private func velocity(from a: Sample, to b: Sample) -> Double {
    (b.position - a.position) / max(b.sent - a.sent, b.received - a.received, 1e-6)
  }

  /// Neither moment of measuring is known better than from its request to the reading of its reply.
  private func uncertainty(_ a: Sample, _ b: Sample) -> Double { (a.received - a.sent) + (b.received - b.sent) }

  /// The motion so far leads there, with that acceleration at most [rad/s²].
  private func leads(from last: Sample, to sample: Sample, acceleration: Double) -> Bool {
    guard let velocity else { return canReach(from: last, to: sample) }
    let span = sample.received - last.sent
    let room = settings.margin + abs(velocity) * uncertainty(last, sample) + 0.5 * acceleration * span * span
    return abs(sample.position - last.position - velocity * (sample.sent - last.sent)) <= room && canReach(from: last, to: sample)
  }

  /// `sample` goes on from `suspect` at `velocity`.
  private func continues(from suspect: Sample, at velocity: Double, to sample: Sample) -> Bool {
    let room = settings.margin + abs(velocity) * uncertainty(suspect, sample)
    return abs(sample.position - suspect.position - velocity * (sample.sent - suspect.sent)) <= room
  }

  /// A motor could be there at all.
  private func canReach(from last: Sample, to sample: Sample, times share: Double = 1) -> Bool {
    abs(sample.position - last.position) <= settings.margin + share * settings.maximumVelocity * (sample.received - last.sent)
  }

  /// What a moving motor can have done is motion, as answers are held up now and then and their times are not exact. A motor at rest before and
  /// after has not moved in between.
  private func isMotion(from last: Sample, at before: Double, to first: Sample, at after: Double) -> Bool {
    let speed = max(abs(before), abs(after)), span = first.received - last.sent
    // Faster than it turns by itself it can only have been turned, and then it goes on as fast.
    guard canReach(from: last, to: first) || abs(first.position - last.position) <= settings.margin + 1.5 * speed * span else { return false }
    if speed > Self.restingVelocity { return true }
    return abs(first.position - last.position) <= settings.margin + Self.restingVelocity * span
  }

  /// Slower than this a motor counts as resting [rad/s]. After a pause of the line even a moving motor seems slow, so little more than noise.
  private static let restingVelocity = 0.5
}
