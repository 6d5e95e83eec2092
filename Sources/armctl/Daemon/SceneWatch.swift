internal import Control
internal import Planner
internal import Synchronization

/// The scenes that the control loop keeps streams clear of: their boxes until it has done with them, and what the things in them are called.
final class SceneWatch: Sendable {
  private struct Scene {
    let revision: Int
    let names: [String]
    let obstacleCount: Int
    let box: Handover<Proximity>
  }

  private let scenes = Mutex<[Scene]>([])

  /// A scene for the loop. It has had the boxes before the last one for long.
  func box(_ proximity: Proximity) -> Handover<Proximity> {
    let (revision, names, count) = (proximity.revision, proximity.names, proximity.obstacleCount)
    let box = Handover(proximity)
    scenes.withLock { $0 = $0.suffix(2) + [Scene(revision: revision, names: names, obstacleCount: count, box: box)] }
    return box
  }

  /// What holds a stream back, in words.
  func hindrance(by obstruction: Obstruction) -> StreamHindrance {
    let scene = scenes.withLock { scenes in scenes.last { $0.revision == obstruction.revision } }
    return StreamHindrance(
      share: obstruction.share, message: scene.map { Self.sentence($0, obstruction.thing) } ?? Self.unknown, suggestion: "another direction")
  }

  private static let unknown = "The arm waits until it has looked at everything around it."

  private static func sentence(_ scene: Scene, _ thing: Int) -> String {
    guard scene.names.indices.contains(thing) else { return unknown }
    return thing < scene.obstacleCount ? "\"\(scene.names[thing])\" is in the way." : "The links \(scene.names[thing]) are close to each other."
  }
}
