/// A symmetric, positive definite matrix with two diagonals beside the main one.
struct PentadiagonalMatrix {
  /// The main diagonal, and those one and two below it.
  private var main, below, belowTwo: [Double]

  init(size: Int) {
    main = Array(repeating: 0, count: size)
    below = main
    belowTwo = main
  }

  /// Adds a symmetric 3×3 block whose first row and column are `index`; lower triangle by rows.
  mutating func add(_ block: (Double, Double, Double, Double, Double, Double), at index: Int) {
    main[index] += block.0
    below[index] += block.1
    main[index + 1] += block.2
    belowTwo[index] += block.3
    below[index + 1] += block.4
    main[index + 2] += block.5
  }

  /// Adds to the main diagonal.
  mutating func add(_ value: Double, at index: Int) { main[index] += value }

  /// Makes an unknown stay 0.
  mutating func hold(_ index: Int) {
    main[index] = 1
    below[index] = 0
    belowTwo[index] = 0
    if index >= 1 { below[index - 1] = 0 }
    if index >= 2 { belowTwo[index - 2] = 0 }
  }

  /// The solution of A x = b, by A = L D Lᵀ.
  ///
  /// - Source: Golub and Van Loan, *Matrix Computations* (2013), §4.3.6, with two subdiagonals.
  func solution(of right: [Double]) -> [Double] {
    let size = main.count
    var (diagonal, lower, lowerTwo, x) = (main, below, belowTwo, right)
    for i in 0..<size {
      diagonal[i] = max(diagonal[i], 1e-14 * main[i] + .leastNormalMagnitude)
      if i + 1 < size {
        let first = lower[i] / diagonal[i]
        diagonal[i + 1] -= first * lower[i]
        if i + 2 < size {
          let second = lowerTwo[i] / diagonal[i]
          lower[i + 1] -= second * lower[i]
          diagonal[i + 2] -= second * lowerTwo[i]
          lowerTwo[i] = second
          x[i + 2] -= second * x[i]
        }
        lower[i] = first
        x[i + 1] -= first * x[i]
      }
    }
    for i in stride(from: size - 1, through: 0, by: -1) {
      x[i] /= diagonal[i]
      if i + 1 < size { x[i] -= lower[i] * x[i + 1] }
      if i + 2 < size { x[i] -= lowerTwo[i] * x[i + 2] }
    }
    return x
  }
}
