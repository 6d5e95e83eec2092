public import Kinematics
public import Planner

/// What an arm's motors let a controller promise.
public enum ComplianceClass: String, Sendable, CaseIterable, BitwiseCopyable {
  /// A: motors that take torque. The arm is as soft as it is told to be.
  case torque
  /// B: motors that take positions and tell their current. The setpoint gives way to what is felt.
  case position
  /// C: motors that take positions and tell nothing. The arm can only stop.
  case open
}

/// What the arm does when it is knocked.
public enum Reaction: String, Sendable, CaseIterable, BitwiseCopyable {
  /// Nothing but the event.
  case none
  /// Brakes, stiff.
  case stop
  /// Gives way to the hand from then on.
  case float
  /// Draws back from what touched it, and stays there.
  case retract
  /// Gives way, comes back, and goes on with its task.
  case yield
}

/// What a complying arm hangs on.
public enum ComplianceSprings: Sendable, Equatable {
  /// A share of the joints' usual stiffness, 0…1.
  case joints(share: Double)
  /// At the tool, in base axes [N/m], [N·m/rad].
  case tool(linear: SIMD3<Double>, angular: SIMD3<Double>)
}

/// The dials of feeling and giving way.
public struct ComplianceSettings: Sendable {
  public var hardware: ComplianceClass
  public var reaction = Reaction.yield
  /// How stiff motors that take torque hold the joints [N·m/rad], and how damped [N·m·s/rad].
  public var stiffness, damping: JointVector
  /// What may be commanded of each joint [N·m]: within its rating, and its reducer's.
  public var effort: JointVector
  /// How stiff what was hit is while the arm yields [N/m].
  public var yieldStiffness = 40.0
  /// Share of critical damping while it yields.
  public var yieldDamping = 1.0
  /// Speed of what was hit at which damping is twice as strong as at rest [m/s].
  public var dragSpeed = 2.5
  /// What a reaction may add to the arm's energy of motion [J].
  public var tank = 0.5
  /// How fast external efforts are followed [1/s].
  public var observerGain = 60.0
  public var thresholds: ContactThresholds
  /// What a joint may suddenly speed up by without having been hit [rad/s²].
  public var jolt: JointVector
  /// What holds the arm in mode `comply`.
  public var springs = ComplianceSprings.joints(share: 0.15)
  /// After so many contacts in a row that each follow soon upon the last, the arm stays where it is.
  public var patience = 6
  /// What may be picked up or put down without being taken for a knock [kg].
  public var payload = 0.5
  /// How far from its limits a joint is caught [rad].
  public var margin = 0.035
  /// All of the arm's spheres, so that its parts are caught before they meet; without any they are not.
  public var outline = ArmOutline()

  /// Share of the effort at which a reducer's teeth jump that may be commanded.
  public static let ratchetShare = 0.8

  /// Dials as they follow from the arm's model.
  ///
  /// - Parameters:
  ///   - stiffness, damping: Of motors that take torque; zero where they do not.
  ///   - effort: See ``effort``.
  ///   - velocitySteps: In which the joints' speeds are told [rad/s].
  public init(
    hardware: ComplianceClass, model: RobotModel, settings: ControlSettings, stiffness: JointVector, damping: JointVector, effort: JointVector,
    velocitySteps: JointVector
  ) {
    self.hardware = hardware
    self.stiffness = stiffness
    self.damping = damping
    self.effort = effort
    thresholds = ContactThresholds(
      model: model, rotorInertia: settings.rotorInertia, coulomb: settings.coulombFriction, viscous: settings.viscousFriction, effort: effort,
      observerGain: 60, hardware: hardware)
    jolt = Self.usualJolts(hardware: hardware, model: model, settings: settings, stiffness: stiffness, velocitySteps: velocitySteps)
  }

  /// What joints seem to be jolted by though nothing touches them: their springs, told anew once a period and never quite on time, and dry friction
  /// that turns, each felt by all joints; and the steps in which their speeds are told.
  ///
  ///     joltᵢ = √(Σⱼ (M⁻¹ᵢⱼ (s tⱼ + f cⱼ))²) + r δᵢ / w,      tⱼ = ½ T Kⱼ vⱼ
  ///
  /// with M⁻¹ of the pose where the arm is most easily moved, c the joints' dry friction [N·m], δ the steps [rad/s], w the time over which a jolt
  /// is felt, and tⱼ [N·m] by how much a spring of stiffness K is off on average as its setpoint goes at the limit v for a period T. s, f and r are
  /// ``tugShare``, ``frictionShare`` and ``stepShare``. Motors that hold positions have no springs of ours: friction alone counts, each joint's own.
  private static func usualJolts(
    hardware: ComplianceClass, model: RobotModel, settings: ControlSettings, stiffness: JointVector, velocitySteps: JointVector
  ) -> JointVector {
    let mobility = ContactThresholds.greatestMobility(of: model, rotorInertia: settings.rotorInertia)
    var jolt = JointVector(count: model.jointCount)
    for joint in jolt.indices {
      guard hardware == .torque else {
        jolt[joint] = mobility[joint, joint] * heldFrictionShare * settings.coulombFriction[joint]
        continue
      }
      var sum = 0.0
      for other in jolt.indices {
        let tug = 0.5 * settings.period * stiffness[other] * settings.limits.velocity[other]
        let part = mobility[joint, other] * (tugShare * tug + frictionShare * settings.coulombFriction[other])
        sum += part * part
      }
      jolt[joint] = sum.squareRoot() + stepShare * velocitySteps[joint] / JoltWatch.recentTime
    }
    return jolt
  }

  /// A fifth more than the most that ten minutes of free motion with a wrong model showed on each of five arms of 5 to 21 kg.
  private static let tugShare = 0.6, frictionShare = 1.55, stepShare = 1.55, heldFrictionShare = 2.0
}
