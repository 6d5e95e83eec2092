internal import Foundation

extension ClosedFormKinematics {
  /// Which formulas an arm has, and why.
  public struct Finding: Sendable, Equatable {
    public enum Form: Sendable, Equatable {
      /// The three joints that are named last, or first if so, turn about one point.
      case sphericalWrist(joints: [String])
      case threeParallelAxes(joints: [String])
      /// Shoulder and wrist turn about a point each: the elbow angle is free.
      case elbowAngle(elbow: String)
    }

    public let form: Form
    /// The joint whose angle is chosen before the formulas give the others; only with seven joints.
    public let chosenJoint: String?
    /// In one sentence, for people.
    public let sentence: String
    /// How far axes that count as meeting miss one another [m], and how far those that count as parallel are from it, times the arm's size; 0 where
    /// they are exact. Answers are exact either way, as Newton's steps take this off.
    public let inexactness: Double
  }

  /// Why an arm has no formulas.
  public enum Absence: Error, Sendable, Equatable, CustomStringConvertible {
    case slides(joint: String)
    case follows
    case jointCount(Int)
    /// Six or seven joints that turn, but whose axes lie in no way that has formulas.
    case otherGeometry(jointCount: Int)

    public var description: String {
      switch self {
      case .slides(let joint): "joint \"\(joint)\" slides, and there are closed forms only for joints that turn"
      case .follows: "some joints of the arm follow others, and there are closed forms only for joints that move by themselves"
      case .jointCount(let count): "the arm has \(count) joint\(count == 1 ? "" : "s"), and there are closed forms only for 6 and 7"
      case .otherGeometry(6):
        "neither the first nor the last three axes meet in a point, and no three neighbouring axes between the ends are parallel"
      case .otherGeometry(let count):
        "whichever of the \(count) joints is held, the other axes neither meet in a point at an end nor are three of them parallel"
      }
    }
  }

  /// Axes that miss by so much, in units of the arm's size and in radians, still count as meeting or parallel.
  static let tolerance = 1e-4

  static func family(of axes: ChainAxes, model: RobotModel) throws(Absence) -> (Family, Finding) {
    guard model.coupling == nil else { throw .follows }
    if let joint = model.isPrismatic.firstIndex(of: true) { throw .slides(joint: model.jointNames[joint]) }
    switch model.jointCount {
    case 6:
      guard let solver = SixAxisSolver(axes.six, tolerance: tolerance) else { throw .otherGeometry(jointCount: 6) }
      return (.six(solver), finding(of: solver, names: model.jointNames, chosen: nil, size: axes.size))
    case 7:
      if let solver = ElbowSolver(axes.directions, axes.points, tolerance: tolerance) {
        let names = model.jointNames
        let sentence =
          "closed form: the axes of \(list(names[0...2])) meet in a point, as do those of \(list(names[4...6])), "
          + "so that the arm swivels about the line between the two by its elbow angle; 8 branches for each"
        return (
          .elbow(solver),
          Finding(form: .elbowAngle(elbow: names[3]), chosenJoint: nil, sentence: sentence, inexactness: solver.inexactness * axes.size)
        )
      }
      // An end joint leaves the other axes where they are; after those, the joints from the tip back.
      for joint in [6, 0, 5, 4, 3, 2, 1] {
        guard let solver = lockedSolver(joint, axes: axes) else { continue }
        var others = model.jointNames
        let chosen = others.remove(at: joint)
        let found = finding(of: solver, names: others, chosen: chosen, size: axes.size)
        return (joint == 6 || joint == 0 ? .endLocked(joint: joint, solver) : .locked(joint: joint, solver.kind), found)
      }
      throw .otherGeometry(jointCount: 7)
    default: throw .jointCount(model.jointCount)
    }
  }

  /// The solver that the axes have with a joint held, if it is of the same kind wherever the joint stands.
  private static func lockedSolver(_ joint: Int, axes: ChainAxes) -> SixAxisSolver? {
    guard joint != 0 && joint != 6 else { return SixAxisSolver(axes.locking(joint, at: .zero), tolerance: tolerance) }
    let trials = [0.3, 1.7, -2.2].map { UnitAngle(cosine: cos($0), sine: sin($0)) }
    return SixAxisSolver.Kind.all.lazy.compactMap { kind in
      let solvers = trials.compactMap { SixAxisSolver(axes.locking(joint, at: $0), kind: kind, tolerance: tolerance) }
      return solvers.count == trials.count ? solvers[0] : nil
    }.first
  }

  private static func finding(of solver: SixAxisSolver, names: [String], chosen: String?, size: Double) -> Finding {
    let from = solver.kind.isReversed ? Array(names.reversed()) : names
    let form: Finding.Form, because: String
    switch solver.form {
    case .wrist(let wrist):
      let meeting = solver.kind.isReversed ? Array(names[0...2]) : Array(names[3...5])
      let others = solver.kind.isReversed ? Array(names[3...5]) : Array(names[0...2])
      form = .sphericalWrist(joints: meeting)
      because = "the axes of \(list(meeting)) meet in a point, and \(list(others)) \(wrist.plan)"
    case .parallel(let parallel):
      let threes = solver.kind.isReversed ? Array(names[2...4]) : Array(names[1...3])
      form = .threeParallelAxes(joints: threes)
      because = "the axes of \(list(threes)) are parallel, and \(list([from[0], from[4]])) \(parallel.plan)"
    }
    let whole = chosen.map { "closed form with \($0) held at a value that is searched for: \(because); 8 branches for each" }
    return Finding(form: form, chosenJoint: chosen, sentence: whole ?? "closed form: \(because); 8 branches", inexactness: solver.inexactness * size)
  }

  private static func list(_ names: some BidirectionalCollection<String>) -> String {
    names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}
