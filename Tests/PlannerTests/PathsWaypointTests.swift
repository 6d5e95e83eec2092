import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Paths through joint waypoints: straight between them, round within the radius at them, or at rest there.
@Suite struct PathsWaypointTests {
  typealias Waypoint = JointWaypoints.Waypoint

  static func limits(_ count: Int) -> JointLimits {
    var limits = JointLimits(unlimited: count)
    limits.lower = JointVector(repeating: -2, count: count)
    limits.upper = JointVector(repeating: 2, count: count)
    return limits
  }

  @Test func randomPolylinesAreFollowedButForTheirCorners() throws {
    var random = SeededGenerator(seed: 95)
    for index in 0..<caseCount(200) {
      let count = Int.random(in: 1...8, using: &random)
      let limits = Self.limits(count)
      let corners = (0..<Int.random(in: 2...7, using: &random)).map { _ in random.configuration(within: limits) }
      let radii: [Double] = corners.map { _ in [0, 0.01, 0.1, 10, .infinity].randomElement(using: &random) ?? 0 }
      let waypoints = try JointWaypoints(
        from: corners[0], through: zip(corners, radii).dropFirst().map { Waypoint($0, blend: $1) }, limits: limits)
      let path = waypoints.path
      #expect(path.point(at: 0).position == corners[0] && path.point(at: path.length).position == corners[corners.count - 1])
      let inner = zip(corners, radii).dropFirst().dropLast()
      #expect(path.stops.count == inner.filter { $1 == 0 }.count && waypoints.blends.count == inner.filter { $1 > 0 }.count, "\(index)")
      for (stop, corner) in zip(path.stops, inner.filter { $1 == 0 }.map(\.0)) {
        #expect((path.point(at: stop).position - corner).length < 1e-12)
      }
      for step in 0...400 {
        let s = path.length * Double(step) / 400
        let q = path.point(at: s).position
        let toWays = zip(corners, corners.dropFirst()).map { Self.distance(of: q, from: $0, to: $1) }
        let isOnWay = (toWays.min() ?? 1) < 1e-9
        let isAtCorner = waypoints.blends.contains { (q - corners[$0.waypoint]).length <= $0.radius * (1 + 1e-9) }
        #expect(isOnWay || isAtCorner, "path \(index) at \(s)")
        #expect(q.allSatisfy { abs($0) <= 2 + 1e-12 })
      }
      Self.expectSmooth(path, "path \(index)")
    }
  }

  static func distance(of q: JointVector, from a: JointVector, to b: JointVector) -> Double {
    let way = b - a
    let share = min(max((q - a).dot(way) / way.dot(way), 0), 1)
    return (q - a - share * way).length
  }

  /// Both derivatives are what differences say, across the knots too, but at stops.
  static func expectSmooth(_ path: JointPath, _ note: String) {
    for leg in path.legs {
      #expect(leg.stops.isEmpty)
      for knot in leg.knots.dropFirst().dropLast() {
        let h = 1e-9
        let (before, after) = (leg.point(at: knot - h), leg.point(at: knot + h))
        let third = max(leg.third(at: knot - h).maximumMagnitude, leg.third(at: knot + h).maximumMagnitude)
        #expect((after.first - before.first).maximumMagnitude < 1e-4, "\(note) at \(knot)")
        #expect((after.second - before.second).maximumMagnitude < 3 * h * third + 1e-6, "\(note) at \(knot)")
      }
    }
    let legs = path.legs
    #expect(abs(legs.reduce(0) { $0 + $1.length } - path.length) < 1e-9 && legs.count == path.stops.count + 1)
    var start = 0.0
    for leg in legs {
      let middle = leg.length / 2
      #expect((leg.point(at: middle).position - path.point(at: start + middle).position).maximumMagnitude < 1e-12)
      start += leg.length
    }
  }

  @Test func radiiShrinkWhereThereIsNoRoom() throws {
    let waypoints = try JointWaypoints(
      from: [0, 0], through: [Waypoint([1, 0], blend: 0.6), Waypoint([1, 1], blend: 0.6), Waypoint([0, 1])], limits: Self.limits(2))
    #expect(waypoints.blends == [.init(waypoint: 1, askedRadius: 0.6, radius: 0.5), .init(waypoint: 2, askedRadius: 0.6, radius: 0.5)])
    #expect(waypoints.blends.allSatisfy { $0.isShrunk } && waypoints.path.stops.isEmpty)
    #expect(waypoints.blends[1].description == "The corner at waypoint 2 is rounded by 0.5 instead of 0.6, for want of room")
  }

  @Test func legsLieBetweenStops() throws {
    let path = try JointWaypoints(from: [0], through: [Waypoint([1]), Waypoint([0.5]), Waypoint([2])], limits: Self.limits(1)).path
    #expect(path.stops == [1, 1.5] && path.length == 3)
    #expect(path.leg(from: 0.4, toward: 1) == 0...1 && path.leg(from: 1.2, toward: -1) == 1...1.5 && path.leg(from: 2, toward: 1) == 1.5...3)
    #expect(path.leg(from: 1, toward: 1) == 1...1.5 && path.leg(from: 1, toward: -1) == 0...1)
  }

  @Test func waypointsThatRepeatAreLeftOut() throws {
    let waypoints = try JointWaypoints(
      from: [0, 0], through: [Waypoint([0, 0], blend: 1), Waypoint([1, 0], blend: 0.1), Waypoint([1, 0], blend: 0.05), Waypoint([1, 1])],
      limits: Self.limits(2))
    #expect(waypoints.blends.map(\.radius) == [0.05])
    #expect(throws: MotionRefusal.leadsNowhere) { try JointWaypoints(from: [0, 0], through: [Waypoint([0, 0])], limits: Self.limits(2)) }
  }

  @Test func saysWhatIsWrong() {
    let labels: [JointLabel] = ["waist", "shoulder"]
    let cases: [([Waypoint], String)] = [
      ([Waypoint([1, 2.5])], "The target puts shoulder at 2.5 rad (143.2°), above its upper limit of 2 rad (114.6°)."),
      ([Waypoint([1])], "The target has 1 joint position, but the arm has 2 joints."),
      ([Waypoint([1, 0]), Waypoint([.nan, 0])], "The target gives waist a position that is not a number."),
      ([Waypoint([1, 0]), Waypoint([0, 0], blend: -0.1)], "The blend radius of corner 2 is -0.1, which is none."),
    ]
    for (waypoints, sentence) in cases {
      let refusal = #expect(throws: MotionRefusal.self) {
        try JointWaypoints(from: [0, 0], through: waypoints, limits: Self.limits(2), joints: labels)
      }
      #expect(refusal?.description == sentence)
    }
  }
}
