/// When a motion is where on its path: the path parameter s as a function of time.
///
/// Made of spans in time, in each of which s is a polynomial of at most the fifth degree: s̈ is constant under acceleration limits, the third
/// derivative in a ``ScalarProfile``.
///
/// - Real-time: evaluating it does not allocate, lock or throw. O(log spans).
struct PathTiming: Sendable {
  private var spans: [TimingSpan] = []
  /// The state at `duration`, and ever after.
  private(set) var end: ScalarState
  /// [s]
  private(set) var duration = 0.0

  /// Stays in `start` for ever.
  init(from start: ScalarState, capacity: Int = 0) {
    end = start
    spans.reserveCapacity(capacity)
  }

  init(_ profile: ScalarProfile) {
    self.init(from: profile.end, capacity: profile.phaseCount)
    for phase in 0..<profile.phaseCount {
      let state = profile.state(inPhase: phase, after: 0)
      append(TimingSpan(from: state), lasting: profile.length(ofPhase: phase), endingIn: profile.end)
    }
  }

  /// No motion, at `position`.
  static func resting(at position: Double) -> Self { Self(from: ScalarState(position: position)) }

  /// Says exactly where and with which velocity the motion ends, in place of what came of it; at rest without acceleration.
  mutating func settle(at position: Double, velocity: Double) {
    end = ScalarState(position: position, velocity: velocity, acceleration: velocity > 0 ? end.acceleration : 0)
  }

  /// Goes on from the end with a constant second derivative to `position`, where the first derivative is `velocity`.
  ///
  /// Takes the time that the mean of the two velocities needs; no span where that is none.
  mutating func append(to position: Double, velocity: Double) {
    let way = position - end.position
    guard way > 0 else { return }
    let seconds = 2 * way / (end.velocity + velocity)
    let acceleration = (velocity - end.velocity) / seconds
    let start = ScalarState(position: end.position, velocity: end.velocity, acceleration: acceleration)
    append(TimingSpan(from: start), lasting: seconds, endingIn: ScalarState(position: position, velocity: velocity, acceleration: acceleration))
  }

  /// Goes on from the end with another timing, as if its path parameter 0 were where this one ends.
  mutating func append(_ other: PathTiming) {
    for span in other.spans { spans.append(span.moved(by: end.position, later: duration)) }
    let position = end.position
    end = other.end
    end.position += position
    duration += other.duration
  }

  /// Goes on from the end to a state as the quintic that has the first two derivatives of both.
  mutating func append(to state: ScalarState, lasting seconds: Double) {
    append(TimingSpan(from: end, to: state, lasting: seconds), lasting: seconds, endingIn: state)
  }

  private mutating func append(_ span: TimingSpan, lasting seconds: Double, endingIn state: ScalarState) {
    guard seconds > 0 else { return }
    var span = span
    span.start = duration
    spans.append(span)
    duration += seconds
    end = state
  }

  /// The state at `time` [s]; before the start as at the start, after the end as at the end.
  func state(at time: Double) -> ScalarState { time < duration ? spans[span(at: time)].state(at: max(0, time)) : end }

  /// The same way, `factor` times as long.
  func slowed(by factor: Double) -> Self {
    var slowed = self
    for index in spans.indices { slowed.spans[index].slow(by: factor) }
    slowed.duration = factor * duration
    slowed.end = end.slowed(by: factor)
    return slowed
  }
}

// The spans, one by one.
extension PathTiming {
  var spanCount: Int { spans.count }

  /// Of the spans as they are now.
  var index: SpanIndex { SpanIndex(starts: spans.map(\.start), end: duration) }

  /// The index of the span in which `time` lies, by halving.
  func span(at time: Double) -> Int {
    var low = 0
    var high = spans.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if spans[middle].start <= time { low = middle } else { high = middle }
    }
    return low
  }

  func start(ofSpan index: Int) -> Double { index < spans.count ? spans[index].start : duration }

  /// What the span's polynomial says at `time` [s].
  @inline(__always)
  func state(inSpan index: Int, at time: Double) -> ScalarState { spans[index].state(at: time) }
}

/// s(t) = c₀ + c₁τ + … + c₅τ⁵ with τ = t − start.
private struct TimingSpan: Sendable {
  var start = 0.0
  private var c0, c1, c2, c3, c4, c5: Double

  /// With a constant third derivative.
  init(from state: ScalarState) {
    c0 = state.position
    c1 = state.velocity
    c2 = state.acceleration / 2
    c3 = state.jerk / 6
    c4 = 0
    c5 = 0
  }

  /// The quintic from state to state; their third derivatives do not matter.
  init(from near: ScalarState, to far: ScalarState, lasting h: Double) {
    self.init(from: ScalarState(position: near.position, velocity: near.velocity, acceleration: near.acceleration))
    let gap = far.position - (c0 + h * (c1 + h * c2))
    let firstGap = h * (far.velocity - (c1 + 2 * h * c2))
    let secondGap = h * h * (far.acceleration - 2 * c2)
    let cube = 1 / (h * h * h)
    c3 = cube * (10 * gap - 4 * firstGap + secondGap / 2)
    c4 = cube / h * (7 * firstGap - 15 * gap - secondGap)
    c5 = cube / (h * h) * (6 * gap - 3 * firstGap + secondGap / 2)
  }

  @inline(__always)
  func state(at time: Double) -> ScalarState {
    let t = time - start
    let (a1, a2, a3) = (2 * c2, 3 * c3, 4 * c4), (b1, b2, b3) = (6 * c3, 12 * c4, 20 * c5)
    return ScalarState(
      position: c0.addingProduct(t, c1.addingProduct(t, c2.addingProduct(t, c3.addingProduct(t, c4.addingProduct(t, c5))))),
      velocity: c1.addingProduct(t, a1.addingProduct(t, a2.addingProduct(t, a3.addingProduct(t, 5 * c5)))),
      acceleration: a1.addingProduct(t, b1.addingProduct(t, b2.addingProduct(t, b3))),
      jerk: b1.addingProduct(t, (2 * b2).addingProduct(t, 3 * b3)))
  }

  func moved(by way: Double, later seconds: Double) -> Self {
    var moved = self
    moved.c0 += way
    moved.start += seconds
    return moved
  }

  mutating func slow(by factor: Double) {
    let f = 1 / factor
    start *= factor
    c1 *= f
    c2 *= f * f
    c3 *= f * f * f
    c4 *= f * f * f * f
    c5 *= f * f * f * f * f
  }
}

extension ScalarState {
  fileprivate func slowed(by factor: Double) -> Self {
    let f = 1 / factor
    return ScalarState(position: position, velocity: f * velocity, acceleration: f * f * acceleration, jerk: f * f * f * jerk)
  }
}
