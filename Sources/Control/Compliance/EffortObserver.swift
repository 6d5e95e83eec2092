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
  private var velocity: JointVector
  private var effort: JointVector
  private var isBegun = false
  /// K [1/s]
  let gain: Double

  init(gain: Double, jointCount: Int) {
    self.gain = gain
    residual = JointVector(count: jointCount)
    surprise = residual
    velocity = residual
    effort = residual
  }

  /// Begins anew at the next update, with nothing acting.
  mutating func reset() {
    residual = JointVector(count: residual.count)
    surprise = residual
    isBegun = false
  }

  /// Takes in the next sample.
  ///
  /// - Parameters:
  ///   - newVelocity: Measured [rad/s].
  ///   - newEffort: Of the motors, measured [N·m].
  ///   - silent: Joints whose motors do not tell their effort, or were not heard; they feel nothing.
  ///   - interval: Since the last one [s].
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  mutating func update(dynamics: ArmDynamics, velocity newVelocity: JointVector, effort newEffort: JointVector, silent: JointSet, interval: Double) {
    if isBegun {
      // The efforts at both ends of the period, on average.
      let given = 0.5 * (effort + newEffort) - dynamics.bias - dynamics.friction
      var change = newVelocity - velocity
      for joint in change.indices where silent.contains(joint) { change[joint] = 0 }
      let gained = dynamics.inertia * change
      residual = (1 / (1 + gain * interval)) * (residual + gain * (gained - interval * given))
      surprise = (1 / interval) * (newVelocity - velocity) - dynamics.mobility * given
      for joint in residual.indices where silent.contains(joint) { (residual[joint], surprise[joint]) = (0, 0) }
    }
    isBegun = true
    velocity = newVelocity
    effort = newEffort
  }
}
