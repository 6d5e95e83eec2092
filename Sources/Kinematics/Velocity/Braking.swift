/// The highest speed to begin a period with from which braking still ends within a distance.
///
/// The speed falls by a·T from one period to the next, and each speed is held for its period, so that n periods take
///
///     n·v·T − a·T²·n(n − 1)/2 ≤ d,   n = ⌊(1 + √(1 + 8d/(a·T²)))/2⌋
///
/// Whoever keeps to it in one period can keep to it in the next: v(d − v·T) ≥ v(d) − a·T.
///
/// - Parameters:
///   - distance: What is left [rad; m]; 0 where it is negative.
///   - acceleration: With which to brake [rad/s²; m/s²].
///   - period: [s]
/// - Returns: [rad/s; m/s]; infinite for an infinite distance, 0 for what cannot brake.
/// - Real-time: does not allocate, lock or throw.
@inline(__always)
func brakingSpeed(distance: Double, acceleration: Double, period: Double) -> Double {
  guard distance > 0 else { return 0 }
  guard acceleration > 0 else { return 0 }
  guard distance.isFinite, acceleration.isFinite else { return distance / period }
  let step = acceleration * period, ratio = 8 * distance / (step * period)
  guard ratio.isFinite else { return 0 }
  let periods = max(1, ((1 + (1 + ratio).squareRoot()) / 2).rounded(.down))
  return distance / (periods * period) + step * (periods - 1) / 2
}

/// Joint velocities that are allowed: from `lower` to `upper`, joint by joint. Holds zero.
struct VelocityBox {
  var lower = JointScalars(repeating: 0)
  var upper = JointScalars(repeating: 0)

  @inline(__always)
  func clamped(_ value: Double, joint: Int) -> Double { min(max(value, lower[joint]), upper[joint]) }
}

extension VelocityKinematics {
  /// What the velocity limits allow, and the position limits, with `share` of the acceleration limits to brake with.
  @inline(__always)
  func box(at position: JointScalars, period: Double, share: Double, approachRate: Double = .infinity) -> VelocityBox {
    var box = VelocityBox()
    for joint in 0..<model.jointCount {
      let speed = speedLimit[joint], acceleration = share * accelerationLimit[joint]
      let above = upperLimit[joint] - position[joint] - Self.rounding * max(1, abs(position[joint]))
      let below = position[joint] - lowerLimit[joint] - Self.rounding * max(1, abs(position[joint]))
      box.upper[joint] = min(speed, approachSpeed(distance: above, acceleration: acceleration, period: period, rate: approachRate))
      box.lower[joint] = -min(speed, approachSpeed(distance: below, acceleration: acceleration, period: period, rate: approachRate))
    }
    return box
  }

  @inline(__always)
  private func approachSpeed(distance: Double, acceleration: Double, period: Double, rate: Double) -> Double {
    let stoppable = brakingSpeed(distance: distance, acceleration: acceleration, period: period)
    return distance > 0 ? min(stoppable, rate * distance) : stoppable
  }

  /// How far from its limits a joint stops, so that rounding never carries it over them.
  private static var rounding: Double { 1e-12 }
}
