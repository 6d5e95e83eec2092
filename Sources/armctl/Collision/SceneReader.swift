internal import Foundation
internal import Kinematics
internal import Planner

// Scenes in files, on the socket and in lines of `armctl compute plan`.

extension ComputeRequest {
  /// The lists of a scene.
  static let sceneLists = ["spheres", "boxes", "cylinders", "capsules", "halfSpaces", "clouds"]
  static let sceneKeys = sceneLists + ["exactCylinders"]

  /// The obstacles of a line of input; all of them stand still.
  func scene() throws(ComputeError) -> CollisionScene {
    let items = try sceneItems(haveExactCylinders: try bool("exactCylinders"), folder: nil)
    if let item = items.first(where: { $0.frame != .base }) {
      throw ComputeError(kind: "frame", message: "obstacle \"\(item.name)\": here all obstacles are in the frame of the URDF's root link")
    }
    do throws(CollisionSceneError) {
      return try CollisionScene(items.map(\.obstacle))
    } catch {
      throw ComputeError(kind: "scene", message: "\(error); try: \(error.suggestion)")
    }
  }

  /// What the lists hold, in their order.
  ///
  /// - Parameters:
  ///   - haveExactCylinders: Else cylinders count as capsules whose segment is the whole length.
  ///   - folder: Where the paths of point clouds count from; nil: the working directory.
  func sceneItems(haveExactCylinders: Bool = true, folder: String?) throws(ComputeError) -> [SceneItem] {
    let count = Self.sceneLists.reduce(0) { $0 + (members[$1]?.array?.count ?? 0) }
    guard count <= CollisionScene.capacity else {
      throw ComputeError(kind: "scene", message: CollisionSceneError.tooMany(count).description)
    }
    var items: [SceneItem] = []
    func append(
      _ key: String, _ kind: String, _ own: [String], _ shape: (ComputeRequest) throws(ComputeError) -> Obstacle.Shape
    ) throws(ComputeError) {
      guard has(key) else { return }
      let own = own + ["name", "center", "quaternion", "frame", "mayTouch"], list = try objects(key)
      let given = Set(list.compactMap { $0.members["name"]?.string })
      for (index, item) in list.enumerated() {
        let name = item.members["name"]?.string ?? Self.freeName(kind, index, given: given)
        do throws(ComputeError) {
          try item.expectOnly(own)
          _ = try item.text("name")
          var scene = SceneItem(obstacle: Obstacle(name: name, shape: try shape(item), baseFromObstacle: try item.place()))
          scene.frame = SceneItem.Frame(try item.text("frame") ?? "base")
          if item.has("mayTouch") { scene.mayTouch = try item.strings("mayTouch") }
          scene.file = try item.text("file")
          items.append(scene)
        } catch {
          throw ComputeError(kind: error.kind, message: "obstacle \"\(name)\": \(error.message)")
        }
      }
    }
    try append("spheres", "sphere", ["radius"]) { item throws(ComputeError) in .sphere(radius: try item.required("radius")) }
    try append("boxes", "box", ["halfExtents"]) { item throws(ComputeError) in
      .box(halfExtents: SIMD3(try item.numbers("halfExtents", count: 3)))
    }
    try append("cylinders", "cylinder", ["radius", "length"]) { item throws(ComputeError) in
      let radius = try item.required("radius"), length = try item.required("length")
      return haveExactCylinders ? .cylinder(radius: radius, length: length) : .capsule(radius: radius, length: length)
    }
    try append("capsules", "capsule", ["radius", "length"]) { item throws(ComputeError) in
      .capsule(radius: try item.required("radius"), length: try item.required("length"))
    }
    try append("halfSpaces", "half-space", []) { _ throws(ComputeError) in .halfSpace }
    try append("clouds", "cloud", ["file", "radius", "points"]) { item throws(ComputeError) in .points(try item.cloud(folder: folder)) }
    return items
  }

  /// For the thing without a name at that place of its list: "box 2", or what no other is called.
  private static func freeName(_ kind: String, _ index: Int, given: Set<String>) -> String {
    var name = "\(kind) \(index)"
    while given.contains(name) { name += "′" }
    return name
  }

  /// The pose in `center` and `quaternion`, which are those of the frame where they are missing.
  private func place() throws(ComputeError) -> Pose {
    let center = has("center") ? SIMD3(try numbers("center", count: 3)) : .zero
    guard has("quaternion") else { return Pose(translation: center) }
    let quaternion = try quaternion(), square = (quaternion * quaternion).sum()
    guard abs(square - 1) < 1e-3 else {
      throw ComputeError(kind: "not-unit", message: "\"quaternion\" must have the length 1 and has \(square.squareRoot())")
    }
    return Pose(rotation: Rotation(quaternion: quaternion / square.squareRoot()), translation: center)
  }

  private func cloud(folder: String?) throws(ComputeError) -> PointCloud {
    guard let written = try text("file") else { throw ComputeError(kind: "missing-key", message: "the key \"file\" is missing") }
    let path = written.hasPrefix("/") ? written : ((folder ?? "") as NSString).appendingPathComponent(written)
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw ComputeError(kind: "unreadable", message: "the file \(path) cannot be read")
    }
    do {
      let points = try PointFile.points(of: Array(bytes), named: path)
      return try PointCloud(points, radius: has("radius") ? try required("radius") : 0)
    } catch let error as ComputeError {
      throw error
    } catch {
      throw ComputeError(kind: "cloud", message: "\(error)")
    }
  }

  /// A number that must be there.
  func required(_ name: String) throws(ComputeError) -> Double {
    guard let number = try number(name) else { throw ComputeError(kind: "missing-key", message: "the key \"\(name)\" is missing") }
    return number
  }

  /// A text; nil where it is not given.
  func text(_ name: String) throws(ComputeError) -> String? {
    guard has(name) else { return nil }
    guard let text = members[name]?.string else { throw ComputeError(kind: "not-a-text", message: "\"\(name)\" must be a text") }
    return text
  }
}
