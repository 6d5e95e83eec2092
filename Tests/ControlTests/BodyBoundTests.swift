import Kinematics
import Planner
import TestSupport
import Testing

@testable import Control

/// The arm's parts are caught before each other; judged by the collision checker's own distances.
@Suite struct BodyBoundTests {
  private static let delay = 0.005
  private static let outline = ArmOutline(FenceTests.model, base: "base", withFixedLinks: true)
  private static let checker = CollisionChecker(model: FenceTests.model, scene: CollisionScene())

  private static func distance(at q: JointVector) -> Double { checker.clearances(at: q).own?.distance ?? .infinity }

  @Test func thePartnersAreThoseThatMustNotTouch() {
    var outline = Self.outline, draws = SeededGenerator(seed: 6)
    for _ in 0..<caseCount(100) {
      let q = JointVector((0..<6).map { _ in Double.random(in: -2...2, using: &draws) })
      outline.place(at: q)
      let least =
        outline.partners.map { one, other in
          let way = outline.centers[one] - outline.centers[other]
          return (way * way).sum().squareRoot() - outline.radii[one] - outline.radii[other]
        }.min() ?? .infinity
      #expect(abs(least - Self.distance(at: q)) < 1e-6)
    }
  }

  /// Joints of unit inertia that begin to go, and are pulled on, towards where the arm would be folded into itself.
  @Test func partsThatArePulledAtEachOtherDoNotMeet() throws {
    let limit = JointVector(repeating: 60, count: 6), none = JointVector(count: 6)
    var mobility = JointMatrix(count: 6)
    for joint in 0..<6 { mobility[joint, joint] = 1 }
    var draws = SeededGenerator(seed: 7), caught = 0
    for _ in 0..<caseCount(20) {
      // Of many places the one where the arm is folded into itself most.
      let places = (0..<500).map { _ in JointVector((0..<6).map { _ in Double.random(in: -3...3, using: &draws) }) }
      let goal = try #require(places.min { Self.distance(at: $0) < Self.distance(at: $1) })
      let start = JointVector((0..<6).map { _ in Double.random(in: -1...1, using: &draws) })
      guard Self.distance(at: goal) < 0, Self.distance(at: start) > 0.004 else { continue }
      var bound = BodyBound(outline: Self.outline, delay: Self.delay), q = start, v = 0.2 * (goal - start)
      bound.begin(at: q)
      var least = Double.infinity
      for _ in 0..<600 {
        let wanted = (20 * (goal - q) - 4 * v).clamped(lower: -0.4 * limit, upper: 0.4 * limit)
        var row = bound.braking(position: q, velocity: v, mobility: mobility, room: limit)
        let coming = row?.direction.dot(wanted) ?? 0
        row?.acceleration -= coming
        if row?.acceleration ?? 0 <= 0 { row = nil }
        let given = EffortAllocation(mobility: mobility, limit: limit).efforts(
          wanted: wanted, braking: none, urgency: none, row: row, velocity: v, carried: none)
        v += 0.002 * given
        q += 0.002 * v
        least = min(least, Self.distance(at: q))
      }
      withKnownIssue("Of several parts that near each other at once only the two that need it most are braked.", isIntermittent: true) {
        #expect(least > 0, "\(goal)")
      }
      caught += 1
    }
    #expect(caught > caseCount(20) / 4)
  }
}
