/// Where one variable is at an instant of its motion, and how it moves: units of the variable, per s, per s², per s³.
public struct ScalarState: Sendable, Equatable {
  public var position, velocity, acceleration, jerk: Double

  public init(position: Double = 0, velocity: Double = 0, acceleration: Double = 0, jerk: Double = 0) {
    self.position = position
    self.velocity = velocity
    self.acceleration = acceleration
    self.jerk = jerk
  }

  /// `tau` [s] later, with its jerk all the while.
  func after(_ tau: Double) -> Self {
    Self(
      position: position + tau * (velocity + tau * (acceleration / 2 + tau * jerk / 6)),
      velocity: velocity + tau * (acceleration + tau * jerk / 2),
      acceleration: acceleration + tau * jerk,
      jerk: jerk)
  }

  /// The times from now at which its velocity v + a τ + j τ²/2 is zero, as far as there are any; else not numbers or infinite.
  var standstills: SIMD2<Double> {
    guard jerk != 0 else { return SIMD2(repeating: -velocity / acceleration) }
    let root = (acceleration * acceleration - 2 * jerk * velocity).squareRoot()
    return SIMD2(-acceleration - root, -acceleration + root) / jerk
  }
}

/// The motion of one variable in time, made of at most eight phases of constant jerk.
///
/// A plain value with its phases inline. In phase k, which begins at tₖ in the state (xₖ, vₖ, aₖ) with the jerk jₖ,
///
///     x(t) = xₖ + vₖ τ + aₖ τ²/2 + jₖ τ³/6,   τ = t − tₖ
///
/// Each phase keeps its own first acceleration, so that acceleration may jump where the jerk has no limit.
///
/// - Real-time: neither building nor evaluating allocates, locks or throws.
public struct ScalarProfile: Sendable, Equatable {
  static let capacity = 8

  private var startTimes, positions, velocities, accelerations, jerks: SIMD8<Double>
  private(set) var phaseCount: Int
  /// [s]
  public private(set) var duration: Double
  /// The state at `duration`, and ever after.
  public private(set) var end: ScalarState

  /// No phase yet: stays in `start`.
  init(from start: ScalarState) {
    startTimes = SIMD8()
    positions = SIMD8()
    velocities = SIMD8()
    accelerations = SIMD8()
    jerks = SIMD8()
    phaseCount = 0
    duration = 0
    end = start
    end.jerk = 0
  }

  /// Goes on from the end with a constant jerk. A phase that lasts no time is left out.
  mutating func append(jerk: Double, for seconds: Double) {
    guard seconds > 0, phaseCount < Self.capacity else { return }
    startTimes[phaseCount] = duration
    positions[phaseCount] = end.position
    velocities[phaseCount] = end.velocity
    accelerations[phaseCount] = end.acceleration
    jerks[phaseCount] = jerk
    phaseCount += 1
    duration += seconds
    end.jerk = jerk
    end = end.after(seconds)
    end.jerk = 0
  }

  /// Goes on from the end with a constant jerk and a first acceleration of its own, reached at once where it differs.
  mutating func append(acceleration: Double, jerk: Double = 0, for seconds: Double) {
    end.acceleration = acceleration
    append(jerk: jerk, for: seconds)
  }

  /// Says exactly where the motion ends, in place of what rounding made of it.
  mutating func settle(at position: Double) { end = ScalarState(position: position) }

  /// The state at `time` [s]; before the start as at the start, after the end as at the end.
  public func state(at time: Double) -> ScalarState {
    guard time < duration else { return end }
    var phase = 0
    while phase + 1 < phaseCount, startTimes[phase + 1] <= time { phase += 1 }
    return firstState(ofPhase: phase).after(max(0, time - startTimes[phase]))
  }

  /// How long a phase lasts [s].
  func length(ofPhase phase: Int) -> Double {
    (phase + 1 < phaseCount ? startTimes[phase + 1] : duration) - startTimes[phase]
  }

  /// The state `tau` [s] into a phase: at its ends still, or already, with its own jerk.
  func state(inPhase phase: Int, after tau: Double) -> ScalarState { firstState(ofPhase: phase).after(tau) }

  /// When a phase begins [s].
  func start(ofPhase phase: Int) -> Double { startTimes[phase] }

  /// The state in which a phase begins, with its jerk.
  func firstState(ofPhase phase: Int) -> ScalarState {
    ScalarState(position: positions[phase], velocity: velocities[phase], acceleration: accelerations[phase], jerk: jerks[phase])
  }

  /// The same motion, `factor` times as long: velocities shrink by it, accelerations by its square, jerks by its cube.
  ///
  /// Where and in which order the motion goes does not change, so what held its limits before still does.
  ///
  /// - Precondition: `factor > 0`.
  public func slowed(by factor: Double) -> Self {
    var slowed = self
    let inverse = 1 / factor
    slowed.startTimes = factor * startTimes
    slowed.velocities = inverse * velocities
    slowed.accelerations = inverse * inverse * accelerations
    slowed.jerks = inverse * inverse * inverse * jerks
    slowed.duration = factor * duration
    slowed.end.velocity *= inverse
    slowed.end.acceleration *= inverse * inverse
    return slowed
  }

  /// The same motion, made to last `duration` [s] if it was shorter; unchanged if it is that long already, or lasts no time.
  public func lengthened(to duration: Double) -> Self {
    duration > self.duration && self.duration > 0 ? slowed(by: duration / self.duration) : self
  }

  /// The largest magnitudes on the way; each phase's ends, and where the acceleration passes zero within it.
  public var peaks: ScalarState {
    var peaks = ScalarState(position: abs(end.position), velocity: abs(end.velocity), acceleration: abs(end.acceleration))
    for phase in 0..<phaseCount {
      let first = firstState(ofPhase: phase)
      let length = length(ofPhase: phase)
      let last = first.after(length)
      let turn = -first.acceleration / first.jerk
      let turned = turn > 0 && turn < length ? first.after(turn) : first
      peaks.position = max(peaks.position, abs(first.position))
      peaks.velocity = max(peaks.velocity, abs(first.velocity), abs(last.velocity), abs(turned.velocity))
      peaks.acceleration = max(peaks.acceleration, abs(first.acceleration), abs(last.acceleration))
      peaks.jerk = max(peaks.jerk, abs(first.jerk))
    }
    return peaks
  }

  /// The lowest and the highest position on the way, start and end included.
  public var reach: (lowest: Double, highest: Double) {
    var lowest = end.position
    var highest = end.position
    for phase in 0..<phaseCount {
      let first = firstState(ofPhase: phase)
      lowest = min(lowest, first.position)
      highest = max(highest, first.position)
      let length = length(ofPhase: phase)
      let times = first.standstills
      for index in 0..<2 where times[index] > 0 && times[index] < length {
        let position = first.after(times[index]).position
        lowest = min(lowest, position)
        highest = max(highest, position)
      }
    }
    return (lowest, highest)
  }
}
