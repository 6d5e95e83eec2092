public import Kinematics

/// How much a joint may seem to be pushed before it counts as touched: more while it moves, speeds up or works hard, as a model is never quite right.
///
///     θᵢ = baseᵢ + √Σ(min(aᵢ, aⱼ) vⱼ)² + √(bᵢ Σ bⱼ(q̈ⱼ² + q̇ⱼ⁴)) + perEffortᵢ |τᵢ|,       a = perVelocity, b = perAcceleration, q̈ as commanded
///
/// v is how fast the arm leaves where its model was put right: q̇ while that goes on, T behind; and the way that it has gone since where it does
/// not, (q − q₀)/T.
///
/// All joints' motion counts for each. What shakes the hand is mostly the shoulder: no mass matrix has |Mᵢⱼ| > √(Mᵢᵢ Mⱼⱼ), hence the second root. And
/// a weight that is felt in a joint changes with the angle of another by no more than what that one carries, and the other way round: gravity has a
/// potential, ∂gᵢ/∂qⱼ = ∂gⱼ/∂qᵢ, hence the lesser of both.
public struct ContactThresholds: Sendable, Equatable {
  /// [N·m]
  public var base: JointVector
  /// [N·m·s/rad]
  public var perVelocity: JointVector
  /// [kg·m²]
  public var perAcceleration: JointVector
  /// [1]
  public var perEffort: JointVector
  /// How many times as much it takes where an arm has been giving way for long, or is led by hand.
  public var collisionRatio = 4.0

  public init(base: JointVector, perVelocity: JointVector, perAcceleration: JointVector, perEffort: JointVector) {
    self.base = base
    self.perVelocity = perVelocity
    self.perAcceleration = perAcceleration
    self.perEffort = perEffort
  }

  public mutating func scale(by factor: Double) {
    base = factor * base
    perVelocity = factor * perVelocity
    perAcceleration = factor * perAcceleration
    perEffort = factor * perEffort
  }

  /// - Parameter strayed: q − q₀ where the model is not being put right [rad].
  /// - Real-time: does not allocate. O(joints²).
  func values(velocity: JointVector, acceleration: JointVector, effort: JointVector, strayed: JointVector?) -> JointVector {
    var leaving = velocity
    if let strayed { leaving = (min(1, Self.farthest / max(strayed.dot(strayed).squareRoot(), 1e-9)) / Self.lag) * strayed }
    let shaking = shaking(at: velocity, acceleration)
    var threshold = base
    for joint in threshold.indices {
      threshold[joint] +=
        perVelocity[joint] * speed(felt: joint, at: leaving) + perAcceleration[joint].squareRoot() * shaking
        + perEffort[joint] * abs(effort[joint])
    }
    return threshold
  }

  /// By what a joint's `perVelocity` a is multiplied: √Σ(min(1, aⱼ/aᵢ) q̇ⱼ)² [rad/s].
  ///
  /// - Real-time: does not allocate. O(joints).
  public func speed(felt joint: Int, at velocity: JointVector) -> Double {
    var sum = 0.0
    for other in velocity.indices {
      let share = perVelocity[other] < perVelocity[joint] ? perVelocity[other] / perVelocity[joint] : 1
      sum += share * share * velocity[other] * velocity[other]
    }
    return sum.squareRoot()
  }

  /// By what the root of a joint's `perAcceleration` b is multiplied: √Σ bⱼ(q̈ⱼ² + q̇ⱼ⁴).
  ///
  /// - Real-time: does not allocate. O(joints).
  public func shaking(at velocity: JointVector, _ acceleration: JointVector) -> Double {
    var sum = 0.0
    for joint in velocity.indices {
      let square = velocity[joint] * velocity[joint]
      sum += perAcceleration[joint] * (acceleration[joint] * acceleration[joint] + square * square)
    }
    return sum.squareRoot()
  }

}

