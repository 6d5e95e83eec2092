/// How a joint follows its motor's rotor: a rigid ratio, a sense of turning and a zero.
///
///     q = offset + direction · rotor / ratio
public struct Transmission: Sendable, Equatable {
  /// Rotor turns per joint turn, positive.
  public var ratio: Double
  /// The joint turns with the rotor, or against it.
  public var isReversed: Bool
  /// Where the joint is when the motor reports zero [rad].
  public var offset: Double

  /// - Precondition: `ratio > 0`.
  public init(ratio: Double, isReversed: Bool = false, offset: Double = 0) {
    precondition(ratio > 0)
    self.ratio = ratio
    self.isReversed = isReversed
    self.offset = offset
  }

  /// Rotor radians per joint radian, with the sign of the sense of turning.
  var gear: Double { isReversed ? -ratio : ratio }

  /// [rad] at the joint, from [rad] at the rotor.
  public func jointPosition(ofRotor position: Double) -> Double { offset + position / gear }
  /// [rad/s] at the joint, from [rad/s] at the rotor.
  public func jointVelocity(ofRotor velocity: Double) -> Double { velocity / gear }
  /// [N·m] at the joint, from [N·m] at the rotor; what the reducer's friction takes is not subtracted.
  public func jointEffort(ofRotor torque: Double) -> Double { torque * gear }

  public func rotorPosition(ofJoint position: Double) -> Double { (position - offset) * gear }
  public func rotorVelocity(ofJoint velocity: Double) -> Double { velocity * gear }
  public func rotorTorque(ofJoint effort: Double) -> Double { effort / gear }
  /// [N·m/rad] at the rotor, from [N·m/rad] at the joint.
  public func rotorStiffness(ofJoint stiffness: Double) -> Double { stiffness / (gear * gear) }
  /// [N·m·s/rad] at the rotor, from [N·m·s/rad] at the joint.
  public func rotorDamping(ofJoint damping: Double) -> Double { damping / (gear * gear) }
}
