/// Joint positions that put the tool at a pose: by formulas where the arm's axes allow them, else step by step, by damped least squares within the
/// joint limits with seeded restarts.
///
/// The same question has the same answer every time and on every machine: nothing depends on a clock, unless `shouldStop` does.
public struct InverseKinematics: Sendable {
  public let model: RobotModel
  public let settings: Settings

  public struct Settings: Sendable {
    /// The largest distance that counts as solved [m]. Answers are usually far better: about 1e-12.
    public var positionTolerance = 1e-5
    /// The largest angle between goal and answer that counts as solved [rad].
    public var orientationTolerance = 1e-5
    /// Steps in all, over all attempts. One takes less than a microsecond.
    public var maximumIterations = 4000
    /// Attempts in all. With 1 there is no restart: the answer is the one that the seed leads to, as following a line needs.
    public var maximumAttempts = Int.max
    /// Chooses the restarts.
    public var randomSeed: UInt64 = 1
    /// Whether formulas come first where the arm has them. They give the solution nearest to the seed among all branches, and are not used for a
    /// single attempt, which must stay on the seed's branch.
    public var usesClosedForm = true
    /// Which part of goals does not matter unless a question says otherwise; nil: whatever an arm of so many joints cannot do.
    public var freeAxes: FreeAxes?

    public init() {}
  }

  /// What is left between goal and answer.
  public struct Residual: Sendable, Equatable {
    /// Distance [m].
    public var position: Double
    /// Angle [rad].
    public var orientation: Double
  }

  public struct Solution: Sendable {
    /// Within the limits. A joint that may turn more than once is in the turn nearest the seed.
    public var q: JointVector
    public var residual: Residual
    /// Steps that were taken, over all attempts; 0 by formulas.
    public var iterations: Int
    public var method: Method
  }

  public enum Method: String, Sendable {
    case closedForm = "closed-form"
    case numeric
  }

  public enum Failure: Error, Sendable {
    /// The goal or the seed holds a number that is not finite, or the goal is so far off that its distance cannot be squared.
    case notFinite
    /// No attempt came near enough; `closest` is the best of them and `pose` what it reaches.
    case notReached(closest: Solution, pose: Pose)
  }

  /// Which part of a pose does not matter.
  public enum FreeAxes: String, Sendable, CaseIterable {
    /// Nothing: all six numbers bind.
    case none
    /// Turning about the tool's z axis: position and z direction bind.
    case axis
    /// Orientation: only the position binds.
    case position
    /// Turning about the tool's z axis, and shifting within the goal's xy plane.
    case plane

    /// What an arm of so many joints has to leave free: five joints the turn about the tool's z axis, fewer all orientation.
    public static func usual(jointCount: Int) -> FreeAxes { jointCount >= 6 ? .none : jointCount == 5 ? .axis : .position }
  }

  /// The formulas that the arm's axes allow; nil where they allow none.
  public let closedForm: ClosedFormKinematics?
  /// Why there are no formulas, where there are none.
  public let absence: ClosedFormKinematics.Absence?

  let lower, upper: JointScalars
  /// 1 where a joint turns and its range holds a whole turn: its limits never stop a search, as some turn of every angle fits.
  let hasWholeTurn: JointScalars
  /// Half of where restarts are drawn from about `middle`.
  let middle, halfRange: JointScalars
  /// What a metre weighs against a radian [1/m]: one over the arm's typical length.
  let lengthWeight: Double

  /// Which part of a goal does not matter where the question does not say.
  public var freeAxes: FreeAxes { settings.freeAxes ?? .usual(jointCount: model.jointCount) }

  public init(model: RobotModel, settings: Settings = Settings()) {
    self.model = model
    self.settings = settings
    lower = model.limits.lower.scalars
    upper = model.limits.upper.scalars
    var hasWholeTurn = JointScalars(repeating: 0), middle = JointScalars(repeating: 0), halfRange = JointScalars(repeating: 0)
    let isPrismatic = model.isPrismatic
    for joint in 0..<model.jointCount {
      let range = model.limits.upper[joint] - model.limits.lower[joint]
      if model.isPeriodic(joint) && range >= 2 * .pi {
        hasWholeTurn[joint] = 1
        middle[joint] = range.isFinite ? (model.limits.upper[joint] + model.limits.lower[joint]) / 2 : 0
        halfRange[joint] = .pi
      } else if range.isFinite {
        middle[joint] = (model.limits.upper[joint] + model.limits.lower[joint]) / 2
        halfRange[joint] = range / 2
      } else {
        let bounded = min(max(0, model.limits.lower[joint]), model.limits.upper[joint])
        middle[joint] = bounded
        halfRange[joint] = isPrismatic[joint] ? 1 : .pi
      }
    }
    (self.hasWholeTurn, self.middle, self.halfRange) = (hasWholeTurn, middle, halfRange)
    lengthWeight = 1 / model.typicalLength
    do throws(ClosedFormKinematics.Absence) {
      closedForm = try ClosedFormKinematics(model: model)
      absence = nil
    } catch {
      closedForm = nil
      absence = error
    }
  }

