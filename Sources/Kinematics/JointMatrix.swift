/// A square matrix with one row and one column per joint, such as the mass matrix. Never allocates.
public struct JointMatrix: Sendable {
  public let count: Int
  /// Row by row, eight to the row; what lies beyond `count` is zero.
  var elements: InlineArray<64, Double>

  /// All zero.
  public init(count: Int) {
    precondition(count <= JointVector.capacity, "an arm has at most \(JointVector.capacity) joints")
    self.count = count
    elements = InlineArray(repeating: 0)
  }

  public subscript(row: Int, column: Int) -> Double {
    get { elements[8 * row + column] }
    set { elements[8 * row + column] = newValue }
  }

  public static func * (matrix: Self, vector: JointVector) -> JointVector {
    let v = vector.scalars
    var product = JointScalars(repeating: 0)
    for row in 0..<matrix.count {
      var sum = 0.0
      for column in 0..<matrix.count { sum += matrix.elements[8 * row + column] * v[column] }
      product[row] = sum
    }
    return JointVector(scalars: product, count: matrix.count)
  }

  /// The share of its diagonal element that rounding may leave of a pivot that is zero, in matrices that are sums of masses.
  static let roundedPivot = 1e-12

  /// The x of A·x = b, where A is this matrix, symmetric and positive definite; of it only the lower half is read.
  ///
  /// - Parameter leastPivot: The share of its diagonal element below which a pivot of the factorisation counts as zero.
  /// - Returns: nil where the matrix is not positive definite.
  /// - Real-time: does not allocate, lock or throw. O(joints³).
  /// - Source: the L·D·Lᵀ form of Cholesky's factorisation; G. Golub and C. Van Loan, *Matrix Computations* (2013), algorithm 4.1.2.
  public func solution(of b: JointVector, leastPivot: Double = 0) -> JointVector? {
    var factors = elements, inverseDiagonal = JointScalars(repeating: 0)
    for column in 0..<count {
      var scaled = JointScalars(repeating: 0)
      let whole = factors[8 * column + column]
      var pivot = whole
      for k in 0..<column {
        let l = factors[8 * column + k]
        scaled[k] = l * factors[8 * k + k]
        pivot -= l * scaled[k]
      }
      guard pivot > leastPivot * whole else { return nil }
      factors[8 * column + column] = pivot
      inverseDiagonal[column] = 1 / pivot
      for row in (column + 1)..<max(count, column + 1) {
        var sum = factors[8 * row + column]
        for k in 0..<column { sum -= factors[8 * row + k] * scaled[k] }
        factors[8 * row + column] = sum * inverseDiagonal[column]
      }
    }
    var x = b.scalars
    for row in 0..<count {
      for k in 0..<row { x[row] -= factors[8 * row + k] * x[k] }
    }
    for row in 0..<count { x[row] *= inverseDiagonal[row] }
    for row in (0..<count).reversed() {
      for k in (row + 1)..<max(count, row + 1) { x[row] -= factors[8 * k + row] * x[k] }
    }
    return JointVector(scalars: x, count: count)
  }
}
