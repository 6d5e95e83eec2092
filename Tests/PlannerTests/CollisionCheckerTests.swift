import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct CollisionCheckerTests {
  /// Flags of another program's checker.
  @Test func flagsAgreeWithTheOracle() throws {
    let arm = try SphereArm.panda()
    for problem in try BenchmarkFile.problems() {
      let scene = try problem.scene(), checker = CollisionChecker(model: arm.model, scene: scene)
      let flags = checker.flags(of: problem.configurations.map { JointVector($0) })
      for (index, q) in problem.configurations.enumerated() {
        let room = arm.room(at: JointVector(q), among: scene.obstacles)
        guard abs(room.world) > 1e-5, abs(room.own) > 1e-5 else { continue }
        #expect(flags[index].free == (Array(problem.valid)[index] == "1"), "\(problem.set) \(index)")
        #expect(flags[index].selfFree == (Array(problem.selfValid)[index] == "1"), "\(problem.set) \(index)")
      }
    }
  }

  @Test(arguments: ["panda", "crooked"]) func everyLaneAgreesWithThePlainReference(_ name: String) throws {
    var generator = SeededGenerator(seed: 11)
    let arm = name == "panda" ? try SphereArm.panda() : try SphereArm.crooked()
    for _ in 0..<caseCount(60) {
      var obstacles = (0..<Int.random(in: 0...8, using: &generator)).map { generator.obstacle($0, within: 0.9) }
      if Bool.random(using: &generator) {
        let tilt = Rotation(axis: [1, 0, 0], angle: generator.number(-0.2...0.2))
        obstacles.append(Obstacle(name: "floor", shape: .halfSpace, baseFromObstacle: Pose(rotation: tilt, translation: [0, 0, -0.05])))
      }
      let checker = CollisionChecker(model: arm.model, scene: try CollisionScene(obstacles))
      let configurations = (0..<19).map { _ in generator.configuration(of: arm.model) }
      for (q, flags) in zip(configurations, checker.flags(of: configurations)) {
        let room = arm.room(at: q, among: obstacles), clearances = checker.clearances(at: q)
        if abs(room.world) > 5e-6, abs(room.own) > 5e-6 {
          #expect(flags.selfFree == (room.own > 0))
          #expect(flags.free == (min(room.world, room.own) > 0))
        }
        if let own = clearances.own { #expect(abs(own.distance - room.own) < 1e-9) }
        // Inside an obstacle the reference does not tell how deep.
        if let world = clearances.obstacles, world.distance > 0 || room.world > 0 { #expect(abs(world.distance - room.world) < 1e-9) }
      }
    }
  }

  /// Turning the whole scene about the first joint's axis, and the arm with it, changes nothing.
  @Test func movingTheSceneWithTheArmChangesNothing() throws {
    var generator = SeededGenerator(seed: 12)
    let arm = try SphereArm.panda()
    for _ in 0..<caseCount(50) {
      let obstacles = (0..<5).map { generator.obstacle($0, within: 0.9) }
      let turn = generator.number(-1...1), pose = Pose(rotation: Rotation(axis: [0, 0, 1], angle: turn))
      let turned = obstacles.map { Obstacle(name: $0.name, shape: $0.shape, baseFromObstacle: pose * $0.baseFromObstacle) }
      let before = CollisionChecker(model: arm.model, scene: try CollisionScene(obstacles))
      let after = CollisionChecker(model: arm.model, scene: try CollisionScene(turned))
      var q = generator.configuration(of: arm.model)
      q[0] = generator.number(-1.9...1.9)
      guard let here = before.clearance(at: q) else { continue }
      var moved = q
      moved[0] += turn
      let there = try #require(after.clearance(at: moved))
      #expect(abs(here.distance - there.distance) < 1e-9)
      #expect(here.link == there.link && here.other == there.other)
      if abs(here.distance) > 1e-5 { #expect(before.flags(of: [q])[0] == after.flags(of: [moved])[0]) }
    }
  }

  @Test func reportsNameWhatTouches() throws {
    let arm = try SphereArm.panda(), home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    let hand = arm.pose(of: "panda_hand", at: home) * [0, 0.075, 0.05]
    let ball = Obstacle(name: "cup", shape: .sphere(radius: 0.02), baseFromObstacle: Pose(translation: hand + [0, 0, -0.034]))
    let clearance = try #require(CollisionChecker(model: arm.model, scene: try CollisionScene([ball])).clearance(at: home))
    let center = ball.baseFromObstacle.translation
    let expected = arm.nearestLink(at: home) { length($0 - center) - 0.02 }
    #expect(expected.distance < 0)
    #expect(clearance.link == expected.link && clearance.other == .obstacle("cup"))
    #expect(clearance.description == String(format: "link \"%@\" is %.1f mm deep in \"cup\"", expected.link, -1000 * expected.distance))
    // Alone it is nearest to itself.
    let alone = try #require(CollisionChecker(model: arm.model, scene: CollisionScene()).clearance(at: home)), pair = arm.nearestPair(at: home)
    #expect(abs(alone.distance - pair.distance) < 1e-9)
    guard case .link(let other) = alone.other else {
      Issue.record("\(alone)")
      return
    }
    #expect(Set([alone.link, other]) == pair.links)
    #expect(alone.description == String(format: "link \"%@\" is %.1f mm from link \"%@\"", alone.link, 1000 * pair.distance, other))
  }

  /// A table that the foot stands in is met in every configuration.
  @Test func aBuriedFootIsSaid() throws {
    let arm = try SphereArm.panda()
    let table = Obstacle(name: "table", shape: .box(halfExtents: [1, 1, 0.02]), baseFromObstacle: .identity)
    let checker = CollisionChecker(model: arm.model, scene: try CollisionScene([table]))
    #expect(checker.flags(of: [JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])])[0] == (false, true))
  }

  struct ShapeCase: Sendable {
    let shape: Obstacle.Shape
    let point: SIMD3<Double>
    let distance: Double
  }

  @Test(arguments: [
    ShapeCase(shape: .sphere(radius: 0.5), point: [3, 4, 0], distance: 4.5),
    ShapeCase(shape: .sphere(radius: 0.5), point: [0, 0.1, 0], distance: -0.4),
    ShapeCase(shape: .box(halfExtents: [1, 2, 3]), point: [2, 0, 0], distance: 1),
    ShapeCase(shape: .box(halfExtents: [1, 2, 3]), point: [4, 6, 0], distance: 5),
    ShapeCase(shape: .box(halfExtents: [1, 2, 3]), point: [0.5, 0, 0], distance: -0.5),
    ShapeCase(shape: .box(halfExtents: [1, 2, 3]), point: [0, 1.75, 0.5], distance: -0.25),
    ShapeCase(shape: .capsule(radius: 0.5, length: 2), point: [0, 0, 4], distance: 2.5),
    ShapeCase(shape: .capsule(radius: 0.5, length: 2), point: [3, 0, 0.5], distance: 2.5),
    ShapeCase(shape: .capsule(radius: 0.5, length: 2), point: [0, 3, 5], distance: 4.5),
    ShapeCase(shape: .cylinder(radius: 0.5, length: 2), point: [0, 0, 4], distance: 3),
    ShapeCase(shape: .cylinder(radius: 1, length: 2), point: [4, 0, 5], distance: 5),
    ShapeCase(shape: .cylinder(radius: 1, length: 2), point: [0, 0.75, 0.5], distance: -0.25),
    ShapeCase(shape: .halfSpace, point: [5, 5, 0.25], distance: 0.25),
    ShapeCase(shape: .halfSpace, point: [5, 5, -0.25], distance: -0.25),
  ]) func distancesToShapes(_ c: ShapeCase) throws {
    #expect(abs(Obstacle(name: "", shape: c.shape).distance(to: c.point) - c.distance) < 1e-12)
    let pose = Pose(rotation: Rotation(roll: 1, pitch: 0.5, yaw: 2), translation: [1, 2, 3])
    #expect(abs(Obstacle(name: "", shape: c.shape, baseFromObstacle: pose).distance(to: pose * c.point) - c.distance) < 1e-12)
  }
}
