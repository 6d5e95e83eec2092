extension InverseKinematics {
  struct Candidate {
    var q: JointVector
    var error: Task.Error
    /// Half the squared weighted error.
    var cost: Double
  }

  /// Follows the error downhill from `start` until it is solved and polished, or progress ends.
  ///
  ///     (JᵀJ + (E + λ)·1)·Δq = Jᵀe,   E = ½ eᵀe
  ///
  /// The damping fades with the error, so that the end is Newton's; far off and at singularities it keeps steps short. Joints that stand at a limit
  /// and would leave it take no part in a step.
  ///
  /// - Source: T. Sugihara, *Solvability-unconcerned inverse kinematics by the Levenberg-Marquardt method* (2011), equations 17 and 20.
  func descend(from start: JointVector, task: Task, iterations: inout Int) -> Candidate {
    let unknown = SIMD3(repeating: Double.infinity)
    var best = Candidate(q: start, error: Task.Error(linear: unknown, angular: unknown), cost: .infinity)
    var q = start, milestone = Double.infinity, polishing = 0
    for step in 0..<Self.stepsPerAttempt {
      let (pose, jacobian) = model.poseAndJacobian(at: q)
      let error = task.error(of: pose), cost = task.cost(of: error)
      let wasSolved = isSolved(best.error)
      // Once solved, go on while steps still gain: Newton's steps end at rounding.
      if wasSolved {
        polishing += 1
        if cost > 0.9 * best.cost || polishing > Self.polishingSteps { break }
      }
      if cost < best.cost { best = Candidate(q: q, error: error, cost: cost) }
      if cost < Self.roundingCost || iterations >= settings.maximumIterations { break }
      if !wasSolved && step % Self.stepsPerMilestone == 0 {
        if best.cost > Self.leastProgress * milestone { break }
        milestone = best.cost
      }
      iterations += 1
      q = stepped(from: q, pose: pose, jacobian: jacobian, error: error, damping: cost + Self.damping, task: task)
    }
    return best
  }

  private static var stepsPerAttempt: Int { 60 }
  private static var stepsPerMilestone: Int { 5 }
  private static var polishingSteps: Int { 8 }
  private static var leastProgress: Double { 0.7 }
  private static var damping: Double { 1e-9 }
  private static var roundingCost: Double { 1e-27 }

  /// Goes on from where no solution was found to where no step comes nearer.
  ///
  /// At the edge of what the arm reaches the error does not fade, and Newton's steps go too far: here none is kept that comes no nearer, and damping
  /// grows until one does.
  ///
  /// - Source: the Levenberg-Marquardt method; J. Nocedal and S. Wright, *Numerical Optimization* (2006), section 10.3.
  func settled(from start: Candidate, task: Task) -> Candidate {
    var best = start, damping = start.cost + Self.damping
    var (pose, jacobian) = model.poseAndJacobian(at: best.q)
    for _ in 0..<Self.settlingSteps {
      let q = stepped(from: best.q, pose: pose, jacobian: jacobian, error: best.error, damping: damping, task: task)
      let next = model.poseAndJacobian(at: q), error = task.error(of: next.pose), gain = best.cost - task.cost(of: error)
      if gain > 0 {
        best = Candidate(q: q, error: error, cost: best.cost - gain)
        (pose, jacobian, damping) = (next.pose, next.jacobian, max(damping / 4, Self.damping))
      } else {
        damping *= 3
      }
      if abs(gain) <= Self.settledGain * best.cost { break }
    }
    return best
  }

  private static var settlingSteps: Int { 500 }
  /// A step of which the error's square changes by no more than this share is the last.
  private static var settledGain: Double { 1e-13 }

  @inline(__always)
  private func stepped(
    from q: JointVector, pose: Pose, jacobian: Jacobian, error: Task.Error, damping: Double, task: Task
  ) -> JointVector {
    let count = q.count, position = q.scalars, z = Vector4(pose.rotation.z)
    let wantedLinear = Vector4(error.linear * task.lengthWeight), wantedAngular = Vector4(error.angular)
    var columns = Jacobian(count: count), gradient = JointScalars(repeating: 0), isHeld = InlineArray<8, Bool>(repeating: false)
    for joint in 0..<count {
      let bearing = task.bearing(jacobian.linear[joint], jacobian.angular[joint], toolZ: z)
      columns.linear[joint] = bearing.linear
      columns.angular[joint] = bearing.angular
      let slope = (bearing.linear * wantedLinear + bearing.angular * wantedAngular).sum()
      let isStopped = hasWholeTurn[joint] == 0 && (slope < 0 ? position[joint] <= lower[joint] : position[joint] >= upper[joint])
      isHeld[joint] = isStopped
      gradient[joint] = isStopped ? 0 : slope
    }
    var matrix = JointMatrix(count: count)
    for i in 0..<count {
      if isHeld[i] {
        matrix.elements[9 * i] = 1
        continue
      }
      for j in 0...i where !isHeld[j] {
        matrix.elements[8 * i + j] = (columns.linear[i] * columns.linear[j] + columns.angular[i] * columns.angular[j]).sum()
      }
      matrix.elements[9 * i] += damping
    }
    guard let change = matrix.solution(of: JointVector(scalars: gradient, count: count)) else { return q }
    var next = position
    let delta = change.scalars
    for joint in 0..<count {
      next[joint] += delta[joint]
      if hasWholeTurn[joint] == 0 { next[joint] = min(max(next[joint], lower[joint]), upper[joint]) }
    }
    return JointVector(scalars: next, count: count)
  }
}
