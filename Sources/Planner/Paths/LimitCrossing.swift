internal import Kinematics

extension JointLimits {
  /// Where between two knots a joint first leaves its position limits; nil where none does.
  ///
  /// A polynomial stays between its least and its greatest Bernstein coefficient. A quintic whose coefficients are within the limits therefore is so
  /// throughout; of one whose are not, the halves are looked at in the same way.
  ///
  /// - Source: R. Farouki, *The Bernstein polynomial basis: a centennial retrospective* (2012), section 3.
  func crossing(from near: PathKnot, to far: PathKnot) -> (joint: Int, s: Double, position: Double)? {
    let h = far.s - near.s
    let (a, b) = (near.point, far.point)
    let coefficients = [
      a.position, a.position + (h / 5) * a.first, a.position + (2 * h / 5) * a.first + (h * h / 20) * a.second,
      b.position - (2 * h / 5) * b.first + (h * h / 20) * b.second, b.position - (h / 5) * b.first, b.position,
    ]
    var first: (joint: Int, s: Double, position: Double)?
    for joint in lower.indices {
      let range = (lower[joint] - Self.slack)...(upper[joint] + Self.slack)
      let own = InlineArray<6, Double> { coefficients[$0][joint] }
      guard let (share, position) = Self.exit(of: own, from: range, begin: 0, width: 1) else { continue }
      let s = near.s + share * h
      if s < first?.s ?? .infinity { first = (joint, s, position) }
    }
    return first
  }

  /// What rounding may make of a joint at its limit [rad; m].
  private static let slack = 1e-9
  /// What share of a span tells where a limit is crossed.
  private static let shortest = 1e-6

  /// Where a polynomial, given by its Bernstein coefficients over a piece of a span, first leaves a range.
  private static func exit(
    of coefficients: InlineArray<6, Double>, from range: ClosedRange<Double>, begin: Double, width: Double
  ) -> (share: Double, position: Double)? {
    guard let outside = (0..<6).first(where: { !range.contains(coefficients[$0]) }) else { return nil }
    if outside == 0 || width < shortest { return (begin, coefficients[outside]) }
    // De Casteljau: the averages of neighbours, again and again; their first ones belong to the left half, their last ones to the right.
    var (left, right) = (coefficients, coefficients)
    for level in 1..<6 {
      for index in 0..<(6 - level) { right[index] = (right[index] + right[index + 1]) / 2 }
      left[level] = right[0]
    }
    return exit(of: left, from: range, begin: begin, width: width / 2)
      ?? exit(of: right, from: range, begin: begin + width / 2, width: width / 2)
  }
}
