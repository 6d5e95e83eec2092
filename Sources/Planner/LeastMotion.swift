internal import Kinematics

extension Jacobian {
  /// The least joint velocity that gives the tip a twist; where no joint velocity does, the one that comes nearest.
  ///
  /// Damped so lightly that a twist the arm can have is met closely, while exactly at a singularity the lost direction is simply
  /// left out: q̇ = Jᵀ(JJᵀ + λ²1)⁻¹ x with λ² = 1e-13 of the trace of JJᵀ.
  ///
  /// - Parameter twist: Of the tip frame's origin, in base axes.
  /// - Real-time: does not allocate, lock or throw.
  func leastVelocity(for twist: Twist) -> JointVector {
    var columns = InlineArray<8, SIMD8<Double>>(repeating: SIMD8())
    for joint in 0..<count { columns[joint] = Self.lanes(self[joint]) }

    // The lower triangle of A = JJᵀ + λ²1, factored in place into LLᵀ; rows as vectors.
    var a = InlineArray<6, SIMD8<Double>>(repeating: SIMD8())
    for joint in 0..<count {
      for row in 0..<6 { a[row] += columns[joint][row] * columns[joint] }
    }
    var trace = 0.0
    for row in 0..<6 { trace += a[row][row] }
    for row in 0..<6 { a[row][row] += 1e-13 * trace + .leastNormalMagnitude }
    for column in 0..<6 {
      for k in 0..<column { a[column][column] -= a[column][k] * a[column][k] }
      a[column][column] = max(a[column][column], 1e-16 * trace).squareRoot()
      for row in (column + 1)..<6 {
        for k in 0..<column { a[row][column] -= a[row][k] * a[column][k] }
        a[row][column] /= a[column][column]
      }
    }

    var y = Self.lanes(twist)
    for row in 0..<6 {
      for k in 0..<row { y[row] -= a[row][k] * y[k] }
      y[row] /= a[row][row]
    }
    for row in stride(from: 5, through: 0, by: -1) {
      for k in (row + 1)..<6 { y[row] -= a[k][row] * y[k] }
      y[row] /= a[row][row]
    }
    var velocity = JointVector(count: count)
    for joint in 0..<count { velocity[joint] = (columns[joint] * y).sum() }
    return velocity
  }

  private static func lanes(_ twist: Twist) -> SIMD8<Double> {
    SIMD8(twist.linear.x, twist.linear.y, twist.linear.z, twist.angular.x, twist.angular.y, twist.angular.z, 0, 0)
  }
}
