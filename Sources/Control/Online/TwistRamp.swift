internal import Foundation
internal import Kinematics
internal import Planner

/// Brings a wanted twist about, and to an end, with all joints in step: the tool gathers speed on its line and comes to rest on it.
///
/// Joints that followed the twist's joint velocities each with its own limited jerk would begin at different rates, and the tool beside its line.
/// Here one number w, the share of the twist that the arm moves by, rises and falls with limited jerk, slowly enough for every joint:
///
///     q̇ = w·g(q),   |ẇ| ≤ min Aᵢ/|gᵢ|,   |ẅ| ≤ min Jᵢ/|gᵢ|
///
/// with g the joint velocities of the whole twist. Part of the limits is for what g changes on the way, s being the time at w = 1:
///
///     q̈ = ẇ·g + w²·dg/ds,   q⃛ = ẅ·g + … + w³·d²g/ds²
///
/// so that w gives way where g changes fast, as towards a singularity. Where no w is within the joints' reach all the same, the arm has to leave its
/// line, and the ramp says so.
struct TwistRamp: Sendable {
  /// Not zero.
  private(set) var twist: Twist
  let axes: VelocityKinematics.Axes
  /// w and ẇ [1/s].
  private(set) var share = 0.0
  private var rate = 0.0
  /// The joint whose jerk limit binds w most.
  private(set) var slowest = 0
  /// g at the last setpoint and the one before, as far as the arm was on its line there.
  private var last, lastButOne: JointVector?

  /// Of the limits, for the change of w, and for the change of g.
  private static let shareOfChange = 0.75, shareOfBend = 0.4
  /// How much g may change from one setpoint to the next as if by itself, and not because something else is wanted.
  private static let jump = 0.1

  init(toward twist: Twist, axes: VelocityKinematics.Axes) { (self.twist, self.axes) = (twist, axes) }

  /// The arm has left the line.
  mutating func leave() { (last, lastButOne) = (nil, nil) }

  /// Goes on to another multiple of the same twist; false where it is none.
  mutating func turn(to other: Twist, axes: VelocityKinematics.Axes) -> Bool {
    let square = twist.product(twist), factor = other.product(twist) / square
    let aside = other - factor * twist
    guard axes == self.axes, factor > 0, aside.product(aside) <= 1e-18 * square * factor * factor else { return false }
    guard factor != 1 else { return true }
    (twist, share, rate) = (other, share / factor, rate / factor)
    (last, lastButOne) = (last.map { factor * $0 }, lastButOne.map { factor * $0 })
    return true
  }

  /// The setpoint a period later; nil where no share of the twist is within the joints' reach.
  ///
  /// - Parameters:
  ///   - steady: g where the joints will be then.
  ///   - goal: Of w, 1 or 0.
  /// - Real-time: does not allocate, lock or throw.
  mutating func advance(from setpoint: JointSetpoint, steady: JointVector, goal: Double, limits: JointLimits, period: Double) -> JointSetpoint? {
    let square = max(steady.dot(steady), 1e-18), present = setpoint.velocity.dot(steady) / square
    if abs(present - share) > Self.jump { leave() }
    if last == nil { (share, rate) = (present, setpoint.acceleration.dot(steady) / square) }
    let pace = min(goal, paceAllowed(steady, limits: limits, period: period)), before = last
    leave()
    guard let reach = Reach(of: steady, from: setpoint, limits: limits, period: period) else { return nil }
    slowest = reach.slowest
    guard let wanted = ramped(toward: pace, within: reach, period: period) else { return nil }
    let reached = min(max(wanted.share, reach.lowest), reach.highest)
    rate = reached == wanted.share ? wanted.rate : (reached - share) / period
    share = reached
    (last, lastButOne) = (steady, before)
    let velocity = share * steady
    return JointSetpoint(
      position: setpoint.position + (period / 2) * (setpoint.velocity + velocity), velocity: velocity,
      acceleration: (1 / period) * (velocity - setpoint.velocity))
  }

