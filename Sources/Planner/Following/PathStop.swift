internal import Foundation
internal import Kinematics

/// A stop that stays on the path: the path parameter comes to rest about as fast as the joints' acceleration and jerk limits allow on the way.
///
/// The joints' limits are bounds of the path parameter's jerk s⃛ wherever the motion is,
///
///     |q′s̈ + q″ṡ²| ≤ A,   |q′s⃛ + 3q″ṡs̈ + q‴ṡ³| ≤ J     for every joint,
///
/// and they change as the path bends. The stop is made step by step: of the jerks that every joint allows now, the one that brakes hardest, until it
/// is time to let go of the brake: on s̈² = 2s⃛ṡ a jerk s⃛ brings both to zero together.
///
/// A bend ahead may leave no jerk at all to whoever comes to it braking hard. So every setpoint that would be sent is looked at before the stop
/// begins, and where one is beyond the limits, a stop with less of the jerk limits is looked at instead.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws. Creating: some tens of microseconds.
/// - Source: the phase plane of J. Bobrow, S. Dubowsky and J. Gibson, *Time-optimal control of robotic manipulators along specified paths* (1985),
///   with one more derivative.
struct PathStop: Sendable {
  private static let capacity = 160

  /// Where each step begins; its jerk holds throughout the step.
  private var steps = InlineArray<160, ScalarState>(repeating: ScalarState())
  private var count = 0
  /// Whether the path, or the leg of it, ends first.
  private var leavesPath = false
  /// [s]
  private let step: Double
  /// Until the arm stands [s].
  private(set) var duration = 0.0
  /// Where on the path it comes to stand.
  private(set) var end = 0.0

  /// - Parameters:
  ///   - trajectory: The motion that is stopped.
  ///   - state: Its path parameter now, with derivatives by time.
  ///   - limits: Of the joints.
  ///   - period: From one setpoint to the next [s].
  /// - Returns: nil where the stop leads past the path's end or a stop on the way, so that the motion comes to rest there by itself; and where none
  ///   that begins here keeps the limits. One that begins a little later may.
  init?(along trajectory: Trajectory, from state: ScalarState, limits: JointLimits, period: Double) {
    for index in Self.jerkShares.indices {
      guard let stop = PathStop(uncheckedAlong: trajectory, from: state, limits: limits, jerkShare: Self.jerkShares[index]) else { return nil }
      guard stop.keepsLimits(along: trajectory, from: state, limits: limits, period: period) else { continue }
      self = stop
      return
    }
    return nil
  }

  /// The briskest of them, whether it keeps the limits or not: for a motion that does not keep them itself.
  ///
  /// - Returns: nil as above, where the motion comes to rest by itself.
  init?(uncheckedAlong trajectory: Trajectory, from state: ScalarState, limits: JointLimits, jerkShare: Double = Self.jerkShares[0]) {
    var step = Self.shortestStep
    while true {
      if let stop = PathStop(along: trajectory, from: state, bounds: JerkBounds(limits: limits, jerkShare: jerkShare), step: step) {
        guard !stop.leavesPath else { return nil }
        self = stop
        return
      }
      step *= 2
    }
  }

  /// Of the jerk limits: the rest is for what bends change within a step. From brisk to gentle.
  private static let jerkShares: InlineArray<4, Double> = [1, 0.98, 0.9, 0.7]

  /// - Returns: nil where more steps are needed than there is room for.
  private init?(along trajectory: Trajectory, from start: ScalarState, bounds: JerkBounds, step: Double) {
    self.step = step
    let leg = trajectory.path.leg(from: start.position, toward: start.velocity)
    var now = start, bounds = bounds
    while count < Self.capacity {
      bounds.update(along: trajectory.path, at: now, in: step)
      let speed = now.velocity.magnitude, forward = now.velocity < 0 || (speed == 0 && now.acceleration < 0) ? -1.0 : 1.0
      let braking = -forward * now.acceleration
      if speed <= 1e-12, braking.magnitude <= 1e-12 { break }
      // The jerk that ends speed and acceleration together, and how long it takes.
      let release = braking * braking / (2 * speed), time = 2 * speed / braking
      if braking > 0, release <= 1.02 * bounds.release, time <= 4 * step {
        now.jerk = forward * release
        steps[count] = now
        count += 1
        duration += time
        now = now.after(time)
        break
      }
      let wanted = (2 * bounds.release * speed).squareRoot(), nextSpeed = max(0, speed - braking * step)
      let target = min(wanted, (2 * bounds.release * nextSpeed).squareRoot())
      now.jerk = bounds.clamped(-forward * (target - braking) / step)
      steps[count] = now
      count += 1
      duration += step
      now = now.after(step)
      now.jerk = 0
      guard now.position <= leg.upperBound + 1e-12, now.position >= leg.lowerBound - 1e-12 else {
        leavesPath = true
        return
      }
    }
    guard count < Self.capacity else { return nil }
    end = now.position
    leavesPath = end > leg.upperBound + 1e-12 || end < leg.lowerBound - 1e-12
  }

