extension ClosedFormKinematics {
  /// A goal and a seed, made ready for the formulas.
  struct Question {
    let goal: Pose
    /// What the joints' turns must make of the arm as it stands at zero, in units of its size.
    let displacement: Displacement
    /// Moved into the limits, as no answer is beyond them.
    let seed: JointScalars
    /// About which each joint's angles are wound.
    let anchor: JointScalars
    /// What angles are that the goal leaves open.
    private(set) var seedAngles: UnitAngles
    let elbow: ElbowSolver.Task?
    let isFinite: Bool

    @inline(__always)
    init(goal: Pose, seed: JointVector, arm: ClosedFormKinematics) {
      self.goal = goal
      var frame = Frame4(goal * arm.zeroFromBase)
      frame.origin /= arm.axes.size
      displacement = Displacement(frame: frame)
      let seed = seed.clamped(lower: arm.model.limits.lower, upper: arm.model.limits.upper)
      var anchor = JointScalars(repeating: 0)
      for joint in 0..<seed.count { anchor[joint] = TurnRange(lower: arm.lower[joint], upper: arm.upper[joint]).anchor(near: seed[joint]) }
      (self.seed, self.anchor) = (seed.scalars, anchor)
      let (sines, cosines) = sineAndCosine(seed.lanes)
      var angles = UnitAngles(repeating: .zero)
      for joint in 0..<seed.count { angles[joint] = UnitAngle(cosine: cosines[joint], sine: sines[joint]) }
      seedAngles = angles
      let sum = frame.x + frame.y + frame.z + frame.origin
      isFinite = (sum.x + sum.y + sum.z).isFinite && seed.lanes.sum().isFinite
      if case .elbow(let solver) = arm.family { elbow = solver.task(of: displacement, seed: angles) } else { elbow = nil }
    }

    /// The same question with the angles that the goal leaves open turned away from the seed's: a little to one side, to the other, farther, …
    ///
    /// - Parameter choice: 0 for the seed's own, up to ``choices``.
    func choosing(_ choice: Int) -> Question {
      guard choice > 0 else { return self }
      let steps = Double((choice + 1) / 2) * (choice % 2 == 0 ? -1 : 1)
      let (sine, cosine) = sineAndCosine(SIMD8(repeating: steps * 2 * .pi / Double(Self.choices)))
      var turned = self
      for joint in 0..<8 { turned.seedAngles[joint] = seedAngles[joint].turned(by: UnitAngle(cosine: cosine[0], sine: sine[0])) }
      return turned
    }

    static let choices = 24

    /// The seed's angles without one joint's.
    func seedAngles(without joint: Int) -> UnitAngles {
      var angles = seedAngles
      for index in joint..<7 { angles[index] = seedAngles[index + 1] }
      return angles
    }
  }

  /// Four branches in the turns nearest the seed that the limits allow.
  struct Candidate {
    /// Joint by joint [rad].
    var q: InlineArray<8, Lanes>
    /// The square of the distance to the seed; ``unfit`` and more where the limits are passed, infinite where there is no solution [rad²].
    var cost: Lanes

    static let unfit = 1e12
  }

  /// The branches at one value of the redundant parameter, which counts only for seven joints.
  @inline(__always)
  func placed(at parameter: Double, _ question: Question) -> (Candidate, Candidate) {
    switch family {
    case .six(let solver):
      let (one, other) = solver.branches(of: question.displacement, seed: question.seedAngles)
      return (placed(one, question), placed(other, question))
    case .elbow(let solver):
      guard let task = question.elbow else { preconditionFailure("a question to an arm with an elbow angle has its task") }
      let (sine, cosine) = sineAndCosine(SIMD8(repeating: parameter))
      let (one, other) = solver.branches(of: task, elbowAngle: UnitAngle(cosine: cosine[0], sine: sine[0]))
      return (placed(one, question), placed(other, question))
    case .endLocked(let joint, let solver):
      return locked(joint, at: parameter, question) { _ in solver }
    case .locked(let joint, let kind):
      return locked(joint, at: parameter, question) { SixAxisSolver(axes.locking(joint, at: $0), kind: kind, tolerance: Self.tolerance) }
    }
  }

  /// The branches with one joint held: its turn is taken off the goal from behind, or from before if it is the first.
  @inline(__always)
  private func locked(
    _ joint: Int, at parameter: Double, _ question: Question, solver: (UnitAngle) -> SixAxisSolver?
  ) -> (Candidate, Candidate) {
    let (sine, cosine) = sineAndCosine(SIMD8(repeating: parameter))
    let angle = UnitAngle(cosine: cosine[0], sine: sine[0])
    let turnedBack = Displacement(turningAbout: axes.directions[joint], through: axes.points[joint], by: -angle)
    let goal = joint == 0 ? turnedBack * question.displacement : question.displacement * turnedBack
    guard let solver = solver(angle) else { return (placed(LaneBranches(), question), placed(LaneBranches(), question)) }
    let (one, other) = solver.branches(of: goal, seed: question.seedAngles(without: joint))
    func inserted(_ branches: LaneBranches) -> LaneBranches {
      var whole = branches
      for index in (joint..<6).reversed() { whole.angles[index + 1] = branches.angles[index] }
      whole.angles[joint] = LaneAngle(angle)
      return whole
    }
    return (placed(inserted(one), question), placed(inserted(other), question))
  }

  /// Angles from their cosines and sines, each in the turn within the limits that is nearest the seed.
  @inline(__always)
  func placed(_ branches: LaneBranches, _ question: Question) -> Candidate {
    let turn = 2 * Double.pi, slack = TurnRange.slack
    var candidate = Candidate(q: InlineArray(repeating: .zero), cost: .zero), excess = Lanes.zero
    for joint in 0..<model.jointCount {
      let low = lower[joint], high = upper[joint]
      var q = branches.angles[joint].radians
      q += turn * Self.rounded((question.anchor[joint] - q) / turn)
      let lowered = q.replacing(with: high, where: q .> Lanes(repeating: high))
      let bounded = lowered.replacing(with: low, where: lowered .< Lanes(repeating: low))
      let miss = q - bounded, isOff = (miss .> Lanes(repeating: slack)) .| (miss .< Lanes(repeating: -slack))
      excess += (miss * miss).replacing(with: 0, where: .!isOff)
      q = bounded.replacing(with: q, where: isOff)
      let step = q - question.seed[joint]
      candidate.q[joint] = q
      candidate.cost += step * step
    }
    candidate.cost += (Candidate.unfit * (1 + excess)).replacing(with: 0, where: excess .== Lanes.zero)
    candidate.cost.replace(with: .infinity, where: .!branches.isReal)
    return candidate
  }

  /// To the nearest integer, for numbers that are not huge: adding 1.5·2⁵² leaves no room for a fraction.
  @inline(__always)
  private static func rounded(_ x: Lanes) -> Lanes { (x + 6_755_399_441_055_744) - 6_755_399_441_055_744 }
}
