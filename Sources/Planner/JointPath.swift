internal import Kinematics

/// A curve in joint space over a path parameter from 0 to 1: geometry without time.
///
/// - Real-time: evaluating it does not allocate, lock or throw.
enum JointPath: Sendable {
  /// Straight, with all joints in proportion.
  case straight(from: JointVector, to: JointVector)
  /// Through two or more evenly spaced knots, with continuous second derivatives.
  case spline([PathPoint])

  /// The joint positions at `s` and their derivatives with respect to it.
  ///
  /// - Precondition: 0 ≤ `s` ≤ 1.
  func point(at s: Double) -> PathPoint {
    switch self {
    case .straight(let from, let to):
      let delta = to - from
      // Counted from the nearer end, so that both ends are met to the last bit.
      return PathPoint(position: s < 0.5 ? from + s * delta : to - (1 - s) * delta, first: delta, second: JointVector(count: from.count))
    case .spline(let knots):
      let (index, u) = Self.span(at: s, knots: knots.count)
      return QuinticSpan(from: knots[index], to: knots[index + 1], width: 1 / Double(knots.count - 1)).point(at: u)
    }
  }

  /// The third derivative of the joint positions at `s`.
  func third(at s: Double) -> JointVector {
    switch self {
    case .straight(let from, _):
      return JointVector(count: from.count)
    case .spline(let knots):
      let (index, u) = Self.span(at: s, knots: knots.count)
      return QuinticSpan(from: knots[index], to: knots[index + 1], width: 1 / Double(knots.count - 1)).third(at: u)
    }
  }

  /// Which span `s` lies in, and how far through it, 0…1.
  private static func span(at s: Double, knots: Int) -> (index: Int, u: Double) {
    let position = s * Double(knots - 1)
    let index = min(Int(position), knots - 2)
    return (index, position - Double(index))
  }
}

/// Joint positions on a path, and their first two derivatives with respect to the path parameter.
struct PathPoint: Sendable {
  var position, first, second: JointVector
}

/// The quintic that has the positions and the first two derivatives of two knots.
///
/// With u from 0 to 1 across the width h,
///
///     q(u) = q₀ + u·h q₀′ + u²·h² q₀″/2 + u³ (c₃ + u (c₄ + u c₅))
///
/// where c₃, c₄ and c₅ make up for what the first three terms lack at the far knot in position, first and second derivative.
struct QuinticSpan {
  private let c0, c1, c2, c3, c4, c5: JointVector
  private let width: Double

  init(from near: PathPoint, to far: PathPoint, width h: Double) {
    width = h
    c0 = near.position
    c1 = h * near.first
    c2 = (h * h / 2) * near.second
    let gap = far.position - c0 - c1 - c2
    let firstGap = h * far.first - c1 - 2 * c2
    let secondGap = (h * h) * far.second - 2 * c2
    c3 = 10 * gap - 4 * firstGap + 0.5 * secondGap
    c4 = -15 * gap + 7 * firstGap - secondGap
    c5 = 6 * gap - 3 * firstGap + 0.5 * secondGap
  }

  func point(at u: Double) -> PathPoint {
    let position = c0 + u * (c1 + u * (c2 + u * (c3 + u * (c4 + u * c5))))
    let first = c1 + u * (2 * c2 + u * (3 * c3 + u * (4 * c4 + (5 * u) * c5)))
    let second = 2 * c2 + u * (6 * c3 + u * (12 * c4 + (20 * u) * c5))
    return PathPoint(position: position, first: (1 / width) * first, second: (1 / (width * width)) * second)
  }

  func third(at u: Double) -> JointVector {
    (1 / (width * width * width)) * (6 * c3 + u * (24 * c4 + (60 * u) * c5))
  }
}
