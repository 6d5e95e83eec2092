internal import Foundation

/// How a joint swings on its elastic reducer, and how setpoints are shaped so that it does not.
public struct VibrationMode: Sendable, Equatable {
  /// Undamped [Hz], positive.
  public let frequency: Double
  /// Share of critical damping, 0..<1.
  public let damping: Double
  public let shaper: Shaper

  public enum Shaper: String, Sendable, CaseIterable {
    /// Two impulses: nothing swings if the frequency is right. The second comes half a swing later.
    case zeroVibration = "zv"
    /// Three impulses over a whole swing: hardly anything swings if the frequency is ten or twenty percent wrong, either.
    case zeroVibrationDerivative = "zvd"
  }

  /// - Precondition: As said of the values.
  public init(frequency: Double, damping: Double = 0, shaper: Shaper) {
    precondition(frequency > 0 && damping >= 0 && damping < 1, "a mode swings")
    self.frequency = frequency
    self.damping = damping
    self.shaper = shaper
  }

  /// [s]
  private var halfSwing: Double { 1 / (2 * frequency * (1 - damping * damping).squareRoot()) }

  /// Shares that add up to 1, and how late each is [s].
  var impulses: [(share: Double, delay: Double)] {
    let left = exp(-damping * .pi / (1 - damping * damping).squareRoot())
    let weights = shaper == .zeroVibration ? [1, left] : [1, 2 * left, left * left]
    let sum = weights.reduce(0, +)
    return weights.enumerated().map { ($1 / sum, Double($0) * halfSwing) }
  }

  /// By how much a shaped stream is late on average [s].
  var meanDelay: Double { impulses.reduce(0) { $0 + $1.share * $1.delay } }
}
