import Control
import Kinematics
import Planner
import TestSupport

/// The default arm with round figures for its dials.
enum TestArm {
  static let period = 0.002
  static let home: JointVector = [0, 0, 1.5, 0, 0, 0]
  static let joints = ["waist", "shoulder", "elbow", "forearm", "wrist", "tool_roll"]
  static let buses = ["can0", "can1"]

  static let model: RobotModel = {
    var model = try! RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange")
    model.limits.acceleration = JointVector(repeating: 8, count: 6)
    model.limits.jerk = JointVector(repeating: 80, count: 6)
    return model
  }()

  static var settings: ControlSettings {
    var settings = ControlSettings(period: period, limits: model.limits)
    settings.coulombFriction = [0.3, 0.3, 0.3, 0.03, 0.03, 0.03]
    return settings
  }

  static func move(from start: JointVector = home, to target: JointVector, speed: Double = 1) -> Trajectory {
    try! Trajectory.jointMove(from: start, to: target, limits: model.limits, speed: speed)
  }

  /// A move of about a second from home.
  static let move = move(to: [1, 1, 2.5, 0.8, 0.8, 0.8])

  static func sentence(_ fault: ControlFault) -> String { fault.sentence(joints: joints, buses: buses) }
  static func sentence(_ refusal: ControlRefusal) -> String { refusal.sentence(joints: joints, buses: buses) }
}

extension EventQueue {
  var all: [ControlEvent] { (0..<count).map { self[$0] } }
}
