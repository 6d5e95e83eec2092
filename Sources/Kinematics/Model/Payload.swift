/// What the tip carries: a tool, a workpiece, or both.
public struct Payload: Sendable, Equatable {
  /// [kg]
  public let mass: Double
  /// Centre of mass in the tip link's frame [m].
  public let center: SIMD3<Double>
  /// About the centre of mass, in the tip link's axes [kg·m²].
  public let inertia: SymmetricMatrix3

  /// - Throws: ``Impossible`` where no body has these figures.
  public init(mass: Double, center: SIMD3<Double> = .zero, inertia: SymmetricMatrix3 = .zero) throws(Impossible) {
    let moments = [inertia.xx, inertia.xy, inertia.xz, inertia.yy, inertia.yz, inertia.zz]
    guard mass.isFinite, center.x.isFinite, center.y.isFinite, center.z.isFinite, moments.allSatisfy(\.isFinite) else { throw .notFinite }
    guard mass >= 0 else { throw .negativeMass(mass) }
    guard inertia.isPositiveSemidefinite else { throw .negativeInertia }
    guard mass > 0 || inertia == .zero else { throw .inertiaWithoutMass }
    (self.mass, self.center, self.inertia) = (mass, center, inertia)
  }

  public enum Impossible: Error, Sendable, Equatable, CustomStringConvertible {
    case notFinite
    case negativeMass(Double)
    case negativeInertia
    case inertiaWithoutMass

    public var description: String {
      switch self {
      case .notFinite: "the payload's figures are not all finite numbers"
      case .negativeMass(let mass): "the payload has the negative mass \(mass)"
      case .negativeInertia: "the payload's inertia is impossible: about some axis it is negative"
      case .inertiaWithoutMass: "the payload has an inertia but no mass"
      }
    }

    /// What to do about it.
    public var suggestion: String {
      switch self {
      case .notFinite: "give plain numbers"
      case .negativeMass: "give the mass in kilograms"
      case .negativeInertia: "check the signs of ixx … izz; they are about the centre of mass, in kg·m²"
      case .inertiaWithoutMass: "give the mass in kilograms, or leave the inertia out"
      }
    }
  }
}
