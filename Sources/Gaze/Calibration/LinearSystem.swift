/// Solves A x = b by elimination with row pivoting; for the small systems of calibrations.
///
/// - Parameter rows: Each row of A with its element of b behind it.
/// - Returns: x; nil where A is singular.
func solution(of rows: [[Double]]) -> [Double]? {
  var rows = rows
  let count = rows.count
  for column in 0..<count {
    guard let pivot = (column..<count).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }) else { return nil }
    rows.swapAt(column, pivot)
    guard abs(rows[column][column]) > 1e-12 else { return nil }
    for row in (column + 1)..<max(count, column + 1) {
      let factor = rows[row][column] / rows[column][column]
      guard factor != 0 else { continue }
      for index in column...count { rows[row][index] -= factor * rows[column][index] }
    }
  }
  var x = [Double](repeating: 0, count: count)
  for row in (0..<count).reversed() {
    let known = (row + 1..<max(count, row + 1)).reduce(0) { $0 + rows[row][$1] * x[$1] }
    x[row] = (rows[row][count] - known) / rows[row][row]
  }
  return x
}

/// The x that makes the weighted squares of A x − b smallest, by the normal equations.
///
/// - Parameter rows: Rows of A, each with its element of b and its weight.
/// - Returns: nil where the rows do not determine x.
func leastSquares(_ rows: [(row: [Double], value: Double, weight: Double)]) -> [Double]? {
  guard let width = rows.first?.row.count else { return nil }
  var normal = [[Double]](repeating: [Double](repeating: 0, count: width + 1), count: width)
  for (row, value, weight) in rows {
    for i in 0..<width where row[i] != 0 {
      let scaled = weight * row[i]
      for j in 0..<width { normal[i][j] += scaled * row[j] }
      normal[i][width] += scaled * value
    }
  }
  return solution(of: normal)
}

/// The middle value; of an even number, the mean of the two middle ones. 0 of none.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
