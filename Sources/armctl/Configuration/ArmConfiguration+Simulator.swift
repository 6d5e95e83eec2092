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
        viscous: transmission.viscous, maximumCurrent: 1.25 * joint.motor.currentLimit, stiffness: transmission.stiffness)
    }
  }

  /// The most that each joint's drive can do, with all the current that it may use [N·m].
  var ratedEffort: JointVector {
    JointVector(
      joints.enumerated().map { index, joint in
        joint.motor.damiao == nil
          ? joint.transmission.ratio * joint.transmission.torqueConstant * joint.motor.currentLimit : modelLimits.effort[index]
      })
  }

  /// Node of each joint's drive, in the model's order.
  private var nodes: [Int] { joints.map(\.motor.node) }

  /// Motors with a reducer of their own, one per joint; nil where some joint has another drive. A motor does what the URDF says that its joint can.
  private var damiaoMotors: [EmulatedDamiao]? {
    var motors: [EmulatedDamiao] = []
    for (index, joint) in joints.enumerated() {
      guard let motor = joint.motor.damiao else { return nil }
      let peak = modelLimits.effort[index] / joint.transmission.ratio, speed = modelLimits.velocity[index] * joint.transmission.ratio
      motors.append(
        EmulatedDamiao(
          id: joint.motor.node, masterId: motor.masterId, scale: (motor.pMax, motor.vMax, motor.tMax),
          ratings: .init(peakTorque: peak.isFinite && peak > 0 ? peak : motor.tMax, noLoadSpeed: speed.isFinite && speed > 0 ? speed : motor.vMax)))
    }
    return motors
  }

  /// Where the arm stands when its power comes on [rad]: its pose `rest`; without one, where every motor reports zero, moved into the limits.
  var powerOnPosition: JointVector {
    pose("rest") ?? JointVector(joints.map(\.transmission.offset)).clamped(lower: limits.lower, upper: limits.upper)
  }

  /// The arm behind its serial line, at rest, motors off.
  ///
  /// Its end stops stand at the URDF's limits: the arm file's are a decision, not steel.
  ///
  /// - Parameters:
  ///   - bus: Index of the bus whose adapter is emulated.
  ///   - position: Where it stands, homed [rad]; nil: at its power-on position, homed as the arm file says.
  ///   - settings: Of the line; the bit rate is the file's.
  /// - Precondition: All joints are on that bus.
  func emulatedArm(bus: Int = 0, at position: JointVector? = nil, settings: EmulatedArm.Settings = .init()) -> EmulatedArm {
    precondition(joints.allSatisfy { $0.motor.bus == bus }, "an emulated line carries all joints of its arm")
    var settings = settings
    settings.bitrate = Double(buses[bus].bitrate)
    settings.hasCountedTurns = position != nil || homing == .absolute
    let position = position ?? powerOnPosition
    var mechanism = model
    mechanism.limits = modelLimits
    guard let motors = damiaoMotors else {
      return EmulatedArm(model: mechanism, driveTrains: driveTrains, nodes: nodes, position: position, settings: settings)
    }
    return EmulatedArm(model: mechanism, driveTrains: driveTrains, drives: motors, position: position, settings: settings)
  }
}
