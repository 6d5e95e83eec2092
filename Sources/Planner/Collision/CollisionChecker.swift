public import Kinematics

/// An arm among obstacles, ready to be checked eight configurations at a time.
///
/// A plain value: it may be used from any thread, and does not see later edits of the scene.
public struct CollisionChecker: Sendable {
  public let model: CollisionModel
  public let scene: CollisionScene

  let kernel: ArmKernel
  let boxes: [RoundedBox]
  /// For each group the boxes that it can reach, the nearest to its shoulder first: places in `boxes`, group after group.
  private(set) var nearby: [Int32] = []
  private(set) var nearbyEnds: [Int32] = [0]
  /// The base stands in an obstacle, so that no configuration is free.
  private(set) var isBuried = false

  public init(model: CollisionModel, scene: CollisionScene) {
    (self.model, self.scene) = (model, scene)
    kernel = model.kernel
    boxes = scene.obstacles.compactMap { RoundedBox($0) }
    for (group, reach) in zip(kernel.groups, kernel.reaches) {
      let distances = scene.obstacles.enumerated().map { (index: $0, distance: $1.distance(to: reach.anchor)) }
      let near = distances.filter { $0.distance < reach.radius }.sorted { $0.distance < $1.distance }.map { Int32($0.index) }
      if group.frame == 0 {
        isBuried = isBuried || touchesBase(group, near)
      } else {
        nearby += near
      }
      nearbyEnds.append(Int32(nearby.count))
    }
  }

  private func touchesBase(_ group: ArmKernel.Group, _ near: [Int32]) -> Bool {
    let leaves = kernel.leaves[Int(kernel.clusters[Int(group.firstCluster)].firstLeaf)..<Int(kernel.clusters[Int(group.endCluster) - 1].endLeaf)]
    return leaves.contains { leaf in
      near.contains { scene.obstacles[Int($0)].distance(to: [Double(leaf.x), Double(leaf.y), Double(leaf.z)]) < Double(leaf.radius) }
    }
  }

  /// For each configuration whether it is free of obstacles and of itself, and whether it is free of itself.
  ///
  /// - Precondition: each has one number a joint.
  public func flags(of configurations: [JointVector]) -> [(free: Bool, selfFree: Bool)] {
    let scratch = CheckScratch(for: kernel)
    var flags = [(free: Bool, selfFree: Bool)](repeating: (false, false), count: configurations.count)
    for start in stride(from: 0, to: configurations.count, by: 8) {
      for lane in 0..<8 {
        let q = configurations[min(start + lane, configurations.count - 1)]
        for joint in q.indices { scratch.configurations[joint][lane] = Float(q[joint]) }
      }
      kernel.place(in: scratch)
      let world = obstacleHits(scratch), own = selfHits(scratch)
      for lane in 0..<min(8, configurations.count - start) { flags[start + lane] = (!world[lane] && !own[lane], !own[lane]) }
    }
    return flags
  }
}

extension RoundedBox {
  init?(_ obstacle: Obstacle) {
    let pose = obstacle.baseFromObstacle
    switch obstacle.shape {
    case .sphere(let radius): self.init(baseFromBox: pose, halfExtents: .zero, rounding: radius)
    case .box(let halfExtents): self.init(baseFromBox: pose, halfExtents: halfExtents, rounding: 0)
    case .capsule(let radius, let length): self.init(baseFromBox: pose, halfExtents: [0, 0, length / 2], rounding: radius)
    case .cylinder, .halfSpace, .points: return nil
    }
  }
}
