internal import Foundation
internal import Kinematics

/// An arm as the rake kernel reads it: flat arrays in single precision.
///
/// Spheres stand in three levels: groups that are tested against the same things, clusters of a few neighbours, and the spheres themselves,
/// each level
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
    /// The twist is a right angle, as in most arms.
    var isSquare: Bool
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
    /// How far the spheres' centres are from the ball's at most [m].
    var spread: Float
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
    /// The last frame on the way from the base to either: what it does moves neither from the other.
    var commonFrame: Int32
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
  /// Bounds on how fast groups, and the two of each pair against each other, can move.
  let groupLevers, pairLevers: LeverTable

  /// - Parameter travel: For each joint, how far it may stand from zero.
  init(tree: ArmTree, links: [CollisionModel.PlacedLink], pairs listed: [ArmSpheres.LinkPair], travel: [Double]) {
    let bounds = SpanBounds(tree: tree, travel: travel), bodyCount = tree.bodies.count
    let sets = SphereSet.sets(of: links, pairs: listed)
    reaches = sets.map { bounds.reach(of: $0) }
    groupLevers = LeverTable(sets.map { bounds.levers(of: $0) }, bodyCount: bodyCount)
    var relative: [[Double]] = []
    for (other, set) in sets.enumerated() {
      for (one, partner) in sets[..<other].enumerated() where !partner.partners.isDisjoint(with: set.links) {
        let common = bounds.commonFrame(of: partner, set)
        pairs.append(Pair(one: Int32(one), other: Int32(other), commonFrame: Int32(common)))
        relative.append(zip(bounds.levers(of: partner, seenFrom: common), bounds.levers(of: set, seenFrom: common)).map { $0 + $1 })
      }
    }
    pairLevers = LeverTable(relative, bodyCount: bodyCount)
    for body in tree.bodies { append(body) }
    for set in sets { append(set) }
  }

  private mutating func append(_ body: ArmTree.Body) {
    let turn = body.turn + (body.isSliding || body.joint == nil ? 0 : body.offset)
    bodies.append(
      Body(
        parent: Int32(body.parent), joint: Int32(body.joint ?? -1), isSliding: body.isSliding, multiplier: Float(body.multiplier),
        offset: Float(body.isSliding ? body.offset : turn), turnSine: Float(sin(turn)), turnCosine: Float(cos(turn)),
        shiftX: Float(body.shift.x), shiftY: Float(body.shift.y), shiftZ: Float(body.shift.z), twistSine: Float(sin(body.twist)),
        twistCosine: Float(cos(body.twist)), isSquare: abs(cos(body.twist)) < 1e-9))
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
    let ball = ArmSpheres.Sphere(enclosing: set.members.map(\.sphere))
    let offsets = set.members.map { $0.sphere.center - ball.center }
    groups.append(
      Group(
        ball: Ball(ball), spread: Float(offsets.map { dot($0, $0).squareRoot() }.max() ?? 0) * 1.000_001, frame: Int32(set.frame),
        firstCluster: first,
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
