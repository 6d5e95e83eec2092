import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct CollisionSceneTests {
  struct Slip: Sendable, CustomTestStringConvertible {
    let obstacles: [Obstacle]
    let sentence, suggestion: String
    var testDescription: String { sentence }
  }

  static func at(_ x: Double) -> Pose { Pose(translation: [x, 0, 0]) }

  @Test(arguments: [
    Slip(
      obstacles: [Obstacle(name: "post", shape: .sphere(radius: -0.1))],
      sentence: "obstacle \"post\" has a radius of -0.1 m, which is not more than 0 and less than 1000",
      suggestion: "give sizes in metres, more than 0"),
    Slip(
      obstacles: [Obstacle(name: "shelf", shape: .box(halfExtents: [1, 0, 1]))],
      sentence: "obstacle \"shelf\" has a half extent of 0.0 m, which is not more than 0 and less than 1000",
      suggestion: "give sizes in metres, more than 0"),
    Slip(
      obstacles: [Obstacle(name: "can", shape: .cylinder(radius: 0.1, length: .nan))],
      sentence: "obstacle \"can\" has a length of nan m, which is not more than 0 and less than 1000", suggestion: "give sizes in metres, more than 0"
    ),
    Slip(
      obstacles: [Obstacle(name: "ghost", shape: .sphere(radius: 1), baseFromObstacle: at(.nan))],
      sentence: "the place of obstacle \"ghost\" is not made of finite numbers",
      suggestion: "give a position of three finite numbers in metres and a quaternion of four"),
    Slip(
      obstacles: [Obstacle(name: "moon", shape: .sphere(radius: 1), baseFromObstacle: at(3.8e8))],
      sentence: "obstacle \"moon\" is more than 1000 m away", suggestion: "give positions in metres from the arm's base"),
    Slip(
      obstacles: [Obstacle(name: "cup", shape: .sphere(radius: 1)), Obstacle(name: "cup", shape: .halfSpace)],
      sentence: "two obstacles are called \"cup\"", suggestion: "give each obstacle a name of its own"),
    Slip(
      obstacles: (0..<1_000_000).map { _ in Obstacle(name: "box", shape: .sphere(radius: 1)) },
      sentence: "the scene has 1000000 obstacles, and 4096 is the most",
      suggestion: "join small obstacles into larger ones, or give them as one point cloud"),
  ]) func badScenesAreSaid(_ slip: Slip) {
    let error = #expect(throws: CollisionSceneError.self) { try CollisionScene(slip.obstacles) }
    #expect(error?.description == slip.sentence)
    #expect(error?.suggestion == slip.suggestion)
  }

  @Test func scenesAreEditedByName() throws {
    var scene = try CollisionScene([Obstacle(name: "table", shape: .halfSpace)])
    try scene.add(Obstacle(name: "cup", shape: .sphere(radius: 0.1)))
    #expect(scene.obstacles.map(\.name) == ["table", "cup"])
    #expect(throws: CollisionSceneError.repeatedName("cup")) { try scene.add(Obstacle(name: "cup", shape: .halfSpace)) }
    let error = #expect(throws: CollisionSceneError.self) { try scene.remove("cap") }
    #expect(error?.description == "there is no obstacle \"cap\"; did you mean \"cup\"?")
    try scene.remove("table")
    #expect(scene.obstacles.map(\.name) == ["cup"])
  }

  @Test func cloudsMustBePossible() {
    func sentence(_ points: [SIMD3<Double>], _ radius: Double) -> String? {
      #expect(throws: CollisionSceneError.self) { try PointCloud(points, radius: radius) }?.description
    }
    #expect(sentence([], 0.01) == "the point cloud has no points")
    #expect(sentence([.zero, [0, .infinity, 0]], 0.01) == "point 1 of the cloud is not made of finite numbers")
    #expect(sentence([[1e4, 0, 0]], 0.01) == "point 0 of the cloud is more than 1000 m away")
    #expect(sentence([.zero], -1) == "obstacle \"point cloud\" has a radius of -1.0 m, which is not more than 0 and less than 1000")
  }

  /// A cloud counts like as many small spheres.
  @Test func cloudsAreTheirPoints() throws {
    var generator = SeededGenerator(seed: 51)
    let arm = try SphereArm.panda(), pose = generator.pose(within: 0.1)
    let points = (0..<300).map { _ in generator.vector(0.9) }.filter { length(pose * $0) > 0.3 }
    let cloud = try CollisionScene([Obstacle(name: "cloud", shape: .points(try PointCloud(points, radius: 0.01)), baseFromObstacle: pose)])
    let balls = try CollisionScene(
      points.enumerated().map { index, point in
        Obstacle(name: "\(index)", shape: .sphere(radius: 0.01), baseFromObstacle: Pose(translation: pose * point))
      })
    let one = CollisionChecker(model: arm.model, scene: cloud), other = CollisionChecker(model: arm.model, scene: balls)
    let configurations = (0..<caseCount(200)).map { _ in generator.configuration(of: arm.model) }
    for (q, flags) in zip(configurations, zip(one.flags(of: configurations), other.flags(of: configurations))) {
      let clearances = (one.clearances(at: q).obstacles, other.clearances(at: q).obstacles)
      #expect(abs((clearances.0?.distance ?? 0) - (clearances.1?.distance ?? 1)) < 1e-6)
      if abs(clearances.1?.distance ?? 0) > 1e-5 { #expect(flags.0 == flags.1) }
    }
    // Motions, too.
    var here = MotionCheck(checker: one), there = MotionCheck(checker: other)
    for index in 1..<40 {
      let a = JointRow(configurations[index - 1].lanes), b = a + (JointRow(configurations[index].lanes) - a) * 0.1
      let isFree = here.isFree(from: a, to: b), isFreeOfBalls = there.isFree(from: a, to: b)
      #expect(isFree == isFreeOfBalls)
    }
  }

  static let square: [SIMD3<Double>] = [[0, 0, 0.5], [1, 0, 0.25], [1, 1, -3]]

  static func binary(_ order: String, _ write: (Double) -> [UInt8]) -> [UInt8] {
    let header =
      "ply\nformat \(order) 1.0\ncomment a square\nelement vertex 3\nproperty uchar red\nproperty float x\nproperty float y\nproperty float z\n"
    return Array((header + "element face 0\nproperty list uchar int vertex_indices\nend_header\n").utf8)
      + square.flatMap { point in [7] + write(point.x) + write(point.y) + write(point.z) }
  }

  @Test func pointFilesOfAllKinds() throws {
    let xyz = "# x y z intensity\n0 0 0.5 12\n\n1,0,0.25\r\nnan nan nan\n1\t1\t-3\n"
    let ascii =
      "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty double z\nend_header\n0 0 0.5\n1 0 0.25\n1 1 -3\n"
    let little = Self.binary("binary_little_endian") { value in withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) } }
    let big = Self.binary("binary_big_endian") { value in withUnsafeBytes(of: Float(value).bitPattern.bigEndian) { Array($0) } }
    for file in [Array(xyz.utf8), Array(ascii.utf8), little, big] { #expect(try PointFile.points(of: file, named: "scan") == Self.square) }
  }

  @Test(arguments: [
    ("1 2\n", "scan:1: `1 2` does not begin with three numbers"),
    ("0 0 0\n0 0 zero\n", "scan:2: `0 0 zero` does not begin with three numbers"),
    (
      "ply\nformat ascii 2.0\nelement face 3\nend_header\n",
      "scan: the PLY header does not begin with an element vertex that has the properties x, y and z"
    ),
    ("ply\nformat ascii 1.0\nelement vertex many\nend_header\n", "scan:3: the PLY header does not allow `element vertex many`"),
    (
      "ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n",
      "scan: the file ends after 1 of 2 points"
    ),
    (
      "ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n0123456789ab",
      "scan: the file ends after 1 of 2 points"
    ),
  ]) func brokenPointFilesAreSaid(_ text: String, _ sentence: String) {
    let error = #expect(throws: PointFile.Problem.self) { try PointFile.points(of: Array(text.utf8), named: "scan") }
    #expect(error?.description == sentence)
    #expect(error?.suggestion.isEmpty == false)
  }
}
