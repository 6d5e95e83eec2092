public import Kinematics

/// The spheres of an arm in double precision, placed one configuration at a time: what the control loop watches fences and obstacles with.
///
/// - Real-time: making one allocates, placing it does not.
public struct ArmOutline: Sendable {
  /// The sphere centres in the base, where the arm was placed last [m].
  public private(set) var centers: [SIMD3<Double>]
  /// [m]
  public let radii: [Double]
  /// Of each sphere, as an index into `linkNames`.
  public let links: [Int]
  public let linkNames: [String]
  /// Spheres of the arm that must not touch each other, as indices.
  public let partners: [(one: Int, other: Int)]
  /// The first so many links move.
  public let movingLinkCount: Int

  private let bodies: [Body]
  private let spheres: [(frame: Int, center: SIMD3<Double>)]
  private var frames: [Pose]
  private let baseFromRoot: Pose

  private struct Body: Sendable {
    let parent: Int
    let joint: Int
    let isSliding: Bool
    let multiplier, offset, turn: Double
    let parentFromJoint: Pose
  }

  /// Of nothing.
  public init() {
    (centers, radii, links, linkNames, partners, movingLinkCount) = ([], [], [], [], [], 0)
    (bodies, spheres, frames, baseFromRoot) = ([], [], [.identity], .identity)
  }

  /// - Parameters:
  ///   - base: The link that the base's frame is that of; it must not move.
  ///   - withFixedLinks: Whether the spheres of links that do not move are among them, after the others.
  public init(_ model: CollisionModel, base: String, withFixedLinks: Bool = false) {
    bodies = model.tree.bodies.map { body in
      Body(
        parent: body.parent, joint: body.joint ?? -1, isSliding: body.isSliding, multiplier: body.multiplier, offset: body.offset, turn: body.turn,
        parentFromJoint: body.parentFromJoint)
    }
    let moving = model.links.filter { $0.frame > 0 }
    let covered = moving + (withFixedLinks ? model.links.filter { $0.frame == 0 } : [])
    movingLinkCount = moving.count
    linkNames = covered.map(\.name)
    spheres = covered.flatMap { link in link.spheres.map { (link.frame, $0.center) } }
    radii = covered.flatMap { $0.spheres.map(\.radius) }
    links = covered.enumerated().flatMap { index, link in Array(repeating: index, count: link.spheres.count) }
    let apart = Set(model.pairs.checked), names = linkNames, links = links
    partners = links.indices.flatMap { other in
      (0..<other).filter { apart.contains(ArmSpheres.LinkPair(names[links[$0]], names[links[other]])) }.map { ($0, other) }
    }
    centers = Array(repeating: .zero, count: spheres.count)
    frames = Array(repeating: .identity, count: bodies.count + 1)
    baseFromRoot = (model.rootFromLink(base, at: JointVector(count: model.jointCount)) ?? .identity).inverse
    frames[0] = baseFromRoot
  }

  /// Puts the spheres where they are at `q` [rad; m].
  ///
  /// - Real-time: does not allocate, lock or throw. O(bodies + spheres).
  public mutating func place(at q: JointVector) {
    for index in bodies.indices {
      let body = bodies[index]
      let position = body.joint < 0 ? 0 : body.multiplier * q[body.joint] + body.offset
      let turned = Rotation(axis: [0, 0, 1], angle: body.isSliding ? body.turn : body.turn + position)
      let motion = Pose(rotation: turned, translation: [0, 0, body.isSliding ? position : 0])
      frames[index + 1] = frames[body.parent] * body.parentFromJoint * motion
    }
    for index in spheres.indices { centers[index] = frames[spheres[index].frame] * spheres[index].center }
  }
}