  /// How goals are solved that leave ``freeAxes`` open.
  public var method: Method { closedForm != nil && freeAxes == .none ? .closedForm : .numeric }

  /// Which way the arm's inverse kinematics goes, and why, in one sentence.
  public var sentence: String {
    guard let closedForm else { return "numeric: \(absence?.description ?? "")" }
    guard method == .closedForm else {
      return "numeric: goals leave \(freeAxes.phrase) open, and closed forms are for goals that leave nothing open"
    }
    return closedForm.finding.sentence
  }

  /// A configuration within the limits whose tool pose is `baseFromTool`.
  ///
  /// With formulas it is the one nearest to the seed. Without, the first attempt starts at the seed and mostly ends on the nearest branch; the
  /// others start anywhere within the limits. Where exact formulas find nothing, a few attempts look for the closest pose.
  ///
  /// - Parameters:
  ///   - baseFromTool: The goal.
  ///   - seed: Where to begin [rad; m for prismatic].
  ///   - free: Which part of the goal does not matter; nil: ``freeAxes``.
  ///   - shouldStop: Asked between attempts; true ends the search.
  /// - Throws: ``Failure`` with the closest configuration found.
  /// - Precondition: `seed.count == model.jointCount`.
  /// - Real-time: does not allocate or lock. A few microseconds from a near seed; at most `maximumIterations` steps, and some hundreds to the
  ///   closest where there is no solution.
  public func solution(
    for baseFromTool: Pose, near seed: JointVector, free: FreeAxes? = nil, shouldStop: () -> Bool = { false }
  ) throws(Failure) -> Solution {
    precondition(seed.count == model.jointCount, "the seed has one number a joint")
    let free = free ?? freeAxes
    let task = Task(goal: baseFromTool, free: free, lengthWeight: lengthWeight)
    guard task.isFinite && seed.isFinite else { throw .notFinite }
    var attempts = settings.maximumAttempts
    if let closedForm, free == .none, settings.usesClosedForm, attempts > 1 {
      if let q = closedForm.nearestSolution(for: baseFromTool, near: seed) {
        return Solution(q: q, residual: task.error(of: model.pose(at: q)).residual, iterations: 0, method: .closedForm)
      }
      if closedForm.isExhaustive { attempts = min(attempts, Self.attemptsForTheClosest) }
    }
    return try search(for: task, near: seed, attempts: attempts, shouldStop: shouldStop)
  }

  /// A configuration within the limits by numeric steps alone.
  ///
  /// - Throws: ``Failure/notReached(closest:pose:)``. Of several attempts the closest is where no step comes nearer; of one, where that one ended.
  func search(
    for task: Task, near seed: JointVector, attempts: Int, shouldStop: () -> Bool = { false }
  ) throws(Failure) -> Solution {
    var randomness = SplitMix(state: settings.randomSeed), iterations = 0, attempt = 1
    var best = descend(from: clamped(seed), task: task, iterations: &iterations)
    while !isSolved(best.error) && attempt < attempts && iterations < settings.maximumIterations && !shouldStop() {
      attempt += 1
      let candidate = descend(from: random(&randomness), task: task, iterations: &iterations)
      if isSolved(candidate.error) || candidate.cost < best.cost { best = candidate }
    }
    if !isSolved(best.error) && attempts > 1 { best = settled(from: best, task: task) }
    let q = wound(best.q, near: seed)
    let found = Solution(q: q, residual: best.error.residual, iterations: iterations, method: .numeric)
    guard isSolved(best.error) else { throw .notReached(closest: found, pose: model.pose(at: q)) }
    return found
  }

  /// Where formulas have shown that there is no solution, more attempts hardly come nearer.
  private static var attemptsForTheClosest: Int { 30 }

  func isSolved(_ error: Task.Error) -> Bool {
    error.linear.length <= settings.positionTolerance && error.angular.length <= settings.orientationTolerance
  }

  /// Moved into the limits; joints that turn are first turned back to the nearest turn within them.
  func clamped(_ q: JointVector) -> JointVector { wound(q, near: q).clamped(lower: model.limits.lower, upper: model.limits.upper) }

  /// The same angles in the turns nearest the seed that the limits allow.
  func wound(_ q: JointVector, near seed: JointVector) -> JointVector {
    var scalars = q.scalars
    let wanted = seed.scalars
    for joint in 0..<q.count where hasWholeTurn[joint] == 1 {
      let range = TurnRange(lower: lower[joint], upper: upper[joint])
      scalars[joint] = min(max(range.wound(scalars[joint], near: wanted[joint]), lower[joint]), upper[joint])
    }
    return JointVector(scalars: scalars, count: q.count)
  }

  /// Anywhere within the limits.
  func random(_ randomness: inout SplitMix) -> JointVector {
    var q = JointScalars(repeating: 0)
    for joint in 0..<model.jointCount {
      let drawn = middle[joint] + halfRange[joint] * (2 * randomness.unit() - 1)
      q[joint] = min(max(drawn, lower[joint]), upper[joint])
    }
    return JointVector(scalars: q, count: model.jointCount)
  }
}
