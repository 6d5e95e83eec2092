internal import Kinematics

/// The force at the tool that explains what the joints feel best.
///
///     F = argmin Σ ((Jᵀ F − τ)ᵢ / θᵢ)² + λ |F|²
///
/// A push on another link is told as the push on the tool that would feel most alike. Nil where fewer than three joints take part.
///
/// - Real-time: does not allocate, lock or throw. O(joints).
func contactForce(of effort: JointVector, threshold: JointVector, jacobian: Jacobian, through joint: Int) -> SIMD3<Double>? {
  guard joint >= 2 else { return nil }
  var normal = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero), right = SIMD3<Double>.zero
  for index in 0...joint {
    let arm = jacobian[index].linear, weight = 1 / (threshold[index] * threshold[index])
    normal.0 += weight * arm.x * arm
    normal.1 += weight * arm.y * arm
    normal.2 += weight * arm.z * arm
    right += weight * effort[index] * arm
  }
  let damping = 1e-3 * (normal.0.x + normal.1.y + normal.2.z)
  normal.0.x += damping
  normal.1.y += damping
  normal.2.z += damping
  let a = cross(normal.1, normal.2), b = cross(normal.2, normal.0), c = cross(normal.0, normal.1)
  let determinant = (normal.0 * a).sum()
  guard abs(determinant) > 0 else { return nil }
  return (right.x * a + right.y * b + right.z * c) / determinant
}

private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
