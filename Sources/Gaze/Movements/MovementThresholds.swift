/// What tells a resting eye from a jumping one, set by how noisy the tracker is and how often it measures: a threshold that suits a
/// laboratory's tracker takes a webcam's every second sample for a saccade.
///
/// - Source: Salvucci, Goldberg, *Identifying fixations and saccades*, ETRA 2000; that the dispersion must suit the noise: Blignaut,
///   Beelders, *The effect of fixational eye movements on fixation identification*, 2009.
public struct MovementThresholds: Sendable, Equatable {
  /// A faster eye is in a saccade [rad/s].
  public var velocity: Double
  /// Over which velocities are measured [s].
  public var velocityWindow: Double
  /// A fixation's smoothed looks lie in a rectangle whose sides add up to at most this [rad].
  public var dispersion: Double
  /// A rest shorter than this is none [s].
  public var minimumDuration: Double

  public init(velocity: Double, velocityWindow: Double, dispersion: Double, minimumDuration: Double = 0.1) {
    self.velocity = velocity
    self.velocityWindow = velocityWindow
    self.dispersion = dispersion
    self.minimumDuration = minimumDuration
  }

  /// The window is as short as leaves velocities a standard deviation of 6 °/s, from 12 to 100 ms; a line through n looks of noise σ has
  /// a slope with the variance 12 σ² rate² / n³.
  ///
  /// - Parameters:
  ///   - noise: Standard deviation of a sample while the eye rests, by axis [rad].
  ///   - rate: Samples in a second [Hz].
  public init(noise: Double, rate: Double) {
    let wanted = Self.velocityNoise
    let looks = max(3, cubeRoot(12 * (noise * rate / wanted) * (noise * rate / wanted)).rounded(.up))
    velocityWindow = min(max((looks - 1) / rate, 0.012), 0.1)
    let used = max(3, (velocityWindow * rate).rounded() + 1)
    let left = noise * rate * (12 / (used * used * used)).squareRoot()
    velocity = max(Self.slowestSaccade, 5 * left)
    dispersion = max(Self.smallestDispersion, 5 * noise)
    minimumDuration = 0.1
  }

  private static let velocityNoise = 6.0 * .pi / 180
  private static let slowestSaccade = 30.0 * .pi / 180
  /// What the eye itself strays while it rests.
  private static let smallestDispersion = 1.0 * .pi / 180
}

/// By Newton's method, from above.
private func cubeRoot(_ value: Double) -> Double {
  guard value > 0 else { return 0 }
  var root = max(1, value)
  for _ in 0..<100 {
    let next = (2 * root + value / (root * root)) / 3
    if next >= root { return root }
    root = next
  }
  return root
}
