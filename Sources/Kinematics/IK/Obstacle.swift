internal import Foundation

extension InverseKinematics {
  /// What keeps an arm from a goal, and by how much.
  public enum Obstacle: Sendable, Equatable {
    /// The goal's point is farther than any posture reaches, or too near for any, limits or not [m].
    case reach(by: Double, isTooNear: Bool)
    /// The arm gets to the point within its limits, but could not turn the tool so there even without them; the least turn that is missing within the
    /// limits [rad].
    case orientation(by: Double)
    /// The arm could, but for the limits of a joint; `needed` is where it would have to stand in the posture that passes them least [rad; m].
    case limits(joint: String, needed: Double, lower: Double, upper: Double, isSliding: Bool)
    /// A posture within the limits should exist; the search ended before it was found.
    case search
  }

  /// What keeps the arm from a goal that no configuration was found for.
  ///
  /// Asks whether the arm would reach the goal if its joints turned without end, else whether it reaches at least the point, without end or within
  /// its limits.
  ///
  /// - Parameters:
  ///   - wayTo: The goal.
  ///   - free: As in the question.
  ///   - closest: What the failure gave.
  /// - Real-time: takes tens of milliseconds.
  public func obstacle(on wayTo: Pose, free: FreeAxes? = nil, closest: Solution) -> Obstacle {
    let free = free ?? freeAxes
    let whole = Task(goal: wayTo, free: free, lengthWeight: lengthWeight)
    if let excess = leastExcess(for: whole, near: closest.q) { return obstacle(excess) ?? .search }
    let point = Task(goal: wayTo, free: free, lengthWeight: lengthWeight, pointAlone: true)
    guard let excess = leastExcess(for: point, near: closest.q) else { return distance(to: point, near: closest.q) }
    return obstacle(excess) ?? .orientation(by: leastTurn(for: whole, reaching: point, near: closest.q))
  }

  /// How far a joint stands beyond its limits, below zero within them.
  private struct Excess {
    var joint = 0
    /// [rad; m]
    var position = 0.0, amount = -Double.infinity
  }

  private func obstacle(_ excess: Excess) -> Obstacle? {
    guard excess.amount > 0 else { return nil }
    return .limits(
      joint: model.jointNames[excess.joint], needed: excess.position, lower: model.limits.lower[excess.joint],
      upper: model.limits.upper[excess.joint], isSliding: model.isPrismatic[excess.joint])
  }

  /// Of the postures of an arm whose joints turn without end the one whose worst joint passes the limits least; nil where there is none.
  ///
  /// Formulas give all postures; else the limits are widened as little as is needed for one.
  private func leastExcess(for task: Task, near seed: JointVector) -> Excess? {
    let unlimited = widened(by: .infinity)
    if task.free == .none, task.bindsTurns, let closedForm = unlimited.closedForm, !closedForm.isRedundant {
      var least: Excess?
      closedForm.visitSolutions(for: task.goal, near: seed) { q in
        let excess = excess(of: q)
        if excess.amount < least?.amount ?? .infinity { least = excess }
      }
      if let least { return least }
    }
    guard let posture = unlimited.posture(for: task, near: seed) else { return nil }
    var least = excess(of: posture), widening = 0.0, tooLittle = 0.0
    while least.amount - tooLittle > Self.wideningShare * least.amount {
      if let posture = widened(by: widening).posture(for: task, near: seed) {
        least = excess(of: posture)
      } else {
        tooLittle = widening
      }
      widening = (tooLittle + least.amount) / 2
    }
    return least
  }

  /// The same arm with wider limits of all joints that turn.
  private func widened(by margin: Double) -> InverseKinematics {
    var wide = model
    for (joint, isPrismatic) in model.isPrismatic.enumerated() where !isPrismatic {
      wide.limits.lower[joint] -= margin
      wide.limits.upper[joint] += margin
    }
    var settings = Settings()
    settings.randomSeed = self.settings.randomSeed
    return InverseKinematics(model: wide, settings: settings)
  }

  private func posture(for task: Task, near seed: JointVector) -> JointVector? {
    try? search(for: task, near: seed, attempts: Self.attemptsForAPosture).q
  }

  /// The worst joint of a posture.
  private func excess(of q: JointVector) -> Excess {
    var worst = Excess()
    for joint in 0..<q.count {
      let range = TurnRange(lower: model.limits.lower[joint], upper: model.limits.upper[joint])
      let position = model.isPeriodic(joint) ? range.wound(q[joint], near: q[joint]) : q[joint]
      let amount = max(range.lower - position, position - range.upper)
      if amount > worst.amount { worst = Excess(joint: joint, position: position, amount: amount) }
    }
    return worst
  }

  /// How much is missing to a point that no posture reaches.
  private func distance(to point: Task, near seed: JointVector) -> Obstacle {
    do throws(Failure) {
      _ = try widened(by: .infinity).search(for: point, near: seed, attempts: Self.attemptsForAPosture)
      return .search
    } catch {
      guard case .notReached(_, let pose) = error else { return .search }
      let missing = point.error(of: pose).linear
      return .reach(by: missing.length, isTooNear: dot(missing, pose.translation - model.shoulder) < 0)
    }
  }

  /// The least angle between a goal's orientation and those that the tool takes at the goal's point, within the limits [rad].
  private func leastTurn(for whole: Task, reaching point: Task, near seed: JointVector) -> Double {
    var randomness = SplitMix(state: settings.randomSeed), iterations = 0, least = Double.infinity
    for attempt in 0..<Self.attemptsForATurn {
      let atThePoint = descend(from: attempt == 0 ? seed : random(&randomness), task: point, iterations: &iterations)
      guard isSolved(atThePoint.error) else { continue }
      var best = atThePoint
      // Metres weigh more and more, so that in the end the point is not left for a better turn.
      for weight in [100, 10_000] {
        let strict = Task(goal: whole.goal, free: whole.free, lengthWeight: Double(weight) * lengthWeight)
        best.error = strict.error(of: model.pose(at: best.q))
        best.cost = strict.cost(of: best.error)
        best = settled(from: best, task: strict)
      }
      least = min(least, best.error.angular.length)
    }
    return least
  }

  private static var attemptsForAPosture: Int { 24 }
  private static var attemptsForATurn: Int { 48 }
  /// How exactly the least widening is found, as a share of it.
  private static var wideningShare: Double { 1e-3 }
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
    case .reach(let distance, _): distance
    case .orientation(let angle): angle
    case .limits(_, let needed, let lower, let upper, _): max(lower - needed, needed - upper)
    case .search: nil
    }
  }

  public var description: String {
    func shown(_ value: Double) -> String { String(format: "%.3g", value) }
    switch self {
    case .reach(let distance, let isTooNear):
      let place = isTooNear ? "too near for the arm" : "beyond the arm's reach"
      return "the point is \(shown(distance)) m \(place), even if its joints turned without end"
    case .orientation(let angle):
      return "the arm reaches the point within its limits, but \(shown(angle)) rad are missing for the tool to be turned so there"
    case .limits(let joint, let needed, let lower, let upper, let isSliding):
      let unit = isSliding ? "m" : "rad", limit = needed > upper ? "upper limit of \(shown(upper))" : "lower limit of \(shown(lower))"
      return "joint \"\(joint)\" would have to stand at \(shown(needed)) \(unit), \(shown(amount ?? 0)) \(unit) beyond its \(limit) \(unit)"
    case .search: return "the search ended too early"
    }
  }
}
