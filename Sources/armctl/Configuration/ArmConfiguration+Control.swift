internal import Control
internal import Kinematics

extension ArmConfiguration {
  var controlSettings: ControlSettings {
    var settings = ControlSettings(period: period, limits: limits)
    settings.followingError = JointVector(repeating: safety.followingError, count: joints.count)
    settings.busSilence = safety.busSilence
    settings.busNoise = safety.busNoise
    settings.coulombFriction = JointVector(joints.map(\.transmission.coulomb))
    settings.rotorInertia = JointVector(joints.map { $0.transmission.ratio * $0.transmission.ratio * $0.transmission.rotorInertia })
    settings.viscousFriction = JointVector(joints.map(\.transmission.viscous))
    if complianceClass == .torque { settings.compliance = complianceSettings(settings) }
    return settings
  }

  /// Where each joint's motor is, in the model's order; `buses` are those of the file, in its order.
  var wiring: [JointWiring] {
    joints.map { joint in
      let transmission = joint.transmission
      return JointWiring(
        bus: joint.motor.bus, motor: joint.motor.motor,
        transmission: Control.Transmission(ratio: transmission.ratio, isReversed: transmission.isReversed, offset: transmission.offset),
        impedance: joint.motor.damiao.map { JointImpedance(stiffness: $0.stiffness, damping: $0.damping) })
    }
  }
}