extension ContactThresholds {
  /// For an arm whose model may be wrong by a fifth in mass and by a third in friction, and that nobody has measured yet.
  ///
  /// - Parameters:
  ///   - rotorInertia: As the joints feel it [kg·m²].
  ///   - effort: What each joint may do [N·m].
  ///   - observerGain: [1/s]
  ///   - hardware: Where motors hold positions, dry friction may hold as much again the other way, and nobody can tell.
  public init(
    model: RobotModel, rotorInertia: JointVector, coulomb: JointVector, viscous: JointVector, effort: JointVector, observerGain: Double,
    hardware: ComplianceClass
  ) {
    let (inertia, gravity) = Self.extremes(of: model)
    base =
      Self.effortShare * effort + (hardware == .torque ? Self.dryShare : Self.heldDryShare) * coulomb + (observerGain * Self.velocityNoise)
      * (inertia + rotorInertia)
    let mass = JointVector((0..<model.jointCount).map { model.mass(beyond: $0) }), tilt = Self.tilt(of: model)
    perVelocity =
      Self.viscousShare * viscous + Self.lag * (Self.gravityShare * gravity + Self.gravityAcceleration * Self.centerError * mass.scaled(by: tilt))
    perAcceleration = Self.massShare * (inertia + rotorInertia + (4 * Self.centerError * Self.centerError) * mass)
    perEffort = JointVector(repeating: Self.loadShare, count: effort.count)
    for joint in base.indices where !base[joint].isFinite { base[joint] = Self.unknownBase }
  }

  private static let effortShare = 0.02
  private static let dryShare = 1.0, heldDryShare = 1.8
  /// Of a measured velocity [rad/s].
  private static let velocityNoise = 0.012
  private static let viscousShare = 0.35
  /// How far behind the slow channel is [s].
  private static let lag = 0.4
  /// A weight that is wrong is wrong by no more than itself, however far the arm goes [rad].
  private static let farthest = 1.0
  /// Shares of weight and inertia that a model may be wrong by, and how far its centres of mass may be from where they are [m].
  private static let gravityShare = 0.2, massShare = 0.3, centerError = 0.02
  private static let gravityAcceleration = 9.81
  private static let loadShare = 0.02
  /// Where the effort limit is not known [N·m].
  private static let unknownBase = 2.0

  /// The largest inertia and gravity that each joint meets, over configurations spread evenly through the limits.
  private static func extremes(of model: RobotModel) -> (inertia: JointVector, gravity: JointVector) {
    var inertia = JointVector(count: model.jointCount), gravity = inertia
    for q in spread(over: model) {
      let mass = model.massMatrix(at: q), weight = model.gravityEffort(at: q)
      for joint in q.indices {
        inertia[joint] = max(inertia[joint], mass[joint, joint])
        gravity[joint] = max(gravity[joint], abs(weight[joint]))
      }
    }
    return (inertia, gravity)
  }

  /// How far from upright each joint's axis comes to stand, as the sine of that angle: gravity turns no joint about an upright axis.
  private static func tilt(of model: RobotModel) -> JointVector {
    let weight = (model.gravity * model.gravity).sum().squareRoot()
    var tilt = JointVector(count: model.jointCount)
    guard weight > 0 else { return tilt }
    for q in spread(over: model) {
      let jacobian = model.jacobian(at: q)
      for joint in q.indices {
        let upright = (jacobian[joint].angular * model.gravity).sum() / weight
        tilt[joint] = max(tilt[joint], max(0, 1 - upright * upright).squareRoot())
      }
    }
    return tilt
  }

  /// The most that each joint speeds up by a newton-metre at each, the others free: max |M⁻¹| [1/(kg·m²)].
  static func greatestMobility(of model: RobotModel, rotorInertia: JointVector) -> JointMatrix {
    var greatest = JointMatrix(count: model.jointCount)
    for q in spread(over: model) {
      guard let mobility = model.inverseMassMatrix(at: q, armature: rotorInertia) else { continue }
      for joint in q.indices {
        for other in q.indices { greatest[joint, other] = max(greatest[joint, other], abs(mobility[joint, other])) }
      }
    }
    return greatest
  }

  private static func spread(over model: RobotModel) -> [JointVector] {
    (0..<64).map { index in
      var q = JointVector(count: model.jointCount)
      for joint in q.indices {
        let lower = max(model.limits.lower[joint], -.pi), upper = min(model.limits.upper[joint], .pi)
        // Multiples of irrational numbers, modulo 1, fill the unit cube evenly.
        let share = (0.5 + Double(index + 1) * generators[joint]).truncatingRemainder(dividingBy: 1)
        q[joint] = lower + share * (upper - lower)
      }
      return q
    }
  }

  /// Square roots of primes.
  private static let generators: [Double] = [2, 3, 5, 7, 11, 13, 17, 19].map { ($0 as Double).squareRoot() }
}
