internal import Kinematics

/// What it takes to move the arm from where it stands: the terms of
///
///     M q̈ + h + f = τ + τ_ext
///
/// at one instant, with the rotors in M and the friction of the model in f.
struct ArmDynamics: Sendable {
  /// M, rotors and all [kg·m²].
  let inertia: JointMatrix
  /// M⁻¹ [1/(kg·m²)]
  let mobility: JointMatrix
  /// h: gravity, centrifugal and Coriolis forces [N·m].
  let bias: JointVector
  /// Gravity's part of it [N·m].
  let gravity: JointVector
  /// f [N·m]
  let friction: JointVector
  /// Its dry part [N·m].
  let dryFriction: JointVector

  /// Below this speed dry friction fades [rad/s]: well above the noise of a velocity that is measured.
  static let slipSpeed = 0.05

  /// - Real-time: does not allocate, lock or throw. O(joints²).
  init(model: RobotModel, settings: ControlSettings, position: JointVector, velocity: JointVector) {
    var inertia = model.massMatrix(at: position)
    for joint in position.indices { inertia[joint, joint] += settings.rotorInertia[joint] }
    self.inertia = inertia
    mobility = inertia.inverse ?? JointMatrix(count: position.count)
    bias = model.inverseDynamics(at: position, velocity: velocity, acceleration: JointVector(count: position.count))
    gravity = model.gravityEffort(at: position)
    friction = Self.friction(at: velocity, settings: settings)
    dryFriction = friction - settings.viscousFriction.scaled(by: velocity)
  }

  /// What friction takes from a motion at `velocity` [N·m].
  static func friction(at velocity: JointVector, settings: ControlSettings) -> JointVector {
    var friction = settings.viscousFriction.scaled(by: velocity)
    for joint in velocity.indices {
      friction[joint] += settings.coulombFriction[joint] * min(max(velocity[joint] / slipSpeed, -1), 1)
    }
    return friction
  }

  /// The motors' efforts for an acceleration [N·m].
  func effort(for acceleration: JointVector) -> JointVector { inertia * acceleration + bias + friction }

  /// The acceleration that the motors' efforts lead to where nothing else acts [rad/s²].
  func acceleration(for effort: JointVector) -> JointVector { mobility * (effort - bias - friction) }

  /// ½ q̇ᵀ M q̇ [J]
  func kineticEnergy(at velocity: JointVector) -> Double { 0.5 * velocity.dot(inertia * velocity) }
}
