internal import Kinematics

/// The catch: no joint moves faster than it can brake before its limit.
///
/// A joint that is `room` away from its limit and moves towards it at v needs the deceleration v²/(2·room). The nearer that is to what its motor can
/// give, the more of the braking takes over from whatever was wanted, smoothly; from a certain share on it is all there is.
///
/// - Source: the analytic joint bounds of viability; A. Del Prete, *Joint position and velocity bounds in discrete-time acceleration/torque control
///   of robot manipulators*, IEEE RA-L 3(1), 2018.
struct ViabilityBound: Sendable {
  let lower, upper: JointVector
  /// How far from its limits each joint is to stop [rad].
  let margin: JointVector
  /// How long until a command acts [s].
  let delay: Double
  /// Shares of what the motor can do at which braking begins and at which it is complete.
  private static let onset = 0.3, complete = 0.65
  /// The least room that is counted with [rad].
  private static let leastRoom = 0.004

  init(limits: JointLimits, margin: Double, delay: Double) {
    lower = limits.lower
    upper = limits.upper
    self.margin = JointVector(zip(lower, upper).map { min(margin, max(0, 0.25 * ($1 - $0))) })
    self.delay = delay
  }

  /// `wanted`, but for joints that have to brake.
  ///
  /// - Parameters:
  ///   - wanted: Accelerations [rad/s²].
  ///   - isPlanned: The arm moves as somebody planned, who may want to go as far as the limits.
  ///   - capability: With which each joint can brake [rad/s²].
  /// - Returns: The accelerations, and how urgent the most urgent braking is, 0…1.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  func bounded(
    _ wanted: JointVector, position: JointVector, velocity: JointVector, capability: JointVector, isPlanned: Bool
  ) -> (acceleration: JointVector, urgency: JointVector) {
    var acceleration = wanted, urgencies = JointVector(count: wanted.count)
    for joint in wanted.indices {
      let v = velocity[joint], direction = v < 0 ? -1.0 : 1.0
      let distance = v < 0 ? position[joint] - lower[joint] : upper[joint] - position[joint]
      let room = distance - (isPlanned ? 0 : margin[joint]) - abs(v) * delay
      let need = v * v / (2 * max(room, Self.leastRoom))
      let share = need / max(capability[joint], 1e-3)
      guard share > Self.onset else { continue }
      let x = min(1, (share - Self.onset) / (Self.complete - Self.onset)), urgency = x * x * (3 - 2 * x)
      let braking = min(need * 1.1, 2 * capability[joint])
      let bounded = min(direction * wanted[joint], -braking) * direction
      acceleration[joint] += urgency * (bounded - wanted[joint])
      urgencies[joint] = urgency
    }
    return (acceleration, urgencies)
  }
}
