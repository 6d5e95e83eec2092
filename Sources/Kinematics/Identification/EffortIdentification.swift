/// Finds what an arm's file does not know: friction of its joints, and what its parts or its load weigh, from efforts measured while it moves.
///
/// Each sample gives one equation a joint,
///
///     τⱼ − τⱼ(model) − Jⱼ·q̈ⱼ = Yⱼ·δ + cⱼ·sign(q̇ⱼ) + vⱼ·q̇ⱼ
///
/// for the corrections δ of masses and first moments (four a body), the dry frictions c and the viscous ones v. Joints that hardly move tell nothing,
/// as dry friction may then have any value up to its largest. Directions of δ that no motion shows, such as a mass that only the floor feels, stay at
/// zero: δ has a spread that it is expected to have, a fifth of what the file says. Samples belong to folds, parts of the motion; what is found
/// without a fold is judged by it, and how much it differs from fold to fold tells how well it is known.
///
/// - Source: C. Gaz et al., *Dynamic identification of the Franka Emika Panda robot with retrieval of feasible parameters* (2019), sections III and
///   IV; J. Hollerbach, W. Khalil and M. Gautier, *Model identification*, in *Springer Handbook of Robotics* (2016), equations 6.43 to 6.50.
public struct EffortIdentification: Sendable {
  /// What may differ from the file.
  public enum Subject: Sendable {
    /// Friction, and the mass and centre of everything that moves.
    case arm
    /// What the tip carries, where the arm is known; its friction may be another today.
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
    /// One a joint, with their standard deviations; where the motion did not show one it is the file's.
    public var friction, frictionDeviation: [Friction]
    /// Joints whose dry or viscous friction is the file's, because the motion does not tell it from something else.
    public var keepsCoulomb, keepsViscous: Set<Int>
    /// One a body.
    public var corrections: [MassCorrection]
    /// Bodies whose mass is the file's, because the motion does not show it.
    public var keepsMass: Set<Int>
    /// Of the tip's load, in the last body's frame: the deviation of its mass [kg] and of each coordinate of its first moment [kg·m].
    public var massDeviation: Double
    public var momentDeviation: SIMD3<Double>
    /// One a joint.
    public var remainders: [Remainder]
    /// Whether the corrections foretell unseen motion better than the file's masses do, by a twentieth at least. Where not, they are zero.
    public var correctsMasses: Bool
  }

  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No joint moved in more samples than this.
    case tooFewSamples(count: Int)
    /// A fold has no samples.
    case emptyFold(Int)

