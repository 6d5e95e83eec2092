/// Three axes through one point: the angles of a given rotation, R = R₁·R₂·R₃.
///
/// - Source: A. Elias and J. Wen, *IK-Geo* (2022), equations 19 to 21: subproblem 4 for the middle axis, subproblem 1 for the outer ones.
struct Wrist {
  let first, second, third: Vector4
  /// A unit vector across the third axis, whose image fixes the third angle.
  let probe: Vector4
  private let cosineRow, sineRow, fixed: Double
  private let slack: Double

  /// - Parameter inexactness: How far the arm's axes miss what its formulas take for granted.
  /// - Returns: nil where neighbouring axes are parallel.
  init?(_ first: Vector4, _ second: Vector4, _ third: Vector4, inexactness: Double) {
    guard cross(first, second).length > 1e-3, cross(second, third).length > 1e-3 else { return nil }
    (self.first, self.second, self.third) = (first, second, third)
    probe = third.someNormal
    cosineRow = dot(first, third.across(second))
    sineRow = dot(first, cross(second, third))
    fixed = dot(first, second) * dot(second, third)
    slack = LaneAngle.slack(inexactness: inexactness)
  }

  /// One of the two triples of angles.
  ///
  /// - Parameters:
  ///   - axis: R times the third axis.
  ///   - probe: R times ``probe``.
  ///   - side: 1 or −1 chooses the solution.
  ///   - otherwise: The first angle where the third axis comes to lie along the first, so that only their sum or difference counts.
  @inline(__always)
  func angles(
    axis: LaneVector, probe image: LaneVector, side: Lanes, otherwise: UnitAngle
  ) -> (first: LaneAngle, second: LaneAngle, third: LaneAngle, isReal: LaneMask) {
    let (middle, isReal) = LaneAngle.solving(
      Lanes(repeating: cosineRow), Lanes(repeating: sineRow), equals: dot(first, axis) - fixed, side: side, slack: slack, otherwise: .zero)
    let tilted = LaneVector(third).turned(about: second, by: middle)
    let outer = LaneAngle(turning: tilted, to: axis, about: first, otherwise: otherwise)
    let seen = image.turned(about: first, by: -outer).turned(about: second, by: -middle)
    return (outer, middle, LaneAngle(turning: probe, to: seen, about: third, otherwise: .zero), isReal)
  }
}
