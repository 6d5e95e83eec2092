/// Up to six numbers of a task, such as a twist's, and up to eight of the joints; lanes without a number are zero.
typealias TaskLanes = SIMD8<Double>
typealias JointLanes = SIMD8<Double>

@inline(__always)
func dot(_ a: SIMD8<Double>, _ b: SIMD8<Double>) -> Double { (a * b).sum() }

/// A task's Jacobian taken apart into directions that do not mix: J = Σ gainᵢ · taskᵢ · jointsᵢᵀ, the strongest first.
///
/// There are as many as the task has rows or the arm has joints, whichever is less. What is left of the joints' space is the null space.
struct TaskDirections {
  let count: Int
  private(set) var gain = JointScalars(repeating: 0)
  private(set) var task = InlineArray<6, TaskLanes>(repeating: .zero)
  private(set) var joints = InlineArray<6, JointLanes>(repeating: .zero)

  /// - Parameter rows: Of the Jacobian, the first `rowCount`.
  /// - Real-time: does not allocate, lock or throw.
  /// - Source: the singular value decomposition by one-sided rotations; G. Golub and C. Van Loan, *Matrix Computations* (2013), section 8.6.
  ///   It finds small gains to their full relative accuracy, which the eigenvalues of J·Jᵀ do not have.
  init(rows: InlineArray<6, JointLanes>, rowCount: Int, jointCount: Int) {
    var rows = rows, turned = InlineArray<6, TaskLanes>(repeating: .zero), squares = JointScalars(repeating: 0)
    for row in 0..<rowCount { turned[row][row] = 1 }
    for _ in 0..<Self.mostSweeps {
      var isDone = true
      for p in 0..<rowCount {
        for q in (p + 1)..<max(rowCount, p + 1) {
          let a = rows[p], b = rows[q], aa = dot(a, a), bb = dot(b, b), ab = dot(a, b)
          if abs(ab) <= Self.rounding * max(aa, bb) || ab * ab <= Self.rounding * Self.rounding * aa * bb { continue }
          isDone = false
          let slope = (bb - aa) / (2 * ab)
          let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot(), sine = tangent * cosine
          (rows[p], rows[q]) = (cosine * a - sine * b, sine * a + cosine * b)
          let u = turned[p], v = turned[q]
          (turned[p], turned[q]) = (cosine * u - sine * v, sine * u + cosine * v)
        }
      }
      if isDone { break }
    }
    for row in 0..<rowCount { squares[row] = dot(rows[row], rows[row]) }
    count = min(rowCount, jointCount)
    for place in 0..<count {
      var strongest = 0
      for row in 1..<max(rowCount, 1) where squares[row] > squares[strongest] { strongest = row }
      let strength = squares[strongest].squareRoot()
      gain[place] = strength
      task[place] = turned[strongest]
      joints[place] = strength > Self.nothing ? rows[strongest] / strength : .zero
      squares[strongest] = -1
    }
  }

  private static var mostSweeps: Int { 12 }
  private static var rounding: Double { 1e-15 }
  private static var nothing: Double { 1e-14 }
}
