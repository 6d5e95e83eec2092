internal import Control
internal import Kinematics
internal import Planner

extension ArmConfiguration {
  /// - Parameter outline: What stands for the arm, for fences to be kept with.
  func controlSettings(outline model: CollisionModel?) -> ControlSettings {
    var settings = controlSettings
    settings.fences = fences
    if let model {
      settings.outline = ArmOutline(model, base: self.model.baseName)
      settings.compliance?.outline = ArmOutline(model, base: self.model.baseName, withFixedLinks: true)
    }
    return settings
  }

  /// The arm file's fences as the control loop keeps them: a box to stay in is six planes.
  var fences: [Control.Fence] {
    safety.fences.flatMap { fence -> [Control.Fence] in
      switch fence.rule {
      case .keepOut: return [Control.Fence(name: fence.name, baseFromFence: fence.baseFromFence, halfExtents: fence.halfExtents)]
      case .slow(let speed):
        return [Control.Fence(name: fence.name, rule: .slow(speed), baseFromFence: fence.baseFromFence, halfExtents: fence.halfExtents)]
      case .keepIn(let half):
        return (0..<6).map { side in
          var inwards = SIMD3<Double>.zero
          inwards[side % 3] = side < 3 ? 1 : -1
          let fenceFromPlane = Pose(rotation: Rotation(takingZTo: inwards), translation: -half * inwards)
          return Control.Fence(name: fence.name, baseFromFence: fence.baseFromFence * fenceFromPlane, halfExtents: nil)
        }
      }
    }
  }

  var controlSettings: ControlSettings {
    var settings = ControlSettings(period: period, limits: limits)
    settings.followingError = JointVector(repeating: safety.followingError, count: joints.count)
    settings.busSilence = safety.busSilence
    settings.busNoise = safety.busNoise
    settings.coulombFriction = JointVector(joints.map(\.transmission.coulomb))
    settings.rotorInertia = JointVector(joints.map { $0.transmission.ratio * $0.transmission.ratio * $0.transmission.rotorInertia })
    settings.viscousFriction = JointVector(joints.map(\.transmission.viscous))
    settings.vibrations = joints.map(\.vibration)
    if complianceClass != .open { settings.compliance = complianceSettings(settings) }
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
