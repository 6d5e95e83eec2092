import Control
import Kinematics
import MotorDrivers
import Simulator
import TestSupport

/// An arm of `Robots` with its controller's dials and its emulation, for tests that hit it.
struct KnockableArm: Sendable {
  var period = 0.002
  var model: RobotModel
  var settings: ControlSettings
  var wiring: [JointWiring]
  var bus: @Sendable (any ByteChannel) -> any MotorBus
  /// At a position, with a mechanism that may be another than the controller's model, and rub more than it thinks.
  var emulated: @Sendable (JointVector, RobotModel, Double) -> EmulatedArm
}

extension KnockableArm {
  /// `Robots/openarm`: torque.
  static let openArm = KnockableArm(
    model: OpenArm.model, settings: OpenArm.settings, wiring: OpenArm.wiring, bus: { OpenArm.bus(channel: $0) },
    emulated: { OpenArm.emulated(at: $0, model: $1, friction: $2) })

  /// `Robots/dummy`: positions.
  static let dummy: KnockableArm = {
    var model = try! RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
    model.limits.velocity = [1.25, 1.5, 1.9, 2.5, 2.1, 1.25]
    model.limits.acceleration = [8, 5, 8, 12, 12, 12]
    model.limits.jerk = [80, 60, 80, 150, 150, 150]
    model.limits.effort = [8, 6, 6, 0.6, 0.7, 0.9]
    let ratios = [50.0, 30, 30, 24, 30, 50], reversed = [true, false, true, false, true, true]
    let offsets = [0, -1.2740903539558606, 3.141592653589793, 0, 0, 0]
    let coulomb = [0.8, 0.8, 0.6, 0.1, 0.1, 0.1], viscous = [0.4, 0.4, 0.3, 0.02, 0.02, 0.02]
    let constants = [0.2, 0.2, 0.2, 0.06, 0.06, 0.06], currents = [2.0, 2, 2, 0.6, 0.6, 0.6]
    let rotors = [5.5e-6, 5.5e-6, 5.5e-6, 2.5e-7, 2.5e-7, 2.5e-7]
    var settings = ControlSettings(period: 0.002, limits: model.limits)
    settings.busSilence = 0.2
    settings.coulombFriction = JointVector(coulomb)
    settings.viscousFriction = JointVector(viscous)
    settings.rotorInertia = JointVector((0..<6).map { ratios[$0] * ratios[$0] * rotors[$0] })
    let zero = JointVector(count: 6)
    settings.compliance = ComplianceSettings(
      hardware: .position, model: model, settings: settings, stiffness: zero, damping: zero, effort: model.limits.effort,
      velocitySteps: zero)
    let limits = model.limits
    let motors = (0..<6).map { joint in
      CtrlStepBus.Motor(
        node: joint + 1, currentLimit: currents[joint], velocityLimit: 1.5 * limits.velocity[joint] * ratios[joint],
        accelerationLimit: 2 * limits.acceleration[joint] * ratios[joint], torqueConstant: constants[joint])
    }
    return KnockableArm(
      model: model, settings: settings,
      wiring: (0..<6).map { joint in
        JointWiring(bus: 0, motor: joint, transmission: Transmission(ratio: ratios[joint], isReversed: reversed[joint], offset: offsets[joint]))
      }, bus: { CtrlStepBus(name: "can0", channel: $0, motors: motors) },
      emulated: { position, mechanism, friction in
        let trains = (0..<6).map { joint in
          DriveTrain(
            ratio: ratios[joint], direction: reversed[joint] ? -1 : 1, offset: offsets[joint], rotorInertia: rotors[joint],
            torqueConstant: constants[joint], coulomb: friction * coulomb[joint], viscous: friction * viscous[joint],
            maximumCurrent: 1.25 * currents[joint])
        }
        var mechanism = mechanism
        mechanism.limits = limits
        return EmulatedArm(model: mechanism, driveTrains: trains, nodes: Array(1...6), position: position)
      })
  }()
}
