/// How freely the tool can move: the ellipsoid of twists that joint velocities of length 1 give.
public struct Manipulability: Sendable {
  /// The ellipsoid's half axes, largest first: gains of the Jacobian [1], as many as there are joints, at most six. Below a hundred-millionth of the
  /// largest they are rounding.
  public let gains: JointVector
  /// The direction of the smallest one: a twist of length 1, its linear part in units of the length that was given.
  public let weakestTwist: Twist

  /// The product of all gains: 0 at a singularity.
  public var volume: Double { gains.reduce(1, *) }
  /// The smallest gain over the largest: 1 where all directions are alike, 0 at a singularity.
  public var evenness: Double { (gains.first ?? 0) > 0 ? (gains.last ?? 0) / (gains.first ?? 1) : 0 }
}

extension RobotModel {
  /// How freely the tool can move.
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - length: What a metre of the tool's motion is measured in, so that it compares with a radian [m].
  /// - Real-time: does not allocate, lock or throw. O(joints³).
  /// - Source: T. Yoshikawa, *Manipulability of robotic mechanisms* (1985).
  public func manipulability(at q: JointVector, length: Double) -> Manipulability { jacobian(at: q).manipulability(length: length) }
}

extension Jacobian {
  /// The singular values, by the eigenvalues of J·Jᵀ, or of Jᵀ·J for fewer than six joints.
  public func manipulability(length: Double) -> Manipulability {
    var scaled = self
    for joint in 0..<count { scaled.linear[joint] /= length }
    let size = min(count, 6)
    var gram = JointMatrix(count: size)
    for row in 0..<size {
      for column in 0..<size {
        gram[row, column] =
          count < 6
          ? (scaled.linear[row] * scaled.linear[column] + scaled.angular[row] * scaled.angular[column]).sum()
          : scaled.row(row).dot(scaled.row(column))
      }
    }
    let (values, vectors) = gram.eigenvalues()
    var gains = JointVector(count: size), order = InlineArray<8, Int> { $0 }
    for place in 0..<size {
      for other in (place + 1)..<max(size, place + 1) where values[order[other]] > values[order[place]] { order.swapAt(place, other) }
      gains[place] = max(values[order[place]], 0).squareRoot()
    }
    let weakest = order[size - 1]
    let direction = JointVector((0..<size).lazy.map { vectors[$0, weakest] })
    guard count < 6 else {
      return Manipulability(
        gains: gains,
        weakestTwist: Twist(linear: SIMD3(direction[0], direction[1], direction[2]), angular: SIMD3(direction[3], direction[4], direction[5])))
    }
    let twist = scaled.twist(for: direction), norm = (dot(twist.linear, twist.linear) + dot(twist.angular, twist.angular)).squareRoot()
    let scale = norm > 1e-12 ? 1 / norm : 0
    return Manipulability(gains: gains, weakestTwist: Twist(linear: scale * twist.linear, angular: scale * twist.angular))
  }
}

extension JointMatrix {
  /// Eigenvalues of a symmetric matrix, and the eigenvectors as columns in the same order.
  ///
  /// - Real-time: does not allocate, lock or throw.
  /// - Source: C. Jacobi's cyclic rotations; G. Golub and C. Van Loan, *Matrix Computations* (2013), section 8.5.
  func eigenvalues() -> (values: JointVector, vectors: JointMatrix) {
    var a = self, v = JointMatrix(count: count)
    for index in 0..<count { v[index, index] = 1 }
    for _ in 0..<12 {
      var off = 0.0, whole = 0.0
      for p in 0..<count {
        for q in 0..<count { if p == q { whole += a[p, q] * a[p, q] } else { off += a[p, q] * a[p, q] } }
      }
      if off <= 1e-30 * whole { break }
      for p in 0..<count {
        for q in (p + 1)..<max(count, p + 1) where a[p, q] != 0 {
          let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot(), s = t * c
          for k in 0..<count { (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]) }
          for k in 0..<count { (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]) }
          for k in 0..<count { (v[k, p], v[k, q]) = (c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]) }
        }
      }
    }
    var values = JointVector(count: count)
    for index in 0..<count { values[index] = a[index, index] }
    return (values, v)
  }
}
