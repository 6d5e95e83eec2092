import Foundation
import Kinematics
import MotorDrivers
import Simulator
import TestSupport

/// Models that the simulator's tests share.
enum SimulatedModels {
  /// The default arm, from its own file.
  static func dummy() throws -> RobotModel {
    try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
  }

  /// What the default arm's motors and reducers are assumed to be: 42 mm motors at the first three joints, 20 mm motors at the wrist.
  static let dummyTrains: [DriveTrain] = [
    train(ratio: 50, direction: -1, rotorInertia: 5.5e-6, torqueConstant: 0.2, coulomb: 0.8, viscous: 0.4),
    train(ratio: 30, direction: 1, rotorInertia: 5.5e-6, torqueConstant: 0.2, coulomb: 0.8, viscous: 0.4),
    train(ratio: 30, direction: -1, rotorInertia: 5.5e-6, torqueConstant: 0.2, coulomb: 0.6, viscous: 0.3),
    train(ratio: 24, direction: 1, rotorInertia: 4e-7, torqueConstant: 0.02, coulomb: 0.05, viscous: 0.02),
    train(ratio: 30, direction: -1, rotorInertia: 4e-7, torqueConstant: 0.02, coulomb: 0.05, viscous: 0.02),
    train(ratio: 50, direction: 1, rotorInertia: 4e-7, torqueConstant: 0.02, coulomb: 0.05, viscous: 0.02),
  ]

  static let rest = JointVector([0, -73, 180, 0, 0, 0].map { $0 * .pi / 180 })
  static let home: JointVector = [0, 0, .pi / 2, 0, 0, 0]

  /// The default arm's drives without friction and with rotors that weigh nothing.
  static let idealTrains = dummyTrains.map { DriveTrain(ratio: $0.ratio, rotorInertia: 0, torqueConstant: $0.torqueConstant) }

  static func train(
    ratio: Double, direction: Double, rotorInertia: Double, torqueConstant: Double, coulomb: Double, viscous: Double
  ) -> DriveTrain {
    DriveTrain(
      ratio: ratio, direction: direction, rotorInertia: rotorInertia, torqueConstant: torqueConstant, coulomb: coulomb, viscous: viscous)
  }

  static func dummyArm(at position: JointVector = rest, settings: EmulatedArm.Settings = .init()) throws -> EmulatedArm {
    EmulatedArm(model: try dummy(), driveTrains: dummyTrains, nodes: [1, 2, 3, 4, 5, 6], position: position, settings: settings)
  }

  /// A rod on a horizontal hinge that hangs straight down at zero.
  ///
  /// - Parameters:
  ///   - mass: [kg], at `length` [m] below the hinge.
  ///   - inertia: About its own centre [kg·m²].
  static func pendulum(mass: Double = 1, length: Double = 0.25, inertia: Double = 0.01, travel: Double = 10) throws -> RobotModel {
    try oneJoint(kind: "revolute", axis: "0 1 0", center: "0 0 \(-length)", mass: mass, inertia: inertia, travel: travel)
  }

  /// A disc on a vertical axis, which gravity does not move.
  static func disc(inertia: Double, travel: Double = 1000) throws -> RobotModel {
    try oneJoint(kind: "revolute", axis: "0 0 1", center: "0 0 0", mass: 1, inertia: inertia, travel: travel)
  }

  /// A carriage on a vertical rail.
  static func carriage() throws -> RobotModel {
    try oneJoint(kind: "prismatic", axis: "0 0 1", center: "0 0 0", mass: 2, inertia: 0.01, travel: 100)
  }

  private static func oneJoint(kind: String, axis: String, center: String, mass: Double, inertia: Double, travel: Double) throws -> RobotModel {
    let text = """
      <robot name="one">
        <link name="base"/>
        <joint name="hinge" type="\(kind)">
          <parent link="base"/><child link="body"/><axis xyz="\(axis)"/>
          <limit lower="\(-travel)" upper="\(travel)" velocity="100" effort="100"/>
        </joint>
        <link name="body">
          <inertial><origin xyz="\(center)"/><mass value="\(mass)"/>
            <inertia ixx="\(inertia)" iyy="\(inertia)" izz="\(inertia)" ixy="0" ixz="0" iyz="0"/></inertial>
        </link>
      </robot>
      """
    return try RobotModel(urdf: URDF(parsing: text, file: "one.urdf"), tip: "body")
  }
}

extension ArmPlant {
  /// Lets `seconds` pass with constant efforts.
  mutating func run(for seconds: Double, effort: JointVector) {
    for _ in 0..<Int((seconds / Self.step).rounded()) { advance(effort: effort) }
  }
}

extension SimulatedModels {
  /// OpenArm up to its hand, whose fingers stand still.
  static func openArm() throws -> RobotModel {
    try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/openarm/openarm.urdf")), tip: "openarm_hand_tcp")
  }

  /// Two DM8009, two DM4340 and three DM4310, at their output shafts: inertia and torque constant as the maker tells, friction as openarm_teleop.
  static let openArmTrains: [DriveTrain] = [
    openArmTrain(inertia: 1.58e-2, torqueConstant: 1.2616, coulomb: 0.306, viscous: 0.063),
    openArmTrain(inertia: 1.58e-2, torqueConstant: 1.2616, coulomb: 0.306, viscous: 0.063),
    openArmTrain(inertia: 3.2e-2, torqueConstant: 4.074, coulomb: 0.40, viscous: 0.604),
    openArmTrain(inertia: 3.2e-2, torqueConstant: 4.074, coulomb: 0.166, viscous: 0.813),
    openArmTrain(inertia: 1.8e-3, torqueConstant: 0.945, coulomb: 0.05, viscous: 0.029),
    openArmTrain(inertia: 1.8e-3, torqueConstant: 0.945, coulomb: 0.093, viscous: 0.072),
    openArmTrain(inertia: 1.8e-3, torqueConstant: 0.945, coulomb: 0.172, viscous: 0.084),
  ]

  private static func openArmTrain(inertia: Double, torqueConstant: Double, coulomb: Double, viscous: Double) -> DriveTrain {
    DriveTrain(ratio: 1, rotorInertia: inertia, torqueConstant: torqueConstant, coulomb: coulomb, viscous: viscous)
  }

  /// VMAX and TMAX of each joint's motor; PMAX is 12.5 rad for all.
  static let openArmScales: [(velocity: Double, torque: Double)] = [(45, 54), (45, 54), (8, 28), (8, 28), (30, 10), (30, 10), (30, 10)]

  static let openArmMotors: [DamiaoBus.Motor] = openArmScales.enumerated().map { joint, scale in
    DamiaoBus.Motor(
      id: joint + 1, masterId: joint + 0x11, pMax: 12.5, vMax: scale.velocity, tMax: scale.torque, timeout: 0.05, stiffness: 100, damping: 1)
  }

  static func openArmBus(_ model: RobotModel, at position: JointVector) -> EmulatedArm {
    let motors = openArmScales.enumerated().map { joint, scale in
      EmulatedDamiao(
        id: joint + 1, masterId: joint + 0x11, scale: (12.5, scale.velocity, scale.torque),
        ratings: .init(peakTorque: model.limits.effort[joint], noLoadSpeed: model.limits.velocity[joint]))
    }
    return EmulatedArm(model: model, driveTrains: openArmTrains, drives: motors, position: position)
  }
}
