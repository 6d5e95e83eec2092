internal import Kinematics
internal import Planner

/// Something in the scene, as files and the socket name it.
struct SceneItem: Sendable, Equatable {
  /// What carries it.
  enum Frame: Sendable, Equatable {
    /// Nothing: it stands still.
    case base
    case tool
    case link(String)

    init(_ name: String) {
      switch name {
      case "base": self = .base
      case "tool": self = .tool
      default: self = .link(name)
      }
    }

    var name: String {
      switch self {
      case .base: "base"
      case .tool: "tool"
      case .link(let name): name
      }
    }
  }

  /// Its pose is in its frame: the arm's base, the tool frame, or a link's.
  var obstacle: Obstacle
  var frame = Frame.base
  /// Links that it may touch although its carrier must not.
  var mayTouch: [String] = []
  /// Where a cloud's points come from.
  var file: String?

  var name: String { obstacle.name }
}

extension SceneItem {
  /// The list that it stands in: "boxes", …
  var listName: String {
    switch obstacle.shape {
    case .sphere: "spheres"
    case .box: "boxes"
    case .capsule: "capsules"
    case .cylinder: "cylinders"
    case .halfSpace: "halfSpaces"
    case .points: "clouds"
    }
  }

  /// As files and the socket have it.
  var json: JSONValue {
    let pose = obstacle.baseFromObstacle, quaternion = pose.rotation.quaternion
    var object: JSONObject = ["name": .string(name)]
    object["center"] = JSONValue(numbers: [pose.translation.x, pose.translation.y, pose.translation.z])
    if pose.rotation != .identity { object["quaternion"] = JSONValue(numbers: [quaternion.x, quaternion.y, quaternion.z, quaternion.w]) }
    switch obstacle.shape {
    case .sphere(let radius): object["radius"] = .number(radius)
    case .box(let half): object["halfExtents"] = JSONValue(numbers: [half.x, half.y, half.z])
    case .capsule(let radius, let length), .cylinder(let radius, let length):
      object["radius"] = .number(radius)
      object["length"] = .number(length)
    case .halfSpace: break
    case .points(let cloud):
      object["radius"] = .number(cloud.radius)
      object["points"] = .number(Double(cloud.count))
    }
    object["file"] = file.map(JSONValue.string)
    if frame != .base { object["frame"] = .string(frame.name) }
    if !mayTouch.isEmpty { object["mayTouch"] = JSONValue(strings: mayTouch) }
    return .object(object)
  }
}