  /// w and ẇ a period later, on the fastest way to a constant w.
  private func ramped(toward goal: Double, within reach: Reach, period: Double) -> (share: Double, rate: Double)? {
    func one(_ value: Double) -> JointVector { JointVector(repeating: value, count: 1) }
    guard reach.jerk.isFinite || reach.acceleration.isFinite else { return (goal, 0) }
    let now = JointSetpoint(position: one(0), velocity: one(share), acceleration: one(rate))
    let limits = MotionLimits(
      velocity: one(1), acceleration: one(Self.shareOfChange * reach.acceleration), jerk: one(Self.shareOfChange * reach.jerk))
    let ramp = try? OnlineTrajectory(from: now, to: .velocity(one(goal), acceleration: one(0)), limits: limits)
    return ramp.map { $0.setpoint(at: period) }.map { ($0.velocity[0], $0.acceleration[0]) }
  }

  /// The w at which what g changes takes no more than its part of the joints' limits.
  private func paceAllowed(_ steady: JointVector, limits: JointLimits, period: Double) -> Double {
    guard let last, share > 0.01 else { return .infinity }
    var pace = Double.infinity
    for joint in steady.indices {
      let slope = abs(steady[joint] - last[joint]) / period
      if slope > 1e-9 { pace = min(pace, (Self.shareOfBend * limits.acceleration[joint] * share / slope).squareRoot()) }
      guard let lastButOne else { continue }
      let bend = abs(steady[joint] - 2 * last[joint] + lastButOne[joint]) / (period * period)
      if bend > 1e-6 { pace = min(pace, cbrt(Self.shareOfBend * limits.jerk[joint] * share * share / bend)) }
    }
    return pace
  }
}

/// Which shares of joint velocities the joints can have a period later, each within its acceleration and jerk limits.
private struct Reach {
  var lowest = -Double.infinity, highest = Double.infinity
  /// How fast the share may change: of all joints' limits the narrowest [1/s, 1/s²].
  var acceleration = Double.infinity, jerk = Double.infinity
  var slowest = 0
  /// The share of its jerk limit with which a joint comes to its velocity limit, so that the others can follow suit.
  private static let gentleness = 0.25

  /// Nil where there is none.
  init?(of steady: JointVector, from setpoint: JointSetpoint, limits: JointLimits, period: Double) {
    var gentle = limits
    gentle.jerk = Self.gentleness * limits.jerk
    for joint in steady.indices {
      let v = setpoint.velocity[joint], a = setpoint.acceleration[joint], most = limits.acceleration[joint], jump = limits.jerk[joint] * period
      let rise = gentle.acceleration(of: joint, at: v, period: period), fall = gentle.acceleration(of: joint, at: -v, period: period)
      let least = v + period * max(a - jump, min(-fall, a + jump)), greatest = v + period * min(a + jump, max(rise, a - jump))
      let speed = steady[joint]
      guard abs(speed) > 1e-9 else {
        guard least <= 1e-9, greatest >= -1e-9 else { return nil }
        continue
      }
      acceleration = min(acceleration, most / abs(speed))
      if limits.jerk[joint] / abs(speed) < jerk { (jerk, slowest) = (limits.jerk[joint] / abs(speed), joint) }
      lowest = max(lowest, min(least / speed, greatest / speed))
      highest = min(highest, max(least / speed, greatest / speed))
    }
    guard lowest <= highest else { return nil }
  }
}

extension JointLimits {
  /// The acceleration, either way, that a joint may have a period later so that it can still be taken back before the velocity limit.
  ///
  ///     v + aT + a²/2J ≤ V
  func acceleration(of joint: Int, at velocity: Double, period: Double) -> Double {
    let left = self.velocity[joint] - velocity
    guard left > 0 else { return 0 }
    guard jerk[joint].isFinite, left.isFinite else { return min(acceleration[joint], left / period) }
    return min(acceleration[joint], 2 * left / (period + (period * period + 2 * left / jerk[joint]).squareRoot()))
  }
}

extension Twist {
  /// Whether it holds numbers.
  var isFinite: Bool { product(self).isFinite }

  fileprivate func product(_ other: Twist) -> Double { (linear * other.linear).sum() + (angular * other.angular).sum() }
  fileprivate static func * (factor: Double, twist: Twist) -> Twist { Twist(linear: factor * twist.linear, angular: factor * twist.angular) }
  fileprivate static func - (a: Twist, b: Twist) -> Twist { Twist(linear: a.linear - b.linear, angular: a.angular - b.angular) }
}
