internal import Kinematics

/// A path cut into intervals, with what retiming has to know of its shape at their ends and between them.
///
/// No interval lies across a knot, so the path is a polynomial in each.
struct RetimingGrid {
  /// The path parameters of the intervals' ends.
  private(set) var s: [Double] = []
  /// The path's first two derivatives there.
  private(set) var first, second: [SIMD8<Double>]
  /// How large the third and fourth derivatives are at most within each interval.
  private(set) var third, fourth: [SIMD8<Double>]

  /// - Parameter intervals: How many at least; every span of the path is cut into two or more, wide ones into more than narrow ones.
  init(_ path: JointPath, intervals: Int) {
    let most = intervals + 3 * path.spans.count
    s = []
    first = []
    second = []
    third = []
    fourth = []
    s.reserveCapacity(most + 1)
    first.reserveCapacity(most + 1)
    second.reserveCapacity(most + 1)
    third.reserveCapacity(most)
    fourth.reserveCapacity(most)
    for (index, span) in path.spans.enumerated() {
      let width = path.knots[index + 1] - path.knots[index]
      let pieces = max(2, Int((Double(intervals) * width / path.length).rounded(.up)))
      for piece in 0..<pieces {
        let place = span.start + width * Double(piece) / Double(pieces)
        let bounds = span.highDerivativeBounds(from: place, width: width / Double(pieces))
        append(place, span.point(at: place, joints: path.jointCount))
        third.append(bounds.third)
        // What rounding leaves of a fourth derivative is none.
        let change = (width / Double(pieces)) * bounds.fourth
        fourth.append(bounds.fourth.replacing(with: 0, where: change .< 1e-6 * bounds.third))
      }
    }
    append(path.length, path.point(at: path.length))
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
