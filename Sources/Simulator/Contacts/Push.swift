/// A steady force for a while: a hand that leans on the arm, whichever way that gives.
public struct Push: Contact {
  public let point: ContactPoint
  public var record = ContactRecord()
  /// In base axes [N].
  public let force: SIMD3<Double>
  /// [s]
  public let start, end: Double
  /// How long it takes to come and to go [s].
  public let ramp: Double

  /// - Parameters:
  ///   - force: In base axes [N].
  ///   - duration: With both ramps [s].
  public init(at point: ContactPoint, force: SIMD3<Double>, start: Double, duration: Double = .infinity, ramp: Double = 0) {
    precondition(duration >= 2 * ramp && ramp >= 0)
    self.point = point
    self.force = force
    self.start = start
    end = start + duration
    self.ramp = ramp
  }

  public func isPresent(from start: Double, to end: Double) -> Bool { end > self.start && start < self.end }

  public mutating func force(on motion: ContactPoint.Motion, at time: Double, for period: Double) -> SIMD3<Double> {
    let middle = time + 0.5 * period
    guard middle >= start, middle <= end else { return .zero }
    guard ramp > 0 else { return force }
    return min(1, (middle - start) / ramp, (end - middle) / ramp) * force
  }
}
