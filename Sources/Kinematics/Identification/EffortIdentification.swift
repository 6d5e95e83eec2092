internal import Foundation

/// Finds what an arm's file does not know: friction of its joints, and what its parts or its load weigh, from efforts measured while it moves.
///
/// Each sample gives one equation a joint,
///
///     τⱼ − τⱼ(model) − Jⱼ·q̈ⱼ = Yⱼ·δ + cⱼ·sign(q̇ⱼ) + vⱼ·q̇ⱼ
///
/// for the corrections δ of masses, first moments and inertias (ten a body), the dry frictions c and the viscous ones v. Of δ only what has weight is
/// kept. Joints that hardly move tell nothing,
/// as dry friction may then have any value up to its largest. Directions of δ that no motion shows, such as a mass that only the floor feels, stay at
/// zero: δ has a spread that it is expected to have, a fifth of what the file says. Samples belong to folds, stretches of the motion; what is found
/// without a fold is judged by it.
///
/// - Source: C. Gaz et al., *Dynamic identification of the Franka Emika Panda robot with retrieval of feasible parameters* (2019), sections III and
///   IV; J. Hollerbach, W. Khalil and M. Gautier, *Model identification*, in *Springer Handbook of Robotics* (2016), equations 6.43 to 6.50.
public struct EffortIdentification: Sendable {
  /// What may differ from the file.
  public enum Subject: Sendable {
    /// Friction, and the mass and centre of everything that moves.
    case arm
    /// What the tip carries, where friction and arm are known.
    case payload
  }

  public struct Friction: Sendable, Equatable {
    /// [N·m; N]
    public var coulomb: Double
    /// [N·m·s/rad; N·s/m]
    public var viscous: Double

    public init(coulomb: Double, viscous: Double) { (self.coulomb, self.viscous) = (coulomb, viscous) }
  }

  /// Root mean squares of what is left of a joint's effort [N·m; N].
  public struct Remainder: Sendable, Equatable {
    /// By the file.
    public var before: Double
    /// By what was found, on the samples that it was found from.
    public var after: Double
    /// By what was found from the other folds: what to expect of motions that were not measured.
    public var unseen: Double
  }

  public struct Finding: Sendable {
    /// One a joint, with their standard deviations.
    public var friction, frictionDeviation: [Friction]
    /// One a body.
    public var corrections: [MassCorrection]
    /// Of the tip's load, in the last body's frame: the deviation of its mass [kg] and of each coordinate of its first moment [kg·m].
    public var massDeviation: Double
    public var momentDeviation: SIMD3<Double>
    /// One a joint.
    public var remainders: [Remainder]
    /// Whether the corrections foretell unseen motion better than the file's masses do, by a twentieth at least. Where not, they are zero.
    public var correctsMasses: Bool
  }

  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Too few samples moved this joint.
    case tooFewSamples(joint: String, count: Int)
    /// A fold has no samples.
    case emptyFold(Int)

    public var description: String {
      switch self {
      case .tooFewSamples(let joint, let count): "only \(count) samples have \(joint) in motion, too few to tell its friction from its load"
      case .emptyFold(let fold): "part \(fold + 1) of the motion has no samples in which a joint moves"
      }
    }

