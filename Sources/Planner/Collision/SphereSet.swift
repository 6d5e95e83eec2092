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
  static func sets(of links: [CollisionModel.PlacedLink], pairs: [ArmSpheres.LinkPair]) -> [SphereSet] {
    var sets: [SphereSet] = []
    for (index, link) in links.enumerated() {
      let partners = Set(links.indices.filter { pairs.contains(ArmSpheres.LinkPair(link.name, links[$0].name)) })
      for sphere in link.spheres {
        let member = Member(link: index, sphere: sphere)
        if let set = sets.firstIndex(where: { $0.frame == link.frame && $0.partners == partners }) {
          sets[set].members.append(member)
        } else {
          sets.append(SphereSet(frame: link.frame, partners: partners, members: [member]))
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
