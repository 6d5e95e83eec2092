internal import Foundation
internal import Kinematics

/// How a soft arm moves: as if it hung on springs and dampers that are as strong as the arm is heavy.
///
///     M q̈ = −D q̇ − K (q − q_a),       K = ω²M + diag(k),   D = 2ζωM (1 + v/v_d) + diag(2√(k Mᵢᵢ)),   ω²Mᵢᵢ + kᵢ ≥ k₀ᵢ
///
/// With stiffness and damping in proportion to inertia all parts of the arm swing in step: what is knocked goes straight away and comes straight
/// back, wherever and in whatever direction it was hit, and with ζ = 1 it does not overshoot. A point of effective mass m meets the stiffness ω²m.
/// The drag beyond linear damping takes the sting out of fast light parts. A light joint's share of ω²M is less than what its friction and its
/// motor's torque are uncertain by, and would let it drift; the small k beside it does not.
struct YieldLaw: Sendable {
  /// ω [rad/s]
  let frequency: Double
  /// The fastest that what was hit has been [m/s].
  let speed: Double
  /// ζ
  let damping: Double
  /// v_d, of what was hit [m/s].
  let dragSpeed: Double
  /// k₀ [N·m/rad]
  let leastStiffness: JointVector

  /// Slower takes too long to come back; faster is not soft, but for what is hit so hard that it would go too far. Drives that hold positions follow
  /// a faster one all the same.
  private static let frequencies = 2.6...5.0, ledFrequencies = 2.6...16.0, fastest = 6.2
  /// Of √(k/m): drag takes from the way, too.
  private static let softness = 0.75
  /// How far what was hit may go: a mass that comes to rest there by itself goes v/(eω) [m].
  private static let reach = 0.5, ledReach = 0.05

  /// - Parameters:
  ///   - speed: With which it begins [m/s].
  ///   - mass: What the push meets [kg].
  init(settings: ComplianceSettings, speed: Double, mass: Double) {
    let stiff = (settings.yieldStiffness / max(mass, 1e-3)).squareRoot()
    if settings.hardware == .torque {
      let soft = min(max(Self.softness * stiff, Self.frequencies.lowerBound), Self.frequencies.upperBound)
      frequency = min(max(soft, speed / (M_E * Self.reach)), Self.fastest)
    } else {
      let soft = max(stiff, speed / (M_E * Self.ledReach))
      frequency = min(max(soft, Self.ledFrequencies.lowerBound), Self.ledFrequencies.upperBound)
    }
    self.speed = speed
    damping = settings.yieldDamping
    dragSpeed = settings.dragSpeed
    leastStiffness = (1 / (settings.hardware == .torque ? Self.largestDrift : Self.largestLedDrift)) * settings.thresholds.base
  }

  /// How far an effort that is just not felt may move a joint [rad].
  private static let largestDrift = 1.4, largestLedDrift = 0.8

  /// A critically damped swing has turned back by then [s].
  var swingTime: Double { 1.5 / frequency }

  /// - Parameters:
  ///   - offset: q − q_a [rad].
  ///   - speed: Of what was hit [m/s].
  ///   - softness: Share of the springs that is left, 0…1.
  /// - Returns: [rad/s²]
  func acceleration(
    offset: JointVector, velocity: JointVector, speed: Double, softness: Double, inertia: JointMatrix
  ) -> JointVector {
    let drag = 2 * damping * frequency * (1 + speed / dragSpeed)
    let proportional = -drag * velocity - (softness * frequency * frequency) * offset
    var effort = offset
    for joint in effort.indices {
      let k = max(0, leastStiffness[joint] - frequency * frequency * inertia[joint, joint])
      effort[joint] = -softness * k * offset[joint] - 2 * (k * inertia[joint, joint]).squareRoot() * velocity[joint]
    }
    return proportional + (inertia.solution(of: effort) ?? 0 * effort)
  }
}

extension RobotModel {
  /// The mass that a push at the tool meets, as the harmonic mean over all directions [kg].
  func meanToolMass(at q: JointVector, rotorInertia: JointVector) -> Double {
    guard let mobility = operationalSpace(at: q, armature: rotorInertia)?.mobility else { return .infinity }
    return 3 / max(mobility[0, 0] + mobility[1, 1] + mobility[2, 2], 1e-9)
  }
}
