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
  /// Which links are checked against each other, and which are left out.
  public let pairs: SelfCollisionPairs
  public private(set) var attachments: [Attachment] = []
  public var jointCount: Int { jointNames.count }
  /// The links that have spheres, then the attachments.
  public var coveredNames: [String] { links.map(\.name) }
  /// Of those the ones that never move: the base, and what is fixed to it.
  public var standingNames: [String] { links.filter { $0.frame == 0 }.map(\.name) }

  let tree: ArmTree
  /// The links that have spheres, then the attachments.
  private(set) var links: [PlacedLink]
  private(set) var kernel: ArmKernel

  struct PlacedLink: Sendable {
    let name: String
    let frame: Int
    /// In the frame of the body that carries the link.
    let spheres: [ArmSpheres.Sphere]
    /// Around them; nil around none.
    let ball: ArmSpheres.Sphere?
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
    (self.lower, self.upper) = (JointVector(lower), JointVector(upper))
    let tree = ArmTree(urdf: urdf, jointNames: names)
    self.tree = tree
    let links = spheres.links.map { PlacedLink($0.name, $0.spheres, at: tree.places[$0.name]) }
    self.links = links
    if let listed = spheres.selfCollisionPairs {
      var pairs = SelfCollisionPairs()
      pairs.checked = listed
      self.pairs = pairs
    } else {
      pairs = SelfCollisionPairs(
        links: links, parents: urdf.parents(among: Set(links.map(\.name))), tree: tree, lower: self.lower, upper: self.upper)
    }
    kernel = ArmKernel(tree: tree, links: links, pairs: pairs.checked, travel: zip(lower, upper).map { max(abs($0), abs($1)) })
  }

  /// The arm with something more in its hand, or on any other link.
  ///
  /// - Throws: ``CollisionModelError`` where the name is taken, a link unknown, or a sphere impossible.
  public func attaching(_ attachment: Attachment) throws(CollisionModelError) -> CollisionModel {
    let known = tree.places.keys.sorted()
    guard tree.places[attachment.name] == nil, !attachments.contains(where: { $0.name == attachment.name }) else {
      throw .nameTaken(attachment.name)
    }
    for name in [attachment.link] + attachment.mayTouch.sorted() where tree.places[name] == nil { throw .unknownLink(name, known: known) }
    try Self.check(attachment.spheres, of: attachment.name)
    var model = self
    model.attachments.append(attachment)
    model.links.append(PlacedLink(attachment.name, attachment.spheres, at: tree.places[attachment.link]))
    model.kernel = ArmKernel(tree: tree, links: model.links, pairs: model.allPairs, travel: zip(lower, upper).map { max(abs($0), abs($1)) })
    return model
  }

  /// The arm without something that was attached to it.
  public func detaching(_ name: String) throws(CollisionModelError) -> CollisionModel {
    guard let index = attachments.firstIndex(where: { $0.name == name }) else { throw .notAttached(name, known: attachments.map(\.name)) }
    var model = self
    model.attachments.remove(at: index)
    model.links.removeAll { $0.name == name }
    model.kernel = ArmKernel(tree: tree, links: model.links, pairs: model.allPairs, travel: zip(lower, upper).map { max(abs($0), abs($1)) })
    return model
  }

  /// The arm with other spheres for something that is attached to it.
  func replacing(_ attachment: Attachment) -> CollisionModel {
    guard let index = attachments.firstIndex(where: { $0.name == attachment.name }),
      let place = links.firstIndex(where: { $0.name == attachment.name })
    else { return self }
    var model = self
    model.attachments[index] = attachment
    model.links[place] = PlacedLink(attachment.name, attachment.spheres, at: tree.places[attachment.link])
    model.kernel = ArmKernel(tree: tree, links: model.links, pairs: model.allPairs, travel: zip(lower, upper).map { max(abs($0), abs($1)) })
    return model
  }

  /// The pairs of links, and those of attachments, which must not touch what their carriers must not touch.
  var allPairs: [ArmSpheres.LinkPair] {
    var all = pairs.checked
    for (place, attachment) in attachments.enumerated() {
      for pair in pairs.checked where pair.one == attachment.link || pair.other == attachment.link {
        let other = pair.one == attachment.link ? pair.other : pair.one
        if !attachment.mayTouch.contains(other) { all.append(ArmSpheres.LinkPair(attachment.name, other)) }
        for earlier in attachments[..<place] where earlier.link == other { all.append(ArmSpheres.LinkPair(attachment.name, earlier.name)) }
      }
    }
    return all
  }
}

