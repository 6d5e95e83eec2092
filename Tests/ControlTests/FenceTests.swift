import CMallocCounter
import Control
import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

/// Fences keep the arm out, and slow zones slow, whatever moves it; judged by the collision checker's own distances.
@Suite struct FenceTests {
  /// The default arm's spheres.
  static let model: CollisionModel = {
    struct File: Decodable {
      struct Ball: Decodable {
        let center: [Double]
        let radius: Double
      }
      let links: [String: [Ball]]
    }
    let data = try! Data(contentsOf: URL(fileURLWithPath: packageFile("Robots/dummy/dummy_spheres.json")))
    let links = try! JSONDecoder().decode(File.self, from: data).links.map { name, balls in
      ArmSpheres.Link(name: name, spheres: balls.map { ArmSpheres.Sphere(center: SIMD3($0.center), radius: $0.radius) })
    }
    return try! CollisionModel(
      urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), spheres: ArmSpheres(links: links), jointNames: TestArm.joints)
  }()

  /// In front of the tool at home, 8 cm away, and a floor under all that moves.
  static let wall = Fence(
    name: "wall", baseFromFence: Pose(rotation: Rotation(axis: [0, 1, 0], angle: -.pi / 2), translation: [0.32, 0, 0]), halfExtents: nil)
  static let table = Fence(name: "table", baseFromFence: Pose(translation: [0.2, 0.15, 0.1]), halfExtents: [0.1, 0.06, 0.05])

  static func settings(_ fences: [Fence]) -> ControlSettings {
    var settings = TestArm.settings
    settings.fences = fences
    settings.outline = ArmOutline(model, base: "base")
    return settings
  }

  /// From the arm to the fences [m].
  static func distance(_ fences: [Fence], at q: JointVector) -> Double {
    let scene = try! CollisionScene(fences.map(\.obstacle))
    return CollisionChecker(model: model, scene: scene, checksBase: false).clearances(at: q).obstacles?.distance ?? .infinity
  }

  @Test func theOutlineStandsWhereTheSpheresDo() {
    var outline = ArmOutline(Self.model, base: "base"), generator = SeededGenerator(seed: 5)
    let point = Fence(name: "point", baseFromFence: Pose(translation: [0.1, 0.2, 0.3]), halfExtents: [1e-9, 1e-9, 1e-9])
    for _ in 0..<100 {
      let q = JointVector((0..<6).map { _ in Double.random(in: -2...2, using: &generator) })
      outline.place(at: q)
      let least =
        outline.radii.indices.map { index in
          let way = outline.centers[index] - SIMD3(0.1, 0.2, 0.3)
          return (way * way).sum().squareRoot() - outline.radii[index]
        }.min() ?? 0
      #expect(abs(least - Self.distance([point], at: q)) < 1e-6)
    }
  }

  /// Streams of joint rates and twists that want to go anywhere, fences or not.
  @Test(arguments: 0..<caseCount(3)) func noStreamLeadsBehindAFence(series: Int) {
    var generator = SeededGenerator(seed: UInt64(40 + series)), rig = CoreRig(settings: Self.settings([Self.wall, Self.table]))
    rig.tick(.hold)
    var least = Double.infinity
    for _ in 0..<60 {
      let rates = JointVector((0..<6).map { Double.random(in: -1...1, using: &generator) * TestArm.model.limits.velocity[$0] })
      func random() -> Double { Double.random(in: -0.6...0.6, using: &generator) }
      let twist = Twist(linear: [abs(random()), random(), random()], angular: [random(), random(), random()])
      let target: ServoTarget = Bool.random(using: &generator) ? .rates(rates) : .twist(twist, .base)
      for _ in 0..<60 {
        rig.tick(.servo(target))
        least = min(least, Self.distance([Self.wall, Self.table], at: rig.core.setpoint.position))
      }
    }
    #expect(least > 0, "\(least * 1000) mm")
    #expect(rig.core.fault == nil)
  }

  /// A stream that leads straight at a fence ends close before it, and says so once.
  @Test func aStreamEndsInFrontOfTheFence() {
    var rig = CoreRig(settings: Self.settings([Self.wall, Self.table]))
    rig.tick(.hold)
    var least = Double.infinity
    for _ in 0..<1500 {
      rig.tick(.servo(.rates([0, 0.3, -0.22, 0, 0, 0])))
      least = min(least, Self.distance([Self.wall], at: rig.core.setpoint.position))
    }
    #expect(least > 0 && least < 0.01, "\(least * 1000) mm")
    #expect(rig.takeEvents().filter { $0 == .fenced(fence: 0) }.count == 1)
    for _ in 0..<500 { rig.tick(.servo(.twist(Twist(linear: [-0.2, 0, 0]), .base))) }
    #expect(Self.distance([Self.wall], at: rig.core.setpoint.position) > 0.05, "back is free")
  }

  @Test func aMotionBrakesOnItsPathBeforeTheFence() {
    var rig = CoreRig(settings: Self.settings([Self.table, Self.wall]))
    let trajectory = TestArm.move(to: [0, 0.9, 0.9, 0, 0, 0])
    #expect(Self.distance([Self.wall], at: trajectory.end) < 0)
    rig.tick(.hold)
    rig.tick(.follow(trajectory, job: 7))
    var least = Double.infinity, offPath = 0.0
    for _ in 0..<2000 {
      rig.tick()
      let q = rig.core.setpoint.position, share = q[1] / 0.9
      least = min(least, Self.distance([Self.wall], at: q))
      offPath = max(offPath, (q - (TestArm.home + share * (trajectory.end - TestArm.home))).maximumMagnitude)
    }
    #expect(least > 0 && least < 0.03, "\(least * 1000) mm")
    #expect(offPath < 1e-9)
    #expect(rig.core.isAtRest && rig.core.mode == .stopped && rig.core.fault == nil)
    let events = rig.takeEvents()
    #expect(events.contains(.fenced(fence: 1)) && events.contains(.interrupted(job: 7, by: .fence)))
  }

  @Test func aRetargetedMotionIsGivenUpBeforeTheFence() {
    var rig = CoreRig(settings: Self.settings([Self.wall]))
    rig.tick(.hold)
    rig.tick(.goTo([0, 0.9, 0.9, 0, 0, 0], speed: 1, job: 3))
    rig.settle()
    #expect(Self.distance([Self.wall], at: rig.core.setpoint.position) > 0)
    #expect(rig.takeEvents().contains(.interrupted(job: 3, by: .fence)) && rig.core.mode == .stopped)
  }

  @Test func aHandDoesNotPushTheArmThrough() {
    let side = Fence(
      name: "side", baseFromFence: Pose(rotation: Rotation(axis: [1, 0, 0], angle: .pi / 2), translation: [0, 0.12, 0]), halfExtents: nil)
    let rig = ArmRig.holding(settings: Self.settings([side]))
    rig.request(.float)
    rig.tick(count: 5)
    rig.hand[0] = 4
    var least = Double.infinity
    for _ in 0..<1500 {
      rig.tick()
      least = min(least, Self.distance([side], at: rig.snapshot.setpoint))
    }
    #expect(least > 0 && least < 0.02, "\(least * 1000) mm")
    #expect(rig.snapshot.mode == .float)
    #expect(rig.takeEvents().contains(.fenced(fence: 0)))
  }

  /// A part of the arm in the zone is never faster than the zone allows, and the motion ends where it was to.
  @Test(arguments: [0.05, 0.15]) func aSlowZoneIsSlow(limit: Double) {
    let zone = Fence(name: "slow", rule: .slow(limit), baseFromFence: Pose(translation: [0, 0.35, 0.3]), halfExtents: [0.4, 0.25, 0.4])
    var rig = CoreRig(settings: Self.settings([zone]), at: [-1.5, 0, 1.5, 0, 0, 0])
    let trajectory = TestArm.move(from: [-1.5, 0, 1.5, 0, 0, 0], to: [1.5, 0, 1.5, 0, 0, 0])
    rig.tick(.hold)
    rig.tick(.follow(trajectory, job: 1))
    var before = ArmOutline(Self.model, base: "base"), after = before, fastest = 0.0, fastestOutside = 0.0
    before.place(at: rig.core.setpoint.position)
    for _ in 0..<20_000 where !rig.core.isAtRest || rig.core.job != nil {
      rig.tick()
      after.place(at: rig.core.setpoint.position)
      for index in after.radii.indices {
        let way = after.centers[index] - before.centers[index], speed = (way * way).sum().squareRoot() / TestArm.period
        let beyond = SIMD3(abs(after.centers[index].x), abs(after.centers[index].y - 0.35), abs(after.centers[index].z - 0.3)) - [0.4, 0.25, 0.4]
        if beyond.max() < after.radii[index] * 0.5 { fastest = max(fastest, speed) } else { fastestOutside = max(fastestOutside, speed) }
      }
      before = after
    }
    #expect(fastest < limit * 1.02 && fastestOutside > 0.2, "\(fastest) m/s inside, \(fastestOutside) m/s outside")
    #expect(rig.core.setpoint.position == trajectory.end)
  }

  /// Switched on behind a fence the arm may come back, and go no deeper.
  @Test func whatIsBehindAFenceMayComeBack() {
    let inside: JointVector = [0, 0.9, 0.9, 0, 0, 0]
    var rig = CoreRig(settings: Self.settings([Self.wall]), at: inside)
    rig.tick(.hold)
    rig.tick(.follow(TestArm.move(from: inside, to: [0, 1.2, 0.8, 0, 0, 0]), job: 1))
    rig.settle()
    #expect(Self.distance([Self.wall], at: rig.core.setpoint.position) > Self.distance([Self.wall], at: inside) - 1e-4)
    rig.tick(.follow(TestArm.move(from: rig.core.setpoint.position, to: TestArm.home), job: 2))
    rig.settle()
    #expect(rig.core.setpoint.position == TestArm.home)
  }

  @Test(.enabled(if: TickAllocationTests.isOptimised)) func watchingAllocatesNothing() {
    let slow = Fence(name: "slow", rule: .slow(0.1), baseFromFence: Pose(translation: [0.3, 0, 0.3]), halfExtents: [0.1, 0.1, 0.1])
    let rig = ArmRig.holding(settings: Self.settings([Self.wall, Self.table, slow]))
    let there = TestArm.move(to: [0.5, 0.2, 1.3, 0.2, 0.2, 0.2])
    var allocations = 0
    func tick(_ count: Int) {
      for _ in 0..<count {
        rig.prepareTick()
        let before = malloc_counter_thread()
        rig.arm.tick(at: rig.time)
        allocations += Int(malloc_counter_thread() - before)
        while rig.arm.nextEvent() != nil {}
      }
    }
    for round in 0..<2 {
      if round == 1 { allocations = 0 }
      rig.request(.follow(there, job: 1))
      tick(2000)
      rig.request(.servo(.twist(Twist(linear: [0.3, 0, 0]), .base)))
      tick(200)
      rig.request(.goTo(TestArm.home, speed: 1, job: 2))
      tick(2000)
    }
    #expect(allocations == 0)
  }
}
