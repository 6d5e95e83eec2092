import Control
import Foundation
import Kinematics
import MotorDrivers
import Simulator
import TestSupport

/// The seven Damiao joints of `Robots/openarm`, with the figures of its arm file.
enum OpenArm {
  static let period = 0.002
  static let file = packageFile("Robots/openarm/openarm.urdf")
  static let tip = "openarm_hand_tcp"
  static let ready: JointVector = [0, 0.8, 0, 1.6, 0, 0, 0]
  static let reach: JointVector = [0.6, 1.2, -0.3, 0.9, 0.4, 0.2, -0.3]

  private static let coulomb = [0.306, 0.306, 0.4, 0.166, 0.05, 0.093, 0.172]
  private static let viscous = [0.063, 0.063, 0.604, 0.813, 0.029, 0.072, 0.084]
  private static let rotors = [0.0158, 0.0158, 0.032, 0.032, 0.0018, 0.0018, 0.0018]
  private static let stiffness = [240.0, 240, 240, 240, 40, 60, 60]
  private static let damping = [8.0, 8, 6, 6, 0.5, 1, 1]
  private static let ranges = [(45.0, 54.0), (45, 54), (8, 28), (8, 28), (30, 10), (30, 10), (30, 10)]

  static let model: RobotModel = {
    var model = try! RobotModel(urdf: URDF(contentsOf: file), tip: tip)
    model.limits.velocity = [3, 3, 2.5, 2.5, 5, 5, 5]
    model.limits.acceleration = [10, 10, 15, 15, 40, 40, 40]
    model.limits.jerk = [150, 150, 200, 200, 600, 600, 600]
    return model
  }()

  static var settings: ControlSettings {
    var settings = ControlSettings(period: period, limits: model.limits)
    settings.busSilence = 0.05
    settings.busNoise = 0.3
    settings.coulombFriction = JointVector(coulomb)
    settings.viscousFriction = JointVector(viscous)
    settings.rotorInertia = JointVector(rotors)
    settings.compliance = ComplianceSettings(
      hardware: .torque, model: model, settings: settings, stiffness: JointVector(stiffness), damping: JointVector(damping),
      effort: model.limits.effort, velocitySteps: JointVector(ranges.map { 2 * $0.0 / 4095 }))
    return settings
  }

  static let wiring = (0..<7).map { joint in
    JointWiring(
      bus: 0, motor: joint, transmission: Transmission(ratio: 1), impedance: JointImpedance(stiffness: stiffness[joint], damping: damping[joint]))
  }

  static func bus(channel: any ByteChannel) -> DamiaoBus {
    let motors = (0..<7).map { joint in
      DamiaoBus.Motor(
        id: joint + 1, masterId: joint + 17, pMax: 12.5, vMax: ranges[joint].0, tMax: ranges[joint].1, timeout: 0.1, stiffness: stiffness[joint],
        damping: damping[joint])
    }
    return DamiaoBus(name: "can0", channel: channel, motors: motors)
  }

  /// - Parameters:
  ///   - model: Of the mechanism, which may be another than the controller's.
  ///   - friction: By how much more the joints rub than the controller thinks.
  static func emulated(at position: JointVector, model: RobotModel = model, friction: Double = 1) -> EmulatedArm {
    var mechanism = model
    mechanism.limits = OpenArm.model.limits
    let trains = (0..<7).map { joint in
      DriveTrain(
        ratio: 1, rotorInertia: rotors[joint], torqueConstant: 1, coulomb: friction * coulomb[joint], viscous: friction * viscous[joint],
        maximumCurrent: 100)
    }
    let limits = OpenArm.model.limits
    let drives = (0..<7).map { joint in
      EmulatedDamiao(
        id: joint + 1, masterId: joint + 17, scale: (position: 12.5, velocity: ranges[joint].0, torque: ranges[joint].1),
        ratings: .init(peakTorque: limits.effort[joint], noLoadSpeed: noLoadSpeeds[joint]))
    }
    return EmulatedArm(model: mechanism, driveTrains: trains, drives: drives, position: position)
  }

  private static let noLoadSpeeds = [16.754666, 16.754666, 5.445426, 5.445426, 20.943946, 20.943946, 20.943946]
}
