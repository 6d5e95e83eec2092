/// The spheres that stand for an arm in collision checks, and which of its links must not touch.
///
/// Links and pairs that are not listed are not checked.
public struct ArmSpheres: Sendable, Equatable {
  public struct Sphere: Sendable, Equatable {
    /// In the link's frame [m].
    public var center: SIMD3<Double>
    /// [m]
    public var radius: Double

    public init(center: SIMD3<Double>, radius: Double) { (self.center, self.radius) = (center, radius) }
  }

  public struct Link: Sendable, Equatable {
    public var name: String
    public var spheres: [Sphere]

    public init(name: String, spheres: [Sphere]) { (self.name, self.spheres) = (name, spheres) }
  }

  /// Two links that must not touch. The order does not matter.
  public struct LinkPair: Sendable, Hashable {
    public let one, other: String

    public init(_ one: String, _ other: String) { (self.one, self.other) = one <= other ? (one, other) : (other, one) }
  }

  public var links: [Link]
  /// Found by sampling where nil.
  public var selfCollisionPairs: [LinkPair]?

  public init(links: [Link], selfCollisionPairs: [LinkPair]? = nil) {
    (self.links, self.selfCollisionPairs) = (links, selfCollisionPairs)
  }
}

/// Something that the arm carries: it moves with a link, and must touch neither obstacles nor the links that its carrier must not touch.
public struct Attachment: Sendable, Equatable {
  /// Unlike all links and other attachments.
  public var name: String
  /// The link that carries it.
  public var link: String
  /// In that link's frame.
  public var spheres: [ArmSpheres.Sphere]
  /// Links that it may touch all the same.
  public var mayTouch: Set<String>
  /// How far the spheres reach beyond the thing that they stand for, at most [m].
  public var overhang: Double

  public init(name: String, link: String, spheres: [ArmSpheres.Sphere], mayTouch: Set<String> = [], overhang: Double = 0) {
    (self.name, self.link, self.spheres, self.mayTouch, self.overhang) = (name, link, spheres, mayTouch, overhang)
  }
}
