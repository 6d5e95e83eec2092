import Kinematics
import Planner
import TestSupport
import Testing

/// Checks that keep a margin, and what they say of it.
@Suite struct CollisionMarginTests {
  private static let scene = try! CollisionScene([
    Obstacle(name: "ball", shape: .sphere(radius: 0.1), baseFromObstacle: Pose(translation: [0.4, 0.3, 0.4])),
    Obstacle(
      name: "box", shape: .box(halfExtents: [0.1, 0.05, 0.2]),
      baseFromObstacle: Pose(rotation: Rotation(axis: [0.6, 0, 0.8], angle: 0.7), translation: [0.4, -0.4, 0.5])),
    Obstacle(name: "crate", shape: .box(halfExtents: [0.1, 0.1, 0.1]), baseFromObstacle: Pose(translation: [-0.4, 0.2, 0.6])),
    Obstacle(name: "post", shape: .capsule(radius: 0.04, length: 0.5), baseFromObstacle: Pose(translation: [-0.3, -0.5, 0.3])),
    Obstacle(name: "can", shape: .cylinder(radius: 0.06, length: 0.3), baseFromObstacle: Pose(translation: [0.1, 0.6, 0.4])),
    Obstacle(name: "ceiling", shape: .halfSpace, baseFromObstacle: Pose(rotation: Rotation(axis: [1, 0, 0], angle: .pi), translation: [0, 0, 1.1])),
    Obstacle(
      name: "cloud", shape: .points(try! PointCloud([[0.6, 0, 0.3], [0.6, 0.1, 0.3]], radius: 0.02)),
      baseFromObstacle: Pose(translation: [0, 0, 0.1])),
  ])

  /// A configuration is free of obstacles where every sphere is at least the margin away, by the distances in double precision.
  @Test(arguments: [0.0, 0.01, 0.05]) func theMarginIsADistance(margin: Double) throws {
    let arm = try SphereArm.panda(), checker = CollisionChecker(model: arm.model, scene: Self.scene, margin: margin, checksBase: false)
    var generator = SeededGenerator(seed: 9), near = 0
    for _ in 0..<caseCount(400) {
      let q = JointVector((0..<7).map { Double.random(in: arm.model.lower[$0]...arm.model.upper[$0], using: &generator) })
      let flags = checker.flags(of: [q])[0], (obstacles, own) = checker.clearances(at: q)
      let distance = try #require(obstacles?.distance)
      guard flags.selfFree, abs(distance - margin) > 2e-5 else { continue }
      #expect(flags.free == (distance > margin), "\(q.map { $0 }): \(distance)")
      if distance < margin, distance > 0 { near += 1 }
      let trouble = try #require(checker.trouble(at: q))
      if distance < margin, own?.distance ?? 1 >= 0 { #expect(trouble == obstacles) }
    }
    #expect(margin < 0.02 || near > 0)
  }

  /// What stands still touches what it stands on, and is left out where that is asked for.
  @Test func theBaseMayBeLeftOut() throws {
    let floor = try CollisionScene([Obstacle(name: "floor", shape: .halfSpace, baseFromObstacle: Pose(translation: [0, 0, 0.01]))])
    let arm = try SphereArm.crooked(), q = JointVector(count: 5)
    #expect(!CollisionChecker(model: arm.model, scene: floor).flags(of: [q])[0].free)
    #expect(CollisionChecker(model: arm.model, scene: floor, checksBase: false).flags(of: [q])[0].free)
  }

  /// Spheres that stand for what is carried cover all of it, and reach not far beyond.
  @Test(arguments: [
    Obstacle.Shape.sphere(radius: 0.03), .capsule(radius: 0.02, length: 0.1), .box(halfExtents: [0.01, 0.03, 0.05]),
    .cylinder(radius: 0.02, length: 0.1),
  ]) func theCoverCovers(_ shape: Obstacle.Shape) throws {
    let spheres = try #require(shape.cover), solid = try CollisionScene([Obstacle(name: "it", shape: shape)])
    var generator = SeededGenerator(seed: 3)
    // A one-joint arm whose only sphere is a point, to ask for distances.
    let urdf = try URDF(
      parsing: """
        <robot name="point"><link name="base"/><link name="tip"/><joint name="x" type="prismatic"><parent link="base"/><child link="tip"/>
        <axis xyz="1 0 0"/><limit lower="-1" upper="1"/></joint></robot>
        """)
    for _ in 0..<caseCount(300) {
      let point = SIMD3(
        Double.random(in: -0.09...0.09, using: &generator), Double.random(in: -0.09...0.09, using: &generator),
        Double.random(in: -0.09...0.09, using: &generator))
      let ball = ArmSpheres(links: [ArmSpheres.Link(name: "tip", spheres: [ArmSpheres.Sphere(center: point, radius: 1e-9)])])
      let model = try CollisionModel(urdf: urdf, spheres: ball)
      let distance = try #require(CollisionChecker(model: model, scene: solid).clearances(at: [0]).obstacles?.distance)
      let covered = spheres.contains { sphere in
        let way = sphere.center - point
        return (way * way).sum() <= sphere.radius * sphere.radius
      }
      if distance <= 0 { #expect(covered, "\(point)") }
      if distance > 0.012 { #expect(!covered, "\(point) is \(distance) m away") }
    }
    #expect(Obstacle.Shape.halfSpace.cover == nil)
  }
}
