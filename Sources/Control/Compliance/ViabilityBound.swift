internal import Kinematics

/// The catch: no joint moves faster than it can brake before its limit.
///
/// A joint that is `room` away from its limit and moves towards it at v needs the deceleration v²/(2·room). The nearer that is to what its motor can
/// give, the more of the braking takes over from whatever was wanted, smoothly; from a certain share on it is all there is. What has come nearer to
/// its limit than it should is pushed back as by a critically damped spring.
///
/// - Source: the analytic joint bounds of viability; A. Del Prete, *Joint position and velocity bounds in discrete-time acceleration/torque control
///   of robot manipulators*, IEEE RA-L 3(1), 2018.
struct ViabilityBound: Sendable {
  /// What the joints have to do.
  struct Braking: Sendable {
    /// [rad/s²]
    var acceleration: JointVector
    /// How much of it there has to be, 0…1.
    var urgency: JointVector

    var isUrgent: Bool { urgency.maximumMagnitude > 0 }
  }

  let lower, upper: JointVector
  /// Far from all limits: no home at all [rad].
  let middle: JointVector
  /// How far from its limits each joint is to stop [rad].
  let margin: JointVector
  /// How long until a command acts [s].
  let delay: Double
  /// Shares of what the motor can do at which braking begins and at which it is complete.
  private static let onset = 0.3, complete = 0.65
  /// So many times what a joint's own motor can do is asked for where it takes that: the others may help.
  private static let help = 6.0
  /// The least room that is counted with [rad].
  private static let leastRoom = 0.004
  /// Of the spring that pushes back [1/s], and the share of the margin in which it takes over.
  static let stiffness = 40.0, border = 0.3

  init(limits: JointLimits, margin: Double, delay: Double) {
    lower = limits.lower
    upper = limits.upper
    middle = JointVector(zip(lower, upper).map { $0.isFinite && $1.isFinite ? 0.5 * ($0 + $1) : 0 })
    self.margin = JointVector(zip(lower, upper).map { min(margin, max(0, 0.25 * ($1 - $0))) })
    self.delay = delay
  }

  /// - Parameters:
  ///   - capability: With which each joint can brake towards lower, and towards higher positions [rad/s²].
  ///   - home: Where the joints may be whatever the margin; nil where somebody planned the motion, who may want to go as far as the limits.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  func braking(position: JointVector, velocity: JointVector, capability: (down: JointVector, up: JointVector), home: JointVector?) -> Braking {
    var braking = Braking(acceleration: JointVector(count: position.count), urgency: JointVector(count: position.count))
    for joint in position.indices {
      let isLow = position[joint] - lower[joint] < upper[joint] - position[joint]
      let isDown = velocity[joint] < 0 || velocity[joint] == 0 && isLow
      add(joint, isDown: isDown, position, velocity, capability: isDown ? capability.up[joint] : capability.down[joint], home, to: &braking)
      // One that is pushed against a limit need not move.
      if isLow != isDown { push(joint, isDown: isLow, position, velocity, home, to: &braking) }
    }
    return braking
  }

  private func add(
    _ joint: Int, isDown: Bool, _ position: JointVector, _ velocity: JointVector, capability: Double, _ home: JointVector?, to braking: inout Braking
  ) {
    push(joint, isDown: isDown, position, velocity, home, to: &braking)
    let v = abs(velocity[joint]), direction = isDown ? -1.0 : 1.0
    let room = distance(joint, isDown: isDown, position) - margin(of: joint, isDown: isDown, home) - v * delay
    // However strong its motor is: nobody sees in less than the delay what came of it.
    let usable = min(capability, v / delay)
    let need = v * v / (2 * max(room, Self.leastRoom)), share = need / max(usable, 1e-3)
    guard share > Self.onset else { return }
    let urgency = Self.urgency(share)
    // What would turn it round before anybody sees it is too much: it would be thrown to and fro.
    let asked = min(need * 1.1, Self.help * capability, v / delay)
    let acceleration = -direction * max(asked, -direction * braking.acceleration[joint])
    braking.acceleration[joint] = acceleration
    braking.urgency[joint] = max(urgency, braking.urgency[joint])
  }

  /// Back from within the margin.
  private func push(
    _ joint: Int, isDown: Bool, _ position: JointVector, _ velocity: JointVector, _ home: JointVector?, to braking: inout Braking
  ) {
    let direction = isDown ? -1.0 : 1.0, margin = margin(of: joint, isDown: isDown, home)
    // Where it will be when that acts.
    let soon = margin > 0 ? delay * max(0, direction * velocity[joint]) : 0
    let depth = margin - distance(joint, isDown: isDown, position) + soon
    guard depth > 0 else { return }
    let back = Self.stiffness * Self.stiffness * depth + 2 * Self.stiffness * direction * velocity[joint]
    guard back > 0 else { return }
    braking.acceleration[joint] = -direction * back
    braking.urgency[joint] = Self.smooth(depth / (Self.border * margin))
  }

  private func distance(_ joint: Int, isDown: Bool, _ position: JointVector) -> Double {
    isDown ? position[joint] - lower[joint] : upper[joint] - position[joint]
  }

  private func margin(of joint: Int, isDown: Bool, _ home: JointVector?) -> Double {
    guard let home else { return 0 }
    return min(margin[joint], max(0, distance(joint, isDown: isDown, home)))
  }

  /// Of a share of what the motors can do, 0…1.
  static func urgency(_ share: Double) -> Double { smooth((share - onset) / (complete - onset)) }

  static func smooth(_ share: Double) -> Double {
    let x = min(1, max(0, share))
    return x * x * (3 - 2 * x)
  }
}
