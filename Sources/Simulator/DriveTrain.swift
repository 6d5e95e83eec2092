/// What stands between a motor's current and a joint: a motor, a reducer, stiff or a spring, and the friction of both.
///
///     joint = offset + direction · rotor / ratio        effort = direction · ratio · torqueConstant · current
///
/// Where the reducer is a spring, `joint` is where its rotor would have the joint if nothing loaded it.
public struct DriveTrain: Sendable, Equatable {
  /// Rotor turns per joint turn, positive.
  public var ratio: Double
  /// 1, or −1 where the joint turns against the rotor.
  public var direction: Double
  /// Joint position [rad] where the rotor's position is zero.
  public var offset: Double
  /// Of the motor alone, before the reducer [kg·m²].
  public var rotorInertia: Double
  /// Torque per current at the motor, before the reducer [N·m/A].
  public var torqueConstant: Double
  /// Dry friction at the joint [N·m]: the effort below which a resting joint stays at rest, and that opposes any motion.
  public var coulomb: Double
  /// Friction at the joint per velocity [N·m·s/rad].
  public var viscous: Double
  /// The most that the motor's power stage can give [A]; a drive's own limit may be lower.
  public var maximumCurrent: Double
  /// Of the reducer, at the joint [N·m/rad]; nil where it is rigid. What would swing in less than 0.6 ms, such as a rotor without inertia, counts
  /// as rigid.
  public var stiffness: Double?
  /// How late the reducer's spring answers [s]: its damping over its stiffness. A swing at 30 Hz loses a ninth of its height each time.
  public var springLag: Double

  /// - Precondition: `ratio > 0`, `direction` is 1 or −1, and the rest is not negative.
  public init(
    ratio: Double, direction: Double = 1, offset: Double = 0, rotorInertia: Double, torqueConstant: Double,
    coulomb: Double = 0, viscous: Double = 0, maximumCurrent: Double = 2.5, stiffness: Double? = nil, springLag: Double = 2e-4
  ) {
    precondition(ratio > 0 && abs(direction) == 1, "a reducer has a positive ratio, and a direction of 1 or −1")
    precondition(rotorInertia >= 0 && torqueConstant > 0 && coulomb >= 0 && viscous >= 0 && maximumCurrent >= 0)
    precondition((stiffness ?? 1) > 0 && springLag >= 0, "a spring pulls back")
    self.ratio = ratio
    self.direction = direction
    self.offset = offset
    self.rotorInertia = rotorInertia
    self.torqueConstant = torqueConstant
    self.coulomb = coulomb
    self.viscous = viscous
    self.maximumCurrent = maximumCurrent
    self.stiffness = stiffness
    self.springLag = springLag
  }

  /// The rotor's position [rad] at a joint position [rad].
  public func rotor(atJoint position: Double) -> Double { direction * ratio * (position - offset) }

  /// The joint's position [rad] at a rotor position [rad].
  public func joint(atRotor position: Double) -> Double { offset + direction * position / ratio }

  /// The effort at the joint [N·m] that a motor current [A] makes, before friction.
  public func effort(ofCurrent current: Double) -> Double { effort(ofTorque: torqueConstant * current) }

  /// The effort at the joint [N·m] that a torque on the rotor [N·m] makes, before friction.
  public func effort(ofTorque torque: Double) -> Double { direction * ratio * torque }

  /// The rotor's velocity [rad/s] at a joint velocity [rad/s].
  public func rotorVelocity(atJoint velocity: Double) -> Double { direction * ratio * velocity }

  /// The rotor's inertia as the joint feels it [kg·m²].
  public var armature: Double { ratio * ratio * rotorInertia }
}
