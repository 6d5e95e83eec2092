public import Kinematics

/// A curve in joint space over a path parameter s: geometry without time.
///
/// Goes through its points one after the other, between two of them as the quintic that has their positions and first two derivatives, so
/// that the second derivative is continuous, but at ``stops``. What s measures is free: the tool's way, a length in joint space, a share 0…1.
///
/// - Real-time: evaluating it does not allocate, lock or throw. O(log knots).
public struct JointPath: Sendable {
  /// The path parameters of the points, rising from 0.
  public let knots: [Double]
  /// The parameters of sharp corners, where the first derivative jumps and the arm has to rest; rising, without the path's ends.
  public let stops: [Double]
  private let spans: [QuinticSpan]
  private let last: PathPoint

  /// - Parameters:
  ///   - knots: Two or more, rising strictly from 0.
  ///   - points: One a knot, all of as many joints.
  /// - Precondition: As said of the parameters.
  public init(knots: [Double], points: [PathPoint]) {
    precondition(knots.count >= 2 && knots.count == points.count && knots[0] == 0, "a path has two knots or more, from 0, with a point each")
    self.knots = knots
    stops = []
    last = points[points.count - 1]
    spans = (1..<knots.count).map { index in
      precondition(knots[index] > knots[index - 1], "the knots of a path rise")
      return QuinticSpan(from: points[index - 1], to: points[index], start: knots[index - 1], width: knots[index] - knots[index - 1])
    }
  }

  /// Paths one after the other, with a stop where one ends and the next begins.
  ///
  /// - Precondition: There is one at least, and each begins where the one before it ends.
  init(joining legs: [JointPath]) {
    var (knots, stops, spans) = (legs[0].knots, legs[0].stops, legs[0].spans)
    for leg in legs.dropFirst() {
      let start = knots[knots.count - 1]
      stops.append(start)
      stops += leg.stops.map { start + $0 }
      knots += leg.knots.dropFirst().map { start + $0 }
      spans += leg.spans.map { $0.moved(by: start) }
    }
    (self.knots, self.stops, self.spans, last) = (knots, stops, spans, legs[legs.count - 1].last)
  }

  /// The pieces between stops, each from 0; only the path itself where it has no stops.
  var legs: [JointPath] {
    let borders = [0] + stops.map { span(at: $0) } + [spans.count]
    return zip(borders, borders.dropFirst()).map { begin, end in
      let start = knots[begin]
      let last = spans[end - 1].point(at: knots[end], joints: jointCount)
      return JointPath(knots: knots[begin...end].map { $0 - start }, spans: spans[begin..<end].map { $0.moved(by: -start) }, last: last)
    }
  }

  private init(knots: [Double], spans: [QuinticSpan], last: PathPoint) {
    (self.knots, stops, self.spans, self.last) = (knots, [], spans, last)
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

/// The quintic that has the positions and the first two derivatives of two points.
///
/// With x from 0 to the width h,
///
///     q(x) = q₀ + x q₀′ + x² q₀″/2 + x³ (c₃ + x (c₄ + x c₅))
///
/// where c₃, c₄ and c₅ make up for what the first three terms lack at the far point in position, first and second derivative.
/// Horner's scheme gives the value; applied again to what it leaves on the way, the derivatives.
struct QuinticSpan: Sendable {
  private let c0, c1, c2, c3, c4, c5: SIMD8<Double>
  private var start: Double

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

  func point(at s: Double, joints: Int) -> PathPoint {
    let x = SIMD8(repeating: s - start)
    let (p4, d4, e4) = fourth(at: x)
    let p3 = c3 + x * p4
    let p2 = c2 + x * p3
    let p1 = c1 + x * p2
    let d3 = p3 + x * d4
    let d2 = p2 + x * d3
    let e3 = d3 + x * e4
    return PathPoint(
      position: JointVector(lanes: c0 + x * p1, count: joints), first: JointVector(lanes: p1 + x * d2, count: joints),
      second: JointVector(lanes: 2 * (d2 + x * e3), count: joints))
  }

  func third(at s: Double, joints: Int) -> JointVector {
    let x = SIMD8(repeating: s - start)
    let (p4, d4, e4) = fourth(at: x)
    let d3 = c3 + x * p4 + x * d4
    let e3 = d3 + x * e4
    return JointVector(lanes: 6 * (e3 + x * (e4 + x * c5)), count: joints)
  }

  /// The first step of each of the schemes.
  private func fourth(at x: SIMD8<Double>) -> (value: SIMD8<Double>, first: SIMD8<Double>, second: SIMD8<Double>) {
    let p4 = c4 + x * c5
    let d4 = p4 + x * c5
    return (p4, d4, d4 + x * c5)
  }
}