    public var suggestion: String { "move every joint to and fro, at more than \(EffortIdentification.leastSpeed) rad/s, for a minute or longer" }
  }

  /// Below this a joint counts as at rest [rad/s; m/s].
  public static let leastSpeed = 0.03
  /// Of the cross-validation.
  public static let folds = 5
  private static let leastSamples = 100
  /// What corrections must gain on unseen motion to be believed.
  private static let leastGain = 0.05

  private let model: RobotModel
  private let rotorInertia: JointVector
  private let friction: [Friction]
  private let subject: Subject
  private let regressor: EffortRegressor
  /// By fold and joint.
  private var sums: [[NormalEquations]]

  /// - Parameters:
  ///   - model: As the file has it. Where the payload is sought, what it has of one does not count.
  ///   - rotorInertia: At the joints [kg·m²; kg].
  ///   - friction: As the file has it, one a joint.
  public init(model: RobotModel, rotorInertia: JointVector, friction: [Friction], subject: Subject = .arm) {
    precondition(rotorInertia.count == model.jointCount && friction.count == model.jointCount, "there is one number a joint")
    var bare = model
    if subject == .payload { bare.payload = nil }
    (self.model, self.rotorInertia, self.friction, self.subject) = (bare, rotorInertia, friction, subject)
    regressor = EffortRegressor(bare)
    let unknowns = regressor.parameterCount + 2 * model.jointCount
    sums = Array(repeating: Array(repeating: NormalEquations(unknowns: unknowns), count: model.jointCount), count: Self.folds)
  }

  /// Takes a sample.
  ///
  /// - Parameters:
  ///   - effort: What the motors gave at the joints [N·m; N], rotor inertia and friction included.
  ///   - fold: The stretch of the motion it is from, 0 ..< ``folds``.
  public mutating func add(_ q: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector, fold: Int) {
    let columns = regressor.columns(at: q, velocity: velocity, acceleration: acceleration)
    let rest = effort - model.inverseDynamics(at: q, velocity: velocity, acceleration: acceleration) - rotorInertia.scaled(by: acceleration)
    guard rest.isFinite else { return }
    for joint in 0..<model.jointCount where abs(velocity[joint]) > Self.leastSpeed {
      var row = columns.map { $0[joint] } + Array(repeating: 0, count: 2 * model.jointCount)
      row[frictionIndex(joint)] = velocity[joint] < 0 ? -1 : 1
      row[frictionIndex(joint) + 1] = velocity[joint]
      sums[fold][joint].add(row, rest[joint])
    }
  }

  /// What fits all samples best.
  public func finding() throws(Failure) -> Finding {
    for joint in 0..<model.jointCount {
      let count = sums.reduce(0) { $0 + $1[joint].rows }
      guard count >= Self.leastSamples else { throw .tooFewSamples(joint: model.jointNames[joint], count: count) }
    }
    if let fold = sums.firstIndex(where: { fold in fold.allSatisfy { $0.rows == 0 } }) { throw .emptyFold(fold) }
    let byFile = Array(repeating: 0, count: regressor.parameterCount) + friction.flatMap { [$0.coulomb, $0.viscous] }
    var best = validated(spread: spread(masses: subject == .arm), byFile: byFile), correctsMasses = true
    if subject == .arm {
      let plain = validated(spread: spread(masses: false), byFile: byFile)
      if best.unseen > (1 - Self.leastGain) * plain.unseen { (best, correctsMasses) = (plain, false) }
    }
    let masses = regressor.parameterCount, last = masses - EffortRegressor.parametersPerBody
    func frictions(_ numbers: [Double]) -> [Friction] {
      (0..<model.jointCount).map { Friction(coulomb: numbers[frictionIndex($0)], viscous: numbers[frictionIndex($0) + 1]) }
    }
    return Finding(
      friction: subject == .arm ? frictions(best.x) : friction, frictionDeviation: frictions(best.deviation),
      corrections: Array(parameters: best.x[..<masses]), massDeviation: best.deviation[last],
      momentDeviation: SIMD3(best.deviation[last + 1], best.deviation[last + 2], best.deviation[last + 3]), remainders: best.remainders,
      correctsMasses: correctsMasses)
  }

  private func frictionIndex(_ joint: Int) -> Int { regressor.parameterCount + 2 * joint }

  /// How far each unknown is expected to be from zero; 0 holds it there.
  private func spread(masses: Bool) -> [Double] {
    let bodies = model.bodyMasses, usual = bodies.reduce(0, +) / Double(bodies.count), length = model.typicalLength
    var spread: [Double] = []
    for (body, mass) in bodies.enumerated() {
      let isLoad = subject == .payload && body == bodies.count - 1
      let heavier = isLoad ? max(2 * usual, 10) : masses ? 0.2 * mass + 0.02 * usual : 0
      spread += [heavier] + Array(repeating: heavier * length, count: 3) + Array(repeating: heavier * length * length, count: 6)
    }
    return spread + Array(repeating: subject == .arm ? 1e6 : 0, count: 2 * model.jointCount)
  }

  private struct Fit {
    var x, deviation: [Double]
    var remainders: [Remainder]
    /// What is left of unseen motion, each joint's in shares of what is left by the file.
    var unseen: Double
  }

  private func validated(spread: [Double], byFile: [Double]) -> Fit {
    let joints = 0..<model.jointCount, all = 0..<Self.folds
    // In the payload's case friction is known: it leaves the measured side, as the file has it.
    let known = subject == .payload ? byFile : Array(repeating: 0, count: byFile.count)
    func rootMeanSquare(_ x: [Double], joint: Int, of folds: Range<Int>) -> Double {
      let rows = folds.reduce(0) { $0 + sums[$1][joint].rows }
      return (folds.reduce(0) { $0 + sums[$1][joint].squaredError(of: x) } / Double(max(rows, 1))).squareRoot()
    }
    let before = joints.map { rootMeanSquare(byFile, joint: $0, of: all) }
    var noise = before.map { max($0, 1e-9) }
    func solution(without fold: Int?) -> (x: [Double], deviation: [Double]) {
      var equations = NormalEquations(unknowns: spread.count)
      for each in all where each != fold {
        for joint in joints { equations.add(sums[each][joint].shifted(by: known), weight: 1 / (noise[joint] * noise[joint])) }
      }
      equations.addPrior(spread: spread)
      let found = equations.solution() ?? (known.map { _ in 0 }, known.map { _ in .infinity })
      return (zip(found.x, known).map { $0 + $1 }, found.deviation)
    }
    // Once more with the noise that was left: a joint that the file describes badly is no noisy joint.
    var found = solution(without: nil)
    for _ in 0..<2 {
      noise = joints.map { max(rootMeanSquare(found.x, joint: $0, of: all), 1e-6 * before[$0], 1e-12) }
      found = solution(without: nil)
    }
    var unseen = joints.map { _ in 0.0 }, rows = joints.map { _ in 0 }
    for fold in all {
      let others = solution(without: fold).x
      for joint in joints {
        unseen[joint] += sums[fold][joint].squaredError(of: others)
        rows[joint] += sums[fold][joint].rows
      }
    }
    let remainders = joints.map { joint in
      Remainder(
        before: before[joint], after: rootMeanSquare(found.x, joint: joint, of: all),
        unseen: (unseen[joint] / Double(max(rows[joint], 1))).squareRoot())
    }
    let share = remainders.reduce(0) { $0 + ($1.before > 0 ? $1.unseen / $1.before : 0) } / Double(model.jointCount)
    return Fit(x: found.x, deviation: found.deviation, remainders: remainders, unseen: share)
  }
}
