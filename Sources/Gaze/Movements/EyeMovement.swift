/// What the eye does. Only fixations are looks at something.
public enum EyeMovement: String, Sendable, Hashable, CaseIterable {
  case fixation, saccade
  /// Following something that moves.
  case pursuit
}

/// One rest of the eye.
public struct Fixation: Sendable, Equatable {
  /// When it began, and its latest sample [s].
  public var start: Double
  public var end: Double
  /// The mean of its looks [rad].
  public var center: SIMD2<Double>

  public init(start: Double, end: Double, center: SIMD2<Double>) {
    self.start = start
    self.end = end
    self.center = center
  }

  public var duration: Double { end - start }
}
