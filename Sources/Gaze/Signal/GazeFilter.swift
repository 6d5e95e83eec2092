/// Smooths a look while the eye rests, and lets go at once when it jumps: a saccade is no noise to be smoothed away.
///
/// A look far from the smoothed one is held back. If the next one agrees with it, the eye has jumped and smoothing begins anew there;
/// if not, it was a spike and is forgotten.
/// - Real-time: does not allocate, lock or throw.
/// - Source: the idea of starting anew is Špakov, *Comparison of eye movement filters used in HCI*, ETRA 2012.
public struct GazeFilter: Sendable {
  /// The eye is taken to have jumped beyond this [rad].
  public let jump: Double
  private var x: OneEuroFilter
  private var y: OneEuroFilter
  private var lastTime: Double?
  private var heldBack: (time: Double, angle: SIMD2<Double>)?

  /// - Parameter noise: Standard deviation of a sample while the eye rests, by axis [rad].
  public init(noise: Double, settings: OneEuroFilter.Settings = .gaze) {
    jump = max(Self.smallestJump, 4.5 * noise)
    x = OneEuroFilter(settings: settings)
    y = x
  }

  /// How far a slow signal is behind [s].
  public var delay: Double { max(x.delay, y.delay) }

  /// - Parameters:
  ///   - angle: Where the eye looks [rad].
  ///   - time: Increasing [s].
  /// - Returns: The smoothed angle; nil for a look that is held back until the next one tells what it was.
  public mutating func filter(_ angle: SIMD2<Double>, time: Double) -> SIMD2<Double>? {
    guard let last = lastTime, let smoothed else { return restart(at: angle, time: time) }
    guard (angle - smoothed).length > jump, time - last < Self.longestMemory else {
      if time - last >= Self.longestMemory { return restart(at: angle, time: time) }
      heldBack = nil
      lastTime = time
      return SIMD2(x.filter(angle.x, interval: time - last), y.filter(angle.y, interval: time - last))
    }
    guard let held = heldBack, (held.angle - angle).length <= jump else {
      heldBack = (time, angle)
      return nil
    }
    return restart(at: (held.angle + angle) / 2, time: time)
  }

  private var smoothed: SIMD2<Double>? {
    guard let x = x.value, let y = y.value else { return nil }
    return SIMD2(x, y)
  }

  private mutating func restart(at angle: SIMD2<Double>, time: Double) -> SIMD2<Double> {
    x.reset()
    y.reset()
    heldBack = nil
    lastTime = time
    return SIMD2(x.filter(angle.x, interval: 0), y.filter(angle.y, interval: 0))
  }

  /// Twice the jitter of good trackers [rad].
  private static let smallestJump = 1.0 * .pi / 180
  /// After a silence this long nothing is left to smooth with [s].
  private static let longestMemory = 0.3
}

extension OneEuroFilter.Settings {
  /// For looks in radians: still at 1° of noise, and without a lag that shows in saccades.
  public static let gaze = OneEuroFilter.Settings(minimumCutoff: 1, beta: 1, speedCutoff: 1)
}
