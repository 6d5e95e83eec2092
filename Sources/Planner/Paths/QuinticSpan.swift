internal import Kinematics

/// The quintic that has the positions and the first two derivatives of two points.
///
/// With x from 0 to the width h,
///
///     q(x) = q₀ + x q₀′ + x² q₀″/2 + x³ (c₃ + x (c₄ + x c₅))
///
/// where c₃, c₄ and c₅ make up for what the first three terms lack at the far point in position, first and second derivative.
/// Horner's scheme gives the value; applied again to what it leaves on the way, the derivatives.
struct QuinticSpan: Sendable {
  /// Zero in lanes that belong to no joint.
  private let c0, c1, c2, c3, c4, c5: SIMD8<Double>
  /// The path parameter at its beginning.
  private(set) var start: Double

  init(from near: PathPoint, to far: PathPoint, start: Double, width h: Double) {
    self.start = start
    let (c0, c1, c2) = (near.position, near.first, 0.5 * near.second)
    let gap = far.position - (c0 + h * (c1 + h * c2))
    let firstGap = h * (far.first - (c1 + (2 * h) * c2))
    let secondGap = (h * h) * (far.second - 2 * c2)
    let cube = 1 / (h * h * h)
    self.c0 = c0.lanes
    self.c1 = c1.lanes
    self.c2 = c2.lanes
    c3 = (cube * (10 * gap - 4 * firstGap + 0.5 * secondGap)).lanes
    c4 = (cube / h * (7 * firstGap - 15 * gap - secondGap)).lanes
    c5 = (cube / (h * h) * (6 * gap - 3 * firstGap + 0.5 * secondGap)).lanes
  }

  /// The same curve, drawn so much later.
  func moved(by shift: Double) -> Self {
    var moved = self
    moved.start += shift
    return moved
  }

  @inline(__always)
  func point(at s: Double, joints: Int) -> PathPoint {
    let x = SIMD8(repeating: s - start)
    let (p4, d4, e4) = fourth(at: x)
    let p3 = c3.addingProduct(x, p4)
    let p2 = c2.addingProduct(x, p3)
    let p1 = c1.addingProduct(x, p2)
    let d3 = p3.addingProduct(x, d4)
    let d2 = p2.addingProduct(x, d3)
    let e3 = d3.addingProduct(x, e4)
    return PathPoint(
      position: JointVector(trusted: c0.addingProduct(x, p1), count: joints), first: JointVector(trusted: p1.addingProduct(x, d2), count: joints),
      second: JointVector(trusted: 2 * d2.addingProduct(x, e3), count: joints))
  }

  @inline(__always)
  func third(at s: Double, joints: Int) -> JointVector {
    let x = SIMD8(repeating: s - start)
    let (p4, d4, e4) = fourth(at: x)
    let d3 = c3 + x * p4 + x * d4
    let e3 = d3 + x * e4
    return JointVector(trusted: 6 * (e3 + x * (e4 + x * c5)), count: joints)
  }

  /// The first step of each of the schemes.
  @inline(__always)
  private func fourth(at x: SIMD8<Double>) -> (value: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>) {
    let p4 = c4.addingProduct(x, c5)
    let d4 = p4.addingProduct(x, c5)
    return (p4, d4, d4.addingProduct(x, c5))
  }

  /// How much the third and fourth derivatives are at most, in magnitude, from `s` to `s + width`.
  ///
  /// The fourth is straight, so its ends bound it; the third lies off its chord by at most width²/8 of the fifth, which is 120 c₅.
  func highDerivativeBounds(from s: Double, width: Double) -> (third: SIMD8<Double>, fourth: SIMD8<Double>) {
    let x = SIMD8(repeating: s - start)
    let end = x + width
    let thirds = (6.0 * (c3 + x * (4.0 * c4 + x * (10.0 * c5)))).magnitudes.larger((6.0 * (c3 + end * (4.0 * c4 + end * (10.0 * c5)))).magnitudes)
    let fourths = (24.0 * (c4 + 5.0 * x * c5)).magnitudes.larger((24.0 * (c4 + 5.0 * end * c5)).magnitudes)
    return (thirds + (15.0 * width * width) * c5.magnitudes, fourths)
  }
}
