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
  private(set) var solids = SceneSolids()
  /// The base stands in an obstacle, so that no configuration is free.
  private(set) var isBuried = false
  /// What it takes to check a rake, at most about: 1 in a simple scene.
  private(set) var work = 1

  /// - Parameters:
  ///   - margin: Room to keep to every obstacle [m].
  ///   - checksBase: Whether links that stand still count. They touch what they stand on.
  public init(model: CollisionModel, scene: CollisionScene, margin: Double = 0, checksBase: Bool = true) {
    (self.model, self.scene, self.margin, self.checksBase) = (model, scene, margin, checksBase)
    kernel = model.kernel
    for (group, reach) in zip(kernel.groups, kernel.reaches) {
      guard group.frame > 0 || checksBase else {
        solids.append([], margin: margin)
        continue
      }
      let distances = scene.obstacles.map { (obstacle: $0, distance: $0.distance(to: reach.anchor)) }
      let near = distances.filter { $0.distance < reach.radius + margin }.sorted { $0.distance < $1.distance }.map(\.obstacle)
      if group.frame == 0 {
        // What stands still is checked once.
        isBuried = isBuried || kernel.leaves(of: group).contains { leaf in near.contains { $0.distance(to: leaf.center) < leaf.radius + margin } }
      }
      solids.append(group.frame == 0 ? [] : near, margin: margin)
    }
    work += solids.work
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
