/// A robot as its URDF file describes it: links and the joints between them, which form one tree.
///
/// Kept as written, in the file's own frames; ``RobotModel`` makes a serial arm of it. Materials and what belongs to other programs (`<gazebo>`,
/// `<transmission>`, …) are passed over.
public struct URDF: Sendable, Equatable {
  public let name: String
  /// Where the text came from, as errors name it.
  public let file: String
  /// In the file's order.
  public let links: [Link]
  /// In the file's order.
  public let joints: [Joint]
  /// The one link that is no joint's child.
  public let rootLink: String

  /// Where something begins in the file, counted from 1.
  public struct Place: Sendable, Equatable {
    public let line: Int
    /// In characters; nil where only the line is known.
    public let column: Int?
  }

  public struct Link: Sendable, Equatable {
    public let name: String
    public let inertial: Inertial
    /// What it counts as where it might touch something.
    public let collisions: [Geometry]
    /// What it looks like.
    public let visuals: [Geometry]
    public let place: Place
    /// Of its <inertia>; the link's where it has none.
    public let inertiaPlace: Place
  }

  /// Mass and its distribution. A link without `<inertial>` has no mass.
  public struct Inertial: Sendable, Equatable {
    /// [kg]
    public let mass: Double
    /// Centre of mass, and the axes that `inertia` is expressed in.
    public let linkFromCenter: Pose
    /// About the centre of mass, in the axes of `linkFromCenter` [kg·m²].
    public let inertia: SymmetricMatrix3

    public init(mass: Double, linkFromCenter: Pose, inertia: SymmetricMatrix3) {
      (self.mass, self.linkFromCenter, self.inertia) = (mass, linkFromCenter, inertia)
    }

    public static let none = Inertial(mass: 0, linkFromCenter: .identity, inertia: .zero)
  }

  /// A shape of a link.
  public struct Geometry: Sendable, Equatable {
    public let name: String?
    public let linkFromShape: Pose
    public let shape: Shape
  }

  /// Solid shapes, centred at their frame's origin; lengths run along z. [m]
  public enum Shape: Sendable, Equatable {
    case box(size: SIMD3<Double>)
    case cylinder(radius: Double, length: Double)
    case sphere(radius: Double)
    /// `length` is the cylinder's alone: the half spheres at its ends come on top.
    case capsule(radius: Double, length: Double)
    case mesh(filename: String, scale: SIMD3<Double>)
  }

  public enum JointKind: String, Sendable, CaseIterable {
    case revolute, continuous, prismatic, fixed, floating, planar

    /// Of a joint's position, as sentences have it.
    var unit: String { self == .prismatic ? "m" : "rad" }
  }

  public struct Joint: Sendable, Equatable {
    public let name: String
    public let kind: JointKind
    public let parent, child: String
    public let parentFromJoint: Pose
    /// Unit vector in the joint's frame.
    public let axis: SIMD3<Double>
    public let limit: Limit
    public let mimic: Mimic?
    public let place: Place
  }

  /// What a joint may do; infinite where the file is silent. Zero or negative magnitudes count as silence:
  /// such files exist, such joints do not.
  public struct Limit: Sendable, Equatable {
    /// [rad; m for prismatic]. Infinite for continuous joints whatever the file says.
    public var lower = -Double.infinity, upper = Double.infinity
    /// Magnitudes: [rad/s; m/s] and its derivatives, [N·m; N].
    public var velocity = Double.infinity, acceleration = Double.infinity, jerk = Double.infinity, effort = Double.infinity

    /// No limits.
    public init() {}
  }

  /// This joint's position is `multiplier` × the other's + `offset`.
  public struct Mimic: Sendable, Equatable {
    public let joint: String
    public let multiplier: Double
    /// [rad; m for prismatic]
    public let offset: Double
  }
}

extension URDF {
  /// The joint that a joint follows in the end, and how: position = multiplier × the leader's + offset. A joint that follows none leads itself.
  public func leader(of joint: Joint) -> (name: String, multiplier: Double, offset: Double) {
    var leader = (name: joint.name, multiplier: 1.0, offset: 0.0), mimic = joint.mimic
    while let next = mimic {
      leader = (next.joint, leader.multiplier * next.multiplier, leader.offset + leader.multiplier * next.offset)
      mimic = joints.first { $0.name == next.joint }?.mimic
    }
    return leader
  }
}

extension URDF.Joint {
  /// Whether it turns or slides; what floats or moves in a plane is no arm's joint.
  public var isMovable: Bool { [.revolute, .continuous, .prismatic].contains(kind) }

  /// The child's frame in the joint's when the joint has moved [rad; m].
  public func motion(by position: Double) -> Pose {
    switch kind {
    case .revolute, .continuous: Pose(rotation: Rotation(axis: axis, angle: position))
    case .prismatic: Pose(translation: position * axis)
    case .fixed, .floating, .planar: .identity
    }
  }
}
