/// What teleoperation knows of the arm before it moves.
struct TeleopArm: Equatable, Sendable {
  struct Joint: Equatable, Sendable {
    var name: String
    var isSliding = false
    /// [rad; m]; nil where there is none.
    var lower, upper: Double?
    /// [rad/s; m/s]
    var velocity = 1.0
  }

  var name: String
  var joints: [Joint]
  var poses: [(name: String, position: [Double])]
  var hasGripper = false

  static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.joints == b.joints && a.poses.elementsEqual(b.poses) { $0 == $1 } }
}

extension TeleopArm {
  /// - Parameter configuration: What `config.get` answers.
  init(configuration: JSONValue) {
    name = configuration["name"]?.string ?? "arm"
    joints = (configuration["joints"]?.array ?? []).map { joint in
      Joint(
        name: joint["name"]?.string ?? "", isSliding: joint["type"]?.string == "prismatic", lower: joint["lower"]?.number,
        upper: joint["upper"]?.number, velocity: joint["velocity"]?.number ?? 1)
    }
    poses = (configuration["poses"]?.object?.members ?? []).compactMap { name, value in value.numbers.map { (name, $0) } }
    hasGripper = configuration["gripper"]?.object != nil
  }
}

extension TeleopArm {
  /// A joint's name without what all joints' names begin with, up to an underscore: "joint1" of "openarm_joint1".
  func shortName(of joint: Joint) -> String {
    guard joints.count > 1, let cut = joint.name.lastIndex(of: "_") else { return joint.name }
    let beginning = joint.name[...cut]
    return joints.allSatisfy { $0.name.hasPrefix(beginning) } ? String(joint.name[joint.name.index(after: cut)...]) : joint.name
  }
}
