/// Inverse kinematics by formulas, for arms whose axes allow them: every branch, exact, in a few microseconds.
///
/// The formulas are found from where the axes lie, never from the arm's name: ``finding`` says which, and why. Six joints have a finite number of
/// branches; seven have a family of them, which one redundant parameter runs through.
public struct ClosedFormKinematics: Sendable {
  public let model: RobotModel
  public let finding: Finding

  /// What decides over the redundant joint, and how the rest is solved.
  enum Family {
    case six(SixAxisSolver)
    /// Seven joints, of which the first or the last is held, so that the others' axes stay where they are.
    case endLocked(joint: Int, SixAxisSolver)
    /// Seven joints, of which one amid the others is held: their axes depend on it.
    case locked(joint: Int, SixAxisSolver.Kind)
    case elbow(ElbowSolver)
  }

  let family: Family
  let axes: ChainAxes
  let lower, upper: JointScalars
  let zeroFromBase: Pose

  /// Finds the formulas for an arm.
  ///
  /// - Throws: ``Absence`` where none fit, saying why.
  public init(model: RobotModel) throws(Absence) {
    self.model = model
    axes = ChainAxes(model: model)
    lower = model.limits.lower.scalars
    upper = model.limits.upper.scalars
    zeroFromBase = model.pose(at: JointVector(count: model.jointCount)).inverse
    (family, finding) = try Self.family(of: axes, model: model)
  }

  /// All solutions within the limits, one for each branch, in the turns nearest the seed.
  ///
  /// With seven joints, those of ``redundancySamples`` values of the redundant parameter, evenly spread from the seed's.
  ///
  /// - Parameters:
  ///   - baseFromTool: The goal.
  ///   - seed: [rad]; also what an angle is where the goal leaves it open, or near which it is chosen where that leads nowhere.
  ///   - visit: Called with each solution.
  /// - Precondition: `seed.count == model.jointCount`.
  /// - Real-time: does not allocate or lock. About a microsecond for six joints.
  public func visitSolutions(for baseFromTool: Pose, near seed: JointVector, _ visit: (JointVector) -> Void) {
    precondition(seed.count == model.jointCount, "the seed has one number a joint")
    let question = Question(goal: baseFromTool, seed: seed, arm: self)
    guard question.isFinite else { return }
    var found = SolutionSet()
    if isRedundant {
      for sample in 0..<Self.redundancySamples {
        collect(placed(at: parameter(sample, of: Self.redundancySamples, question), question), question, into: &found)
        for index in 0..<found.count { visit(JointVector(scalars: found[index], count: model.jointCount)) }
        found.removeAll()
      }
    } else {
      var choice = 0
      while found.count == 0 && choice < Question.choices {
        let chosen = question.choosing(choice)
        collect(placed(at: 0, chosen), chosen, into: &found)
        choice += 1
      }
      for index in 0..<found.count { visit(JointVector(scalars: found[index], count: model.jointCount)) }
    }
  }

  /// The solution within the limits that is nearest to the seed; with seven joints, about so.
  ///
  /// - Returns: nil where there is none, or where none was found among an arm of seven joints' many.
  /// - Precondition: `seed.count == model.jointCount`.
  /// - Real-time: does not allocate or lock. About a microsecond for six joints, about thirty for seven.
  public func nearestSolution(for baseFromTool: Pose, near seed: JointVector) -> JointVector? {
    precondition(seed.count == model.jointCount, "the seed has one number a joint")
    let question = Question(goal: baseFromTool, seed: seed, arm: self)
    guard question.isFinite else { return nil }
    guard isRedundant else {
      for choice in 0..<Question.choices {
        let chosen = question.choosing(choice)
        if let found = nearest(placed(at: 0, chosen), chosen) { return found }
      }
      return nil
    }
    let best = bestParameter(of: question)
    guard best.cost < Candidate.unfit else { return nil }
    return nearest(placed(at: best.parameter, question), question)
  }

  /// How many values of the redundant parameter ``visitSolutions(for:near:_:)`` goes through.
  public static let redundancySamples = 16

  /// Whether a goal for which nothing is found has no solution, but for a singular one that leaves an angle open.
  var isExhaustive: Bool { !isRedundant && finding.inexactness == 0 }

  /// Whether solutions come in families, which one redundant parameter runs through: with seven joints.
  public var isRedundant: Bool {
    if case .six = family { false } else { true }
  }
}
