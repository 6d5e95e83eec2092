internal import Kinematics
internal import Planner

/// A change of what is around the arm.
enum SceneEdit: Sendable, Equatable {
  /// All of it is new.
  case set([SceneItem])
  case add([SceneItem])
  case remove([String])
  /// From now on a frame carries the thing, from where it is now.
  case attach(String, to: SceneItem.Frame, mayTouch: [String])
  /// From now on it stands where it is now.
  case detach(String)

  /// - Parameter moved: The same thing in the same place, seen from another frame.
  func applied(
    to items: [SceneItem], moved: (SceneItem, SceneItem.Frame) throws(SceneEditError) -> SceneItem
  ) throws(SceneEditError) -> [SceneItem] {
    var items = items
    func index(of name: String) throws(SceneEditError) -> Int {
      guard let index = items.firstIndex(where: { $0.name == name }) else { throw .scene(.unknownName(name, known: items.map(\.name))) }
      return index
    }
    switch self {
    case .set(let new): return new
    case .add(let new): return items + new
    case .remove(let names):
      for name in names { items.remove(at: try index(of: name)) }
    case .attach(let name, let frame, let mayTouch):
      let place = try index(of: name)
      items[place] = try moved(items[place], frame)
      items[place].mayTouch = mayTouch
    case .detach(let name):
      let place = try index(of: name)
      guard items[place].frame != .base else { throw .notAttached(name) }
      items[place] = try moved(items[place], .base)
      items[place].mayTouch = []
    }
    return items
  }
}

/// Why the scene is left as it was.
enum SceneEditError: Error, Sendable, Equatable, CustomStringConvertible {
  case scene(CollisionSceneError)
  case model(CollisionModelError)
  case unknownFrame(String, item: String, known: [String])
  /// Half-spaces and point clouds have no spheres to stand for them.
  case notCarried(String)
  case notAttached(String)
  /// Nobody knows what stands for the arm.
  case noShape

  var description: String {
    switch self {
    case .scene(let error): error.description
    case .model(let error): error.description
    case .unknownFrame(let name, let item, let known):
      "the frame \"\(name)\" of \"\(item)\" does not exist; \(Suggestion.phrase(for: name, among: known))"
    case .notCarried(let name): "\"\(name)\" is a half-space or a point cloud, which no arm carries"
    case .notAttached(let name): "\"\(name)\" is not attached to anything"
    case .noShape: "nothing stands for this arm in collision checks, so that a scene means nothing to it"
    }
  }

  /// The thing that it speaks of, if it is one.
  var item: String? {
    switch self {
    case .scene(.repeatedName(let name)), .scene(.notFinite(let name)), .scene(.tooFar(let name)), .scene(.impossibleSize(_, _, let name)): name
    case .model(.nameTaken(let name)), .unknownFrame(_, let name, _), .notCarried(let name), .notAttached(let name): name
    case .scene, .model, .noShape: nil
    }
  }

  /// What to do about it, for after "try: ".
  var suggestion: String {
    switch self {
    case .scene(let error): error.suggestion
    case .model(let error): error.suggestion
    case .unknownFrame: "base, tool, or a link of the URDF"
    case .notCarried: "spheres, boxes, capsules and cylinders can be carried"
    case .notAttached: "scene.remove takes away what stands around"
    case .noShape: "`collision: {spheres: auto}` in the arm file"
    }
  }
}
