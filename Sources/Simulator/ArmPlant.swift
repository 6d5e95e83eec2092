public import Kinematics

/// The arm as nature has it: rigid links, rotors behind reducers, gravity, friction and end stops.
///
///     (M(q) + diag(ratio² · rotorInertia)) q̈ + h(q, q̇) = effort + external − viscous·q̇ − friction − stops
///
/// A joint whose reducer is a spring has its rotor's inertia and friction on the other side of it (``ElasticRotors``), and the spring for effort.
///
/// Integrated at fixed steps of 50 µs, a stock drive's own control period, by position Verlet (drift, kick, drift): of second order,
/// time-reversible for forces that depend on position, and hence without drift of energy, at one evaluation of the dynamics; Runge–Kutta would
/// cost four and lose energy steadily. Inertia and bias are evaluated in the middle of each fifth step (4 kHz), the links being slow against the
/// rotors; drives, friction and stops act at each. Dry friction and stops are implicit in velocity: a joint at rest stays exactly at rest while
/// less than its friction pushes, and a joint that meets a stop stays there (an inelastic, rigid stop). Everything is a fixed sequence of double
/// operations: the same inputs give the same bits. Viscous friction acts on the mean of the velocities before and after a step.
public struct ArmPlant: Sendable {
  /// [s]
  public static let step = 50e-6
  /// Steps for which inertia and bias are kept.
  static let stepsPerEvaluation = 5

  public private(set) var model: RobotModel
  public let driveTrains: [DriveTrain]
  /// [rad], [rad/s]
  public private(set) var position, velocity: JointVector
  /// Steps since the beginning.
  public private(set) var stepCount = 0
  /// Effort at the joints from outside the arm [N·m], until it is changed: a push, a knock, a wall.
  public var externalEffort: JointVector
  /// How much more than when it slides a joint rubs when it rests; nil for not at all.
  public var stribeck: Stribeck?
  /// Where the end stops are [rad].
  public let lowerStop, upperStop: JointVector

  /// Of the joints with rigid reducers; 0 for the others.
  private let armature, coulomb, viscous: JointVector
  private var rotors: ElasticRotors
  private var solver: FrictionSolver
  /// h(q, q̇) [N·m], of the present evaluation.
  private var bias: JointVector

  /// At rest at `position`, springs wound up by gravity.
  ///
  /// - Parameters:
  ///   - driveTrains: One per joint, in the model's order.
  ///   - position: [rad]. A joint that begins beyond its end stop has its stop moved there.
  ///   - stopMargin: How far beyond the model's limits the end stops are [rad].
  /// - Precondition: one drive train and one position per joint.
  public init(model: RobotModel, driveTrains: [DriveTrain], position: JointVector, stopMargin: Double = 0) {
    precondition(driveTrains.count == model.jointCount && position.count == model.jointCount)
    self.model = model
    self.driveTrains = driveTrains
    self.position = position
    velocity = JointVector(count: model.jointCount)
    externalEffort = velocity
    bias = velocity
    solver = FrictionSolver(count: model.jointCount)
    rotors = ElasticRotors(
      driveTrains, position: position, load: model.gravityEffort(at: position), mobility: solver.mobility(of: model.massMatrix(at: position)))
    let isRigid = JointVector(repeating: 1, count: model.jointCount) - rotors.isElastic
    armature = isRigid.scaled(by: JointVector(driveTrains.map(\.armature)))
    coulomb = isRigid.scaled(by: JointVector(driveTrains.map(\.coulomb)))
    viscous = isRigid.scaled(by: JointVector(driveTrains.map(\.viscous)))
    lowerStop = JointVector(zip(model.limits.lower, position).map { min($0 - stopMargin, $1) })
    upperStop = JointVector(zip(model.limits.upper, position).map { max($0 + stopMargin, $1) })
  }

  /// [s] since the beginning.
  public var time: Double { Double(stepCount) * Self.step }

  /// Where the rotors are and how they turn, in the joints' measure [rad], [rad/s]: as the joints but for the twist of reducers that are springs.
  public var rotorPosition: JointVector { rotors.position }
  public var rotorVelocity: JointVector { rotors.velocity }

  /// What the reducers' springs hold [J].
  public var springEnergy: Double { rotors.springEnergy(at: position) }

  /// ½ q̇ᵀ(M + armature)q̇, and that of the rotors on springs [J].
  public var kineticEnergy: Double {
    var momentum = armature.scaled(by: velocity)
    let inertia = model.massMatrix(at: position)
    for row in 0..<velocity.count {
      for column in 0..<velocity.count { momentum[row] += inertia[row, column] * velocity[column] }
    }
    return 0.5 * momentum.dot(velocity) + rotors.kineticEnergy
  }

  /// Puts something in the arm's hand, or takes it away.
  public mutating func carry(_ payload: Payload?) { model.payload = payload }

  /// Adds to `externalEffort` what a wrench on a link does to the joints.
  ///
  /// - Parameters:
  ///   - wrench: [N], [N·m], at the origin of the link's frame, in base axes.
  ///   - chain: The same arm's model whose tip is that link: its joints are the first of this arm's.
  public mutating func push(with wrench: Wrench, atTipOf chain: RobotModel) {
    precondition(chain.jointCount <= position.count)
    let q = JointVector(position.prefix(chain.jointCount))
    let effort = chain.jacobian(at: q).effort(for: wrench)
    for joint in 0..<chain.jointCount { externalEffort[joint] += effort[joint] }
  }

  /// Advances by one step with the motors' efforts at the joints [N·m].
  public mutating func advance(effort: JointVector) {
    let transmitted = rotors.transmitted(effort, to: position, velocity: velocity)
    let applied = transmitted + externalEffort
    if stepCount % Self.stepsPerEvaluation == 0 { evaluate(applied) }
    var lower = JointVector(repeating: -.infinity, count: position.count)
    var upper = JointVector(repeating: .infinity, count: position.count)
    for joint in 0..<position.count {
      lower[joint] = min(0, (lowerStop[joint] - position[joint]) / Self.step)
      upper[joint] = max(0, (upperStop[joint] - position[joint]) / Self.step)
    }
    let push = applied - bias - viscous.scaled(by: velocity)
    let after = solver.velocity(
      momentum: solver.momentum(of: velocity) + Self.step * push, friction: Self.step * dryFriction, before: velocity, lower: lower, upper: upper)
    position = (position + (0.5 * Self.step) * (velocity + after)).clamped(lower: lowerStop, upper: upperStop)
    velocity = after
    rotors.advance(effort: effort, transmitted: transmitted, joints: position, velocity: velocity)
    stepCount += 1
  }

  /// The most that dry friction takes at the present velocities [N·m].
  private var dryFriction: JointVector {
    guard let stribeck else { return coulomb }
    var friction = coulomb
    for joint in friction.indices { friction[joint] *= stribeck.share(at: velocity[joint]) }
    return friction
  }

  /// Takes inertia and bias for the steps ahead from the configuration and velocity expected in their middle.
  private mutating func evaluate(_ effort: JointVector) {
    let half = 0.5 * Double(Self.stepsPerEvaluation) * Self.step
    let middle = position + half * velocity
    let still = JointVector(count: position.count)
    solver.load(inertia: model.massMatrix(at: middle), adding: armature + (0.5 * Self.step) * viscous)
    bias = model.inverseDynamics(at: middle, velocity: velocity, acceleration: still)
    let change = solver.freeVelocity(for: half * (effort - bias - viscous.scaled(by: velocity)))
    bias = model.inverseDynamics(at: middle, velocity: velocity + change, acceleration: still)
  }
}
