internal import Foundation

extension InverseKinematics {
  /// What keeps an arm from a goal, and by how much.
  public enum Obstacle: Sendable, Equatable {
    /// The goal's point is farther than any posture reaches, limits or not [m].
    case reach(by: Double)
    /// The point is within reach, but not with the tool turned so, limits or not [rad].
    case orientation(by: Double)
    /// The arm could, but for the limits of a joint; `needed` is where it would have to stand in the posture that passes them least [rad; m].
    case limits(joint: String, needed: Double, lower: Double, upper: Double, isSliding: Bool)
    /// A posture within the limits should exist; the search ended before it was found.
    case search
  }

  /// What keeps the arm from a goal that no configuration was found for.
  ///
  /// Asks whether the arm would reach the goal, or at least its point, if its joints turned without end.
  ///
  /// - Parameters:
  ///   - baseFromTool: The goal.
  ///   - free: As in the question.
  ///   - closest: What the failure gave.
  /// - Real-time: takes milliseconds.
  public func obstacle(on wayTo: Pose, free: FreeAxes? = nil, closest: Solution) -> Obstacle {
    let free = free ?? freeAxes
    var unlimited = model
    for (joint, isPrismatic) in model.isPrismatic.enumerated() where !isPrismatic {
      (unlimited.limits.lower[joint], unlimited.limits.upper[joint]) = (-.infinity, .infinity)
    }
    var settings = Settings()
    (settings.maximumAttempts, settings.randomSeed) = (24, self.settings.randomSeed)
    let solver = InverseKinematics(model: unlimited, settings: settings)
    if let needed = solver.leastExcess(for: wayTo, near: closest.q, free: free, limits: model.limits) {
      let lower = model.limits.lower[needed.joint], upper = model.limits.upper[needed.joint]
      guard needed.position < lower || needed.position > upper else { return .search }
      return .limits(
        joint: model.jointNames[needed.joint], needed: needed.position, lower: lower, upper: upper, isSliding: model.isPrismatic[needed.joint])
    }
    // With metres weighing much, what is left is either out of reach or a matter of turning.
    let strict = InverseKinematics(model: unlimited, settings: settings, lengthWeight: 100 * lengthWeight)
    let distance = strict.residual(for: wayTo, near: closest.q, free: free == .plane ? .plane : .position).position
    if distance > settings.positionTolerance || free == .position { return .reach(by: distance) }
    return .orientation(by: strict.residual(for: wayTo, near: closest.q, free: free).orientation)
  }

  /// Of the solutions of an arm without limits the one that passes given limits least: its worst joint.
  private func leastExcess(for goal: Pose, near seed: JointVector, free: FreeAxes, limits: JointLimits) -> (joint: Int, position: Double)? {
    var best: (joint: Int, position: Double, excess: Double)?
    func consider(_ q: JointVector) {
      var worst = (joint: 0, position: q[0], excess: -Double.infinity)
      for joint in 0..<q.count {
        let range = TurnRange(lower: limits.lower[joint], upper: limits.upper[joint])
        let position = model.isPeriodic(joint) ? range.wound(q[joint], near: q[joint]) : q[joint]
        let excess = max(range.lower - position, position - range.upper)
        if excess > worst.excess { worst = (joint, position, excess) }
      }
      if worst.excess < best?.excess ?? .infinity { best = worst }
    }
    if free == .none, let closedForm { closedForm.visitSolutions(for: goal, near: seed) { consider($0) } }
    if best == nil, let numeric = try? solution(for: goal, near: seed, free: free) { consider(numeric.q) }
    return best.map { ($0.joint, $0.position) }
  }

  private func residual(for goal: Pose, near seed: JointVector, free: FreeAxes) -> Residual {
    do throws(Failure) {
      return try solution(for: goal, near: seed, free: free).residual
    } catch {
      if case .notReached(let closest, _) = error { return closest.residual }
      return Residual(position: .nan, orientation: .nan)
    }
  }
}

extension InverseKinematics.Obstacle: CustomStringConvertible {
  /// The word for programs.
  public var name: String {
    switch self {
    case .reach: "reach"
    case .orientation: "orientation"
    case .limits: "limits"
    case .search: "search"
    }
  }

  /// How much is missing [m; rad].
  public var amount: Double? {
    switch self {
    case .reach(let distance): distance
    case .orientation(let angle): angle
    case .limits(_, let needed, let lower, let upper, _): max(lower - needed, needed - upper)
    case .search: nil
    }
  }

  public var description: String {
    func shown(_ value: Double) -> String { String(format: "%.3g", value) }
    switch self {
    case .reach(let distance): return "the point is \(shown(distance)) m beyond the arm's reach, even if its joints turned without end"
    case .orientation(let angle): return "the arm reaches the point, but \(shown(angle)) rad are missing for the tool to be turned so there"
    case .limits(let joint, let needed, let lower, let upper, let isSliding):
      let unit = isSliding ? "m" : "rad", limit = needed > upper ? "upper limit of \(shown(upper))" : "lower limit of \(shown(lower))"
      return "joint \"\(joint)\" would have to stand at \(shown(needed)) \(unit), \(shown(amount ?? 0)) \(unit) beyond its \(limit) \(unit)"
    case .search: return "the search ended too early"
    }
  }
}
