internal import Kinematics
internal import Planner

/// A motion that is made up while it happens: from whatever the setpoint does now to whatever is wanted now, within all limits, jerk included.
///
/// Joint positions are gone to by the fastest motion from the present state (``OnlineTrajectory``), made anew whenever the wish changes. Joint
/// rates and twists are turned into joint velocities within the limits (``VelocityKinematics``), which the setpoint follows with limited jerk:
/// along a twist with all joints in step (``TwistRamp``), else, and where they cannot keep it, each joint for itself. Whatever comes of it, no step
/// is taken from which a joint could not stop before its position limit any more: it brakes instead.
struct OnlineMotion: Sendable {
  private let model: RobotModel
  private let limits: JointLimits
  private let velocityKinematics: VelocityKinematics
  private let inverseKinematics: InverseKinematics

  private(set) var target: ServoTarget
  /// Share of the limits that motions to a position may use, 0…1.
  private var speed = 1.0
  /// To the joint positions wanted last; nil where it has to be made anew.
  private var trajectory: OnlineTrajectory?
  /// Since `trajectory` began [s].
  private var elapsed = 0.0
  /// What ``VelocityKinematics`` answered last, ahead of the setpoint's own velocity, which follows with limited jerk.
  private(set) var reference: JointVector
  /// How the reference changes [rad/s²; m/s²], so that what follows it catches up; 0 while it leaps ahead.
  private var referenceSlope: JointVector
  /// The share of the acceleration limits up to which a reference is followed without delay.
  private static let gentle = 0.3
  /// Of the twist wanted last, until the arm rests or something else is wanted.
  private var ramp: TwistRamp?
  /// The share of wanted rates and twists that obstacles leave, above 0.
  var pace = 1.0
  /// Whether the wanted pose could be reached from where the arm was; true where none is wanted.
  private(set) var isReachable = true
  /// How much of the wanted rates or twist the last step brought about, 1 all of it, and what took most of the rest.
  private(set) var outcome: (share: Double, hindrance: VelocityKinematics.Hindrance?) = (1, nil)

  init(model: RobotModel, limits: JointLimits) {
    self.model = model
    self.limits = limits
    var approach = VelocityKinematics.Settings()
    // What is followed with limited jerk needs time to begin to brake, and to end it.
    approach.brakingShare = 0.25
    approach.approachRate = 5
    velocityKinematics = VelocityKinematics(model: model, limits: limits, settings: approach)
    var settings = InverseKinematics.Settings()
    // The pose is wanted in the posture that the arm has.
    settings.maximumAttempts = 1
    settings.maximumIterations = 60
    inverseKinematics = InverseKinematics(model: model, settings: settings)
    reference = JointVector(count: model.jointCount)
    referenceSlope = reference
    target = .rates(reference)
  }

  /// Goes on toward another target.
  ///
  /// - Parameters:
  ///   - setpoint: The present one.
  ///   - speed: Share of the limits that a motion to a position or pose may use, above 0.
  /// - Real-time: does not allocate or lock. A pose takes some microseconds of inverse kinematics.
  mutating func aim(at newTarget: ServoTarget, from setpoint: JointSetpoint, speed: Double = 1) {
    guard newTarget != target || speed != self.speed else { return }
    outcome = (1, nil)
    isReachable = true
    if case .position = target { reference = setpoint.velocity }
    target = newTarget
    self.speed = min(max(speed, 0.01), 1)
    trajectory = nil
    guard case .pose(let baseFromTool) = newTarget else { return }
    do throws(InverseKinematics.Failure) {
      target = .position(try inverseKinematics.solution(for: baseFromTool, near: setpoint.position).q)
    } catch {
      target = .rates(JointVector(count: model.jointCount))
      isReachable = false
    }
  }

  /// Begins at the setpoint, with no memory of what was before.
  mutating func begin(at setpoint: JointSetpoint) {
    reference = setpoint.velocity
    ramp = nil
    trajectory = nil
  }

  /// Whether the joint positions that are wanted are reached.
  func hasArrived(_ setpoint: JointSetpoint) -> Bool {
    guard case .position(let goal) = target else { return false }
    return setpoint == JointSetpoint(restingAt: goal)
  }

