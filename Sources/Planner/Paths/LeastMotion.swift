internal import Kinematics

/// The least joint velocities that give the tool the twists that a path binds; where no joint velocities do, those that come nearest.
///
/// With P what binds, one factorisation of the six-by-six matrix
///
///     A = P J Jᵀ P + λ² 1 + c (1 − P),   q̇ = Jᵀ P y,   A y = P x
///
/// serves every twist x at one configuration. Damped so lightly that a twist which the arm can have is met closely, while exactly at a
/// singularity the lost direction is simply left out: λ² is 1e-13 of the trace. What is free gets a diagonal c of its own, so that it takes no
/// part.
///
/// - Real-time: does not allocate, lock or throw.
struct LeastMotion {
  /// Of the Jacobian, as far as they bind.
  private var columns = InlineArray<8, SIMD8<Double>>(repeating: SIMD8())
  /// Cholesky's factor column by column, nought above its diagonal.
  private var factor = InlineArray<6, SIMD8<Double>>(repeating: SIMD8())
  private let count: Int

  init(_ jacobian: Jacobian, task: PathTask) {
    count = jacobian.count
    var a = InlineArray<6, SIMD8<Double>>(repeating: SIMD8())
    for joint in 0..<count {
      let column = Self.lanes(task.bound(jacobian[joint]))
      columns[joint] = column
      for row in 0..<6 { a[row] += column[row] * column }
    }
    var trace = 0.0
    for row in 0..<6 { trace += a[row][row] }
    if task.free != .none {
      for row in 0..<6 {
        var unit = SIMD8<Double>()
        unit[row] = 1
        a[row] += trace * (unit - Self.lanes(task.bound(Self.twist(unit))))
      }
    }
    for column in 0..<6 {
      let root = max(a[column][column] + 1e-13 * trace + .leastNormalMagnitude, 1e-16 * trace).squareRoot()
      factor[column] = a[column] / root
      factor[column][column] = root
      for row in (column + 1)..<max(6, column + 1) {
        a[row] -= factor[column][row] * factor[column]
        a[row][column] = 0
      }
    }
  }

  /// - Parameter twist: In base axes; what does not bind is left out.
  /// - Returns: The joint velocities q̇ and the y that they come from.
  func velocity(for twist: Twist) -> (velocity: JointVector, multiplier: Twist) {
    var y = Self.lanes(twist)
    for row in 0..<6 {
      let own = y[row] / factor[row][row]
      y -= own * factor[row]
      y[row] = own
    }
    for row in stride(from: 5, through: 0, by: -1) {
      let own = y[row]
      y[row] = 0
      y[row] = (own - (factor[row] * y).sum()) / factor[row][row]
    }
    return (velocity(from: y), Self.twist(y))
  }

  /// Jᵀ P y.
  func velocity(from y: Twist) -> JointVector { velocity(from: Self.lanes(y)) }

  private func velocity(from y: SIMD8<Double>) -> JointVector {
    var velocity = JointVector(count: count)
    for joint in 0..<count { velocity[joint] = (columns[joint] * y).sum() }
    return velocity
  }

  private static func lanes(_ twist: Twist) -> SIMD8<Double> {
    SIMD8(twist.linear.x, twist.linear.y, twist.linear.z, twist.angular.x, twist.angular.y, twist.angular.z, 0, 0)
  }

  private static func twist(_ lanes: SIMD8<Double>) -> Twist {
    Twist(linear: SIMD3(lanes[0], lanes[1], lanes[2]), angular: SIMD3(lanes[3], lanes[4], lanes[5]))
  }
}
