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

  /// How long the arm takes to joint positions from about the state that it is in [s].
  func duration(to target: JointVector, from position: JointVector, velocity: JointVector, speed: Double) throws(ServiceError) -> Double {
    let start = JointSetpoint(position: position, velocity: velocity, acceleration: JointVector(count: position.count))
    let scaled = MotionLimits(velocity: speed * limits.velocity, acceleration: speed * limits.acceleration, jerk: limits.jerk)
    do throws(MotionRefusal) {
      return try OnlineTrajectory(
        from: start, to: .state(JointSetpoint(restingAt: target)), limits: scaled, joints: model.jointLabels
      ).duration
    } catch {
      throw ServiceError(error)
    }
  }

  /// - Parameter start: Where the arm rests [rad].
  func trajectory(for motion: MotionRequest, from start: JointVector) throws(ServiceError) -> Trajectory {
    switch motion.path {
    case .jointMove: return try jointMove(to: target(of: motion.goal, near: start), from: start, speed: motion.speed)
    case .line: return try line(to: pose(of: motion.goal, from: start), from: start, speed: motion.speed)
    }
  }

  private func jointMove(to target: JointVector, from start: JointVector, speed: Double) throws(ServiceError) -> Trajectory {
    do throws(MotionRefusal) {
      return try .jointMove(from: start, to: target, limits: limits, speed: speed, joints: model.jointLabels)
    } catch {
      throw ServiceError(error)
    }
  }

  private func line(to baseFromTool: Pose, from start: JointVector, speed: Double) throws(ServiceError) -> Trajectory {
    do throws(MotionRefusal) {
      return try .toolLine(from: start, to: baseFromTool, model: model, limits: limits, speed: speed)
    } catch {
      throw ServiceError(error)
    }
  }

  /// The configuration that a goal means; of a pose the one that the present posture leads to.
  func target(of goal: MotionRequest.Goal, near start: JointVector) throws(ServiceError) -> JointVector {
    switch goal {
    case .joints(let position): return position
    case .named(let name): return try position(named: name)
    case .pose, .point, .offset:
      let baseFromGoal = try pose(of: goal, from: start)
      do throws(InverseKinematics.Failure) {
        return try inverseKinematics.solution(for: baseFromGoal, near: start).q
      } catch {
        throw ServiceError(error)
      }
    }
  }

  private func pose(of goal: MotionRequest.Goal, from start: JointVector) throws(ServiceError) -> Pose {
    let baseFromStart = model.pose(at: start)
    switch goal {
    case .joints(let position): return model.pose(at: position)
    case .named(let name): return model.pose(at: try position(named: name))
    case .pose(let pose): return Pose(pose)
    case .point(let point): return Pose(rotation: baseFromStart.rotation, translation: point)
    case .offset(let offset, inTool: false):
      return Pose(rotation: baseFromStart.rotation, translation: baseFromStart.translation + offset)
    case .offset(let offset, inTool: true): return Pose(rotation: baseFromStart.rotation, translation: baseFromStart * offset)
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
