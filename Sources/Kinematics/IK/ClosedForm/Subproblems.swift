/// The geometric questions that closed-form inverse kinematics takes apart into, for four branches at once.
///
/// Each has a least-squares answer where there is no exact one; what it is worth shows when the whole configuration is put to the test.
///
/// - Source: A. Elias and J. Wen, *IK-Geo: unified robot inverse kinematics using subproblem decomposition* (2022), section 3, after B. Paden and
///   W. Kahan.
extension LaneAngle {
  /// Subproblem 1: the turn about `axis` that brings the vector p nearest to the vector q.
  ///
  ///     tan θ = a·(p × q) / (p·q − (a·p)(a·q))
  ///
  /// - Parameter otherwise: The answer where p or q lies along the axis.
  @inline(__always)
  init(turning p: LaneVector, to q: LaneVector, about axis: Vector4, otherwise: UnitAngle) {
    let turned = LaneVector(x: p.y * q.z - p.z * q.y, y: p.z * q.x - p.x * q.z, z: p.x * q.y - p.y * q.x)
    self.init(alongCosine: dot(p, q) - dot(axis, p) * dot(axis, q), sine: dot(axis, turned), otherwise: otherwise)
  }

  /// Subproblem 1 with the same p in all branches.
  @inline(__always)
  init(turning p: Vector4, to q: LaneVector, about axis: Vector4, otherwise: UnitAngle) {
    self.init(alongCosine: dot(p.across(axis), q), sine: dot(cross(axis, p), q), otherwise: otherwise)
  }

  /// Subproblem 4: the angle of a·cos θ + b·sin θ = d on the side that `side` (1 or −1) says.
  ///
  /// Subproblem 3, |R·p − q| = d, is of this form too, by the law of cosines.
  ///
  /// - Parameters:
  ///   - slack: How far below zero, in units of a² + b², the square under the root may be and still count as zero.
  ///   - otherwise: The answer where a and b vanish, so that every angle is as good.
  /// - Returns: The angle, and whether the equation can be met but for `slack`.
  @inline(__always)
  static func solving(
    _ a: Lanes, _ b: Lanes, equals d: Lanes, side: Lanes, slack: Double, otherwise: UnitAngle
  ) -> (angle: LaneAngle, isReal: LaneMask) {
    let square = a * a + b * b
    let room = square - d * d
    let root = side * room.replacing(with: 0, where: room .< Lanes.zero).squareRoot()
    let isLost = square .< Lanes(repeating: lost)
    // Where all angles are the same, d is all that is left of the equation.
    let shortfall = room.replacing(with: 1e-10 - d * d, where: isLost)
    let allowed = (-slack * square).replacing(with: 0, where: isLost)
    let cosine = a * d - b * root, sine = b * d + a * root
    let inverse = 1 / (cosine * cosine + sine * sine).replacing(with: 1, where: isLost).squareRoot()
    let angle = LaneAngle(
      cosine: (cosine * inverse).replacing(with: otherwise.cosine, where: isLost),
      sine: (sine * inverse).replacing(with: otherwise.sine, where: isLost))
    return (angle, shortfall .>= allowed)
  }
}

extension LaneAngle {
  /// How far below zero a square may be where the axes miss their places by so much.
  static func slack(inexactness: Double) -> Double { 1e-6 + 30 * inexactness }
}

/// The two signs of a root, as lanes: pairs first, then one by one.
enum Side {
  static let pairs = Lanes(1, 1, -1, -1)
  static let alternating = Lanes(1, -1, 1, -1)
}
