/// How much motions tell about what ``EffortIdentification`` seeks: the volume that is left of what is not known, as a logarithm.
///
///     ½ log det(Σ YᵀY/σ² + S⁻²)
///
/// with S the spread that the unknowns are expected to have. A motion that tells most makes this largest.
///
/// - Source: J. Swevers et al., *Optimal robot excitation and identification* (1997), section III-C: the D-optimality of a trajectory.
public struct Excitation: Sendable {
  private let regressor: EffortRegressor
  /// What an effort is uncertain by [N·m; N].
  private let noise: JointVector
  private var sum: NormalEquations

  /// - Parameters:
  ///   - noise: What a joint's measured effort is uncertain by [N·m; N], positive.
  ///   - friction: How large each joint's friction may be [N·m; N], positive.
  public init(model: RobotModel, noise: JointVector, friction: JointVector) {
    precondition(noise.count == model.jointCount && friction.count == model.jointCount, "there is one number a joint")
    let bodies = model.bodyMasses, usual = bodies.reduce(0, +) / Double(bodies.count), length = model.typicalLength
    regressor = EffortRegressor(model, bodies: Array(0..<model.bodyCount))
    self.noise = noise
    sum = NormalEquations(unknowns: regressor.parameterCount + 2 * model.jointCount)
    sum.addPrior(
      spread: bodies.flatMap { body in
        let mass = max(0.2 * body + 0.02 * usual, 1e-6)
        return [mass] + Array(repeating: mass * length, count: 3)
      } + friction.flatMap { [$0, $0] })
  }

  /// Takes an instant of a motion.
  public mutating func add(_ q: JointVector, velocity: JointVector, acceleration: JointVector) {
    let columns = regressor.columns(at: q, velocity: velocity, acceleration: acceleration)
    for joint in q.indices where abs(velocity[joint]) > EffortIdentification.leastSpeed {
      var row = columns.map { $0[joint] / noise[joint] } + Array(repeating: 0, count: 2 * q.count)
      row[columns.count + 2 * joint] = (velocity[joint] < 0 ? -1 : 1) / noise[joint]
      row[columns.count + 2 * joint + 1] = velocity[joint] / noise[joint]
      sum.add(row, 0)
    }
  }

  public var logVolume: Double { sum.logDeterminant.map { 0.5 * $0 } ?? -.infinity }
}
