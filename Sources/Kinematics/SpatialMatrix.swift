/// A 6×6 matrix between twists and wrenches, linear (force) rows and columns first. Never allocates.
public struct SpatialMatrix: Sendable {
  var matrix = JointMatrix(count: 6)

  public subscript(row: Int, column: Int) -> Double { matrix[row, column] }

  /// The wrench that the matrix makes of a twist, such as the force that an acceleration takes.
  public static func * (matrix: Self, twist: Twist) -> Wrench {
    let product = matrix.matrix * JointVector(twist)
    return Wrench(force: SIMD3(product[0], product[1], product[2]), torque: SIMD3(product[3], product[4], product[5]))
  }

  /// The twist that the matrix makes of a wrench, such as the acceleration that a force causes.
  public static func * (matrix: Self, wrench: Wrench) -> Twist {
    let product = matrix.matrix * JointVector(Twist(linear: wrench.force, angular: wrench.torque))
    return Twist(linear: SIMD3(product[0], product[1], product[2]), angular: SIMD3(product[3], product[4], product[5]))
  }
}

extension JointVector {
  /// The six numbers of a twist, linear first.
  init(_ twist: Twist) {
    self.init(
      lanes: SIMD8(twist.linear.x, twist.linear.y, twist.linear.z, twist.angular.x, twist.angular.y, twist.angular.z, 0, 0), count: 6)
  }
}
