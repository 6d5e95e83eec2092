internal import Kinematics
internal import Simulator

extension ArmConfiguration {
  /// One per joint, in the model's order. A power stage gives a quarter more than the file's current limit, which the drive itself must keep.
  var driveTrains: [DriveTrain] {
    joints.map { joint in
      let transmission = joint.transmission
      return DriveTrain(
        ratio: transmission.ratio, direction: transmission.isReversed ? -1 : 1, offset: transmission.offset,
        rotorInertia: transmission.rotorInertia, torqueConstant: transmission.torqueConstant, coulomb: transmission.coulomb,
        viscous: transmission.viscous, maximumCurrent: 1.25 * joint.motor.currentLimit)
    }
  }

  /// Node of each joint's drive, in the model's order.
  var nodes: [Int] { joints.map(\.motor.node) }

  /// Where the arm stands when its power comes on [rad]: its pose `rest`; without one, where every motor reports zero, moved into the limits.
  var powerOnPosition: JointVector {
    pose("rest") ?? JointVector(joints.map(\.transmission.offset)).clamped(lower: limits.lower, upper: limits.upper)
  }

  /// The arm behind its serial line, at rest at its power-on position, motors off.
  ///
  /// Its end stops stand at the URDF's limits: the arm file's are a decision, not steel.
  ///
  /// - Parameter bus: Index of the bus whose adapter is emulated.
  /// - Precondition: All joints are on that bus.
  func emulatedArm(bus: Int = 0) -> EmulatedArm {
    precondition(joints.allSatisfy { $0.motor.bus == bus }, "an emulated line carries all joints of its arm")
    var settings = EmulatedArm.Settings()
    settings.bitrate = Double(buses[bus].bitrate)
    settings.hasCountedTurns = homing == .absolute
    var mechanism = model
    mechanism.limits = modelLimits
    return EmulatedArm(model: mechanism, driveTrains: driveTrains, nodes: nodes, position: powerOnPosition, settings: settings)
  }
}
