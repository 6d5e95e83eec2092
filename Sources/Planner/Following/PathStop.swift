internal import Foundation
internal import Kinematics

/// A stop that stays on the path: the path parameter comes to rest about as fast as the joints' acceleration and jerk limits allow on the way.
///
/// The joints' limits are bounds of the path parameter's jerk s⃛ wherever the motion is,
///
///     |q′s̈ + q″ṡ²| ≤ A,   |q′s⃛ + 3q″ṡs̈ + q‴ṡ³| ≤ J     for every joint,
///
/// and they change as the path bends. The stop is made step by step: of the jerks that every joint allows now, the one that brakes hardest, until it
/// is time to let go of the brake: on s̈² = 2s⃛ṡ a jerk s⃛ brings both to zero together. Where bends leave no jerk at all, as in a motion that was
/// planned to the limit, accelerations have precedence, and of the jerks the one least beyond the limits is taken.
///
/// - Real-time: neither creating nor evaluating it allocates, locks or throws. Creating: about ten microseconds.
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
  /// - Returns: nil where the stop leads past the path's end or a stop on the way; the motion then comes to rest there by itself.
  init?(along trajectory: Trajectory, from state: ScalarState, limits: JointLimits) {
    var step = Self.shortestStep
    while true {
      if let stop = PathStop(along: trajectory, from: state, limits: limits, step: step) {
        guard !stop.leavesPath else { return nil }
        self = stop
        return
      }
      step *= 2
    }
  }

  /// - Returns: nil where more steps are needed than there is room for.
  private init?(along trajectory: Trajectory, from start: ScalarState, limits: JointLimits, step: Double) {
    self.step = step
    let leg = trajectory.path.leg(from: start.position, toward: start.velocity)
    var now = start, bounds = JerkBounds(limits: limits)
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
  private var lower = -Double.infinity, upper = Double.infinity
  /// With which the brake may be let go of at the end, where the path hardly bends for the speed.
  private(set) var release = Double.infinity

  init(limits: JointLimits) { self.limits = limits }

  /// Of the jerk limits, in letting go of the brake: a bend on the way may need the rest.
  private static let releaseShare = 0.95

  /// Of the acceleration limits; the rest is left to errors of the steps. Jerks have no rest: what the motion as planned needs to end its
  /// acceleration before a limit of velocity is needed here, too.
  private static let share = 0.995

  mutating func update(along path: JointPath, at state: ScalarState, in step: Double) {
    let (v, a) = (state.velocity, state.acceleration)
    let middle = min(max(state.position + v * step / 2, 0), path.length), last = min(max(state.position + v * step, 0), path.length)
    let here = path.point(at: middle), third = path.third(at: middle), there = path.point(at: last), nextSpeed = v + a * step
    (lower, upper) = (-.infinity, .infinity)
    var least = -Double.infinity, most = Double.infinity, softest = Double.infinity
    for joint in here.first.indices {
      let jerk = limits.jerk[joint], acceleration = Self.share * limits.acceleration[joint]
      let slope = here.first[joint], next = there.first[joint] * step
      if abs(slope) > 1e-12 {
        let bend = 3 * here.second[joint] * v * a + third[joint] * v * v * v, ends = ((-jerk - bend) / slope, (jerk - bend) / slope)
        lower = max(lower, min(ends.0, ends.1))
        upper = min(upper, max(ends.0, ends.1))
        softest = min(softest, jerk / abs(slope))
      }
      if abs(next) > 1e-12 {
        let bend = there.second[joint] * nextSpeed * nextSpeed + there.first[joint] * a
        let ends = ((-acceleration - bend) / next, (acceleration - bend) / next)
        least = max(least, min(ends.0, ends.1))
        most = min(most, max(ends.0, ends.1))
      }
    }
    if lower > upper { (lower, upper) = ((lower + upper) / 2, (lower + upper) / 2) }
    if least > most { (least, most) = ((least + most) / 2, (least + most) / 2) }
    (lower, upper) = (min(max(lower, least), most), max(min(upper, most), least))
    release = Self.releaseShare * min(softest, 2 * release)
  }

  func clamped(_ jerk: Double) -> Double { min(max(jerk, lower), upper) }
}
