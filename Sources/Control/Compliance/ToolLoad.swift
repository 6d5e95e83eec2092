internal import Kinematics

/// What a thing at the tool does to the joints for each of its kilograms: an arm may have picked it up without anybody telling its model.
///
///     ℓ = Jᵀ (g − ẍ),      ẍ = J q̈ + J̇ q̇
struct ToolLoad: Sendable {
  /// Where the tool rests: Jᵀ g [N·m/kg].
  private(set) var weight: JointVector
  /// As the tool moves: ℓ [N·m/kg].
  private(set) var effort: JointVector
  private var before: Jacobian?
  private let period: Double

  init(jointCount: Int, period: Double) {
    weight = JointVector(count: jointCount)
    effort = weight
    self.period = period
  }

  /// - Parameters:
  ///   - position: Measured, at every period [rad].
  ///   - velocity, acceleration: As commanded: what is measured jumps with a blow, and with every step in which it is told [rad/s], [rad/s²].
  /// - Real-time: does not allocate, lock or throw. O(joints).
  mutating func update(model: RobotModel, position: JointVector, velocity: JointVector, acceleration: JointVector) {
    let jacobian = model.jacobian(at: position), speed = jacobian.twist(for: velocity).linear
    let turning = before.map { (1 / period) * (speed - $0.twist(for: velocity).linear) } ?? .zero
    before = jacobian
    weight = jacobian.effort(for: Wrench(force: model.gravity))
    effort = weight - jacobian.effort(for: Wrench(force: jacobian.twist(for: acceleration).linear + turning))
  }

  /// What comes next does not follow from what was.
  mutating func reset() { before = nil }
}
