import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct JointPathTests {
  @Test func meetsItsPointsWithTwoDerivatives() {
    var random = SeededGenerator(seed: 61)
    for _ in 0..<caseCount(50) {
      let limits = random.limits(count: 6)
      let knots = [0, 0.1, 0.9, 4.0]
      let points = knots.map { _ in
        PathPoint(
          position: random.configuration(within: limits), first: random.configuration(within: limits), second: random.configuration(within: limits))
      }
      let path = JointPath(knots: knots, points: points)
      #expect(path.point(at: 0) == points[0] && path.point(at: 4) == points[3] && path.point(at: 5) == points[3])
      for (knot, point) in zip(knots, points) {
        for near in [knot, knot * (1 - 1e-15)] {
          let found = path.point(at: near)
          #expect((found.position - point.position).maximumMagnitude < 1e-12)
          #expect((found.first - point.first).maximumMagnitude < 1e-10)
          #expect((found.second - point.second).maximumMagnitude < 1e-8)
        }
      }
      for _ in 0..<20 {
        let (s, h) = (Double.random(in: 0.001...3.999, using: &random), 1e-6)
        guard !knots.contains(where: { abs($0 - s) < 2 * h }) else { continue }
        let (before, after, here) = (path.point(at: s - h), path.point(at: s + h), path.point(at: s))
        let scale = 1 + path.third(at: s).maximumMagnitude
        #expect(((0.5 / h) * (after.position - before.position) - here.first).maximumMagnitude < 1e-6 * scale)
        #expect(((0.5 / h) * (after.first - before.first) - here.second).maximumMagnitude < 1e-6 * scale)
        #expect(((0.5 / h) * (after.second - before.second) - path.third(at: s)).maximumMagnitude < 1e-4 * scale)
      }
    }
  }

  /// Through its waypoints, with a continuous second derivative, ending as asked.
  @Test(arguments: SplineEnds.allCases) func splinesAreSmooth(_ ends: SplineEnds) {
    var random = SeededGenerator(seed: 62)
    for _ in 0..<caseCount(50) {
      var c = random.spline()
      c = SplineCase(waypoints: c.waypoints, knots: c.knots, ends: ends, limits: c.limits)
      let path = c.path
      let last = c.knots.count - 1
      for (knot, waypoint) in zip(c.knots, c.waypoints) {
        #expect((path.point(at: knot).position - waypoint).maximumMagnitude < 1e-12)
        #expect((path.point(at: knot).second - path.point(at: knot * (1 - 1e-14)).second).maximumMagnitude < 1e-9)
      }
      // A cubic: its third derivative is constant in every span.
      for index in 0..<last {
        let (a, b) = (c.knots[index], c.knots[index + 1])
        #expect((path.third(at: a + 0.1 * (b - a)) - path.third(at: a + 0.9 * (b - a))).maximumMagnitude < 1e-8)
      }
      let (start, end) = (path.point(at: 0), path.point(at: path.length))
      switch ends {
      case .natural: #expect(max(start.second.maximumMagnitude, end.second.maximumMagnitude) < 1e-9)
      case .clamped: #expect(max(start.first.maximumMagnitude, end.first.maximumMagnitude) < 1e-12)
      case .notAKnot:
        guard last >= 2 else { continue }
        #expect((path.third(at: 0.9 * c.knots[1]) - path.third(at: 1.0001 * c.knots[1])).maximumMagnitude < 1e-7)
        #expect((path.third(at: 0.9999 * c.knots[last - 1]) - path.third(at: path.length)).maximumMagnitude < 1e-7)
      }
    }
  }

  /// A spline that may be any cubic is the one through the waypoints.
  @Test func splinesOfACubicAreTheCubic() {
    let knots = [0, 0.5, 1.2, 1.5, 3]
    func cubic(_ s: Double) -> JointVector { [1 + s * (2 - s * (3 - s)), -s * s * s] }
    let path = JointPath.spline(through: knots.map(cubic), knots: knots, ends: .notAKnot)
    for s in stride(from: 0, through: 3, by: 0.1) { #expect((path.point(at: s).position - cubic(s)).maximumMagnitude < 1e-12) }
  }
}
