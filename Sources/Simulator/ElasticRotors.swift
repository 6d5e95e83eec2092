internal import Kinematics

/// The rotors of joints whose reducers are springs, as the joints feel them.
///
/// With the rotor at θ and the joint at q, both in the joint's measure,
///
///     B θ̈ = effort − spring − viscous·θ̇ − friction        spring = K ((θ − q) + lag · (θ̇ − q̇))
///
/// and the spring is what moves the joint. In the middle of a step it is wound up as the velocities before the step make it (drift, kick, drift):
/// of second order and without drift of energy, like the links. A rotor of a rigid joint just goes with it.
struct ElasticRotors: Sendable {
  /// In the joints' measure [rad], [rad/s].
  private(set) var position, velocity: JointVector
  /// 1 where the reducer is a spring, 0 where it is rigid.
  let isElastic: JointVector
  /// K [N·m/rad] and B [kg·m²], 0 where the reducer is rigid.
  private let stiffness, armature: JointVector
  private let lag, coulomb, viscous: JointVector

  /// As many steps as the fastest swing takes at least; what would be faster counts as rigid.
  private static let stepsPerSwing = 12.0

  /// At rest, wound up so far as it takes to hold the joints.
  ///
  /// - Parameters:
  ///   - position: Of the joints [rad].
  ///   - load: What the springs hold [N·m].
  ///   - mobility: How much a joint speeds up by an effort at it alone [1/(kg·m²)], without its rotor.
  init(_ trains: [DriveTrain], position: JointVector, load: JointVector, mobility: JointVector) {
    var (isElastic, wound) = (JointVector(count: trains.count), position)
    for (joint, train) in trains.enumerated() {
      guard let stiffness = train.stiffness, train.armature > 0 else { continue }
      let swing = ArmPlant.step * (stiffness * (1 / train.armature + mobility[joint])).squareRoot()
      guard swing <= 2 * .pi / Self.stepsPerSwing else { continue }
      isElastic[joint] = 1
      wound[joint] += load[joint] / stiffness
    }
    self.position = wound
    self.isElastic = isElastic
    velocity = JointVector(count: trains.count)
    stiffness = isElastic.scaled(by: JointVector(trains.map { $0.stiffness ?? 0 }))
    armature = isElastic.scaled(by: JointVector(trains.map(\.armature)))
    lag = JointVector(trains.map(\.springLag))
    coulomb = JointVector(trains.map(\.coulomb))
    viscous = JointVector(trains.map(\.viscous))
  }

  /// What of the motors' efforts reaches the joints in the step ahead [N·m]: all of it where the reducer is rigid, else what its spring passes on.
  func transmitted(_ effort: JointVector, to joints: JointVector, velocity jointVelocity: JointVector) -> JointVector {
    let unwinding = velocity - jointVelocity
    let twist = position - joints + (0.5 * ArmPlant.step) * unwinding
    return effort + isElastic.scaled(by: stiffness.scaled(by: twist + lag.scaled(by: unwinding)) - effort)
  }

  /// Advances by one step in which `transmitted` goes to the joints, which end at `joints`.
  mutating func advance(effort: JointVector, transmitted: JointVector, joints: JointVector, velocity jointVelocity: JointVector) {
    for joint in position.indices {
      guard isElastic[joint] > 0 else {
        position[joint] = joints[joint]
        velocity[joint] = jointVelocity[joint]
        continue
      }
      let push = armature[joint] * velocity[joint] + ArmPlant.step * (effort[joint] - transmitted[joint])
      let friction = ArmPlant.step * coulomb[joint]
      let slipping = push > friction ? push - friction : push < -friction ? push + friction : 0
      let after = slipping / (armature[joint] + ArmPlant.step * viscous[joint])
      position[joint] += 0.5 * ArmPlant.step * (velocity[joint] + after)
      velocity[joint] = after
    }
  }

  /// ½ θ̇ᵀBθ̇ [J], of the rotors on springs.
  var kineticEnergy: Double { 0.5 * armature.scaled(by: velocity).dot(velocity) }

  /// ½ K (θ − q)² [J]
  func springEnergy(at joints: JointVector) -> Double { 0.5 * stiffness.scaled(by: position - joints).dot(position - joints) }
}
