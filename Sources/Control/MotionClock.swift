internal import Foundation
internal import Kinematics
internal import Planner

/// The time along a motion. It runs at the rate that is wanted: 1 as planned, 0 to pause, less or more to go slower or faster, negative to go back.
///
/// The arm stays on its path whatever the clock does, because only time is scaled: with q(τ) the motion as planned and σ = τ̇ the clock's rate,
///
///     q̇ = σ q′,   q̈ = σ² q″ + σ̇ q′
///
/// The rate changes as fast as every joint's acceleration and jerk allow, judged from tick to tick. On a straight path that is the
/// jerk-limited stop of least duration; where the path bends, acceleration comes before jerk.
struct MotionClock: Sendable {
  /// Along the motion as planned [s].
  private(set) var time = 0.0
  /// Seconds of the motion per second.
  private(set) var rate = 1.0
  /// Of the rate [1/s].
  private var change = 0.0

  /// Whether the arm stands on its path.
  var isStill: Bool { rate == 0 && change == 0 }

  /// The most that a motion may be hurried before one of its joints meets a limit; at least 1.
  static func greatestRate(of motion: Trajectory) -> Double { max(1, 1 / max(motion.peakShares.neededSlowdown, 1e-3)) }

  /// The setpoint one period later.
  ///
  /// - Parameters:
  ///   - motion: As planned; the same at every call.
  ///   - wanted: The rate to go over to.
  ///   - setpoint: The one before.
  /// - Real-time: does not allocate. O(joints).
  mutating func advance(
    along motion: Trajectory, toward wanted: Double, after setpoint: JointSetpoint, limits: JointLimits, period: Double
  ) -> JointSetpoint {
    var next = change
    if rate != wanted || change != 0 {
      // What is allowed depends a little on where the change leads; the second look settles it.
      for _ in 0..<2 {
        let planned = motion.setpoint(at: time + (rate + next * period / 2) * period)
        let step = RateStep(planned: planned, rate: rate + next * period, before: setpoint, limits: limits, period: period)
        next = step.change(from: rate, toward: wanted)
      }
    }
    let before = rate
    rate += next * period
    // A brake ends at standstill.
    if abs(rate - wanted) <= 1e-12 || wanted == 0 && rate * before < 0 { rate = wanted }
    change = rate == wanted ? 0 : next
    time += (before + rate) / 2 * period
    let planned = motion.setpoint(at: time)
    return JointSetpoint(
      position: planned.position, velocity: rate * planned.velocity,
      acceleration: rate * rate * planned.acceleration + next * planned.velocity)
  }
}

/// Which changes of the clock's rate one tick allows.
private struct RateStep {
  /// The motion as planned, at the end of the tick.
  let planned: JointSetpoint
  let rate: Double
  let before: JointSetpoint
  let limits: JointLimits
  let period: Double

  /// The change of the rate [1/s] that comes nearest to what leads to `wanted` in the least time.
  func change(from rate: Double, toward wanted: Double) -> Double {
    let most = abs(wanted - rate) / period
    let steepest = landing(on: wanted, from: rate)
    return clamped(min(max(steepest, -most), most))
  }

  /// The steepest change from which the rate can still come to rest at `wanted` within the jerk limits.
  ///
  /// With the distance e to go and the jerk j, a discrete brake that ends with e = ė = 0 has ė = √((jT/2)² + 2je) − jT/2.
  private func landing(on wanted: Double, from rate: Double) -> Double {
    let distance = wanted - rate
    var jerk = Double.infinity
    for joint in planned.velocity.indices {
      let speed = abs(planned.velocity[joint])
      if speed > 1e-9 { jerk = min(jerk, limits.jerk[joint] / speed) }
    }
    guard jerk.isFinite else { return distance / period }
    // Toward a standstill the arm's own speed has to vanish smoothly, so the plan's own acceleration is made up for.
    let share = wanted == 0 ? 1 : 0.5
    let half = share * jerk * period / 2
    let steepest = (half * half + 2 * share * jerk * abs(distance)).squareRoot() - half
    return (distance < 0 ? -steepest : steepest) - (wanted == 0 ? rate * rate * accelerationAlong : 0)
  }

  /// How fast the motion as planned gathers speed, for its speed [1/s].
  private var accelerationAlong: Double {
    var along = 0.0
    var square = 0.0
    for joint in planned.velocity.indices {
      along += planned.acceleration[joint] * planned.velocity[joint]
      square += planned.velocity[joint] * planned.velocity[joint]
    }
    return square > 1e-18 ? along / square : 0
  }

  /// Into what every joint's acceleration and jerk allow; what the accelerations allow where both cannot be had.
  private func clamped(_ change: Double) -> Double {
    var acceleration = Span()
    var jerk = Span()
    for joint in planned.velocity.indices {
      let velocity = planned.velocity[joint]
      guard abs(velocity) > 1e-9 else { continue }
      let own = rate * rate * planned.acceleration[joint]
      let most = limits.acceleration[joint]
      acceleration.narrow((-most - own) / velocity, (most - own) / velocity)
      let step = limits.jerk[joint] * period
      jerk.narrow((before.acceleration[joint] - step - own) / velocity, (before.acceleration[joint] + step - own) / velocity)
    }
    return acceleration.nearest(to: jerk.nearest(to: change))
  }
}

/// What is allowed; the middle of the contradiction where nothing is.
private struct Span {
  private var lower = -Double.infinity
  private var upper = Double.infinity

  mutating func narrow(_ oneEnd: Double, _ otherEnd: Double) {
    lower = max(lower, min(oneEnd, otherEnd))
    upper = min(upper, max(oneEnd, otherEnd))
  }

  func nearest(to value: Double) -> Double { lower <= upper ? min(max(value, lower), upper) : (lower + upper) / 2 }
}
