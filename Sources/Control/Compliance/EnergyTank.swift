internal import Kinematics

/// The energy that a reaction may still put into the arm's motion [J].
///
/// What the motors do on the arm, beyond carrying its weight and overcoming its friction, is drawn from the tank; what they take out of its motion is
/// put back, up to the tank's size. So the arm never moves with more energy than the knock gave it and the tank held.
///
///     Ė = −q̇ᵀ (τ_m − g − f)
///
/// - Source: F. Ferraguti, C. Secchi, C. Fantuzzi, *A tank-based approach to impedance control with variable stiffness* (ICRA 2013).
struct EnergyTank: Sendable {
  private(set) var level: Double
  let capacity: Double

  init(capacity: Double) {
    self.capacity = capacity
    level = capacity
  }

  /// Fills the tank, as far as it is not filled farther.
  mutating func refill(upTo amount: Double = .infinity) { level = min(capacity, max(level, amount)) }

  /// - Parameters:
  ///   - effort: Of the motors beyond weight and friction [N·m].
  mutating func pay(for effort: JointVector, velocity: JointVector, period: Double) {
    level = min(capacity, level - effort.dot(velocity) * period)
  }

  /// How fast a motion that draws on the tank may go on, 0…1: slower as the tank runs dry. What is left then carries next to no energy, which goes
  /// with the square, and keeps an arm whose friction is not as its model has it from standing still for ever.
  var pace: Double { min(1, max(Self.leastPace, level / (0.2 * capacity))) }

  private static let leastPace = 0.2
}
