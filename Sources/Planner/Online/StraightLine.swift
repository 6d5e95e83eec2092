internal import Kinematics

/// A straight line through joint space on which start and target lie with all their derivatives.
struct StraightLine {
  /// The joint that the others follow in proportion: `direction` is 1 for it, and at most 1 in magnitude for the others.
  let leader: Int
  let direction: JointVector
  /// The narrowest of all joints' limits, seen from the leader.
  let limits: TransferLimits

  /// Nil where they do not lie on one line.
  init?(from start: JointSetpoint, to target: MotionTarget, limits: MotionLimits) {
    let accelerates = limits.jerk.contains { $0 < .infinity }
    var vectors = InlineArray<5, JointVector>(repeating: start.velocity)
    vectors[1] = accelerates ? start.acceleration : start.velocity
    switch target {
    case .state(let end):
      vectors[2] = end.position - start.position
      vectors[3] = end.velocity
      vectors[4] = accelerates ? end.acceleration : end.velocity
    case .velocity(let velocity, let acceleration):
      vectors[2] = velocity
      vectors[3] = velocity
      vectors[4] = accelerates ? acceleration : velocity
    }
    var longest = 2
    if vectors[2].maximumMagnitude == 0 { for index in 0..<5 where vectors[index].maximumMagnitude > 0 { longest = index } }
    let vector = vectors[longest]
    guard let leader = vector.indices.max(by: { abs(vector[$0]) < abs(vector[$1]) }), vector[leader] != 0 else { return nil }
    self.leader = leader
    var direction = (1 / vector[leader]) * vector
    direction[leader] = 1
    self.direction = direction
    for index in 0..<5 {
      let away = vectors[index] - vectors[index][leader] * direction
      guard away.maximumMagnitude <= 1e-12 * vectors[index].maximumMagnitude else { return nil }
    }

    var narrowest = limits[leader]
    for joint in direction.indices where direction[joint] != 0 {
      let own = direction[joint] > 0 ? limits[joint] : limits[joint].mirrored, share = 1 / abs(direction[joint])
      narrowest.highestVelocity = min(narrowest.highestVelocity, share * own.highestVelocity)
      narrowest.lowestVelocity = max(narrowest.lowestVelocity, share * own.lowestVelocity)
      narrowest.rise = min(narrowest.rise, share * own.rise)
      narrowest.fall = min(narrowest.fall, share * own.fall)
      narrowest.jerk = min(narrowest.jerk, share * own.jerk)
    }
    narrowest.inverseJerk = 1 / narrowest.jerk
    self.limits = narrowest
  }
}
