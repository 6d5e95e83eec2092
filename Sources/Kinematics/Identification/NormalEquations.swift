internal import Foundation

/// A least-squares problem, summed up row by row: AᵀA, Aᵀb and bᵀb are all that its solution and its error depend on.
struct NormalEquations: Sendable {
  let unknowns: Int
  private(set) var rows = 0
  /// AᵀA, row by row; of it only the lower half is kept.
  private var matrix: [Double]
  private var vector: [Double]
  private var square = 0.0

  init(unknowns: Int) {
    self.unknowns = unknowns
    matrix = Array(repeating: 0, count: unknowns * unknowns)
    vector = Array(repeating: 0, count: unknowns)
  }

  /// Adds one row of A and its number in b.
  mutating func add(_ row: [Double], _ value: Double) {
    precondition(row.count == unknowns, "a row has one number an unknown")
    rows += 1
    square += value * value
    for i in 0..<unknowns where row[i] != 0 {
      vector[i] += row[i] * value
      for j in 0...i { matrix[unknowns * i + j] += row[i] * row[j] }
    }
  }

  mutating func add(_ other: NormalEquations, weight: Double = 1) {
    rows += other.rows
    square += weight * other.square
    for i in vector.indices { vector[i] += weight * other.vector[i] }
    for i in matrix.indices { matrix[i] += weight * other.matrix[i] }
  }

  /// The same problem for what an unknown is beyond `known`.
  func shifted(by known: [Double]) -> NormalEquations {
    var shifted = self
    shifted.square = squaredError(of: known)
    for i in 0..<unknowns {
      for j in 0..<unknowns { shifted.vector[i] -= matrix[unknowns * max(i, j) + min(i, j)] * known[j] }
    }
    return shifted
  }

  /// Adds what is known beforehand: that each unknown is near 0, within its spread. An unknown with spread 0 is held at 0.
  mutating func addPrior(spread: [Double]) {
    for (unknown, spread) in spread.enumerated() {
      if spread > 0 {
        matrix[(unknowns + 1) * unknown] += 1 / (spread * spread)
      } else {
        for other in 0..<unknowns { matrix[unknown > other ? unknowns * unknown + other : unknowns * other + unknown] = 0 }
        matrix[(unknowns + 1) * unknown] = 1
        vector[unknown] = 0
      }
    }
  }

  /// The sum of the squares of A·x − b.
  func squaredError(of x: [Double]) -> Double {
    var sum = square
    for i in 0..<unknowns {
      sum += x[i] * (matrix[(unknowns + 1) * i] * x[i] - 2 * vector[i])
      for j in 0..<i { sum += 2 * x[i] * matrix[unknowns * i + j] * x[j] }
    }
    return max(sum, 0)
  }

  /// The x with the least error, and the standard deviation of each unknown where every row has the deviation 1.
  ///
  /// - Returns: nil where the rows leave an unknown open.
  func solution() -> (x: [Double], deviation: [Double])? {
    guard let factor else { return nil }
    func solved(_ right: [Double]) -> [Double] {
      var x = right
      for row in 0..<unknowns {
        for k in 0..<row { x[row] -= factor[unknowns * row + k] * x[k] }
        x[row] /= factor[(unknowns + 1) * row]
      }
      for row in (0..<unknowns).reversed() {
        for k in (row + 1)..<max(unknowns, row + 1) { x[row] -= factor[unknowns * k + row] * x[k] }
        x[row] /= factor[(unknowns + 1) * row]
      }
      return x
    }
    let deviation = (0..<unknowns).map { unknown in
      solved((0..<unknowns).map { $0 == unknown ? 1 : 0 })[unknown].squareRoot()
    }
    return (solved(vector), deviation)
  }

  /// Of AᵀA; nil where the rows leave an unknown open.
  var logDeterminant: Double? {
    factor.map { factor in 2 * (0..<unknowns).reduce(0) { $0 + log(factor[(unknowns + 1) * $1]) } }
  }

  /// The lower triangle L of AᵀA = L·Lᵀ.
  ///
  /// - Source: G. Golub and C. Van Loan, *Matrix Computations* (2013), algorithm 4.2.1.
  private var factor: [Double]? {
    var factor = matrix
    for column in 0..<unknowns {
      for k in 0..<column { factor[(unknowns + 1) * column] -= factor[unknowns * column + k] * factor[unknowns * column + k] }
      guard factor[(unknowns + 1) * column] > 1e-14 * matrix[(unknowns + 1) * column] else { return nil }
      let pivot = factor[(unknowns + 1) * column].squareRoot()
      factor[(unknowns + 1) * column] = pivot
      for row in (column + 1)..<max(unknowns, column + 1) {
        for k in 0..<column { factor[unknowns * row + column] -= factor[unknowns * row + k] * factor[unknowns * column + k] }
        factor[unknowns * row + column] /= pivot
      }
    }
    return factor
  }
}
