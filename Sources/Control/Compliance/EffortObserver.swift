internal import Kinematics

/// What the world does to the joints, told from how the arm's momentum differs from what its motors give it.
///
///     ṙ = K (τ_ext − r),   that is   r = K (p − ∫ (τ_m + Cᵀq̇ − g − f + r) dt),   p = M q̇
///
/// Each joint's r follows its external effort as a first-order low pass of rate K does. It needs no acceleration and no inverse of M. With
/// Ṁ = C + Cᵀ the change of momentum less Ṁ q̇ is M Δq̇, so that only M and h = C q̇ + g have to be known.
///
/// - Source: A. De Luca, A. Albu-Schäffer, S. Haddadin, G. Hirzinger, *Collision detection and safe reaction with the DLR-III lightweight arm*
///   (IROS 2006), equations 5 to 8.
struct EffortObserver: Sendable {
  /// r [N·m]
  private(set) var residual: JointVector
  /// What the joints sped up by since the last sample beyond what their motors and the model account for [rad/s²].
  private(set) var surprise: JointVector
  /// What motors and model account for of it, in a joint that was not heard since the last update what they do now [rad/s²].
  var accounted: JointVector { rate - surprise }
  /// Joints that were heard anew, and before that since the beginning: of the others nothing is known that could be compared.
  private(set) var fresh = JointSet()
  /// Joints that were heard since the beginning.
  private var known = JointSet()
  private var velocity: JointVector
  private var effort: JointVector
  /// By how much each joint's velocity changes [rad/s²]; a joint that is not heard goes on as it was, less and less.
  private var rate: JointVector
  /// What all motors did when each joint was last heard, a row each [N·m].
  private var begun: JointMatrix
  private var isBegun = false
  private static let fading = 0.5
  /// K [1/s]
  let gain: Double

  init(gain: Double, jointCount: Int) {
    self.gain = gain
    residual = JointVector(count: jointCount)
    surprise = residual
    (velocity, effort, rate) = (residual, residual, residual)
    begun = JointMatrix(count: jointCount)
  }

  /// Begins anew at the next update, with nothing acting.
  mutating func reset() {
    residual = JointVector(count: residual.count)
    (surprise, rate) = (residual, residual)
    (fresh, known) = (JointSet(), JointSet())
    isBegun = false
  }

  /// Takes in the next sample.
  ///
  /// - Parameters:
  ///   - newVelocity: Measured [rad/s].
  ///   - newEffort: Of the motors, measured [N·m].
  ///   - silent: Joints whose motors do not tell their effort, or were not heard; they feel nothing.
  ///   - spans: Between each joint's last two samples, zero where there is none since the last update [s]; nil where all came together.
  ///   - interval: Since the last update [s].
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  mutating func update(
    dynamics: ArmDynamics, velocity newVelocity: JointVector, effort newEffort: JointVector, silent: JointSet, spans: JointVector? = nil,
    interval: Double
  ) {
    var heard = JointSet()
    fresh = JointSet()
    for joint in newVelocity.indices {
      let span = spans?[joint] ?? interval
      guard span > 0 else {
        rate[joint] *= Self.fading
        continue
      }
      if known.contains(joint) { fresh.insert(joint) }
      rate[joint] = silent.contains(joint) || !known.contains(joint) ? 0 : (newVelocity[joint] - velocity[joint]) / span
      velocity[joint] = newVelocity[joint]
      known.insert(joint)
      heard.insert(joint)
    }
    if isBegun {
      // The efforts at both ends of the period, on average.
      let given = 0.5 * (effort + newEffort) - dynamics.bias - dynamics.friction
      residual = (1 / (1 + gain * interval)) * (residual + (gain * interval) * (dynamics.inertia * rate - given))
      for joint in residual.indices where silent.contains(joint) { residual[joint] = 0 }
      surprise = unexplained(dynamics, effort: newEffort, silent: silent)
    }
    isBegun = true
    effort = newEffort
    for joint in effort.indices where heard.contains(joint) {
      for other in effort.indices { begun[joint, other] = newEffort[other] }
    }
  }

  /// Each joint's rate less what all motors' efforts, at both ends of its own span and on average, account for; the latest, where it has not ended.
  private func unexplained(_ dynamics: ArmDynamics, effort newEffort: JointVector, silent: JointSet) -> JointVector {
    let other = 0.5 * newEffort - dynamics.bias - dynamics.friction
    var unexplained = rate - dynamics.mobility * other
    for joint in rate.indices {
      guard !silent.contains(joint) else {
        unexplained[joint] = 0
        continue
      }
      for motor in rate.indices {
        unexplained[joint] -= 0.5 * dynamics.mobility[joint, motor] * (fresh.contains(joint) ? begun[joint, motor] : newEffort[motor])
      }
    }
    return unexplained
  }
}