    public var description: String {
      switch self {
      case .tooFewSamples(let count): "no joint moves in more than \(count) samples, too few to tell friction from load"
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
  private let errorLength: Double
  private let regressor: EffortRegressor
  /// By fold and joint.
  private var sums: [[NormalEquations]]
  /// The greatest speed of each joint [rad/s; m/s].
  private var topSpeed: JointVector

  /// - Parameters:
  ///   - model: As the file has it. Where the payload is sought, what it has of one does not count.
  ///   - rotorInertia: At the joints [kg·m²; kg].
  ///   - friction: As the file has it, one a joint.
  ///   - bodies: Whose masses may be corrected; nil for all.
  ///   - errorLength: How many samples in a row err alike; where they do, the file counts for more.
  public init(
    model: RobotModel, rotorInertia: JointVector, friction: [Friction], subject: Subject = .arm, bodies: [Int]? = nil, errorLength: Double = 1
  ) {
    precondition(rotorInertia.count == model.jointCount && friction.count == model.jointCount, "there is one number a joint")
    var bare = model
    if subject == .payload { bare.payload = nil }
    (self.model, self.rotorInertia, self.friction, self.subject) = (bare, rotorInertia, friction, subject)
    self.errorLength = errorLength
    regressor =
      switch subject {
      case .arm: EffortRegressor(bare, bodies: bodies ?? Array(0..<bare.bodyCount))
      case .payload: EffortRegressor(bare, bodies: [bare.bodyCount - 1], loadsLastBody: true)
      }
    let unknowns = regressor.parameterCount + 2 * model.jointCount
    sums = Array(repeating: Array(repeating: NormalEquations(unknowns: unknowns), count: model.jointCount), count: Self.folds)
    topSpeed = JointVector(count: model.jointCount)
  }

  /// Takes a sample.
  ///
  /// - Parameters:
  ///   - effort: What the motors gave at the joints [N·m; N], rotor inertia and friction included.
  ///   - fold: The part of the motion it is from, 0 ..< ``folds``.
  ///   - isSliding: One a joint: whether it moved one way all around the sample; nil where its velocity tells.
  public mutating func add(
    _ q: JointVector, velocity: JointVector, acceleration: JointVector, effort: JointVector, fold: Int, isSliding: [Bool]? = nil
  ) {
    let columns = regressor.columns(at: q, velocity: velocity, acceleration: acceleration)
    let rest = effort - model.inverseDynamics(at: q, velocity: velocity, acceleration: acceleration) - rotorInertia.scaled(by: acceleration)
    guard rest.isFinite else { return }
    for joint in 0..<model.jointCount where abs(velocity[joint]) > Self.leastSpeed && isSliding?[joint] != false {
      var row = columns.map { $0[joint] } + Array(repeating: 0, count: 2 * model.jointCount)
      row[frictionIndex(joint)] = velocity[joint] < 0 ? -1 : 1
      row[frictionIndex(joint) + 1] = velocity[joint]
      sums[fold][joint].add(row, rest[joint])
      topSpeed[joint] = max(topSpeed[joint], abs(velocity[joint]))
    }
  }

  /// What fits all samples best.
  public func finding() throws(Failure) -> Finding {
    let counts = (0..<model.jointCount).map { joint in sums.reduce(0) { $0 + $1[joint].rows } }, most = counts.max() ?? 0
    guard most >= Self.leastSamples else { throw .tooFewSamples(count: most) }
    if let fold = sums.firstIndex(where: { fold in fold.allSatisfy { $0.rows == 0 } }) { throw .emptyFold(fold) }
    var held: [Int: Double] = [:]
    for joint in 0..<model.jointCount where counts[joint] < Self.leastSamples {
      held[frictionIndex(joint)] = friction[joint].coulomb
      held[frictionIndex(joint) + 1] = friction[joint].viscous
    }
    var best = settled(holding: held), correctsMasses = true
    if subject == .arm {
      var held = held
      for parameter in 0..<regressor.parameterCount { held[parameter] = 0 }
      let plain = settled(holding: held)
      if best.unseen > (1 - Self.leastGain) * plain.unseen { (best, correctsMasses) = (plain, false) }
    }
    return finding(best, correctsMasses: correctsMasses)
  }

  private func finding(_ fit: EffortFit, correctsMasses: Bool) -> Finding {
    func frictions(_ numbers: [Double]) -> [Friction] {
      (0..<model.jointCount).map { Friction(coulomb: numbers[frictionIndex($0)], viscous: numbers[frictionIndex($0) + 1]) }
    }
    let load = regressor.places.last?.first ?? 0, joints = 0..<model.jointCount
    return Finding(
      friction: frictions(fit.x), frictionDeviation: frictions(fit.deviation),
      keepsCoulomb: Set(joints.filter { fit.unshown.contains(frictionIndex($0)) }),
      keepsViscous: Set(joints.filter { fit.unshown.contains(frictionIndex($0) + 1) }),
      corrections: regressor.corrections(fit.x[..<regressor.parameterCount], bodyCount: model.bodyCount),
      keepsMass: Set(regressor.places.filter { fit.unshown.contains($0.first) }.map(\.body)),
      massDeviation: fit.deviation[load], momentDeviation: SIMD3(fit.deviation[load + 1], fit.deviation[load + 2], fit.deviation[load + 3]),
      remainders: fit.remainders, correctsMasses: correctsMasses)
  }

  private func frictionIndex(_ joint: Int) -> Int { regressor.parameterCount + 2 * joint }
}

// MARK: - What can be told

extension EffortIdentification {
  /// Of what a joint's friction takes, the share by which a part of it may be uncertain and still be told.
  private static let vagueness = 0.25
  /// Of its expected spread; what is as uncertain as this after the motion as before was not shown by it.
  private static let ignorance = 0.97
  /// Of a body's mass; no body is that much lighter than its file says.
  private static let leastMass = 0.5

  /// The fit in which nothing is told that the motion does not show, and nothing is found that cannot be.
  private func settled(holding held: [Int: Double]) -> EffortFit {
    let spread = spread, byFile = Array(repeating: 0, count: regressor.parameterCount) + friction.flatMap { [$0.coulomb, $0.viscous] }
    let short = held.keys.filter { $0 >= regressor.parameterCount }
    var fit = EffortFit(sums, spread: spread, byFile: byFile, errorLength: errorLength, holding: held, unshown: Set(short))
    // Each turn holds one number more at least.
    while true {
      let unshown = unshown(by: fit), impossible = impossible(in: fit)
      var held = fit.held
      if !unshown.isEmpty {
        for unknown in unshown { held[unknown] = byFile[unknown] }
      } else if !impossible.isEmpty {
        held.merge(impossible) { old, _ in old }
      } else {
        return fit
      }
      fit = EffortFit(
        sums, spread: spread, byFile: byFile, errorLength: errorLength, holding: held, unshown: fit.unshown.union(unshown))
    }
  }

  private func unshown(by fit: EffortFit) -> [Int] {
    guard subject == .arm else { return [] }
    var unshown = (0..<regressor.parameterCount).filter { fit.held[$0] == nil && fit.ignorance[$0] > Self.ignorance }
    for joint in 0..<model.jointCount {
      let dry = frictionIndex(joint), viscous = dry + 1
      func effort(_ x: (Int) -> Double) -> Double { abs(x(dry)) + abs(x(viscous)) * topSpeed[joint] }
      let file = friction[joint], whole = max(effort { fit.x[$0] }, file.coulomb + file.viscous * topSpeed[joint])
      if fit.held[dry] == nil, fit.deviation[dry] > Self.vagueness * whole { unshown.append(dry) }
      if fit.held[viscous] == nil, fit.deviation[viscous] * topSpeed[joint] > Self.vagueness * whole { unshown.append(viscous) }
    }
    return unshown
  }

  /// Frictions that push, and masses that hardly are any, with the numbers that come nearest to them.
  private func impossible(in fit: EffortFit) -> [Int: Double] {
    guard subject == .arm else { return [:] }
    var bounds: [Int: Double] = [:]
    for unknown in regressor.parameterCount..<fit.x.count where fit.x[unknown] < 0 { bounds[unknown] = 0 }
    let masses = model.unloadedBodies.map(\.mass)
    for (body, mass) in regressor.places where fit.held[mass] == nil && fit.x[mass] < -Self.leastMass * masses[body] {
      bounds[mass] = -Self.leastMass * masses[body]
    }
    return bounds
  }

  /// How far each unknown is expected to be from zero.
  private var spread: [Double] {
    let bodies = model.bodyMasses, usual = bodies.reduce(0, +) / Double(bodies.count), length = model.typicalLength
    var spread = Array(repeating: 0.0, count: regressor.parameterCount)
    for (body, first) in regressor.places {
      let mass = subject == .payload ? max(2 * usual, 10) : 0.2 * bodies[body] + 0.02 * usual
      spread[first] = mass
      for moment in 1...3 { spread[first + moment] = mass * length }
    }
    // A load's inertia.
    if subject == .payload { for inertia in 4..<10 { spread[inertia] = spread[0] * length * length } }
    return spread + Array(repeating: 1e6, count: 2 * model.jointCount)
  }
}
