/// A part of a person, as the biomechanical limits know it.
///
/// - Source: ISO/TS 15066:2016, tables A.2 and A.3, carried over into ISO 10218-2:2025, Annex A.
struct BodyRegion: Sendable, Equatable {
  let name: String
  /// What a clamping, quasi-static contact may press with [N].
  let quasiStaticForce: Double
  /// What a blow may [N]; to the head none is allowed beyond the quasi-static.
  let transientForce: Double
  /// [N/m]
  let stiffness: Double
  /// What moves with it when it is hit [kg].
  let mass: Double

  private init(_ name: String, _ quasiStaticForce: Double, factor: Double = 2, stiffness: Double, mass: Double) {
    self.name = name
    self.quasiStaticForce = quasiStaticForce
    transientForce = factor * quasiStaticForce
    self.stiffness = 1e3 * stiffness
    self.mass = mass
  }

  /// Stiffness in N/mm, as in the tables.
  static let all = [
    BodyRegion("skull, forehead", 130, factor: 1, stiffness: 150, mass: 4.4),
    BodyRegion("face", 65, factor: 1, stiffness: 75, mass: 4.4),
    BodyRegion("neck", 150, stiffness: 50, mass: 1.2),
    BodyRegion("back, shoulders", 210, stiffness: 35, mass: 40),
    BodyRegion("chest", 140, stiffness: 25, mass: 40),
    BodyRegion("abdomen", 110, stiffness: 10, mass: 40),
    BodyRegion("pelvis", 180, stiffness: 25, mass: 40),
    BodyRegion("upper arm, elbow", 150, stiffness: 30, mass: 3),
    BodyRegion("forearm, wrist", 160, stiffness: 40, mass: 2),
    BodyRegion("hand, fingers", 140, stiffness: 75, mass: 0.6),
    BodyRegion("thigh, knee", 220, stiffness: 50, mass: 75),
    BodyRegion("lower leg", 130, stiffness: 60, mass: 75),
  ]

  /// The speed at which a blow of a moving mass [kg] just stays within the region's limit [m/s].
  ///
  ///     v = F/√(μ k),      μ = (1/m_H + 1/m_R)⁻¹
  func greatestSpeed(hitBy mass: Double) -> Double {
    let reduced = 1 / (1 / self.mass + 1 / mass)
    return transientForce / (reduced * stiffness).squareRoot()
  }
}
