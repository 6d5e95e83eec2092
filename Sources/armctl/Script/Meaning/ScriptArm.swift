/// What a script needs to know of the arm to be understood.
struct ScriptArm: Sendable {
  struct Joint: Sendable, Equatable {
    var name: String
    /// Whether it slides instead of turning.
    var slides = false
  }

  /// Of the arm file.
  var poseNames: [String]
  var joints: [Joint]
  var inputNames: [String] = []
  /// How long the gripper takes [s]; nil where there is none.
  var gripperDuration: Double?

  init(poseNames: [String], joints: [Joint], inputNames: [String] = [], gripperDuration: Double? = nil) {
    self.poseNames = poseNames
    self.joints = joints
    self.inputNames = inputNames
    self.gripperDuration = gripperDuration
  }

  /// The arm that a server's `config.get` describes.
  init(configuration: JSONValue) {
    poseNames = configuration["poses"]?.object?.names ?? []
    joints = (configuration["joints"]?.array ?? []).map { Joint(name: $0["name"]?.string ?? "", slides: $0["type"] == "prismatic") }
    inputNames = configuration["inputs"]?.array?.compactMap(\.string) ?? []
    gripperDuration = configuration["gripper"]?["duration"]?.number
  }

  /// Positions at which the arm can be brought out of the way, the best first.
  var parkingPose: String? { ["park", "rest", "home"].first(where: poseNames.contains) }
}
