internal import Kinematics

// Why a path cannot be followed beyond a place: out of reach, or in reach but not in this posture.
extension PathFollower {
  /// A joint would have to go too fast: at the end of its reach, where every joint path ends so, or near a singularity.
  func nearSingularity(
    joint: Int, rate: Double, s: Double, on path: ToolPath, q: JointVector, _ interruption: Interruption
  ) -> MotionRefusal {
    if let beyond = beyondReach(s: s, on: path, q: q, interruption) { return beyond }
    return .nearSingularity(
      joint: labels[joint], pathVelocity: settings.slowest, value: abs(rate) * settings.slowest, limit: limits.velocity[joint],
      at: path.place(at: s))
  }

  /// No joint positions near the last ones go on.
  func lostPosture(s: Double, on path: ToolPath, q: JointVector, _ interruption: Interruption) -> MotionRefusal {
    beyondReach(s: s, on: path, q: q, interruption) ?? .losesPosture(at: path.place(at: s))
  }

  /// The refusal for a path that leaves the arm's reach at `s`; nil where some posture reaches what follows.
  private func beyondReach(s: Double, on path: ToolPath, q: JointVector, _ interruption: Interruption) -> MotionRefusal? {
    let solver = inverseKinematics()
    let left = path.length - s
    guard left > 0, var worst = shortage(at: s + min(left, Self.outlook), on: path, near: q, solver: solver, interruption) else { return nil }
    for place in 1...Self.outlooks {
      guard let other = shortage(at: s + left * Double(place) / Double(Self.outlooks), on: path, near: q, solver: solver, interruption) else {
        continue
      }
      if other.position > worst.position { worst = other }
    }
    return .outOfReach(at: path.place(at: s), by: worst)
  }

  /// What the nearest pose that was found lacks; nil where the path's pose is in reach.
  private func shortage(
    at s: Double, on path: ToolPath, near q: JointVector, solver: InverseKinematics, _ interruption: Interruption
  ) -> InverseKinematics.Residual? {
    do throws(InverseKinematics.Failure) {
      _ = try solver.solution(for: path.pose(at: s), near: q, free: freeAxes) { interruption.comes(before: 100) }
      return nil
    } catch {
      guard case .notReached(let closest, _) = error else { return nil }
      return closest.residual
    }
  }

  /// Why there is no configuration for a path's start.
  func refusal(of failure: InverseKinematics.Failure, at place: PathPlace) -> MotionRefusal {
    switch failure {
    case .notFinite: .notAPose
    case .notReached(let closest, _): .outOfReach(at: place, by: closest.residual)
    }
  }

  /// How far beyond a place it is looked whether the arm still reaches the path [m], and at how many places of the rest by how much it does not.
  private static let outlook = 0.002
  private static let outlooks = 8
}
