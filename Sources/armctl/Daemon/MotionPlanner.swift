internal import Kinematics
internal import Planner

/// Turns what a client wants into a trajectory. Pure; takes as long as the mathematics takes.
struct MotionPlanner: Sendable {
  let model: RobotModel
  let limits: JointLimits
  /// [s]
  let period: Double
  let poses: [(name: String, position: JointVector)]
  private let inverseKinematics: InverseKinematics

  init(model: RobotModel, limits: JointLimits, period: Double, poses: [(name: String, position: JointVector)]) {
    var limited = model
    limited.limits = limits
    self.model = limited
    self.limits = limits
    self.period = period
    self.poses = poses
    inverseKinematics = InverseKinematics(model: limited)
  }

  /// - Parameter start: Where the arm rests [rad].
  func trajectory(for motion: MotionRequest, from start: JointVector) throws(ServiceError) -> Trajectory {
    do {
      switch (motion.goal, motion.path) {
      case (.joints(let target), .jointMove): return try .jointMove(from: start, to: target, limits: limits, speed: motion.speed)
      case (.named(let name), .jointMove):
        return try .jointMove(from: start, to: position(named: name), limits: limits, speed: motion.speed)
      case (.pose(let pose), .jointMove):
        return try .jointMove(from: start, to: configuration(for: Pose(pose), near: start), limits: limits, speed: motion.speed)
      case (.joints(let target), .line): return try line(from: start, to: model.pose(at: target), speed: motion.speed)
      case (.named(let name), .line): return try line(from: start, to: model.pose(at: position(named: name)), speed: motion.speed)
      case (.pose(let pose), .line): return try line(from: start, to: Pose(pose), speed: motion.speed)
      }
    } catch let refusal as MotionRefusal {
      throw ServiceError(refusal)
    } catch let error as ServiceError {
      throw error
    } catch {
      throw ServiceError(.internal, "The motion could not be planned: \(error).", suggestion: "another target")
    }
  }

  private func position(named name: String) throws(ServiceError) -> JointVector {
    guard let pose = poses.first(where: { $0.name == name }) else {
      throw ServiceError(
        .parameter, "The arm has no pose named \(name).", suggestion: "one of: \(poses.map(\.name).joined(separator: ", "))")
    }
    return pose.position
  }
}
