internal import Foundation

/// A blow: a force of one direction that rises and falls as half a sine, whatever the arm does.
///
///     F(t) = F₀ sin(πt/T),      ∫F dt = 2 F₀ T / π
public struct KnockForce: Contact {
  public let point: ContactPoint
  public var record = ContactRecord()
  /// Of unit length, in base axes.
  public let direction: SIMD3<Double>
  /// F₀ [N]
  public let peakForce: Double
  /// When it begins, and T [s].
  public let start, duration: Double

  /// - Parameter impulse: [N·s]
  /// - Precondition: `direction` is not zero, `duration` is positive.
  public init(at point: ContactPoint, impulse: Double, along direction: SIMD3<Double>, start: Double, duration: Double = 0.02) {
    let length = (direction * direction).sum().squareRoot()
    precondition(length > 0 && duration > 0)
    self.point = point
    self.direction = direction / length
    peakForce = .pi * impulse / (2 * duration)
    self.start = start
    self.duration = duration
  }

  /// [s]
  public var end: Double { start + duration }

  /// [N·s]
  public var impulse: Double { 2 * peakForce * duration / .pi }

  public func isPresent(from start: Double, to end: Double) -> Bool { end > self.start && start < self.end }

  public mutating func force(on motion: ContactPoint.Motion, at time: Double, for period: Double) -> SIMD3<Double> {
    // The mean over the part of the step in which it acts, so that the whole is the impulse to the last digit.
    let from = max(time, start) - start, to = min(time + period, end) - start
    let share = duration / .pi * (cos(.pi * from / duration) - cos(.pi * to / duration))
    return direction * (peakForce * share / period)
  }
}
