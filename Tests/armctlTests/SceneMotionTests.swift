import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// Random scenes around the default arm: planned, retimed and carried out by the control loop and the emulated drives on logical time. Whether the
/// true arm touched anything is judged by exact geometry of the tests' own.
@Suite struct SceneMotionTests {
  /// In quick runs ten scenes, by `ARMCTL_TEST_SCALE=100` a thousand.
  @Test(arguments: 0..<caseCount(2)) func theTrueArmTouchesNothing(series: Int) throws {
    var flight = try SceneFlight(seed: UInt64(1000 + series))
    for scene in 0..<5 { try flight.fly(scene: scene) }
    #expect(flight.solved >= 3, "\(flight.summary)")
    #expect(flight.least > 0, "\(flight.summary)")
    #expect(flight.ownLeast > 0, "\(flight.summary)")
    #expect(flight.rig.lastFault == nil)
    if caseCount(2) > 2 { print(flight.summary) }
  }
}

/// One arm that goes from scene to scene.
struct SceneFlight {
  let rig = try! LockstepRig()
  let world: ArmWorld
  let exact: ExactArm
  private var generator: SeededGenerator
  private(set) var solved = 0
  /// Scenes in which no goal could be reached, by why.
  private(set) var unsolved: [String] = []
  /// The least gap between the true arm and an obstacle, and between its own links [m].
  private(set) var least = 1.0, ownLeast = 1.0
  private(set) var worst = ""
  private(set) var corners = 0

  init(seed: UInt64) throws {
    generator = SeededGenerator(seed: seed)
    let configuration = rig.configuration
    world = ArmWorld(arm: configuration.model, model: try configuration.collisionModel(), margin: configuration.collision.margin)
    exact = try ExactArm(urdf: configuration.modelFile)
    try rig.goHome()
  }

  var summary: String {
    String(
      format: "%d solved, %d not (%@), %.1f mm from obstacles, %.1f mm from itself, strayed %.4f rad; nearest: %@", solved, unsolved.count,
      unsolved.joined(separator: ", "), 1000 * least, 1000 * ownLeast, rig.largestStray, worst)
  }

  /// Draws obstacles and a goal, goes there, and looks at every tick.
  mutating func fly(scene number: Int) throws {
    let items = scene()
    _ = try world.apply(.set(items), at: rig.snapshot.position)
    let solids = items.map(\.exact)
    let surroundings = try #require(world.surroundings)
    var reason = "none"
    for _ in 0..<20 {
      let motion = goal()
      var patience = 20_000
      func isTired() -> Bool {
        patience -= 1
        return patience < 0
      }
      let trajectory: Trajectory
      do throws(ServiceError) {
        trajectory = try rig.planner.trajectory(for: motion, from: rig.snapshot.setpoint, in: surroundings, isVoid: { false }, isLate: isTired)
      } catch {
        reason = error.why ?? error.kind.rawValue
        guard reason == "goal-in-collision" || reason == "limits" || reason == "reach" || reason == "orientation" else { break }
        continue
      }
      try fly(trajectory, among: solids, scene: number)
      solved += 1
      return
    }
    unsolved.append(reason)
  }

  private mutating func fly(_ trajectory: Trajectory, among solids: [ExactSolid], scene: Int) throws {
    _ = rig.arm.post(.follow(trajectory, job: 1))
    var (least, ownLeast, worst) = (self.least, self.ownLeast, self.worst)
    let (rig, exact) = (rig, exact)
    rig.run(
      trajectory.duration + 0.2,
      eachTick: {
        let gap = exact.gap(at: rig.truth, to: solids, enough: least)
        if gap < least { (least, worst) = (gap, "scene \(scene) at \(rig.truth.map { $0 })") }
        ownLeast = exact.ownGap(at: rig.truth, enough: ownLeast)
      })
    (self.least, self.ownLeast, self.worst) = (least, ownLeast, worst)
    #expect((rig.snapshot.setpoint - trajectory.end).maximumMagnitude < 1e-9, "scene \(scene): the motion did not end")
  }

  /// Joint positions, or the pose that they lead to.
  private mutating func goal() -> MotionRequest {
    let limits = rig.configuration.limits
    var q = JointVector((0..<6).map { Double.random(in: limits.lower[$0]...limits.upper[$0], using: &generator) })
    q[5] = Double.random(in: -Double.pi...Double.pi, using: &generator)
    guard Bool.random(using: &generator) else { return MotionRequest(goal: .joints(q), path: .jointMove) }
    let pose = rig.configuration.model.pose(at: q)
    return MotionRequest(goal: .pose(ToolPose(position: pose.translation, quaternion: pose.rotation.quaternion)), path: .jointMove)
  }

  /// Three to eight obstacles, none of which touches the arm as it stands.
  private mutating func scene() -> [SceneItem] {
    let count = Int.random(in: 3...8, using: &generator)
    var items: [SceneItem] = []
    while items.count < count {
      let item = SceneItem(obstacle: obstacle(named: "obstacle \(items.count)"))
      if exact.gap(at: rig.truth, to: [item.exact], enough: 0.03) >= 0.03 { items.append(item) }
    }
    return items
  }

  private mutating func obstacle(named name: String) -> Obstacle {
    func random(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
    let angle = random(-Double.pi...Double.pi), distance = random(0.15...0.5)
    let place = SIMD3(distance * cos(angle), distance * sin(angle), random(0...0.55))
    let turn = Rotation(roll: random(-3...3), pitch: random(-1.5...1.5), yaw: random(-3...3))
    let pose = Pose(rotation: turn, translation: place)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: return Obstacle(name: name, shape: .halfSpace)
    case 1:
      let outwards = Rotation(axis: [0, 0, 1], angle: angle) * Rotation(axis: [0, 1, 0], angle: -.pi / 2)
      let wall = Pose(rotation: outwards, translation: SIMD3(cos(angle), sin(angle), 0) * random(0.3...0.45))
      return Obstacle(name: name, shape: .halfSpace, baseFromObstacle: wall)
    case 2, 3: return Obstacle(name: name, shape: .sphere(radius: random(0.02...0.08)), baseFromObstacle: pose)
    case 4, 5: return Obstacle(name: name, shape: .capsule(radius: random(0.01...0.05), length: random(0.05...0.4)), baseFromObstacle: pose)
    case 6: return Obstacle(name: name, shape: .cylinder(radius: random(0.02...0.06), length: random(0.05...0.4)), baseFromObstacle: pose)
    default:
      let half = SIMD3(random(0.02...0.1), random(0.02...0.1), random(0.005...0.1))
      return Obstacle(name: name, shape: .box(halfExtents: half), baseFromObstacle: pose)
    }
  }
}

extension SceneItem {
  /// The same, to the tests' own geometry.
  fileprivate var exact: ExactSolid {
    let shape: ExactSolid.Shape
    switch obstacle.shape {
    case .sphere(let radius): shape = .sphere(radius: radius)
    case .box(let half): shape = .box(half: half)
    case .capsule(let radius, let length): shape = .capsule(radius: radius, half: length / 2)
    case .cylinder(let radius, let length): shape = .cylinder(radius: radius, half: length / 2)
    case .halfSpace: shape = .halfSpace
    case .points: preconditionFailure("no clouds here")
    }
    return ExactSolid(name: name, shape: shape, baseFromSolid: obstacle.baseFromObstacle)
  }
}
