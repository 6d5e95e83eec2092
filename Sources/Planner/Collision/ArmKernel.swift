internal import Foundation
internal import Kinematics

/// An arm as the rake kernel reads it: flat arrays in single precision.
///
/// Spheres stand in three levels: groups that are tested against the same things, clusters of a few neighbours, and the spheres themselves, each level
/// with a sphere around the next.
struct ArmKernel: Sendable {
  struct Body: Sendable {
    var parent: Int32
    /// −1: none.
    var joint: Int32
    var isSliding: Bool
    var multiplier, offset: Float
    var turnSine, turnCosine: Float
    var shiftX, shiftY, shiftZ: Float
    var twistSine, twistCosine: Float
  }

  struct Ball: Sendable {
    var x, y, z, radius: Float

    init(_ sphere: ArmSpheres.Sphere) {
      (x, y, z) = (Float(sphere.center.x), Float(sphere.center.y), Float(sphere.center.z))
      radius = Float(sphere.radius)
    }
  }

  struct Group: Sendable {
    var ball: Ball
    var frame: Int32
    var firstCluster, endCluster: Int32
  }

  struct Cluster: Sendable {
    var ball: Ball
    var firstLeaf, endLeaf: Int32
  }

  /// Two groups that must not touch.
  struct Pair: Sendable {
    var one, other: Int32
  }

  private(set) var bodies: [Body] = []
  /// For each body on the base its joint's frame, for the others the identity.
  private(set) var baseFrames: [RakeFrame] = []
  private(set) var groups: [Group] = []
  private(set) var clusters: [Cluster] = []
  private(set) var leaves: [Ball] = []
  /// The link of each leaf, as an index into the model's links.
  private(set) var leafLinks: [Int] = []
  private(set) var pairs: [Pair] = []
  /// How far each group can get from a point that stands still.
  private(set) var reaches: [SpanBounds.Reach] = []
  /// How fast groups, and the second of each pair seen from the first, can move at most.
  private(set) var groupSpeeds = SpeedTable(), pairSpeeds = SpeedTable()

  /// - Parameter travel: For each joint, how far it may stand from zero.
  init(tree: ArmTree, links: [CollisionModel.PlacedLink], pairs listed: [ArmSpheres.LinkPair], travel: [Double]) {
    for body in tree.bodies { append(body) }
    let bounds = SpanBounds(tree: tree, travel: travel)
    let sets = SphereSet.sets(of: links, pairs: listed)
    for set in sets { append(set) }
    reaches = sets.map { bounds.reach(of: $0) }
    groupSpeeds = SpeedTable(sets.map { bounds.speeds(of: $0) })
    for (one, set) in sets.enumerated() {
      for other in 0..<one where !sets[other].partners.isDisjoint(with: set.links) { pairs.append(Pair(one: Int32(other), other: Int32(one))) }
    }
    pairSpeeds = SpeedTable(pairs.map { bounds.speeds(of: sets[Int($0.other)], seenFrom: sets[Int($0.one)]) })
  }

  private mutating func append(_ body: ArmTree.Body) {
    let turn = body.turn + (body.isSliding || body.joint == nil ? 0 : body.offset)
    bodies.append(
      Body(
        parent: Int32(body.parent), joint: Int32(body.joint ?? -1), isSliding: body.isSliding, multiplier: Float(body.multiplier),
        offset: Float(body.isSliding ? body.offset : turn), turnSine: Float(sin(turn)), turnCosine: Float(cos(turn)),
        shiftX: Float(body.shift.x), shiftY: Float(body.shift.y), shiftZ: Float(body.shift.z), twistSine: Float(sin(body.twist)),
        twistCosine: Float(cos(body.twist))))
    baseFrames.append(RakeFrame(body.baseFromJoint ?? .identity))
  }

  /// A group's spheres, in its frame.
  func leaves(of group: Group) -> [ArmSpheres.Sphere] {
    let first = Int(clusters[Int(group.firstCluster)].firstLeaf), end = Int(clusters[Int(group.endCluster) - 1].endLeaf)
    return leaves[first..<end].map { ball in
      ArmSpheres.Sphere(center: SIMD3(Double(ball.x), Double(ball.y), Double(ball.z)), radius: Double(ball.radius))
    }
  }

  private mutating func append(_ set: SphereSet) {
    let first = Int32(clusters.count)
    for cluster in set.clusters() {
      let firstLeaf = Int32(leaves.count)
      leaves += cluster.map { Ball($0.sphere) }
      leafLinks += cluster.map(\.link)
      clusters.append(
        Cluster(ball: Ball(ArmSpheres.Sphere(enclosing: cluster.map(\.sphere))), firstLeaf: firstLeaf, endLeaf: Int32(leaves.count)))
    }
    groups.append(
      Group(
        ball: Ball(ArmSpheres.Sphere(enclosing: set.members.map(\.sphere))), frame: Int32(set.frame), firstCluster: first,
        endCluster: Int32(clusters.count)))
  }
}

extension RakeFrame {
  /// The same in all lanes.
  init(_ pose: Pose) {
    self.init(
      x: RakeVector(SIMD3<Float>(pose.rotation.x)), y: RakeVector(SIMD3<Float>(pose.rotation.y)), z: RakeVector(SIMD3<Float>(pose.rotation.z)),
      origin: RakeVector(SIMD3<Float>(pose.translation)))
  }
}
