/// Follows a tracker's slow drift by what people choose: who confirms a choice has looked at it.
public struct DriftCorrection: Sendable, Equatable {
  /// What is added to every look, in the plane's coordinates [m].
  public private(set) var offset = SIMD2<Double>.zero
  /// How much of what is seen to be off is taken over each time.
  public let gain: Double
  /// The offset gets no longer than this; where it would have to, calibrating anew is due [m].
  public let limit: Double

  public init(gain: Double = 0.3, limit: Double = 0.05) {
    self.gain = gain
    self.limit = limit
  }

  /// Whether the tracker has drifted farther than may be corrected.
  public var isExhausted: Bool { offset.length >= limit }

  /// - Parameters:
  ///   - target: What was chosen and confirmed.
  ///   - look: The mean look at it, this offset already added. A look farther away than `limit` tells nothing.
  public mutating func learn(target: SIMD2<Double>, look: SIMD2<Double>) {
    let missed = target - look
    guard missed.length <= limit else { return }
    offset += missed * gain
    if offset.length > limit { offset = offset.unit * limit }
  }
}
