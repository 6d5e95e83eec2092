internal import Dispatch
internal import Foundation
internal import Kinematics
internal import Planner

// What is said of motions that cannot be. What is wrong with the goal itself goes first, and what is advised was tried.

extension MotionPlanner {
  /// So long a way round is looked for, only to advise it [s].
  private static let adviceTime = 0.5
  /// So far above a goal that cannot be another one is looked for, in steps [m].
  private static let heights = stride(from: 0.01, through: 0.3, by: 0.01)

  /// Why the tool cannot go along a path to a goal: that it is out of reach, before all that is on the way.
  ///
  /// - Parameter goal: Where a path of one piece ends; nil of others, of which nothing more is known.
  func error(of refusal: MotionRefusal, to goal: Pose?, from start: JointVector) -> ServiceError {
    var error = ServiceError(refusal)
    if refusal == .singular, let goal, let pose = poseToBegin(lineTo: goal, from: start) { error.suggestion += "; or begin at the pose \(pose)" }
    guard let goal, error.kind == .singular || error.kind == .unreachable || error.kind == .positionLimit else { return error }
    do throws(InverseKinematics.Failure) {
      _ = try inverseKinematics.solution(for: goal, near: start)
      return error
    } catch {
      var missing = ServiceError(error, goal: goal, free: inverseKinematics.freeAxes, solver: inverseKinematics)
      guard missing.why == InverseKinematics.Obstacle.reach(by: 0, isTooNear: false).name else {
        var refused = ServiceError(refusal)
        refused.suggestion = refusal.suggestion(isGoalReachable: false)
        return refused
      }
      if !missing.isOfMillimetres { missing.suggestion = refusal.suggestion(isGoalReachable: false) }
      return missing
    }
  }

  /// A pose of the arm file from which the tool can go as far the same way; nil where there is none.
  private func poseToBegin(lineTo goal: Pose, from start: JointVector) -> String? {
    let way = goal.translation - model.pose(at: start).translation
    return poses.first { pose in
      let tool = model.pose(at: pose.position), end = Pose(rotation: tool.rotation, translation: tool.translation + way)
      let line = try? Trajectory.toolPath(
        ToolPath(from: tool, [.line(to: end, blend: 0)]), from: pose.position, follower: follower, limits: limits, tool: toolLimits, speed: 1)
      return line != nil
    }?.name
  }

  /// A motion's goal where it is one place of the tool.
  private func goal(of motion: MotionRequest, from start: JointVector) -> Pose? {
    switch (motion.goal, motion.path) {
    case (.joints, .jointMove), (.named, .jointMove), (_, .toolPath), (_, .jointPath): nil
    default: try? pose(of: motion.goal, from: model.pose(at: start))
    }
  }

  /// Why a motion fails whose goal lies in something; nil where it does not.
  func obstruction(of motion: MotionRequest, from start: JointVector, in surroundings: Surroundings) -> ServiceError? {
    guard let goal = goal(of: motion, from: start) else { return nil }
    let rootFromBase = surroundings.model.rootFromLink(model.baseName, at: start) ?? .identity
    let point = rootFromBase * goal.translation
    let depths = surroundings.scene.obstacles.map { (name: $0.name, distance: $0.distance(to: point)) }
    guard let deepest = depths.min(by: { $0.distance < $1.distance }), deepest.distance < -0.001 else { return nil }
    return ServiceError(
      .collision, "The goal is \(ServiceError.millimetres(-deepest.distance)) deep in \"\(deepest.name)\".", why: "goal-in-collision",
      suggestion: higherGoal(than: goal, motion, from: start, in: surroundings) ?? "a goal outside of it, or another scene")
  }

  /// What to do about a goal at which the arm would touch something.
  func advice(onGoalOf motion: MotionRequest, from start: JointVector, in surroundings: Surroundings) -> String? {
    goal(of: motion, from: start).flatMap { higherGoal(than: $0, motion, from: start, in: surroundings) }
  }

  /// "a goal 60 mm higher, which is free: --joints …"; nil where there is none.
  private func higherGoal(than goal: Pose, _ motion: MotionRequest, from start: JointVector, in surroundings: Surroundings) -> String? {
    let checker = surroundings.checker(for: []), free = motion.free ?? inverseKinematics.freeAxes
    for height in Self.heights {
      let raised = Pose(rotation: goal.rotation, translation: goal.translation + [0, 0, height])
      guard let found = try? inverseKinematics.solution(for: raised, near: start, free: free), checker.contacts(at: found.q).isEmpty else { continue }
      return String(format: "a goal %.0f mm higher, which is free: ", 1000 * height) + option(found.q)
    }
    return nil
  }

  /// What to do about a path of the tool that would touch something: a way round it, if one is found, and where a line can end.
  func advice(
    on contact: MotionContact, along trajectory: Trajectory, of motion: MotionRequest, in surroundings: Surroundings, isVoid: () -> Bool
  ) -> String {
    let deadline = DispatchTime.now() + Self.adviceTime
    var round = motion
    (round.goal, round.path) = (.joints(trajectory.end), .jointMove)
    let isAWayRound =
      (try? self.trajectory(for: round, from: trajectory.start, in: surroundings, isVoid: isVoid) { DispatchTime.now() >= deadline }) != nil
    // All that comes before the first contact is free.
    let way = model.pose(at: contact.position).translation - model.pose(at: trajectory.start).translation
    let length = (1000 * dot(way, way).squareRoot() - 1).rounded(.down)
    let shorter = motion.path == .line && length >= 1 ? "end the line after \(Int(length)) mm at most" : nil
    let advice = [isAWayRound ? "a joint motion, which goes round: \(option(trajectory.end))" : nil, shorter].compactMap(\.self)
    return advice.isEmpty ? "another goal, or another way there" : advice.joined(separator: "; or ")
  }

  /// "--joints 0.1,0.2": as `armctl move` takes it, and scripts after translation.
  private func option(_ q: JointVector) -> String {
    "--joints " + q.indices.map { plain(ServiceError.short(q[$0], within: limits.lower[$0], limits.upper[$0])) }.joined(separator: ",")
  }
}
