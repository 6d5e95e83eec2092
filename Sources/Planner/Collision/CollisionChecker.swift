public import Kinematics

/// An arm among obstacles, ready to be checked eight configurations at a time.
///
/// A plain value: it may be used from any thread, and does not see later edits of the scene.
public struct CollisionChecker: Sendable {
  public let model: CollisionModel
  public let scene: CollisionScene
  /// So much room is kept to every obstacle [m]; what the arm carries out is never quite what was planned.
  public let margin: Double
  /// Whether links that stand still count.
  public let checksBase: Bool

  let kernel: ArmKernel
  let solids: SceneSolids
  /// The base stands in an obstacle, so that no configuration is free.
  let isBuried: Bool
  /// Whether it was built to its end. If not, no configuration is free.
  public let isComplete: Bool
  /// What it takes to check a rake, at most about: 1 in a simple scene.
  private(set) var work = 1

  /// - Parameters:
  ///   - margin: Room to keep to every obstacle [m].
  ///   - checksBase: Whether links that stand still count. They touch what they stand on.
  ///   - shouldStop: Asked every 50 µs or so; ends the work, after which nothing is free.
  public init(
    model: CollisionModel, scene: CollisionScene, margin: Double = 0, checksBase: Bool = true, shouldStop: () -> Bool = { false }
  ) {
    (self.model, self.scene, self.margin, self.checksBase) = (model, scene, margin, checksBase)
    kernel = model.kernel
    (solids, isBuried, isComplete) = Interruption.whenever(shouldStop) { interruption in
      guard let found = Self.solids(around: model.kernel, in: scene, margin: margin, checksBase, interruption) else {
        return (SceneSolids(), true, false)
      }
      return (found.solids, found.isBuried, true)
    }
    work += solids.work
  }

  /// What each group can reach, and whether the base stands in an obstacle; nil after an interruption.
  private static func solids(
    around kernel: ArmKernel, in scene: CollisionScene, margin: Double, _ checksBase: Bool, _ interruption: Interruption
  ) -> (solids: SceneSolids, isBuried: Bool)? {
    var solids = SceneSolids(), isBuried = false
    for (group, reach) in zip(kernel.groups, kernel.reaches) {
      guard group.frame > 0 || checksBase else {
        solids.append([], margin: margin)
        continue
      }
      let ball = ArmSpheres.Sphere(center: reach.anchor, radius: reach.radius)
      var near: [(obstacle: Int, distance: Double)] = []
      for obstacle in scene.obstacles.indices {
        guard !interruption.comes() else { return nil }
        guard ball.gap(to: scene.balls[obstacle]) < margin else { continue }
        let distance = scene.obstacles[obstacle].distance(to: reach.anchor)
        if distance < reach.radius + margin { near.append((obstacle, distance)) }
      }
      let obstacles = near.sorted { $0.distance < $1.distance }.map { scene.obstacles[$0.obstacle] }
      if group.frame == 0 {
        // What stands still is checked once.
        let leaves = kernel.leaves(of: group)
        isBuried = isBuried || leaves.contains { leaf in obstacles.contains { $0.distance(to: leaf.center) < leaf.radius + margin } }
      }
      solids.append(group.frame == 0 ? [] : obstacles, margin: margin)
    }
    return (solids, isBuried)
  }

  /// For each configuration whether it is free of obstacles and of itself, and whether it is free of itself.
  ///
  /// - Precondition: each has one number a joint.
  public func flags(of configurations: [JointVector]) -> [(free: Bool, selfFree: Bool)] {
    let scratch = CheckScratch(for: kernel)
    var flags: [(free: Bool, selfFree: Bool)] = []
    flags.reserveCapacity(configurations.count)
    for start in stride(from: 0, to: configurations.count, by: 8) {
      let end = min(start + 8, configurations.count)
      for lane in 0..<8 { scratch.rows[lane] = Rake(configurations[min(start + lane, end - 1)].lanes) }
      scratch.transposeRows()
      kernel.place(in: scratch)
      let own = selfHits(scratch), world = obstacleHits(scratch, where: .!own)
      for lane in 0..<end - start { flags.append((!world[lane] && !own[lane], !own[lane])) }
    }
    return flags
  }
}
