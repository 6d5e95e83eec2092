public import Kinematics

/// A curve in joint space over a path parameter s: geometry without time.
///
/// Goes through its points one after the other, between two of them as the quintic that has their positions and first two derivatives, so
/// that the second derivative is continuous, but at ``stops``. What s measures is free: the tool's way, a length in joint space, a share 0…1.
///
/// - Real-time: evaluating it does not allocate, lock or throw. O(1), or O(log knots) where they are unevenly spaced.
public struct JointPath: Sendable {
  /// The path parameters of the points, rising from 0.
  public let knots: [Double]
  /// The parameters of sharp corners, where the first derivative jumps and the arm has to rest; rising, without the path's ends.
  public let stops: [Double]
  let spans: [QuinticSpan]
  private let last: PathPoint
  private let index: SpanIndex

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
    index = SpanIndex(knots: knots)
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
    index = SpanIndex(knots: knots)
  }

  /// The pieces between stops, each from 0; only the path itself where it has no stops.
  var legs: [JointPath] {
    let borders = [0] + stops.map { index.span(at: $0) } + [spans.count]
    return zip(borders, borders.dropFirst()).map { begin, end in
      let start = knots[begin]
      let last = spans[end - 1].point(at: knots[end], joints: jointCount)
      return JointPath(knots: knots[begin...end].map { $0 - start }, spans: spans[begin..<end].map { $0.moved(by: -start) }, last: last)
    }
  }

  /// Between which stops or ends of the path a motion from `s` is: at a stop, those on the side that `velocity` leads to.
  ///
  /// - Real-time: does not allocate, lock or throw. O(stops).
  func leg(from s: Double, toward velocity: Double) -> ClosedRange<Double> {
    var (lower, upper) = (0.0, length)
    for stop in stops {
      if stop < s || (stop == s && velocity >= 0) {
        lower = stop
      } else {
        upper = stop
        break
      }
    }
    return lower...upper
  }

  private init(knots: [Double], spans: [QuinticSpan], last: PathPoint) {
    (self.knots, stops, self.spans, self.last) = (knots, [], spans, last)
    index = SpanIndex(knots: knots)
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
  @inline(__always)
  public func point(at s: Double) -> PathPoint {
    s < length ? spans[index.span(at: s)].point(at: max(0, s), joints: jointCount) : last
  }

  /// The third derivative of the joint positions at `s`; at a knot that of the span after it.
  public func third(at s: Double) -> JointVector {
    spans[index.span(at: s)].third(at: min(max(0, s), length), joints: jointCount)
  }
}

extension SpanIndex {
  fileprivate init(knots: [Double]) { self.init(starts: Array(knots.dropLast()), end: knots[knots.count - 1]) }
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
