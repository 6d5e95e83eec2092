internal import Kinematics

/// The motions of up to eight joints as phases of constant jerk, one lane a joint, so that all joints are evaluated at once.
///
/// Each joint has its own phases. In phase k, which begins at tₖ in the state (xₖ, vₖ, aₖ) with the jerk jₖ,
///
///     x(t) = xₖ + vₖ τ + aₖ τ²/2 + jₖ τ³/6,   τ = t − tₖ
///
/// and the last phase never ends.
///
/// - Real-time: nothing here allocates, locks or throws.
struct PhaseTable: Sendable {
  /// Three to come back within the limits, nine of a mixture of three with seven, and what follows the end.
  static let capacity = 13

  // A tuple, because an inline array is copied as a whole where it is read.
  private var phases: (Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase, Phase)
  /// When the first of the joints begins each phase [s].
  private var earliest = SIMD16<Double>(repeating: .infinity)

  /// At 0 and staying there.
  init() {
    let none = Phase()
    phases = (none, none, none, none, none, none, none, none, none, none, none, none, none)
    phases.0.start = SIMD8()
  }

  /// Writes a joint's next phase.
  ///
  /// - Precondition: `phase < capacity`, `joint < 8`.
  mutating func set(_ phase: Int, of joint: Int, from start: Double, _ state: ScalarState) {
    precondition(phase < Self.capacity && joint < 8)
    earliest[phase] = min(earliest[phase], start)
    withUnsafeMutableBytes(of: &phases) { bytes in
      let phase = bytes.bindMemory(to: Phase.self).baseAddress! + phase
      phase.pointee.start[joint] = start
      phase.pointee.position[joint] = state.position
      phase.pointee.velocity[joint] = state.velocity
      phase.pointee.acceleration[joint] = state.acceleration
      phase.pointee.jerk[joint] = state.jerk
    }
  }

  /// Writes a joint's whole motion, and that it stays in its end.
  mutating func write(_ profile: ScalarProfile, of joint: Int) {
    for phase in 0..<profile.phaseCount { set(phase, of: joint, from: profile.start(ofPhase: phase), profile.firstState(ofPhase: phase)) }
    set(profile.phaseCount, of: joint, from: profile.duration, profile.end)
  }

  /// Where all joints are at `time` [s], and how they move there.
  func setpoint(at time: Double, count: Int) -> JointSetpoint {
    let instant = SIMD8(repeating: time)
    var now = phases.0
    // As long as any joint has come so far.
    repeat {
      guard time >= earliest[1] else { break }
      now.enter(phases.1, at: instant)
      guard time >= earliest[2] else { break }
      now.enter(phases.2, at: instant)
      guard time >= earliest[3] else { break }
      now.enter(phases.3, at: instant)
      guard time >= earliest[4] else { break }
      now.enter(phases.4, at: instant)
      guard time >= earliest[5] else { break }
      now.enter(phases.5, at: instant)
      guard time >= earliest[6] else { break }
      now.enter(phases.6, at: instant)
      guard time >= earliest[7] else { break }
      now.enter(phases.7, at: instant)
      guard time >= earliest[8] else { break }
      now.enter(phases.8, at: instant)
      guard time >= earliest[9] else { break }
      now.enter(phases.9, at: instant)
      guard time >= earliest[10] else { break }
      now.enter(phases.10, at: instant)
      guard time >= earliest[11] else { break }
      now.enter(phases.11, at: instant)
      guard time >= earliest[12] else { break }
      now.enter(phases.12, at: instant)
    } while false
    let tau = instant - now.start, a = now.acceleration, j = now.jerk
    return JointSetpoint(
      position: JointVector(lanes: now.position + tau * (now.velocity + tau * (0.5 * a + tau * (1.0 / 6 * j))), count: count),
      velocity: JointVector(lanes: now.velocity + tau * (a + tau * (0.5 * j)), count: count),
      acceleration: JointVector(lanes: a + tau * j, count: count))
  }

  /// The lowest and the highest position of a joint from the start to `end` [s].
  func reach(of joint: Int, until end: Double) -> ClosedRange<Double> {
    var lowest = Double.infinity, highest = -Double.infinity
    var phase = 0
    while let (start, first) = self.phase(phase, of: joint), start <= end {
      phase += 1
      let length = min(end, self.phase(phase, of: joint)?.start ?? end) - start
      let standstills = first.standstills
      let instants = SIMD4(0, length, standstills.x, standstills.y)
      for index in 0..<4 where instants[index] >= 0 && instants[index] <= length {
        let position = first.after(instants[index]).position
        lowest = min(lowest, position)
        highest = max(highest, position)
      }
    }
    return lowest...highest
  }

  /// When a joint's phase begins [s], and in which state; nil where it does not have so many.
  private func phase(_ phase: Int, of joint: Int) -> (start: Double, state: ScalarState)? {
    guard phase < Self.capacity else { return nil }
    return withUnsafeBytes(of: phases) { bytes in
      let phase = bytes.bindMemory(to: Phase.self)[phase], start = phase.start[joint]
      guard start < .infinity else { return nil }
      let state = ScalarState(
        position: phase.position[joint], velocity: phase.velocity[joint], acceleration: phase.acceleration[joint], jerk: phase.jerk[joint])
      return (start, state)
    }
  }
}

/// One phase of each joint.
private struct Phase {
  /// [s] A phase that a joint does not have never begins.
  var start = SIMD8<Double>(repeating: .infinity)
  var position = SIMD8<Double>(), velocity = SIMD8<Double>(), acceleration = SIMD8<Double>(), jerk = SIMD8<Double>()

  /// Takes over the lanes of the joints that are in `phase` at `time`, or beyond it.
  // Inlined before optimisation: afterwards only the first of the calls in a row would be, and the others copy the phase.
  @_transparent
  mutating func enter(_ phase: Self, at time: SIMD8<Double>) {
    let isIn = time .>= phase.start
    start.replace(with: phase.start, where: isIn)
    position.replace(with: phase.position, where: isIn)
    velocity.replace(with: phase.velocity, where: isIn)
    acceleration.replace(with: phase.acceleration, where: isIn)
    jerk.replace(with: phase.jerk, where: isIn)
  }
}
