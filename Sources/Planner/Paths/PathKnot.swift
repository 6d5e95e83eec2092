internal import Kinematics

/// Where the joints are at one place of a tool path, and how they go on.
struct PathKnot {
  let s: Double
  let point: PathPoint
  /// What part of the path's twist the joints do not bring about [1].
  let missed: Double
}

extension PathFollower {
  /// The derivatives of the joint positions by the path's parameter, where the tool is on the path.
  ///
  /// With A, P and y as in ``LeastMotion``, and the pull g(q) of joints to spare away from their limits,
  ///
  ///     q′ = g + Jᵀ P y,               A y = P (x′ − J g)
  ///     q″ = z + Jᵀ P w,               A w = P (x″ − J′ q′ − J z),   z = g′ + J′ᵀ y + Jᵀ (1 − P) P′ y
  ///
  /// so that J q′ = x′ and J q″ + J′ q′ = x″ as far as they bind. Where no joint is to spare, g and z are nought.
  func knot(at q: JointVector, s: Double, pose: Pose, jacobian: Jacobian, task: PathTask) -> PathKnot {
    let least = LeastMotion(jacobian, task: task)
    let offset = pose.translation - task.point.pose.translation
    let wanted = task.boundTwist(offset: offset)
    let hasSpare = model.jointCount > task.boundCount
    var (first, second) = (JointVector(count: q.count), JointVector(count: q.count))
    var multiplier = Twist()
    if hasSpare {
      let pull = pull(at: q)
      let own = least.velocity(for: wanted - task.bound(jacobian.twist(for: pull)))
      (first, multiplier) = (pull + own.velocity, own.multiplier)
    } else {
      first = least.velocity(for: wanted).velocity
    }
    let made = jacobian.twist(for: first)
    let change = model.jacobianDerivative(at: q, velocity: first)
    let lacking = task.boundDerivative(twist: made, offset: offset) - task.bound(change.twist(for: first))
    if hasSpare {
      let escape = task.escape(of: multiplier)
      let z =
        pullRate(at: q, velocity: first) + change.effort(for: Wrench(force: multiplier.linear, torque: multiplier.angular))
        + jacobian.effort(for: Wrench(force: escape.linear, torque: escape.angular))
      second = z + least.velocity(for: lacking - task.bound(jacobian.twist(for: z))).velocity
    } else {
      second = least.velocity(for: lacking).velocity
    }
    let missing = task.bound(made) - wanted
    let size = wanted.linear.length + SegmentCurve.turnRadius * wanted.angular.length
    let missed = (missing.linear.length + SegmentCurve.turnRadius * missing.angular.length) / max(size, 1e-9)
    return PathKnot(s: s, point: PathPoint(position: q, first: first, second: second), missed: missed)
  }

  /// Away from the limits: nearly nothing in the middle of a joint's range, `settings.aversion` at its ends.
  ///
  ///     gᵢ = −k uᵢ⁵,   u = −1…1 across the range
  private func pull(at q: JointVector) -> JointVector {
    var pull = JointVector(count: q.count)
    for joint in q.indices {
      let (u, _) = place(of: q[joint], joint: joint)
      pull[joint] = -settings.aversion * (u * u) * (u * u) * u
    }
    return pull
  }

  /// How the pull changes while the joints move.
  private func pullRate(at q: JointVector, velocity: JointVector) -> JointVector {
    var rate = JointVector(count: q.count)
    for joint in q.indices {
      let (u, slope) = place(of: q[joint], joint: joint)
      rate[joint] = -5 * settings.aversion * (u * u) * (u * u) * slope * velocity[joint]
    }
    return rate
  }

  /// Where in its range a joint is, and how that changes with its position; 0 without end.
  private func place(of position: Double, joint: Int) -> (u: Double, slope: Double) {
    let half = (limits.upper[joint] - limits.lower[joint]) / 2
    guard half > 0, half < .infinity else { return (0, 0) }
    let u = (position - limits.lower[joint]) / half - 1
    return abs(u) < 1 ? (u, 1 / half) : (u < 0 ? -1 : 1, 0)
  }
}
