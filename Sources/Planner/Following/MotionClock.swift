public import Kinematics

/// The time along a motion. It runs at the rate that is wanted: 1 as planned, 0 to stand still, less or more to go slower or faster, negative to go
/// back.
///
/// The arm stays on its path whatever the clock does. To stand still, the path parameter brakes as fast as the joints can (``PathStop``). To
/// go over to another rate, only time is scaled: with q(τ) the motion as planned and σ = τ̇ the clock's rate,
///
///     q̇ = σq′,   q̈ = σ²q″ + σ̇q′,   q⃛ = σ³q‴ + 3σσ̇q″ + σ̈q′
///
/// The briskest change that keeps every joint's acceleration and jerk within limits is taken, a stop like any other. Where the motion as planned
/// needs the limits for itself, a change waits until it does not.
public struct MotionClock: Sendable {
  /// Along the motion as planned [s]. While the arm is braking, when it began to.
  public private(set) var time = 0.0
  /// Seconds of the motion per second, from one change to the next.
  private var rate = 1.0
  private var change = Change.none
  /// Since the change began [s].
  private var elapsed = 0.0
  /// Which ramp is looked at next.
  private var attempt = 0

  private enum Change: Sendable {
    case none
    case ramp(RateRamp, toward: Double)
    case stop(PathStop)
  }

  public init() {}

  /// Whether the arm stands on its path.
  public var isStill: Bool {
    if case .none = change { rate == 0 } else { false }
  }

  /// Whether it has begun to brake.
  var isStopping: Bool {
    if case .stop = change { true } else { false }
  }

  /// The most that a motion may be hurried before one of its joints meets a limit; at least 1.
  public static func greatestRate(of motion: Trajectory) -> Double { max(1, 1 / max(motion.peakShares.neededSlowdown, 1e-3)) }

  /// The setpoint one period later.
  ///
  /// - Parameters:
  ///   - motion: As planned; the same at every call.
  ///   - wanted: The rate to go over to; no more than ``greatestRate(of:)``.
  ///   - limits: Of the joints.
  /// - Real-time: does not allocate, lock or throw. When a change begins, and while a stop waits to begin, some tens of microseconds.
  public mutating func advance(along motion: Trajectory, toward wanted: Double, limits: JointLimits, period: Double) -> JointSetpoint {
    beginChange(along: motion, toward: wanted, limits: limits, period: period)
    elapsed += period
    switch change {
    case .none:
      time += rate * period
      let planned = motion.setpoint(at: time)
      return rate == 1
        ? planned
        : JointSetpoint(position: planned.position, velocity: rate * planned.velocity, acceleration: rate * rate * planned.acceleration)
    case .ramp(let ramp, _):
      let clock = ramp.state(at: elapsed)
      time = clock.position
      if elapsed >= ramp.duration {
        rate = abs(clock.velocity - wanted) < 1e-9 ? wanted : clock.velocity
        change = .none
      }
      return motion.setpoint(at: motion.pathState(at: clock))
    case .stop(let stop):
      if elapsed >= stop.duration {
        time = motion.time(at: stop.end)
        rate = 0
        change = .none
      }
      return motion.setpoint(at: stop.state(at: elapsed))
    }
  }

  /// Stands still at once, whatever the arm does; the setpoint was there already.
  public mutating func halt(along motion: Trajectory?) {
    if let motion, let now = state(along: motion) { time = now.position }
    rate = 0
    change = .none
    elapsed = 0
    attempt = 0
  }

  /// When on the motion's own time the arm would stand still if it began to brake now, or where it does stop if it brakes already [s].
  ///
  /// - Real-time: does not allocate, lock or throw. Some tens of microseconds; a few hundred where the motion as planned needs the limits for itself.
  public func standstill(along motion: Trajectory, limits: JointLimits, period: Double) -> Double {
    if case .stop(let stop) = change { return motion.time(at: stop.end) }
    guard let now = state(along: motion) else { return time }
    let leg = motion.path.leg(from: motion.pathState(at: now).position, toward: now.velocity)
    for index in Self.waits.indices {
      guard let later = state(along: motion, after: Double(Self.waits[index]) * period) else { break }
      let s = motion.pathState(at: later)
      guard leg.contains(s.position) else { break }
      if let stop = PathStop(along: motion, from: s, limits: limits, period: period) { return motion.time(at: stop.end) }
    }
    return motion.time(at: leg.upperBound)
  }

  /// In how many periods a stop may begin.
  private static let waits: InlineArray<3, Int> = [0, 30, 150]

  private mutating func beginChange(along motion: Trajectory, toward wanted: Double, limits: JointLimits, period: Double) {
    if wanted == 0 || wanted * rate < 0 {
      beginStop(along: motion, limits: limits, period: period)
    } else if !isBound(for: wanted) {
      beginRamp(along: motion, toward: wanted, limits: limits, period: period)
    }
  }

  private func isBound(for wanted: Double) -> Bool {
    switch change {
    case .none: rate == wanted
    case .ramp(_, let goal): goal == wanted
    case .stop: false
    }
  }

  private mutating func beginStop(along motion: Trajectory, limits: JointLimits, period: Double) {
    if case .stop = change { return }
    guard !isStill, let now = state(along: motion), let next = state(along: motion, after: period) else { return }
    let s = motion.pathState(at: now)
    var stop = PathStop(along: motion, from: s, limits: limits, period: period)
    if stop == nil, !limits.allow(acceleration: acceleration(along: motion, at: next), after: acceleration(along: motion, at: now), period: period) {
      stop = PathStop(uncheckedAlong: motion, from: s, limits: limits)
    }
    guard let stop else { return }
    change = .stop(stop)
    elapsed = 0
  }

  private func acceleration(along motion: Trajectory, at clock: ScalarState) -> JointVector {
    motion.setpoint(at: motion.pathState(at: clock)).acceleration
  }

  /// Looks at one ramp a tick, so that no tick takes long: the whole way to the wanted rate, from brisk to gentle, then a part of it. A slower
  /// motion leaves more of the limits for the rest of the way.
  private mutating func beginRamp(along motion: Trajectory, toward wanted: Double, limits: JointLimits, period: Double) {
    guard let now = state(along: motion) else { return }
    let durations = RateRamp.durations
    let part = Self.parts[attempt / durations.count]
    let ramp = RateRamp(from: now, to: now.velocity + part * (wanted - now.velocity), lasting: durations[attempt % durations.count])
    attempt = (attempt + 1) % (Self.parts.count * durations.count)
    guard ramp.keepsLimits(along: motion, limits: limits, period: period) else { return }
    attempt = 0
    change = .ramp(ramp, toward: wanted)
    elapsed = 0
  }

  private static let parts: InlineArray<4, Double> = [1, 0.6, 0.3, 0.1]

  /// The motion's time, rate and the rate's slope in a while [s] as it goes; nil in the midst of a stop where the motion as planned stands, too.
  private func state(along motion: Trajectory, after wait: Double = 0) -> ScalarState? {
    switch change {
    case .none: return ScalarState(position: time + wait * rate, velocity: rate)
    case .ramp(let ramp, _): return ramp.state(at: elapsed + wait)
    case .stop(let stop):
      let s = stop.state(at: elapsed + wait)
      let planned = motion.pathState(at: motion.time(at: s.position))
      guard planned.velocity > 1e-6 * motion.pathLength else { return nil }
      let rate = s.velocity / planned.velocity
      return ScalarState(
        position: motion.time(at: s.position), velocity: rate, acceleration: (s.acceleration - planned.acceleration * rate * rate) / planned.velocity)
    }
  }
}
