import CMallocCounter
import Control
import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

/// Streams keep clear of the scene and of the arm itself; judged by the collision checker's own distances.
@Suite struct ProximityTests {
  /// In front of the tool at home, beside it, and many small things far away.
  static let near = [
    Obstacle(name: "wall", shape: .box(halfExtents: [0.01, 0.3, 0.3]), baseFromObstacle: Pose(translation: [0.33, 0, 0.2])),
    Obstacle(name: "post", shape: .cylinder(radius: 0.02, length: 0.5), baseFromObstacle: Pose(translation: [0.2, 0.2, 0.25])),
    Obstacle(name: "ball", shape: .sphere(radius: 0.04), baseFromObstacle: Pose(translation: [0.15, -0.22, 0.2])),
    Obstacle(name: "floor", shape: .halfSpace, baseFromObstacle: Pose(translation: [0, 0, -0.02])),
  ]
  static let scene = try! CollisionScene(
    near
      + (0..<300).map { index in
        Obstacle(name: "far\(index)", shape: .sphere(radius: 0.01), baseFromObstacle: Pose(translation: [2, Double(index) * 0.05, 1]))
      })
  static let checker = try! CollisionChecker(model: FenceTests.model, scene: CollisionScene(near), checksBase: false)

  /// Towards the wall from home, and away from it.
  static let forward = ServoTarget.rates([0, 0.5, -0.37, 0, 0, 0]), back = ServoTarget.rates([0, -0.5, 0.37, 0, 0, 0])

  static func rig(_ scene: CollisionScene = scene) -> CoreRig {
    var rig = CoreRig()
    rig.tick(.surround(Handover(Proximity(model: FenceTests.model, scene: scene, base: "base", revision: 7))))
    rig.tick(.hold)
    return rig
  }

  static func clearance(_ rig: CoreRig) -> (obstacles: Double, own: Double) {
    let (obstacles, own) = checker.clearances(at: rig.core.setpoint.position)
    return (obstacles?.distance ?? .infinity, own?.distance ?? .infinity)
  }

  /// Wherever streams of rates and twists want to go, nothing is touched: neither what stands there nor the arm itself.
  @Test(arguments: 0..<caseCount(4)) func noStreamTouchesAnything(series: Int) {
    var generator = SeededGenerator(seed: UInt64(80 + series)), rig = Self.rig()
    let begin = Self.clearance(rig)
    var least = begin
    for _ in 0..<40 {
      let rates = JointVector((0..<6).map { Double.random(in: -1...1, using: &generator) * TestArm.model.limits.velocity[$0] })
      func random() -> Double { Double.random(in: -0.6...0.6, using: &generator) }
      let twist = Twist(linear: [random(), random(), random()], angular: [random(), random(), random()])
      let target: ServoTarget = Bool.random(using: &generator) ? .rates(rates) : .twist(twist, .base)
      for tick in 0..<100 {
        rig.tick(.servo(target))
        guard tick.isMultiple(of: 4) else { continue }
        let now = Self.clearance(rig)
        least = (min(least.obstacles, now.obstacles), min(least.own, now.own))
      }
    }
    #expect(least.obstacles > 0, "\(least.obstacles * 1000) mm")
    #expect(least.own > min(0, begin.own) - 1e-6, "\(least.own * 1000) mm")
    #expect(rig.core.fault == nil)
  }

  /// The arm slows down, rests just before the wall and says what it is; back is free.
  @Test func aStreamSlowsDownAndRestsBeforeTheWall() throws {
    var rig = Self.rig(), fastest = 0.0, nearWall = 0.0
    func place() -> Double { TestArm.model.pose(at: rig.core.setpoint.position).translation.x }
    for _ in 0..<2000 {
      let before = place()
      rig.tick(.servo(Self.forward))
      let speed = (place() - before) / TestArm.period
      fastest = max(fastest, speed)
      if Self.clearance(rig).obstacles < 0.01 { nearWall = max(nearWall, speed) }
    }
    #expect(fastest > 0.05)
    #expect(nearWall < 0.05, "\(nearWall) m/s")
    let clearance = Self.clearance(rig).obstacles
    #expect(clearance > 0.0015 && clearance < 0.006, "\(clearance * 1000) mm")
    let obstruction = try #require(rig.core.obstruction)
    #expect(obstruction.revision == 7 && obstruction.thing == 0 && obstruction.share < 0.3)
    for _ in 0..<500 { rig.tick(.servo(Self.back)) }
    #expect(Self.clearance(rig).obstacles > 0.04, "back is free")
  }

  @Test func whoMayTouchIsNotHeldBack() {
    var rig = Self.rig()
    for _ in 0..<800 { rig.tick(.servo(Self.forward, mayTouch: true)) }
    #expect(Self.clearance(rig).obstacles < 0)
    #expect(rig.core.obstruction == nil)
    // What is touched already may be left, and not gone deeper into.
    let depth = Self.clearance(rig).obstacles
    for _ in 0..<300 { rig.tick(.servo(Self.forward)) }
    #expect(Self.clearance(rig).obstacles > depth - 0.02)
    for _ in 0..<1500 { rig.tick(.servo(Self.back)) }
    #expect(Self.clearance(rig).obstacles > 0.02)
  }

  /// Before everything was looked at, nothing moves; another scene takes the place of the first, in the same box.
  @Test func scenesAreSwapped() {
    var rig = Self.rig()
    rig.tick(.servo(.rates([0.2, 0, 0, 0, 0, 0])))
    #expect(rig.core.obstruction?.thing == -1)
    rig.tick(.servo(.rates([0.2, 0, 0, 0, 0, 0])))
    #expect(rig.core.obstruction == nil)
    rig.tick(.surround(Handover(nil)))
    for _ in 0..<800 { rig.tick(.servo(Self.forward)) }
    #expect(Self.clearance(rig).obstacles < 0)
  }

  /// Planned motions are checked when they are planned, not here.
  @Test func aJobIsNotHeldBack() {
    var rig = Self.rig()
    rig.tick(.goTo([0, 0.9, 0.9, 0, 0, 0], speed: 1, job: 3))
    rig.settle()
    #expect(rig.core.setpoint.position == [0, 0.9, 0.9, 0, 0, 0])
  }

  @Test func looksAllocateNothing() {
    var rig = Self.rig()
    for _ in 0..<100 { rig.tick(.servo(.twist(Twist(linear: [0.2, 0, 0]), .base))) }
    var proximity = Proximity(model: FenceTests.model, scene: Self.scene, base: "base", revision: 1)
    let q = rig.core.setpoint.position, limits = TestArm.model.limits
    let next = JointSetpoint(position: q, velocity: JointVector(repeating: 0.3, count: 6), acceleration: JointVector(count: 6))
    func look() {
      proximity.come(to: q)
      _ = proximity.hindrance(stoppingFrom: next, limits: limits)
      _ = proximity.pace(along: next.velocity, from: q)
    }
    look()
    look()
    let before = malloc_counter_thread()
    for _ in 0..<100 { look() }
    #expect(malloc_counter_thread() == before)
  }
}
