/// Smooths a look while the eye rests, and lets go at once when it jumps: a saccade is no noise to be smoothed away.
///
/// A look far from the smoothed one is held back. If the next one agrees with it, the eye has jumped and smoothing begins anew there;
/// if not, it was a spike and is forgotten. After a jump the value is the mean of the looks since, until the One-Euro filter, which would
/// take long to forget the first of them, is the smoother of the two.
/// - Real-time: does not allocate, lock or throw.
/// - Source: the idea of starting anew is Špakov, *Comparison of eye movement filters used in HCI*, ETRA 2012.
public struct GazeFilter: Sendable {
  /// The eye is taken to have jumped beyond this [rad].
  public let jump: Double
  /// Whether the latest value began anew, after a jump or a silence.
  public private(set) var hasJumped = false
  private var x: OneEuroFilter
  private var y: OneEuroFilter
  private var lastTime: Double?
  private var heldBack: SIMD2<Double>?
  private var mean = SIMD2<Double>.zero
  private var count = 0.0

  /// - Parameter noise: Standard deviation of a sample while the eye rests, by axis [rad].
  public init(noise: Double, settings: OneEuroFilter.Settings = .gaze) {
    jump = max(Self.smallestJump, 4.5 * noise)
    x = OneEuroFilter(settings: settings)
    y = x
  }

  /// How far the smoothed look is behind one that moves slowly [s].
  public var delay: Double { max(x.delay, y.delay) }

  /// - Parameters:
  ///   - angle: Where the eye looks [rad].
  ///   - time: Increasing [s].
  /// - Returns: The smoothed angle; nil for a look that is held back until the next one tells what it was.
  public mutating func filter(_ angle: SIMD2<Double>, time: Double) -> SIMD2<Double>? {
    hasJumped = false
    guard let last = lastTime, time - last < Self.longestMemory, let smoothed else { return restart(with: [angle], time: time) }
    guard (angle - smoothed).length > jump else {
      heldBack = nil
      lastTime = time
      return smooth(angle, interval: time - last)
    }
    if let held = heldBack, (held - angle).length <= jump { return restart(with: [held, angle], time: time) }
    heldBack = angle
    return nil
  }

  private var smoothed: SIMD2<Double>? {
    guard let x = x.value, let y = y.value else { return nil }
    return SIMD2(x, y)
  }

  private mutating func smooth(_ angle: SIMD2<Double>, interval: Double) -> SIMD2<Double> {
    let filtered = SIMD2(x.filter(angle.x, interval: interval), y.filter(angle.y, interval: interval))
    count += 1
    mean += (angle - mean) / count
    guard count * interval < delay else { return filtered }
    x.set(to: mean.x)
    y.set(to: mean.y)
    return mean
  }

  private mutating func restart(with angles: [SIMD2<Double>], time: Double) -> SIMD2<Double> {
    x.reset()
    y.reset()
    heldBack = nil
    hasJumped = true
    lastTime = time
    count = Double(angles.count)
    mean = angles.reduce(.zero, +) / count
    return SIMD2(x.filter(mean.x, interval: 0), y.filter(mean.y, interval: 0))
  }

  /// Twice the jitter of good trackers [rad].
  private static let smallestJump = 1.0 * .pi / 180
  /// After a silence this long nothing is left to smooth with [s].
  private static let longestMemory = 0.3
}

extension OneEuroFilter.Settings {
  /// For looks in radians: still at 1° of noise, and without a lag that shows when the eye follows something.
  public static let gaze = OneEuroFilter.Settings(minimumCutoff: 1, beta: 1, speedCutoff: 1)
}
