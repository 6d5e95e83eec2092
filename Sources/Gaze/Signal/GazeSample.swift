/// What an eye tracker said at one moment, as it said it: nothing here is filtered, checked or calibrated yet.
public struct GazeSample: Sendable, Equatable {
  /// What was looked at, in the tracker's own terms.
  public enum Look: Sendable, Equatable {
    /// Shares of the screen or camera image: (0, 0) is its upper left corner, (1, 1) its lower right one.
    case screen(SIMD2<Double>)
    /// A sight line in the tracker's frame: where it begins [m], and its direction, of any length.
    case ray(origin: SIMD3<Double>, direction: SIMD3<Double>)
  }

  /// By the sender's clock, whatever its zero [s].
  public var time: Double
  public var look: Look
  /// How sure the tracker is, 0 to 1.
  public var confidence: Double
  /// False while the tracker does not see the eyes.
  public var isValid: Bool

  public init(time: Double, look: Look, confidence: Double = 1, isValid: Bool = true) {
    self.time = time
    self.look = look
    self.confidence = confidence
    self.isValid = isValid
  }
}

extension GazeSample.Look {
  var isFinite: Bool {
    switch self {
    case .screen(let share): share.x.isFinite && share.y.isFinite
    case .ray(let origin, let direction): (origin + direction).sum().isFinite && direction != .zero
    }
  }

  /// Whether anything within sight can be meant: no farther from the screen than ten of it, no eye more than 10 m away.
  var isPlausible: Bool {
    switch self {
    case .screen(let share): max(abs(share.x), abs(share.y)) <= 10
    case .ray(let origin, let direction): origin.length <= 10 && (1e-9...1e9).contains(direction.length)
    }
  }
}
