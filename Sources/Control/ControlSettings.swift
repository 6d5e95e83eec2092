public import Kinematics
public import Planner

/// The dials of the control core.
public struct ControlSettings: Sendable {
  /// Time between ticks [s].
  public var period: Double
  /// What no setpoint may pass.
  public var limits: JointLimits
  /// Largest allowed distance between setpoint and measured position [rad].
  public var followingError: JointVector
  /// A motor that has not answered while it was listened to for this long is a fault [s].
  public var busSilence = 0.02
  /// Share of lost or damaged replies on a bus that is a fault, 0…1.
  public var busNoise = 0.15
  /// An effort beyond its limit is a fault after this long [s].
  public var effortPatience = 0.1
  /// A stream of commands that falls silent for this long is over [s].
  public var servoSilence = 0.1
  /// Reducer friction at the joint: Coulomb [N·m] and viscous [N·m·s/rad].
  public var coulombFriction, viscousFriction: JointVector
  /// What the rotor adds to the joint's inertia: its own times the square of the ratio [kg·m²].
  public var rotorInertia: JointVector
  /// How the arm feels and gives way; nil for an arm that does not.
  public var compliance: ComplianceSettings?
  /// How each joint swings; nil where setpoints are not shaped against it.
  public var vibrations: [VibrationMode?]

  /// Where the arm must not go, or not go fast.
  public var fences: [Fence] = []
  /// The arm's spheres, which the fences are kept with; without any, fences keep nothing.
  public var outline = ArmOutline()

  /// - Parameters:
  ///   - period: Time between ticks [s].
  ///   - limits: What no setpoint may pass.
  public init(period: Double, limits: JointLimits) {
    self.period = period
    self.limits = limits
    let count = limits.lower.count
    followingError = JointVector(repeating: 0.2, count: count)
    coulombFriction = JointVector(count: count)
    viscousFriction = JointVector(count: count)
    rotorInertia = JointVector(count: count)
    vibrations = Array(repeating: nil, count: count)
  }
}
