import Kinematics
import TestSupport
import Testing

@testable import Planner

/// How near the arm comes to what on a motion, against all distances computed the plain way.
@Suite struct ClearanceTests {
  private static func limits(_ model: CollisionModel) -> JointLimits {
    var limits = JointLimits(unlimited: model.jointCount)
    (limits.lower, limits.upper) = (model.lower, model.upper)
    limits.velocity = JointVector(repeating: 2, count: model.jointCount)
    limits.acceleration = JointVector(repeating: 8, count: model.jointCount)
    limits.jerk = JointVector(repeating: 100, count: model.jointCount)
    return limits
  }

  /// Between links whose distance changes on the way; the others say nothing of it.
  private static func leastOwn(_ arm: SphereArm, _ places: [JointVector]) -> Double {
    (arm.spheres.selfCollisionPairs ?? []).compactMap { pair -> Double? in
      let one = arm.spheres.links.first { $0.name == pair.one }?.spheres ?? []
      let other = arm.spheres.links.first { $0.name == pair.other }?.spheres ?? []
      let distances = places.map { q in
        let (a, b) = (arm.pose(of: pair.one, at: q), arm.pose(of: pair.other, at: q))
        var least = Double.infinity
        for sphere in one {
          for partner in other { least = min(least, length(a * sphere.center - b * partner.center) - sphere.radius - partner.radius) }
        }
        return least
      }
      let (least, most) = (distances.min() ?? .infinity, distances.max() ?? .infinity)
      return most - least > 1e-4 ? least : nil
    }.min() ?? .infinity
  }

  @Test(arguments: ["panda", "crooked"]) func theLeastOfAMotion(_ name: String) throws {
    var generator = SeededGenerator(seed: 91)
    let arm = name == "panda" ? try SphereArm.panda() : try SphereArm.crooked()
    var freeCount = 0
    for _ in 0..<caseCount(10) {
      let obstacles = (0..<5).map { generator.obstacle($0, within: 2) }
      // Links that stand still are as near to everything all along, and say nothing of a motion.
      let checker = CollisionChecker(model: arm.model, scene: try CollisionScene(obstacles), checksBase: false)
      let motion = try Trajectory.jointMove(
        from: generator.configuration(of: arm.model), to: generator.configuration(of: arm.model), limits: Self.limits(arm.model), joints: [])
      let places = motion.places(apart: 0.02, atMost: 400).map { motion.path.point(at: $0).position }
      let moving = arm.spheres.links.filter { !arm.model.standingNames.contains($0.name) }
      var least = Double.infinity
      for q in places {
        for link in moving {
          let pose = arm.pose(of: link.name, at: q)
          for sphere in link.spheres {
            for obstacle in obstacles { least = min(least, plainDistance(obstacle, pose * sphere.center) - sphere.radius) }
          }
        }
      }
      let own = Self.leastOwn(arm, places)
      let nearest = try #require(checker.leastClearance(along: motion)), ownNearest = try #require(checker.leastOwnClearance(along: motion))
      // The plain way does not say how deep a sphere's middle is in something.
      let distance = nearest.clearance.distance
      freeCount += least > 0 ? 1 : 0
      #expect(least > 0 ? abs(distance - least) < 1e-9 : distance <= least + 1e-9)
      #expect(abs(ownNearest.clearance.distance - own) < 1e-9 && ownNearest.clearance.other.link != nil)
      // It is there that it says it is.
      #expect(checker.clearances(at: nearest.position).obstacles == nearest.clearance)
      #expect((motion.setpoint(at: ownNearest.time).position - ownNearest.position).maximumMagnitude < 1e-9)
    }
    #expect(freeCount >= 2)
  }

  /// All of it, the deepest first, and nothing else.
  @Test func contactsAreAllThatTouches() throws {
    let arm = try SphereArm.panda(), home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    let hand = arm.pose(of: "panda_hand", at: home).translation
    func ball(_ name: String, _ place: SIMD3<Double>, _ radius: Double) -> Obstacle {
      Obstacle(name: name, shape: .sphere(radius: radius), baseFromObstacle: Pose(translation: place))
    }
    let table = Obstacle(name: "table", shape: .halfSpace, baseFromObstacle: Pose(translation: [0, 0, 0.02]))
    let scene = try CollisionScene([ball("at the hand", hand, 0.01), ball("far", [0, 2, 0], 0.5), table])
    let all = CollisionChecker(model: arm.model, scene: scene), contacts = all.contacts(at: home)
    #expect(Set(contacts.compactMap(\.other.obstacle)) == ["at the hand", "table"])
    #expect(contacts.map(\.distance) == contacts.map(\.distance).sorted() && contacts.allSatisfy { $0.distance < 0 })
    #expect(Set(all.standingContacts.map(\.link)) == ["panda_link0"] && Set(all.standingContacts.compactMap(\.other.obstacle)) == ["table"])
    let moving = CollisionChecker(model: arm.model, scene: scene, checksBase: false)
    #expect(moving.standingContacts.isEmpty && !moving.contacts(at: home).contains { $0.other.obstacle == "table" })
    // With room to keep, what is too near counts as well.
    let near = CollisionChecker(model: arm.model, scene: scene, margin: 1.9, checksBase: false)
    #expect(near.contacts(at: home).contains { $0.other.obstacle == "far" })
  }
}
