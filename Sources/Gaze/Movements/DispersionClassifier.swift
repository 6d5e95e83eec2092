/// Tells fixations by how little looks are spread (I-DT), sample by sample: for trackers too slow or too noisy to measure velocities.
public struct DispersionClassifier: Sendable {
  public let thresholds: MovementThresholds
  /// The present fixation; nil while there is none.
  public private(set) var fixation: Fixation?

  private var window: [(time: Double, angle: SIMD2<Double>)] = []
  private var (lower, upper) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
  private var count = 0.0

  public init(thresholds: MovementThresholds) { self.thresholds = thresholds }

  /// - Parameters:
  ///   - angle: Where the eye looks [rad].
  ///   - time: Increasing [s].
  public mutating func classify(_ angle: SIMD2<Double>, time: Double) -> EyeMovement {
    if let last = window.last, time - last.time > Self.longestGap { forget() }
    window.append((time, angle))
    if var present = fixation {
      let (low, high) = (pointwiseMin(lower, angle), pointwiseMax(upper, angle))
      if (high - low).sum() <= thresholds.dispersion {
        (lower, upper) = (low, high)
        count += 1
        present.end = time
        present.center += (angle - present.center) / count
        fixation = present
        window.removeFirst()
        return .fixation
      }
      fixation = nil
      window.removeFirst(window.count - 1)
      return .saccade
    }
    shrink()
    guard time - window[0].time >= thresholds.minimumDuration else { return .saccade }
    let sum = window.reduce(SIMD2<Double>.zero) { $0 + $1.angle }
    count = Double(window.count)
    fixation = Fixation(start: window[0].time, end: time, center: sum / count)
    window.removeFirst(window.count - 1)
    return .fixation
  }

  /// Looks have been missing: what comes next is a new fixation.
  public mutating func forget() {
    window.removeAll(keepingCapacity: true)
    fixation = nil
    count = 0
  }

  /// Drops the oldest looks until the rest lie close enough together.
  private mutating func shrink() {
    while true {
      (lower, upper) = (window[0].angle, window[0].angle)
      for look in window.dropFirst() {
        lower = pointwiseMin(lower, look.angle)
        upper = pointwiseMax(upper, look.angle)
      }
      if (upper - lower).sum() <= thresholds.dispersion { return }
      window.removeFirst()
    }
  }

  private static let longestGap = 0.075
}
