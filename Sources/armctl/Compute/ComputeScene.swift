internal import Foundation
internal import Kinematics
internal import Planner

/// Obstacles in a line of input.
extension ComputeRequest {
  static let sceneKeys = ["spheres", "boxes", "cylinders", "capsules", "halfSpaces", "clouds", "exactCylinders"]

  func scene() throws(ComputeError) -> CollisionScene {
    let isExact = try bool("exactCylinders")
    var obstacles: [Obstacle] = []
    func append(_ key: String, _ kind: String, _ shape: (ComputeRequest) throws(ComputeError) -> Obstacle.Shape) throws(ComputeError) {
      guard has(key) else { return }
      for (index, item) in try objects(key).enumerated() {
        let name = item.members["name"]?.string ?? "\(kind) \(index)"
        do throws(ComputeError) {
          obstacles.append(Obstacle(name: name, shape: try shape(item), baseFromObstacle: try item.place()))
        } catch {
          throw ComputeError(kind: error.kind, message: "obstacle \"\(name)\": \(error.message)")
        }
      }
    }
    try append("spheres", "sphere") { item throws(ComputeError) in .sphere(radius: try item.required("radius")) }
    try append("boxes", "box") { item throws(ComputeError) in .box(halfExtents: SIMD3(try item.numbers("halfExtents", count: 3))) }
    try append("cylinders", "cylinder") { item throws(ComputeError) in
      let radius = try item.required("radius"), length = try item.required("length")
      return isExact ? .cylinder(radius: radius, length: length) : .capsule(radius: radius, length: length)
    }
    try append("capsules", "capsule") { item throws(ComputeError) in
      .capsule(radius: try item.required("radius"), length: try item.required("length"))
    }
    try append("halfSpaces", "half-space") { _ throws(ComputeError) in .halfSpace }
    try append("clouds", "cloud") { item throws(ComputeError) in .points(try item.cloud()) }
    do throws(CollisionSceneError) {
      return try CollisionScene(obstacles)
    } catch {
      throw ComputeError(kind: "scene", message: "\(error); try: \(error.suggestion)")
    }
  }

  /// The pose in `center` and `quaternion`, which are those of the base where they are missing.
  private func place() throws(ComputeError) -> Pose {
    let center = has("center") ? SIMD3(try numbers("center", count: 3)) : .zero
    guard has("quaternion") else { return Pose(translation: center) }
    let quaternion = SIMD4(try numbers("quaternion", count: 4)), square = (quaternion * quaternion).sum()
    guard abs(square - 1) < 1e-3 else {
      throw ComputeError(kind: "not-unit", message: "\"quaternion\" must have the length 1 and has \(square.squareRoot())")
    }
    return Pose(rotation: Rotation(quaternion: quaternion), translation: center)
  }

  private func cloud() throws(ComputeError) -> PointCloud {
    guard let path = members["file"]?.string else { throw ComputeError(kind: "missing-key", message: "the key \"file\" is missing") }
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

  func strings(_ name: String) throws(ComputeError) -> [String] {
    guard let array = members[name]?.array, array.allSatisfy({ $0.string != nil }) else {
      throw ComputeError(kind: "not-names", message: "\"\(name)\" must be a list of names")
    }
    return array.compactMap(\.string)
  }

  func objects(_ name: String) throws(ComputeError) -> [ComputeRequest] {
    guard let array = members[name]?.array, array.allSatisfy({ $0.object != nil }) else {
      throw ComputeError(kind: "not-objects", message: "\"\(name)\" must be a list of objects")
    }
    return array.compactMap(\.object).map(ComputeRequest.init(members:))
  }

  /// Configurations of `count` joints.
  func vectors(_ name: String, count: Int) throws(ComputeError) -> [JointVector] {
    guard let value = members[name] else { throw ComputeError(kind: "missing-key", message: "the key \"\(name)\" is missing") }
    guard let rows = value.array else {
      throw ComputeError(kind: "not-a-list", message: "\"\(name)\" must be a list of configurations and is \(value.kindName)")
    }
    var vectors: [JointVector] = []
    vectors.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard let numbers = row.numbers, numbers.count == count else {
        throw ComputeError(kind: "wrong-length", message: "element \(index) of \"\(name)\" must be an array of \(count) numbers")
      }
      vectors.append(JointVector(numbers))
    }
    return vectors
  }
}
