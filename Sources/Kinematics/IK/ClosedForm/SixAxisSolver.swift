/// Whichever closed form six axes have, seen from the base or from the tip.
struct SixAxisSolver {
  enum Form {
    case wrist(SphericalWristSolver)
    case parallel(ThreeParallelSolver)
  }

  /// What decides the form: the kind of geometry, and from which end it is seen.
  struct Kind: Equatable {
    var isSpherical: Bool
    var isReversed: Bool

    static let all = [
      Kind(isSpherical: true, isReversed: false), Kind(isSpherical: false, isReversed: false), Kind(isSpherical: true, isReversed: true),
      Kind(isSpherical: false, isReversed: true),
    ]
  }

  let form: Form
  let kind: Kind

  /// - Returns: nil where the axes are of another kind.
  init?(_ axes: SixAxes, kind: Kind, tolerance: Double) {
    let seen = kind.isReversed ? axes.reversed : axes
    if kind.isSpherical {
      guard let solver = SphericalWristSolver(seen, tolerance: tolerance) else { return nil }
      form = .wrist(solver)
    } else {
      guard let solver = ThreeParallelSolver(seen, tolerance: tolerance) else { return nil }
      form = .parallel(solver)
    }
    self.kind = kind
  }

  /// The first form that fits.
  init?(_ axes: SixAxes, tolerance: Double) {
    for kind in Kind.all {
      if let solver = SixAxisSolver(axes, kind: kind, tolerance: tolerance) {
        self = solver
        return
      }
    }
    return nil
  }

  var inexactness: Double {
    switch form {
    case .wrist(let solver): solver.inexactness
    case .parallel(let solver): solver.inexactness
    }
  }

  /// - Parameters:
  ///   - goal: The displacement that the six turns must make.
  ///   - seed: From the base to the tip, as the result is.
  @inline(__always)
  func branches(of goal: Displacement, seed: UnitAngles) -> (LaneBranches, LaneBranches) {
    guard kind.isReversed else { return forward(of: goal, seed: seed) }
    let (one, other) = forward(of: goal.inverse, seed: Self.reversed(seed))
    return (Self.reversed(one), Self.reversed(other))
  }

  @inline(__always)
  private func forward(of goal: Displacement, seed: UnitAngles) -> (LaneBranches, LaneBranches) {
    switch form {
    case .wrist(let solver): solver.branches(of: goal, seed: seed)
    case .parallel(let solver): solver.branches(of: goal, seed: seed)
    }
  }

  private static func reversed(_ seed: UnitAngles) -> UnitAngles {
    var other = seed
    for index in 0..<6 { other[index] = seed[5 - index] }
    return other
  }

  @inline(__always)
  private static func reversed(_ branches: LaneBranches) -> LaneBranches {
    var other = branches
    for index in 0..<6 { other.angles[index] = branches.angles[5 - index] }
    return other
  }
}
