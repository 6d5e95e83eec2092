internal import Kinematics
internal import Planner

/// Turns what a client wants into a trajectory. Pure; takes as long as the mathematics takes.
struct MotionPlanner: Sendable {
  let model: RobotModel
  let limits: JointLimits
  let toolLimits: ToolLimits
  /// [s]
  let period: Double
  let poses: [(name: String, position: JointVector)]
  let inverseKinematics: InverseKinematics
  /// Which sequence of samples ways round obstacles are searched with.
  var seed = 1
  let follower: PathFollower

  /// - Parameter freeAxes: Which part of a pose does not matter where a motion does not say; nil: whatever an arm of so many joints cannot do.
  init(
    model: RobotModel, limits: JointLimits, period: Double, poses: [(name: String, position: JointVector)],
    freeAxes: InverseKinematics.FreeAxes? = nil, toolLimits: ToolLimits = ToolLimits()
  ) {
    self.toolLimits = toolLimits
    var limited = model
    limited.limits = limits
    self.model = limited
    self.limits = limits
    self.period = period
    self.poses = poses
    var settings = InverseKinematics.Settings()
    settings.freeAxes = freeAxes
    inverseKinematics = InverseKinematics(model: limited, settings: settings)
    var following = PathFollower.Settings()
    following.freeAxes = freeAxes
    follower = PathFollower(model: limited, limits: limits, settings: following)
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

  /// - Parameters:
  ///   - start: Where the arm rests [rad].
  ///   - shouldStop: Asked every 50 µs or so, where the mathematics takes longer.
  func trajectory(
    for motion: MotionRequest, from start: JointVector, shouldStop: () -> Bool = { false }
  ) throws(ServiceError) -> Trajectory {
    switch motion.path {
    case .jointMove: return try jointMove(to: target(of: motion, near: start), from: start, motion)
    case .line: return try toolPath([MotionRequest.Leg(goal: motion.goal)], from: start, motion, shouldStop)
    case .arc(let via): return try toolPath([MotionRequest.Leg(goal: motion.goal, via: via)], from: start, motion, shouldStop)
    case .toolPath(let legs): return try toolPath(legs, from: start, motion, shouldStop)
    case .jointPath(let legs): return try jointPath(legs, from: start, motion, shouldStop)
    }
  }

  /// The joints' limits that a motion is to keep.
  func limits(of motion: MotionRequest) -> JointLimits {
    var limits = limits
    limits.acceleration = motion.acceleration * limits.acceleration
    return limits
  }

  /// The tool's limits that a motion is to keep.
  private func toolLimits(of motion: MotionRequest) throws(ServiceError) -> ToolLimits {
    var limits = toolLimits
    limits.acceleration *= motion.acceleration
    limits.angularAcceleration *= motion.acceleration
    guard let speed = motion.toolSpeed else { return limits }
    guard speed <= limits.speed else {
      throw ServiceError(
        .velocityLimit, "The tool is wanted at \(plain(speed)) m/s, above its limit of \(plain(limits.speed)) m/s.", value: speed,
        limit: limits.speed,
        suggestion: "a lower speed, or more in tool.limits.speed of the arm file")
    }
    limits.speed = speed
    return limits
  }

  private func jointMove(to target: JointVector, from start: JointVector, _ motion: MotionRequest) throws(ServiceError) -> Trajectory {
    do throws(MotionRefusal) {
      return try .jointMove(from: start, to: target, limits: limits(of: motion), speed: motion.speed, joints: model.jointLabels)
    } catch {
      throw ServiceError(error)
    }
  }

  private func toolPath(
    _ legs: [MotionRequest.Leg], from start: JointVector, _ motion: MotionRequest, _ shouldStop: () -> Bool
  ) throws(ServiceError) -> Trajectory {
    let toolLimits = try toolLimits(of: motion)
    let baseFromStart = model.pose(at: start)
    var segments: [ToolSegment] = []
    var last = baseFromStart
    for leg in legs {
      last = try pose(of: leg.goal, from: last)
      segments.append(leg.via.map { .arc(via: $0, to: last, blend: leg.blend) } ?? .line(to: last, blend: leg.blend))
    }
    do throws(MotionRefusal) {
      return try .toolPath(
        ToolPath(from: baseFromStart, segments), from: start, follower: follower, limits: limits(of: motion), tool: toolLimits, speed: motion.speed,
        shouldStop: shouldStop)
    } catch .leadsNowhere {
      return try jointMove(to: start, from: start, motion)
    } catch {
      throw self.error(of: error, to: legs.count == 1 ? last : nil, from: start)
    }
  }

  private func jointPath(
    _ legs: [MotionRequest.Leg], from start: JointVector, _ motion: MotionRequest, _ shouldStop: () -> Bool
  ) throws(ServiceError) -> Trajectory {
    var waypoints: [JointWaypoints.Waypoint] = []
    for leg in legs {
      var step = motion
      step.goal = leg.goal
      waypoints.append(JointWaypoints.Waypoint(try target(of: step, near: waypoints.last?.position ?? start), blend: leg.blend))
    }
    do throws(MotionRefusal) {
      return try .waypoints(
        from: start, through: waypoints, limits: limits(of: motion), speed: motion.speed, joints: model.jointLabels, shouldStop: shouldStop)
    } catch {
      throw ServiceError(error)
    }
  }

  /// The configuration that a motion's goal means; of a pose the one within the limits that is nearest to the present posture, of all branches
  /// where the arm has formulas.
  func target(of motion: MotionRequest, near start: JointVector) throws(ServiceError) -> JointVector {
    switch motion.goal {
    case .joints(let position): return position
    case .named(let name): return try position(named: name)
    case .pose, .point, .offset:
      let baseFromGoal = try pose(of: motion.goal, from: model.pose(at: start)), free = motion.free ?? inverseKinematics.freeAxes
      do throws(InverseKinematics.Failure) {
        return try inverseKinematics.solution(for: baseFromGoal, near: start, free: free).q
      } catch {
        throw ServiceError(error, goal: baseFromGoal, free: free, solver: inverseKinematics)
      }
    }
  }

  func pose(of goal: MotionRequest.Goal, from baseFromStart: Pose) throws(ServiceError) -> Pose {
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
