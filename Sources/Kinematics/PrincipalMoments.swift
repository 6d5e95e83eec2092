extension SymmetricMatrix3 {
  /// The eigenvalues, rising: of an inertia the moments about the axes about which it is diagonal.
  public var principalMoments: SIMD3<Double> {
    var matrix = JointMatrix(count: 3)
    for (row, values) in [columnX, columnY, columnZ].enumerated() {
      for column in 0..<3 { matrix[row, column] = values[column] }
    }
    return SIMD3(matrix.eigenvalues().values.sorted())
  }

  /// Whether some body can have this inertia: none of its moments is negative, and none is greater than the other two together.
  ///
  /// - Parameter tolerance: What may be missing, as a share of the greatest moment.
  public func isOfABody(tolerance: Double = 1e-6) -> Bool {
    let moments = principalMoments, slack = tolerance * max(abs(moments[0]), moments[2])
    return moments[0] >= -slack && moments[0] + moments[1] >= moments[2] - slack
  }
}
