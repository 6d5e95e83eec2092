public import Kinematics

/// A curve in joint space over a path parameter s: geometry without time.
///
/// Goes through its points one after the other, between two of them as the quintic that has their positions and first two derivatives, so
/// that the second derivative is continuous. What s measures is free: the tool's way, a length in joint space, a share 0…1.
///
/// - Real-time: evaluating it does not allocate, lock or throw. O(log knots).
public struct JointPath: Sendable {
  /// The path parameters of the points, rising from 0.
  public let knots: [Double]
  let spans: [QuinticSpan]
  private let last: PathPoint

  /// - Parameters:
  ///   - knots: Two or more, rising strictly from 0.
  ///   - points: One a knot, all of as many joints.
  /// - Precondition: As said of the parameters.
  public init(knots: [Double], points: [PathPoint]) {
    precondition(knots.count >= 2 && knots.count == points.count && knots[0] == 0, "a path has two knots or more, from 0, with a point each")
    self.knots = knots
    last = points[points.count - 1]
    spans = (1..<knots.count).map { index in
      precondition(knots[index] > knots[index - 1], "the knots of a path rise")
      return QuinticSpan(from: points[index - 1], to: points[index], start: knots[index - 1], width: knots[index] - knots[index - 1])
    }
  }

  /// Straight, with all joints in proportion, over a parameter from 0 to 1.
  static func straight(from start: JointVector, to end: JointVector) -> Self {
    let rest = JointVector(count: start.count)
    let delta = end - start
    return Self(
      knots: [0, 1],
      points: [PathPoint(position: start, first: delta, second: rest), PathPoint(position: end, first: delta, second: rest)])
  }

  /// The last path parameter; the first is 0.
  public var length: Double { knots[knots.count - 1] }

  public var jointCount: Int { last.position.count }

  /// The joint positions at `s` and their derivatives by it; beyond an end as at that end.
  public func point(at s: Double) -> PathPoint {
    s < length ? spans[span(at: s)].point(at: max(0, s), joints: jointCount) : last
  }

  /// The third derivative of the joint positions at `s`; at a knot that of the span after it.
  public func third(at s: Double) -> JointVector {
    spans[span(at: s)].third(at: min(max(0, s), length), joints: jointCount)
  }

  /// The index of the span that `s` lies in, by halving.
  private func span(at s: Double) -> Int {
    var low = 0
    var high = spans.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= s { low = middle } else { high = middle }
    }
    return low
  }
}

/// Joint positions on a path, and their first two derivatives by the path parameter.
public struct PathPoint: Sendable, Equatable {
  /// [rad; m], and the same by the parameter and by its square.
  public var position, first, second: JointVector

  public init(position: JointVector, first: JointVector, second: JointVector) {
    self.position = position
    self.first = first
    self.second = second
  }
}
