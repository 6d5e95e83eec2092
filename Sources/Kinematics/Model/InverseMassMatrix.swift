extension RobotModel {
  /// The joint accelerations that unit efforts cause at rest and without gravity: M(q)⁻¹.
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - armature: Each rotor's inertia × ratio² [kg·m²], added on M's diagonal; none where nil.
  /// - Returns: Symmetric and positive definite; nil where some joint moves no mass.
  /// - Precondition: all are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints³).
  public func inverseMassMatrix(at q: JointVector, armature: JointVector? = nil) -> JointMatrix? {
    var matrix = massMatrix(at: q)
    if let armature {
      for joint in 0..<jointCount { matrix[joint, joint] += armature[joint] }
    }
    return matrix.inverse
  }
}

extension JointMatrix {
  /// The inverse of this matrix, which is symmetric and positive definite; of it only the lower half is read.
  ///
  /// - Returns: nil where the matrix is not positive definite, or only by rounding.
  /// - Real-time: does not allocate, lock or throw. O(joints³).
  /// - Source: with A = L·Lᵀ, A⁻¹ = L⁻ᵀ·L⁻¹; G. Golub and C. Van Loan, *Matrix Computations* (2013), section 4.2.
  public var inverse: JointMatrix? {
    var lower = elements, inverted = InlineArray<64, Double>(repeating: 0)
    for column in 0..<count {
      let whole = lower[9 * column]
      var pivot = whole
      for k in 0..<column { pivot -= lower[8 * column + k] * lower[8 * column + k] }
      guard pivot > Self.roundedPivot * whole else { return nil }
      let root = pivot.squareRoot(), scale = 1 / root
      lower[9 * column] = root
      inverted[9 * column] = scale
      for row in (column + 1)..<max(count, column + 1) {
        var sum = lower[8 * row + column]
        for k in 0..<column { sum -= lower[8 * row + k] * lower[8 * column + k] }
        lower[8 * row + column] = sum * scale
      }
    }
    for row in 0..<count {
      for column in 0..<row {
        var sum = 0.0
        for k in column..<row { sum -= lower[8 * row + k] * inverted[8 * k + column] }
        inverted[8 * row + column] = sum * inverted[9 * row]
      }
    }
    var inverse = JointMatrix(count: count)
    for row in 0..<count {
      for column in 0...row {
        var sum = 0.0
        for k in row..<count { sum += inverted[8 * k + row] * inverted[8 * k + column] }
        inverse.elements[8 * row + column] = sum
        inverse.elements[8 * column + row] = sum
      }
    }
    return inverse
  }
}
