internal import Foundation
internal import Kinematics

/// A path cut into intervals, with what retiming has to know of its shape at their ends and between them.
///
/// No interval lies across a knot, so the path is a polynomial in each. The first and the last are cut again, each piece half as long as the one
/// further inside: a motion from rest has its velocity change most there, with the square root of the way.
struct RetimingGrid {
  /// The path parameters of the intervals' ends.
  private(set) var s: [Double] = []
  /// The path's first two derivatives there.
  private(set) var first: [SIMD8<Double>] = []
  private(set) var second: [SIMD8<Double>] = []
  /// How large the third and fourth derivatives are at most within each interval.
  private(set) var third: [SIMD8<Double>] = []
  private(set) var fourth: [SIMD8<Double>] = []

  /// The largest of all first derivatives.
  private(set) var steepest = 0.0

  /// The shares at which the first interval is cut, counted from the path's end.
  private static let cuts = [0] + (0...7).reversed().map { exp2(-Double($0)) }

  /// - Parameters:
  ///   - intervals: How many to make, about evenly; each span of the path has half of its equal share at least, as a short span between waypoints far
  ///     apart bends the more.
  ///   - interruption: After it the grid is of no use.
  init(_ path: JointPath, intervals: Int, _ interruption: Interruption = .never) {
    reserveCapacity(intervals + path.spans.count + 2 * Self.cuts.count)
    let lastSpan = path.spans.count - 1, leastPieces = Double(intervals) / Double(2 * path.spans.count)
    for (index, span) in path.spans.enumerated() where !interruption.hasCome {
      let end = path.knots[index + 1]
      var start = path.knots[index]
      let share = max(leastPieces, Double(intervals) * (end - start) / path.length)
      var pieces = max(index == 0 && index == lastSpan ? 2 : 1, Int(share.rounded(.up)))
      let width = (end - start) / Double(pieces)
      if index == 0 {
        for (near, far) in zip(Self.cuts, Self.cuts.dropFirst()) { append(path, span, from: width * near, to: width * far) }
        start += width
        pieces -= 1
      }
      let inner = index == lastSpan ? pieces - 1 : pieces
      for piece in 0..<inner where !interruption.comes() {
        append(path, span, from: start + width * Double(piece), to: start + width * Double(piece + 1))
      }
      if index == lastSpan {
        for (far, near) in zip(Self.cuts.reversed(), Self.cuts.reversed().dropFirst()) {
          append(path, span, from: end - width * far, to: end - width * near)
        }
      }
    }
    append(path.length, path.point(at: path.length))
    steepest = first.reduce(SIMD8()) { $0.larger($1.magnitudes) }.largest
  }

  private mutating func reserveCapacity(_ intervals: Int) {
    s.reserveCapacity(intervals)
    first.reserveCapacity(intervals)
    second.reserveCapacity(intervals)
    third.reserveCapacity(intervals)
    fourth.reserveCapacity(intervals)
  }

  /// An interval of a span: its beginning, and the bounds within it.
  private mutating func append(_ path: JointPath, _ span: QuinticSpan, from start: Double, to end: Double) {
    append(start, span.point(at: start, joints: path.jointCount))
    let bounds = span.highDerivativeBounds(from: start, width: end - start)
    third.append(bounds.third)
    // What rounding leaves of a fourth derivative is none.
    fourth.append(bounds.fourth.replacing(with: 0, where: (end - start) * bounds.fourth .< 1e-6 * bounds.third))
  }

  private mutating func append(_ place: Double, _ point: PathPoint) {
    s.append(place)
    first.append(point.first.lanes)
    second.append(point.second.lanes)
  }

  /// The number of intervals.
  var count: Int { third.count }

  func width(_ interval: Int) -> Double { s[interval + 1] - s[interval] }
}
