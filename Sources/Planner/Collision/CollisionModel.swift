internal import Foundation
public import Kinematics

/// An arm as collision checks see it: its joints, its spheres on the bodies that carry them, and the pairs of links that must not touch.
///
/// Made at start-up from any URDF. A plain value; what is attached at run time makes another one.
public struct CollisionModel: Sendable {
  /// The joints that move, in the configuration's order.
  public let jointNames: [String]
  /// Where the joints may stand [rad; m].
  public let lower, upper: JointVector
  public let spheres: ArmSpheres
  public var jointCount: Int { jointNames.count }

  let tree: ArmTree
  /// Every link that has spheres, in the order of `spheres.links`.
  let links: [PlacedLink]
  let kernel: ArmKernel

  struct PlacedLink: Sendable {
    let name: String
    let frame: Int
    /// In the frame of the body that carries the link.
    let spheres: [ArmSpheres.Sphere]
  }

  /// - Parameters:
  ///   - jointNames: The joints that move, in the configuration's order; all movable ones from the root outwards where nil.
  ///   - limits: Lower and upper limit of each joint; the URDF's where nil.
  /// - Throws: ``CollisionModelError`` where a name is unknown, a number impossible, or there are more than eight joints.
  public init(
    urdf: URDF, spheres: ArmSpheres, jointNames: [String]? = nil, limits: (lower: [Double], upper: [Double])? = nil
  ) throws(CollisionModelError) {
    let names = jointNames ?? urdf.joints.filter { $0.isMovable && $0.mimic == nil }.map(\.name)
    let joints = try Self.joints(named: names, in: urdf)
    try Self.check(spheres, urdf: urdf)
    let lower = limits?.lower ?? joints.map(\.limit.lower), upper = limits?.upper ?? joints.map(\.limit.upper)
    for (given, what) in [(lower, "lower"), (upper, "upper")] where given.count != names.count {
      throw .wrongLimitCount(what, given: given.count, expected: names.count)
    }
    for (joint, name) in names.enumerated() where !(lower[joint] <= upper[joint]) {
      throw .upsideDownLimits(joint: name, lower: lower[joint], upper: upper[joint])
    }
    self.jointNames = names
    (self.lower, self.upper, self.spheres) = (JointVector(lower), JointVector(upper), spheres)
    let tree = ArmTree(urdf: urdf, jointNames: names)
    self.tree = tree
    links = spheres.links.map { link in
      let place = tree.places[link.name] ?? ArmTree.Place(frame: 0, frameFromLink: .identity)
      return PlacedLink(
        name: link.name, frame: place.frame,
        spheres: link.spheres.map { ArmSpheres.Sphere(center: place.frameFromLink * $0.center, radius: $0.radius) })
    }
    kernel = ArmKernel(tree: tree, links: links, pairs: spheres.selfCollisionPairs, travel: zip(lower, upper).map { max(abs($0), abs($1)) })
  }

  private static func joints(named names: [String], in urdf: URDF) throws(CollisionModelError) -> [URDF.Joint] {
    guard names.count <= JointVector.capacity else { throw .tooManyJoints(names.count) }
    guard !names.isEmpty else { throw .noJoints }
    var joints: [URDF.Joint] = []
    for (index, name) in names.enumerated() {
      guard !names[..<index].contains(name) else { throw .repeatedJoint(name) }
      guard let joint = urdf.joints.first(where: { $0.name == name }) else {
        throw .unknownJoint(name, known: urdf.joints.filter(\.isMovable).map(\.name))
      }
      guard joint.isMovable, joint.mimic == nil else { throw .unusableJoint(name, kind: joint.mimic == nil ? joint.kind.rawValue : "a follower") }
      joints.append(joint)
    }
    return joints
  }

  private static func check(_ spheres: ArmSpheres, urdf: URDF) throws(CollisionModelError) {
    var known: Set<String> = []
    let all = Set(urdf.links.map(\.name))
    for link in spheres.links {
      guard all.contains(link.name) else { throw .unknownLink(link.name, known: urdf.links.map(\.name)) }
      guard known.insert(link.name).inserted else { throw .repeatedLink(link.name) }
      for (index, sphere) in link.spheres.enumerated() {
        guard sphere.center.x.isFinite, sphere.center.y.isFinite, sphere.center.z.isFinite else { throw .notFinite(link: link.name, sphere: index) }
        guard sphere.radius > 0, sphere.radius.isFinite else { throw .impossibleRadius(sphere.radius, link: link.name, sphere: index) }
      }
    }
    for pair in spheres.selfCollisionPairs {
      for name in [pair.one, pair.other] where !all.contains(name) { throw .unknownLink(name, known: urdf.links.map(\.name)) }
      guard pair.one != pair.other else { throw .pairWithItself(pair.one) }
    }
  }
}
