/// A fixed plane that a point of the arm cannot well get through: a table, a wall, somebody who stands with the back to one.
///
///     F = k δ + d δ̇ along the plane's normal while the point is δ > 0 behind it, and never pulls
public struct WallContact: Contact {
  public let point: ContactPoint
  public var record = ContactRecord()
  /// On the plane, in base axes [m].
  public let place: SIMD3<Double>
  /// Of unit length, in base axes, out of the wall.
  public let normal: SIMD3<Double>
  /// [N/m], [N·s/m]
  public let stiffness, damping: Double
  /// When it is put there and when it is taken away [s].
  public let start, end: Double

  /// - Parameters:
  ///   - stiffness: [N/m]; 75 N/mm is a hand's on something hard, by ISO/TS 15066:2016, Annex A.
  ///   - damping: [N·s/m]
  /// - Precondition: `normal` is not zero.
  public init(
    at point: ContactPoint, place: SIMD3<Double>, normal: SIMD3<Double>, stiffness: Double = 75_000, damping: Double = 200, start: Double = 0,
    end: Double = .infinity
  ) {
    let length = (normal * normal).sum().squareRoot()
    precondition(length > 0)
    self.point = point
    self.place = place
    self.normal = normal / length
    self.stiffness = stiffness
    self.damping = damping
    self.start = start
    self.end = end
  }

  public func isPresent(from start: Double, to end: Double) -> Bool { end > self.start && start < self.end }

  public mutating func force(on motion: ContactPoint.Motion, at time: Double, for period: Double) -> SIMD3<Double> {
    let sinking = -(motion.velocity * normal).sum()
    let depth = -((motion.position - place) * normal).sum() + 0.5 * period * sinking
    guard depth > 0 else { return .zero }
    return max(0, stiffness * depth + damping * sinking) * normal
  }
}
