internal import Foundation
internal import Kinematics

/// The obstacles around an arm, each with a name of its own. What is in it is sound: finite, with positive sizes.
public struct CollisionScene: Sendable, Equatable {
  /// So many obstacles a scene has at most; a cloud counts as one.
  public static let capacity = 4096

  public private(set) var obstacles: [Obstacle] = []
  /// Around each obstacle.
  private(set) var balls: [ArmSpheres.Sphere] = []

  public init() {}

  /// - Throws: ``CollisionSceneError`` where an obstacle is impossible or a name is there twice.
  public init(_ obstacles: [Obstacle]) throws(CollisionSceneError) {
    guard obstacles.count <= Self.capacity else { throw .tooMany(obstacles.count) }
    var names: Set<String> = []
    for obstacle in obstacles {
      try Self.check(obstacle)
      guard names.insert(obstacle.name).inserted else { throw .repeatedName(obstacle.name) }
    }
    self.obstacles = obstacles
    balls = obstacles.map(\.ball)
  }

  public mutating func add(_ obstacle: Obstacle) throws(CollisionSceneError) {
    guard obstacles.count < Self.capacity else { throw .tooMany(obstacles.count + 1) }
    try Self.check(obstacle)
    guard !obstacles.contains(where: { $0.name == obstacle.name }) else { throw .repeatedName(obstacle.name) }
    obstacles.append(obstacle)
    balls.append(obstacle.ball)
  }

  public mutating func remove(_ name: String) throws(CollisionSceneError) {
    guard let index = obstacles.firstIndex(where: { $0.name == name }) else { throw .unknownName(name, known: obstacles.map(\.name)) }
    obstacles.remove(at: index)
    balls.remove(at: index)
  }

  private static func check(_ obstacle: Obstacle) throws(CollisionSceneError) {
    let pose = obstacle.baseFromObstacle
    for column in [pose.translation, pose.rotation.x, pose.rotation.y, pose.rotation.z] {
      guard column.x.isFinite, column.y.isFinite, column.z.isFinite else { throw .notFinite(obstacle: obstacle.name) }
    }
    guard dot(pose.translation, pose.translation) < farthest * farthest else { throw .tooFar(obstacle: obstacle.name) }
    func require(_ value: Double, _ quantity: String) throws(CollisionSceneError) {
      guard value > 0, value < farthest else { throw .impossibleSize(value, quantity, obstacle: obstacle.name) }
    }
    switch obstacle.shape {
    case .sphere(let radius): try require(radius, "radius")
    case .box(let halfExtents):
      for axis in 0..<3 { try require(halfExtents[axis], "half extent") }
    case .capsule(let radius, let length), .cylinder(let radius, let length):
      try require(radius, "radius")
      try require(length, "length")
    case .halfSpace, .points: break
    }
  }

  /// Beyond this nothing has to do with an arm, and single precision loses tenths of millimetres [m].
  static let farthest = 1000.0
}

/// What is wrong with a scene.
public enum CollisionSceneError: Error, Sendable, Equatable {
  case tooMany(Int)
  case repeatedName(String)
  case unknownName(String, known: [String])
  case notFinite(obstacle: String)
  case tooFar(obstacle: String)
  /// `quantity` is "radius", "length" or "half extent" [m].
  case impossibleSize(Double, String, obstacle: String)
  case emptyCloud
  case tooManyPoints(Int)
  /// Points count from 0.
  case pointNotFinite(Int)
  case pointTooFar(Int)
}

extension CollisionSceneError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooMany(let count): "the scene has \(count) obstacles, and \(CollisionScene.capacity) is the most"
    case .repeatedName(let name): "two obstacles are called \"\(name)\""
    case .unknownName(let name, let known): "there is no obstacle \"\(name)\"; \(Suggestion.phrase(for: name, among: known))"
    case .notFinite(let name): "the place of obstacle \"\(name)\" is not made of finite numbers"
    case .tooFar(let name): "obstacle \"\(name)\" is more than \(Int(CollisionScene.farthest)) m away"
    case .impossibleSize(let size, let quantity, let name):
      "obstacle \"\(name)\" has a \(quantity) of \(size) m, which is not more than 0 and less than \(Int(CollisionScene.farthest))"
    case .emptyCloud: "the point cloud has no points"
    case .tooManyPoints(let count): "the point cloud has \(count) points, and \(PointCloud.capacity) is the most"
    case .pointNotFinite(let index): "point \(index) of the cloud is not made of finite numbers"
    case .pointTooFar(let index): "point \(index) of the cloud is more than \(Int(CollisionScene.farthest)) m away"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .tooMany: "join small obstacles into larger ones, or give them as one point cloud"
    case .repeatedName: "give each obstacle a name of its own"
    case .unknownName: "name an obstacle of the scene"
    case .notFinite: "give a position of three finite numbers in metres and a quaternion of four"
    case .tooFar: "give positions in metres from the arm's base"
    case .impossibleSize: "give sizes in metres, more than 0"
    case .emptyCloud: "give a file of one point or more"
    case .tooManyPoints: "thin the cloud out, to one point every few millimetres"
    case .pointNotFinite: "leave out the points that were not measured"
    case .pointTooFar: "give points in metres, and leave out what is out of the arm's reach"
    }
  }
}
