internal import Kinematics
internal import Planner

/// The things of `scene.get` that a picture can show.
struct TeleopScene: Equatable, Sendable {
  /// In the base.
  let standing: [Obstacle]
  /// In the tool's frame.
  let carried: [Obstacle]

  static func == (a: Self, b: Self) -> Bool { a.standing.map(\.name) == b.standing.map(\.name) && a.carried.map(\.name) == b.carried.map(\.name) }

  /// What cannot be read is left out: the server knows what is there, the picture only helps.
  init(_ scene: JSONValue) {
    var members = scene.object ?? JSONObject()
    // Of clouds only the number of points is told.
    members["clouds"] = nil
    let items = (try? ComputeRequest(members: members).sceneItems(folder: nil)) ?? []
    standing = items.filter { $0.frame == .base }.map(\.obstacle)
    carried = items.filter { $0.frame == .tool }.map(\.obstacle)
  }

  /// All of it in the base, with the tool where it is.
  func obstacles(tool: Pose) -> [Obstacle] {
    standing
      + carried.map { obstacle in
        var placed = obstacle
        placed.baseFromObstacle = tool * obstacle.baseFromObstacle
        return placed
      }
  }
}
