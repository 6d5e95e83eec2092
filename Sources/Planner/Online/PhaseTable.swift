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

  private var starts, positions, velocities, accelerations, jerks: InlineArray<13, SIMD8<Double>>
  /// How many phases the joint with the most has.
  private var count = 0

  init() {
    starts = InlineArray(repeating: SIMD8(repeating: .infinity))
    positions = InlineArray(repeating: SIMD8())
    velocities = InlineArray(repeating: SIMD8())
    accelerations = InlineArray(repeating: SIMD8())
    jerks = InlineArray(repeating: SIMD8())
  }

  /// Writes a joint's next phase.
  mutating func set(_ phase: Int, of joint: Int, from start: Double, _ state: ScalarState) {
    starts[phase][joint] = start
    positions[phase][joint] = state.position
    velocities[phase][joint] = state.velocity
    accelerations[phase][joint] = state.acceleration
    jerks[phase][joint] = state.jerk
    count = max(count, phase + 1)
  }

  /// Writes a joint's whole motion, and that it stays in its end.
  mutating func write(_ profile: ScalarProfile, of joint: Int) {
    for phase in 0..<profile.phaseCount { set(phase, of: joint, from: profile.start(ofPhase: phase), profile.firstState(ofPhase: phase)) }
    set(profile.phaseCount, of: joint, from: profile.duration, profile.end)
  }

  /// Where all joints are at `time` [s], and how they move there.
  func setpoint(at time: Double, count jointCount: Int) -> JointSetpoint {
    let time = SIMD8(repeating: time)
    var start = starts[0], x = positions[0], v = velocities[0], a = accelerations[0], j = jerks[0]
    for phase in 1..<max(1, count) {
      let isLater = time .>= starts[phase]
      start.replace(with: starts[phase], where: isLater)
      x.replace(with: positions[phase], where: isLater)
      v.replace(with: velocities[phase], where: isLater)
      a.replace(with: accelerations[phase], where: isLater)
      j.replace(with: jerks[phase], where: isLater)
    }
    let tau = time - start
    return JointSetpoint(
      position: JointVector(lanes: x + tau * (v + tau * (0.5 * a + tau * (1.0 / 6 * j))), count: jointCount),
      velocity: JointVector(lanes: v + tau * (a + tau * (0.5 * j)), count: jointCount),
      acceleration: JointVector(lanes: a + tau * j, count: jointCount))
  }

  /// The lowest and the highest position of a joint from the start to `end` [s].
  func reach(of joint: Int, until end: Double) -> ClosedRange<Double> {
    var lowest = positions[0][joint], highest = lowest
    for phase in 0..<count where starts[phase][joint] <= end {
      let first = ScalarState(
        position: positions[phase][joint], velocity: velocities[phase][joint], acceleration: accelerations[phase][joint],
        jerk: jerks[phase][joint])
      let length = min(end, phase + 1 < Self.capacity ? starts[phase + 1][joint] : end) - starts[phase][joint]
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
}
