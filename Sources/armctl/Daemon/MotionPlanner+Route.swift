internal import Kinematics
internal import Planner

// Motions among obstacles.

extension MotionPlanner {
  /// So far from a corner its rounding may begin [rad; m].
  private static let blend = 0.4
  /// So many postures for a goal are looked for where the arm has no formulas.
  private static let postures = 8

  /// As ``trajectory(for:from:)``, but where that would touch something: joint motions go round it, and along paths that are given the arm refuses
  /// to go, saying where and with what.
  ///
  /// - Parameters:
  ///   - isVoid: Whether nobody wants the motion any more. Asked every 50 µs or so.
  ///   - isLate: Ends the search for a way. Asked as often.
  func trajectory(
    for motion: MotionRequest, from start: JointVector, in surroundings: Surroundings, isVoid: () -> Bool, isLate: () -> Bool = { false }
  ) throws(ServiceError) -> Trajectory {
    guard motion.path == .jointMove else {
      let trajectory: Trajectory
      do throws(ServiceError) { trajectory = try self.trajectory(for: motion, from: start, shouldStop: isVoid) } catch {
        throw obstruction(of: motion, from: start, in: surroundings) ?? error
      }
      let checker = surroundings.checker(for: trajectory, shouldStop: isVoid)
      guard checker.isComplete else { throw ServiceError(MotionRefusal.stopped) }
      let contact: MotionContact?
      do throws(MotionRefusal) { contact = try checker.firstContact(along: trajectory, shouldStop: isVoid) } catch { throw ServiceError(error) }
      if let contact {
        throw ServiceError(
          contact, margin: checker.margin, suggestion: advice(on: contact, along: trajectory, of: motion, in: surroundings, isVoid: isVoid))
      }
      return trajectory
    }
    var isOver = false
    func isUnwanted() -> Bool {
      isOver = isOver || isVoid()
      return isOver
    }
    func shouldStop() -> Bool { isUnwanted() || isLate() }
    let goals: [JointVector]
    do throws(ServiceError) { goals = try targets(of: motion, near: start, shouldStop: shouldStop) } catch {
      throw obstruction(of: motion, from: start, in: surroundings) ?? error.advising(against: surroundings.checker(for: []))
    }
    let inside = start.clamped(lower: limits.lower, upper: limits.upper)
    let unattached = surroundings
    let surroundings = surroundings.seen(from: start, to: goals, shouldStop: isUnwanted)
    let checker = surroundings.checker(from: inside, toAnyOf: goals, shouldStop: isUnwanted)
    let planner = RoutePlanner(checker: surroundings.planning(checker, shouldStop: isUnwanted), seed: seed)
    guard checker.isComplete, planner.checker.isComplete else { throw ServiceError(RouteFailure.notFound(attempts: 0, walledIn: nil)) }
    let route: Route
    do throws(RouteFailure) {
      route = planner.straightened(try planner.route(from: inside, to: goals, shouldStop: shouldStop), shouldStop: shouldStop)
    } catch {
      var refused = ServiceError(error)
      if case .inCollision(.goal, _) = error, let advice = advice(onGoalOf: motion, from: start, in: unattached) { refused.suggestion = advice }
      throw refused
    }
    do throws(MotionRefusal) {
      guard route.waypoints.count > 2 else {
        return try .jointMove(from: start, to: goals[route.goal], limits: limits(of: motion), speed: motion.speed, joints: model.jointLabels)
      }
      let waypoints = try planner.rounded(route, from: start, limits: limits(of: motion), blend: Self.blend, shouldStop: isUnwanted)
      return try .waypoints(
        from: start, through: waypoints, limits: limits(of: motion), speed: motion.speed, joints: model.jointLabels, shouldStop: isUnwanted)
    } catch {
      throw ServiceError(error)
    }
  }

  /// Refuses a motion from the midst of another that would touch something: looked at every ten milliseconds.
  func checkRetarget(
    to target: JointVector, from position: JointVector, velocity: JointVector, speed: Double, in surroundings: Surroundings
  ) throws(ServiceError) {
    let start = JointSetpoint(position: position, velocity: velocity, acceleration: JointVector(count: position.count))
    let scaled = MotionLimits(velocity: speed * limits.velocity, acceleration: speed * limits.acceleration, jerk: limits.jerk)
    guard let motion = try? OnlineTrajectory(from: start, to: .state(JointSetpoint(restingAt: target)), limits: scaled) else { return }
    let checker = surroundings.seen(from: position, to: [target]).checker(for: [position, target])
    let times = Array(stride(from: 0, through: motion.duration, by: 0.01))
    let places = times.map { motion.setpoint(at: $0).position } + [target]
    guard let hit = checker.flags(of: places).firstIndex(where: { !$0.free }), let clearance = checker.trouble(at: places[hit]) else { return }
    throw ServiceError(
      MotionContact(time: hit < times.count ? times[hit] : motion.duration, position: places[hit], clearance: clearance), margin: checker.margin)
  }

  /// All configurations that a goal means, the nearest to the present posture first: of a pose one for each posture.
  private func targets(of motion: MotionRequest, near start: JointVector, shouldStop: () -> Bool) throws(ServiceError) -> [JointVector] {
    let nearest = try target(of: motion, near: start)
    switch motion.goal {
    case .joints, .named:
      try checkInside(nearest, from: start)
      return [nearest]
    case .pose, .point, .offset: break
    }
    let baseFromGoal = try pose(of: motion.goal, from: model.pose(at: start)), free = motion.free ?? inverseKinematics.freeAxes
    var targets = [nearest]
    func append(_ q: JointVector) {
      if !targets.contains(where: { ($0 - q).maximumMagnitude < 1e-3 }) { targets.append(q) }
    }
    if let closedForm = inverseKinematics.closedForm, free == .none {
      closedForm.visitSolutions(for: baseFromGoal, near: start, append)
    } else {
      var sequence = EvenSequence(dimensions: model.jointCount)
      for _ in 0..<Self.postures where !shouldStop() {
        let seed = seeds.lower + (seeds.upper - seeds.lower).scaled(by: JointVector(sequence.next()))
        if let found = try? inverseKinematics.solution(for: baseFromGoal, near: seed, free: free, shouldStop: shouldStop) { append(found.q) }
      }
    }
    return targets
  }

  /// Where seeds are drawn from: half a turn about zero for joints without an end.
  private var seeds: (lower: JointVector, upper: JointVector) {
    let turn = JointVector(repeating: .pi, count: model.jointCount)
    return (limits.lower.clamped(lower: -turn, upper: turn), limits.upper.clamped(lower: -turn, upper: turn))
  }

  private func checkInside(_ target: JointVector, from start: JointVector) throws(ServiceError) {
    do throws(MotionRefusal) { _ = try Trajectory.jointMove(from: start, to: target, limits: limits, joints: model.jointLabels) } catch {
      throw ServiceError(error)
    }
  }
}
