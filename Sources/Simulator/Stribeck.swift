internal import Foundation

/// Dry friction that falls from what it is at rest to what it is in motion.
///
///     F(v) = F_c (1 + (stiction − 1) exp(−(v/velocity)²))
///
/// - Source: Armstrong-Hélouvry, Dupont, Canudas de Wit, "A survey of models, analysis tools and compensation methods for the control of machines
///   with friction", Automatica 30(7), 1994, equation 7.
public struct Stribeck: Sendable, Equatable {
  /// Friction at rest over that in motion, at least 1.
  public var stiction: Double
  /// How fast a joint slides when the surplus has mostly gone [rad/s].
  public var velocity: Double

  public init(stiction: Double = 1.3, velocity: Double = 0.02) {
    precondition(stiction >= 1 && velocity > 0)
    self.stiction = stiction
    self.velocity = velocity
  }

  /// F(v)/F_c
  func share(at velocity: Double) -> Double {
    let ratio = velocity / self.velocity
    return 1 + (stiction - 1) * exp(-ratio * ratio)
  }
}
