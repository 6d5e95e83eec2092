internal import Foundation
internal import Kinematics

/// Takes from a stream of setpoints what would make a flexible mode swing, such as that of an elastic reducer.
///
/// The stream is put out several times, each time a share of it and half a swing of the mode later, so that the swings that the shares start
/// cancel. Costs that much delay, distorts nothing else: shares add up to 1, a constant stays a constant, and what kept limits keeps them.
/// With K = exp(−ζπ/√(1 − ζ²)), what of a swing is left half a period later:
///
///     ZV:  1/(1 + K), K/(1 + K)        ZVD:  1/(1 + K)², 2K/(1 + K)², K²/(1 + K)²
///
/// - Real-time: `shaped` does not allocate, lock or throw.
/// - Source: N. Singer and W. Seering, *Preshaping Command Inputs to Reduce System Vibration* (1990), eqs. 9 to 14; O. Smith, *Posicast Control
///   of Damped Oscillatory Systems* (1957).
public struct InputShaper: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Two impulses; nothing swings if frequency and damping are right. Delays by half a swing in all.
    case zeroVibration = "zv"
    /// Three impulses, a whole swing; also little if they are ten or twenty percent wrong.
    case zeroVibrationDerivative = "zvd"
  }

  /// The share of each impulse, and how many periods late it is, rarely a whole number.
  private var shares = SIMD4<Double>(), delays = SIMD4<Double>()
  private let impulses: Int
  /// The last setpoints, the newest at `newest`, in a ring that begins full of the first.
  private var ring: InlineArray<512, JointSetpoint>
  private var newest = 0
  private var isFilled = false

  /// How long the last impulse comes after the first [s].
  public let delay: Double

  /// - Parameters:
  ///   - frequency: Of the mode, undamped [Hz].
  ///   - damping: Its damping ratio, 0..<1.
  ///   - period: Between setpoints [s].
  /// - Precondition: `frequency` and `period` are positive, and ``fits(_:frequency:damping:period:)``.
  public init(_ kind: Kind, frequency: Double, damping: Double, period: Double) {
    precondition(Self.fits(kind, frequency: frequency, damping: damping, period: period), "the mode is too slow for the shaper's memory")
    let root = (1 - damping * damping).squareRoot()
    let halfSwing = 1 / (2 * frequency * root)
    let left = exp(-damping * .pi / root)
    switch kind {
    case .zeroVibration: shares = SIMD4(1, left, 0, 0) / (1 + left)
    case .zeroVibrationDerivative: shares = SIMD4(1, 2 * left, left * left, 0) / ((1 + left) * (1 + left))
    }
    impulses = kind == .zeroVibration ? 2 : 3
    delays = SIMD4(0, 1, 2, 3) * (halfSwing / period)
    delay = Double(impulses - 1) * halfSwing
    ring = InlineArray(repeating: JointSetpoint(restingAt: []))
  }

  /// Whether the last impulse comes no later than setpoints are remembered, 510 periods.
  public static func fits(_ kind: Kind, frequency: Double, damping: Double, period: Double) -> Bool {
    guard frequency > 0, period > 0, damping >= 0, damping < 1 else { return false }
    let halfSwing = 1 / (2 * frequency * (1 - damping * damping).squareRoot())
    return (kind == .zeroVibration ? 1 : 2) * halfSwing / period <= Double(capacity - 2)
  }

  /// The next setpoint of the shaped stream; the first is as if it had always been so.
  public mutating func shaped(_ setpoint: JointSetpoint) -> JointSetpoint {
    if !isFilled {
      for index in 0..<Self.capacity { ring[index] = JointSetpoint(restingAt: setpoint.position) }
      isFilled = true
    }
    newest = (newest + 1) % Self.capacity
    ring[newest] = setpoint
    var sum = JointSetpoint(restingAt: JointVector(count: setpoint.position.count))
    for impulse in 0..<impulses {
      // Between two setpoints, as far from each as the impulse is.
      let whole = delays[impulse].rounded(.down), part = delays[impulse] - whole
      sum.add(ring[place(Int(whole))], share: shares[impulse] * (1 - part))
      if part > 0 { sum.add(ring[place(Int(whole) + 1)], share: shares[impulse] * part) }
    }
    return sum
  }

  private static let capacity = 512

  private func place(_ periodsAgo: Int) -> Int { (newest + Self.capacity - periodsAgo) % Self.capacity }
}

extension JointSetpoint {
  fileprivate mutating func add(_ other: Self, share: Double) {
    position += share * other.position
    velocity += share * other.velocity
    acceleration += share * other.acceleration
  }
}