extension CollisionModel.PlacedLink {
  fileprivate init(_ name: String, _ spheres: [ArmSpheres.Sphere], at place: ArmTree.Place?) {
    let place = place ?? ArmTree.Place(frame: 0, frameFromLink: .identity)
    let placed = spheres.map { $0.placed(in: place.frameFromLink) }
    self.init(
      name: name, frame: place.frame, spheres: placed, ball: placed.isEmpty ? nil : ArmSpheres.Sphere(enclosing: placed, rounds: 60))
  }
}

extension CollisionModel {
  private static func joints(named names: [String], in urdf: URDF) throws(CollisionModelError) -> [URDF.Joint] {
    guard names.count <= JointVector.capacity else { throw .tooManyJoints(names.count) }
    guard !names.isEmpty else { throw .noJoints }
    var joints: [URDF.Joint] = []
    for (index, name) in names.enumerated() {
      guard !names[..<index].contains(name) else { throw .repeatedJoint(name) }
      guard let joint = urdf.joints.first(where: { $0.name == name }) else {
        throw .unknownJoint(name, known: urdf.joints.filter(\.isMovable).map(\.name))
      }
      guard joint.isMovable, joint.mimic == nil else { throw .unusableJoint(name, kind: joint.isMovable ? "a follower" : joint.kind.rawValue) }
      joints.append(joint)
    }
    return joints
  }

  private static func check(_ spheres: ArmSpheres, urdf: URDF) throws(CollisionModelError) {
    var seen: Set<String> = []
    let known = urdf.links.map(\.name), all = Set(known)
    for link in spheres.links {
      guard all.contains(link.name) else { throw .unknownLink(link.name, known: known) }
      guard seen.insert(link.name).inserted else { throw .repeatedLink(link.name) }
      try check(link.spheres, of: link.name)
    }
    for pair in spheres.selfCollisionPairs ?? [] {
      for name in [pair.one, pair.other] where !all.contains(name) { throw .unknownLink(name, known: known) }
      guard pair.one != pair.other else { throw .pairWithItself(pair.one) }
    }
  }

  private static func check(_ spheres: [ArmSpheres.Sphere], of link: String) throws(CollisionModelError) {
    for (index, sphere) in spheres.enumerated() {
      guard sphere.center.x.isFinite, sphere.center.y.isFinite, sphere.center.z.isFinite else { throw .notFinite(link: link, sphere: index) }
      guard sphere.radius > 0, sphere.radius.isFinite else { throw .impossibleRadius(sphere.radius, link: link, sphere: index) }
    }
  }
}

extension URDF {
  /// For each of some links the nearest of them on its way to the root.
  fileprivate func parents(among links: Set<String>) -> [String: String] {
    let parents = Dictionary(joints.map { ($0.child, $0.parent) }) { first, _ in first }
    return links.reduce(into: [:]) { result, link in
      var ancestor = parents[link]
      while let name = ancestor, !links.contains(name) { ancestor = parents[name] }
      result[link] = ancestor
    }
  }
}

extension CollisionModel {
  /// All links of the URDF, in alphabetical order; anything may be attached to them.
  public var linkNames: [String] { tree.places.keys.sorted() }

  /// Where a link stands in the root's frame; nil where there is none of that name.
  public func rootFromLink(_ name: String, at q: JointVector) -> Pose? {
    tree.places[name].map { tree.frames(at: q)[$0.frame] * $0.frameFromLink }
  }
}
