internal import Kinematics
internal import Planner

/// What joints that are to rest have gone lately from where they rested.
///
/// A drive that holds a position does so like a stiff spring. Nothing but a push moves it, and its encoder shows that sooner and finer than its
/// current. No model takes part in it.
struct RestWatch: Sendable {
  /// [rad]
  private(set) var give: JointVector
  /// How far each joint usually is from its setpoint [rad], and since when it is to rest [s].
  private var usual: JointVector
  private var sinceMotion = 0.0

  /// So long after a motion drives come to hold still [s]; and by so much none lets a joint go that nobody pushes [rad].
  private static let settlingTime = 0.4, noticed = 2e-4

  init(jointCount: Int) {
    give = JointVector(count: jointCount)
    usual = give
  }

  /// - Parameter isIdle: The arm is at its own task.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func watch(_ position: JointVector, setpoint: JointSetpoint, isIdle: Bool, period: Double) {
    let isResting = isIdle && setpoint.velocity.maximumMagnitude == 0 && setpoint.acceleration.maximumMagnitude == 0
    sinceMotion = isResting ? sinceMotion + period : 0
    give = position - setpoint.position - usual
    guard sinceMotion > Self.settlingTime else {
      usual += give
      return give = JointVector(count: give.count)
    }
    usual += (period / Self.settlingTime) * give
  }

  /// Whether a joint has gone farther than it does by itself.
  func isPushed(_ joint: Int) -> Bool { abs(give[joint]) > Self.noticed }
}
