/// Tells saccades by their speed (I-VT), sample by sample: the slope of a line through the latest looks.
public struct VelocityClassifier: Sendable {
  public let thresholds: MovementThresholds
  /// The present rest; nil in a saccade and until a rest is long enough to be one.
  public private(set) var fixation: Fixation?

  private var window: [(time: Double, angle: SIMD2<Double>)] = []
  private var rest: Fixation?
  private var count = 0.0

  public init(thresholds: MovementThresholds) { self.thresholds = thresholds }

  /// - Parameters:
  ///   - angle: Where the eye looks [rad].
  ///   - time: Increasing [s].
  public mutating func classify(_ angle: SIMD2<Double>, time: Double) -> EyeMovement {
    if let last = window.last, time - last.time > Self.longestGap { forget() }
    window.append((time, angle))
    while window.count > 3, time - window[1].time >= thresholds.velocityWindow { window.removeFirst() }
    guard slope(of: window[...]).length <= thresholds.velocity else {
      rest = nil
      fixation = nil
      count = 0
      return .saccade
    }
    var present = rest ?? Fixation(start: time, end: time, center: angle)
    count += 1
    present.end = time
    present.center += (angle - present.center) / count
    rest = present
    fixation = present.duration >= thresholds.minimumDuration ? present : nil
    return .fixation
  }

  /// Looks have been missing: what comes next is a new rest.
  public mutating func forget() {
    window.removeAll(keepingCapacity: true)
    rest = nil
    fixation = nil
    count = 0
  }

  private static let longestGap = 0.075
}

/// The velocity of a line through looks, by least squares [rad/s]; zero for fewer than two.
func slope(of looks: ArraySlice<(time: Double, angle: SIMD2<Double>)>) -> SIMD2<Double> {
  guard looks.count > 1 else { return .zero }
  let count = Double(looks.count)
  let meanTime = looks.reduce(0) { $0 + $1.time } / count
  let meanAngle = looks.reduce(SIMD2<Double>.zero) { $0 + $1.angle } / count
  var (covariance, variance) = (SIMD2<Double>.zero, 0.0)
  for look in looks {
    covariance += (look.time - meanTime) * (look.angle - meanAngle)
    variance += (look.time - meanTime) * (look.time - meanTime)
  }
  return variance > 0 ? covariance / variance : .zero
}