  /// [s]
  private static let shortestStep = 0.004

  /// Whether every joint's velocity and acceleration, and its change from one setpoint to the next, keep to the limits until the arm stands.
  private func keepsLimits(along trajectory: Trajectory, from start: ScalarState, limits: JointLimits, period: Double) -> Bool {
    var before = trajectory.setpoint(at: start)
    for tick in 1...Int((duration / period).rounded(.up)) + 1 {
      let next = trajectory.setpoint(at: state(at: Double(tick) * period))
      guard limits.allow(next, after: before, period: period) else { return false }
      before = next
    }
    return true
  }

  /// The path parameter `time` [s] after the stop began.
  func state(at time: Double) -> ScalarState {
    guard time < duration else { return ScalarState(position: end) }
    let index = min(max(Int(time / step), 0), count - 1)
    return steps[index].after(time - Double(index) * step)
  }
}

/// The jerks of the path parameter that every joint allows.
private struct JerkBounds {
  let limits: JointLimits
  let jerkShare: Double
  private var lower = -Double.infinity, upper = Double.infinity
  /// With which the brake may be let go of at the end, where the path hardly bends for the speed.
  private(set) var release = Double.infinity

  init(limits: JointLimits, jerkShare: Double) {
    self.limits = limits
    self.jerkShare = jerkShare
  }

  /// Of the jerk limits, in letting go of the brake: a bend on the way may need the rest.
  private static let releaseShare = 0.95

  /// Of the acceleration limits; the rest is left to errors of the steps.
  private static let share = 0.995

  mutating func update(along path: JointPath, at state: ScalarState, in step: Double) {
    let (v, a) = (state.velocity, state.acceleration)
    let middle = min(max(state.position + v * step / 2, 0), path.length), last = min(max(state.position + v * step, 0), path.length)
    let here = path.point(at: middle), third = path.third(at: middle), there = path.point(at: last), nextSpeed = v + a * step
    (lower, upper) = (-.infinity, .infinity)
    var lowest = -Double.infinity, highest = Double.infinity
    var least = -Double.infinity, most = Double.infinity, softest = Double.infinity
    for joint in here.first.indices {
      let jerk = limits.jerk[joint], acceleration = Self.share * limits.acceleration[joint]
      let slope = here.first[joint], next = there.first[joint] * step
      if abs(slope) > 1e-12 {
        let middle = -(3 * here.second[joint] * v * a + third[joint] * v * v * v) / slope, reach = jerk / abs(slope)
        lowest = max(lowest, middle - reach)
        highest = min(highest, middle + reach)
        lower = max(lower, middle - jerkShare * reach)
        upper = min(upper, middle + jerkShare * reach)
        softest = min(softest, reach)
      }
      if abs(next) > 1e-12 {
        let bend = there.second[joint] * nextSpeed * nextSpeed + there.first[joint] * a
        let ends = ((-acceleration - bend) / next, (acceleration - bend) / next)
        least = max(least, min(ends.0, ends.1))
        most = min(most, max(ends.0, ends.1))
      }
    }
    // What the motion as planned needs of the limits may be needed here, too.
    if lower > upper { (lower, upper) = (lowest, highest) }
    if lower > upper { (lower, upper) = ((lower + upper) / 2, (lower + upper) / 2) }
    if least > most { (least, most) = ((least + most) / 2, (least + most) / 2) }
    (lower, upper) = (min(max(lower, least), most), max(min(upper, most), least))
    release = Self.releaseShare * min(softest, 2 * release)
  }

  func clamped(_ jerk: Double) -> Double { min(max(jerk, lower), upper) }
}