  /// The setpoint one period later.
  ///
  /// - Real-time: does not allocate, lock or throw. Some ten microseconds when the target has changed, else a few.
  mutating func advance(from setpoint: JointSetpoint, period: Double) -> JointSetpoint {
    let next: JointSetpoint?
    switch target {
    case .position(let goal):
      ramp = nil
      next = step(to: goal, from: setpoint, period: period)
    case .rates(let rates):
      if rates.maximumMagnitude == 0, let braked = ramped(toward: Twist(), .base, from: setpoint, period: period) {
        next = braked
        break
      }
      ramp = nil
      take(velocityKinematics.motion(for: pace * rates, at: setpoint.position, velocity: reference, period: period), period: period)
      next = follow(from: setpoint, period: period)
    case .twist(let twist, let axes):
      let paced = Twist(linear: pace * twist.linear, angular: pace * twist.angular)
      if let inStep = ramped(toward: paced, axes, from: setpoint, period: period) {
        next = inStep
        break
      }
      take(velocityKinematics.motion(for: paced, in: axes, at: setpoint.position, velocity: reference, period: period), period: period)
      next = follow(from: setpoint, period: period)
    case .pose: next = nil
    }
    if !isReachable { outcome = (0, .outOfReach) }
    return guarded(next, from: setpoint, period: period)
  }

  private mutating func take(_ motion: VelocityKinematics.Motion, period: Double) {
    var slope = (1 / period) * (motion.velocity - reference)
    let isGentle = slope.indices.allSatisfy { abs(slope[$0]) < Self.gentle * limits.acceleration[$0] }
    for joint in slope.indices {
      // Whoever comes to a velocity with an acceleration passes it a little, on one side or the other.
      let most = limits.acceleration(of: joint, at: abs(motion.velocity[joint]), period: period)
      slope[joint] = min(max(slope[joint], -most), most)
    }
    referenceSlope = isGentle ? slope : JointVector(count: slope.count)
    reference = motion.velocity
    outcome = (motion.share, motion.hindrance)
  }

  private mutating func step(to goal: JointVector, from setpoint: JointSetpoint, period: Double) -> JointSetpoint? {
    if trajectory == nil {
      let scaled = MotionLimits(velocity: speed * limits.velocity, acceleration: speed * limits.acceleration, jerk: limits.jerk)
      trajectory = try? OnlineTrajectory(from: setpoint, to: .state(JointSetpoint(restingAt: goal)), limits: scaled)
      elapsed = 0
    }
    elapsed += period
    guard let duration = trajectory?.duration else { return nil }
    return elapsed >= duration ? JointSetpoint(restingAt: goal) : trajectory?.setpoint(at: elapsed)
  }

  /// The next setpoint on the line of the wanted twist, or of the last one if rest is wanted now; nil where there is no line to keep, or no way to.
  private mutating func ramped(
    toward twist: Twist, _ axes: VelocityKinematics.Axes, from setpoint: JointSetpoint, period: Double
  ) -> JointSetpoint? {
    let isRest = twist == Twist()
    if !isRest, ramp?.turn(to: twist, axes: axes) != true { ramp = TwistRamp(toward: twist, axes: axes) }
    guard var line = ramp, line.twist.isFinite else { return nil }
    let ahead = setpoint.position + period * (setpoint.velocity + (period / 2) * setpoint.acceleration)
    let steady = velocityKinematics.steadyMotion(for: line.twist, in: line.axes, at: ahead, velocity: setpoint.velocity, period: period)
    let next = line.advance(from: setpoint, steady: steady.velocity, goal: isRest ? 0 : 1, limits: limits, period: period)
    ramp = isRest && next?.velocity.maximumMagnitude == 0 ? nil : line
    guard let next else { return nil }
    reference = next.velocity
    outcome = isRest ? (1, nil) : (line.share * steady.share, steady.hindrance ?? (line.share < 0.99 ? .acceleration(joint: line.slowest) : nil))
    return next
  }

  private func follow(from setpoint: JointSetpoint, period: Double) -> JointSetpoint? {
    let motion = try? OnlineTrajectory(
      from: setpoint, to: .velocity(reference, acceleration: referenceSlope), limits: MotionLimits(limits), synchronization: .none)
    return motion?.setpoint(at: period)
  }

  /// `next`, but for joints that could not stop before a position limit from there: these brake now. Along a twist all joints do, lest the tool turn
  /// aside.
  private mutating func guarded(_ next: JointSetpoint?, from setpoint: JointSetpoint, period: Double) -> JointSetpoint {
    guard var guarded = next else { return JerkLimitedStop(from: setpoint, limits: limits).setpoint(at: period) }
    let excess = JerkLimitedStop.excess(from: guarded, limits: limits)
    guard excess.maximumMagnitude > 1e-7 else { return guarded }
    let braked = JerkLimitedStop(from: setpoint, limits: limits).setpoint(at: period)
    trajectory = nil
    ramp?.leave()
    if case .twist = target {
      reference = braked.velocity
      return braked
    }
    for joint in excess.indices where excess[joint] > 1e-7 {
      guarded.position[joint] = braked.position[joint]
      guarded.velocity[joint] = braked.velocity[joint]
      guarded.acceleration[joint] = braked.acceleration[joint]
      reference[joint] = braked.velocity[joint]
    }
    return guarded
  }
}
