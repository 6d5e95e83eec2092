internal import Kinematics

/// A curve in joint space over a path parameter from 0 to 1: geometry without time.
///
/// - Real-time: evaluating it does not allocate, lock or throw.
enum JointPath: Sendable {
  /// Straight, with all joints in proportion.
  case straight(from: JointVector, to: JointVector)
  /// Through evenly spaced knots, with continuous second derivatives.
  case spline([PathPoint])

  /// The joint positions at `s` and their derivatives with respect to it.
  ///
  /// - Precondition: 0 ≤ `s` ≤ 1.
  func point(at s: Double) -> PathPoint {
    switch self {
    case .straight(let from, let to):
      let delta = to - from
      let rest = JointVector(count: from.count)
      // Counted from the nearer end, so that both ends are met to the last bit.
      return PathPoint(position: s < 0.5 ? from + s * delta : to - (1 - s) * delta, first: delta, second: rest, third: rest)
    case .spline(let knots):
      let spans = Double(knots.count - 1)
      let index = min(Int(s * spans), knots.count - 2)
      return PathPoint(between: knots[index], and: knots[index + 1], at: s * spans - Double(index), span: 1 / spans)
    }
  }
}

/// Joint positions on a path, and their derivatives with respect to the path parameter.
struct PathPoint: Sendable {
  var position, first, second, third: JointVector
}

extension PathPoint {
  /// The quintic that has the positions and the first two derivatives of both knots.
  ///
  /// With u from 0 to 1 across the span h, x = p₀ + u h p₀′ + u² h² p₀″/2 + u³ (c₃ + u (c₄ + u c₅)), where c₃…c₅ make up for what the
  /// first three terms lack at the far knot.
  init(between near: PathPoint, and far: PathPoint, at u: Double, span h: Double) {
    let c1 = h * near.first
    let c2 = (h * h / 2) * near.second
    let gap = far.position - near.position - c1 - c2
    let firstGap = h * far.first - c1 - 2 * c2
    let secondGap = (h * h) * far.second - 2 * c2
    let c3 = 10 * gap - 4 * firstGap + 0.5 * secondGap
    let c4 = -15 * gap + 7 * firstGap - secondGap
    let c5 = 6 * gap - 3 * firstGap + 0.5 * secondGap
    let tail = c3 + u * (c4 + u * c5)
    position = near.position + u * (c1 + u * (c2 + u * tail))
    first = (1 / h) * (c1 + u * (2 * c2 + u * (3 * c3 + u * (4 * c4 + (5 * u) * c5))))
    second = (1 / (h * h)) * (2 * c2 + u * (6 * c3 + u * (12 * c4 + (20 * u) * c5)))
    third = (1 / (h * h * h)) * (6 * c3 + u * (24 * c4 + (60 * u) * c5))
  }
}
