internal import Kinematics

/// Spheres that move together and are checked against the same links.
struct SphereSet {
  struct Member {
    /// An index into the model's links.
    let link: Int
    /// In the set's frame.
    let sphere: ArmSpheres.Sphere
  }

  let frame: Int
  /// The links, as indices, that its members must not touch.
  let partners: Set<Int>
  var members: [Member]
  var links: Set<Int> { Set(members.map(\.link)) }

  /// Sorts the spheres of all links into sets.
  ///
  /// A sphere on the axis of its own body's joint does not move with that joint, and goes to the parent's frame.
  static func sets(of links: [CollisionModel.PlacedLink], pairs: [ArmSpheres.LinkPair], tree: ArmTree) -> [SphereSet] {
    var sets: [SphereSet] = []
    for (index, link) in links.enumerated() {
      let partners = Set(links.indices.filter { pairs.contains(ArmSpheres.LinkPair(link.name, links[$0].name)) })
      for sphere in link.spheres {
        let (frame, center) = tree.settled(sphere.center, in: link.frame)
        let member = Member(link: index, sphere: ArmSpheres.Sphere(center: center, radius: sphere.radius))
        if let set = sets.firstIndex(where: { $0.frame == frame && $0.partners == partners }) {
          sets[set].members.append(member)
        } else {
          sets.append(SphereSet(frame: frame, partners: partners, members: [member]))
        }
      }
    }
    return sets
  }

  /// The members in bunches of at most `size` neighbours, split across their longest extent again and again.
  func clusters(of size: Int = 8) -> [[Member]] {
    func split(_ members: [Member]) -> [[Member]] {
      guard members.count > size else { return [members] }
      var lower = members[0].sphere.center, upper = lower
      for member in members { (lower, upper) = (pointwiseMin(lower, member.sphere.center), pointwiseMax(upper, member.sphere.center)) }
      let extent = upper - lower
      let axis = (0..<3).max { extent[$0] < extent[$1] } ?? 0
      let sorted = members.sorted { $0.sphere.center[axis] < $1.sphere.center[axis] }
      let middle = sorted.count / 2
      return split(Array(sorted[..<middle])) + split(Array(sorted[middle...]))
    }
    return split(members)
  }
}

extension ArmTree {
  /// The frame nearest to the base that a point moves with, and the point in it.
  fileprivate func settled(_ point: SIMD3<Double>, in frame: Int) -> (frame: Int, point: SIMD3<Double>) {
    var (frame, point) = (frame, point)
    while frame > 0 {
      let body = bodies[frame - 1]
      guard !body.isSliding, body.joint == nil || abs(point.x) + abs(point.y) < 1e-9 else { break }
      let turned = body.joint == nil ? Rotation(axis: [0, 0, 1], angle: body.turn) * point : point
      point = body.parentFromJoint * turned
      frame = body.parent
    }
    return (frame, point)
  }
}
