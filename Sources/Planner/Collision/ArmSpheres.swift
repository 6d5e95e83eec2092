/// The spheres that stand for an arm in collision checks, and which of its links may touch.
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

    public func contains(_ link: String) -> Bool { link == one || link == other }
  }

  public var links: [Link]
  public var selfCollisionPairs: [LinkPair]

  public init(links: [Link], selfCollisionPairs: [LinkPair]) {
    (self.links, self.selfCollisionPairs) = (links, selfCollisionPairs)
  }
}
