import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// What is around the arm: read from files and the socket, edited, carried; and what is said of scenes that cannot be.
@Suite struct ArmWorldTests {
  private static let dummy = try! ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))
  private let position: JointVector = [0.3, 0, 1.5, 0, 0.5, 0]

  private func world(_ text: String = "") throws -> ArmWorld {
    let world = ArmWorld(arm: Self.dummy.model, model: try Self.dummy.collisionModel(), margin: 0.01)
    _ = try world.apply(.set(items(text)), at: position)
    return world
  }

  private func items(_ text: String) throws -> [SceneItem] { try SceneFile(text, file: "scene.yaml").items }

  static let scene = """
    boxes:
      - {name: table, center: [0.3, 0, -0.02], halfExtents: [0.2, 0.2, 0.02]}
      - {center: [0.3, 0.1, 0.1], quaternion: [0, 0, 0.6, 0.8], halfExtents: [0.02, 0.02, 0.02]}
    spheres: [{name: ball, center: [0.2, 0.2, 0.3], radius: 0.05}]
    capsules: [{name: post, center: [-0.3, 0, 0.2], radius: 0.02, length: 0.4}]
    halfSpaces: [{name: floor, center: [0, 0, -0.7]}]
    cylinders: [{name: can, frame: tool, center: [0, 0, 0.05], radius: 0.03, length: 0.08, mayTouch: [wrist_link]}]
    """

  @Test func aFileIsReadAndAnsweredAsItIs() throws {
    let world = try world(Self.scene), answer = try items("\(world.json)")
    #expect(answer.map(\.name) == ["ball", "table", "box 1", "can", "post", "floor"])
    let again = try items("\(try self.world("\(world.json)").json)")
    for (one, other) in zip(answer, again) {
      let (a, b) = (one.obstacle.baseFromObstacle, other.obstacle.baseFromObstacle)
      #expect(one.name == other.name && one.frame == other.frame && one.obstacle.shape == other.obstacle.shape)
      #expect((a.translation - b.translation).max() < 1e-12 && (a.rotation.inverse * b.rotation).rotationVector.max() < 1e-12)
    }
    let can = try #require(answer.first { $0.name == "can" })
    #expect(can.frame == .tool && can.mayTouch == ["wrist_link"] && can.obstacle.shape == .cylinder(radius: 0.03, length: 0.08))
    #expect(try #require(world.surroundings).model.attachments.map(\.name) == ["can"])
  }

  /// The third has the name that the second would get.
  @Test func thingsWithoutNamesGetFreeOnes() throws {
    let text = "spheres: [{name: a, radius: 0.1}, {radius: 0.1}, {name: sphere 1, radius: 0.1}]"
    #expect(try items(text).map(\.name) == ["a", "sphere 1′", "sphere 1"])
  }

  @Test func aHugeFileIsNotEvenRead() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("huge-\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(count: 50_000_000).write(to: path)
    let error = #expect(throws: ConfigurationError.self) { try SceneFile(contentsOf: path.path) }
    #expect(error?.sentence == "the file has 50 MB, and 4 is the most")
  }

  /// Every slip leaves the scene as it was, and says what is wrong.
  struct Slip: Sendable, CustomTestStringConvertible {
    let text, sentence: String
    var testDescription: String { sentence }
  }

  static let slips = [
    Slip(text: "boxes: 3", sentence: "\"boxes\" must be a list of objects"),
    Slip(text: "boxs: []", sentence: "the key \"boxs\" is unknown; did you mean \"boxes\"?"),
    Slip(text: "spheres: [{radius: .nan}]", sentence: "obstacle \"sphere 0\": \"radius\" must be a number and is \".nan\""),
    Slip(text: "spheres: [{radius: -0.1}]", sentence: "obstacle \"sphere 0\" has a radius of -0.1 m, which is not more than 0 and less than 1000"),
    Slip(
      text: "spheres: [{centre: [0, 0, 1], radius: 0.1}]",
      sentence: "obstacle \"sphere 0\": the key \"centre\" is unknown; did you mean \"center\"?"),
    Slip(text: "spheres: [{center: [0, 1], radius: 0.1}]", sentence: "obstacle \"sphere 0\": \"center\" must hold 3 numbers and holds 2"),
    Slip(
      text: "boxes: [{name: a, halfExtents: [1, 1, 1], center: [3, 0, 0]}, {name: a, halfExtents: [1, 1, 1], center: [5, 0, 0]}]",
      sentence: "two obstacles are called \"a\""),
    Slip(
      text: "boxes: [{name: a, halfExtents: [1, 1, 1], quaternion: [0, 0, 1, 1]}]",
      sentence: "obstacle \"a\": \"quaternion\" must have the length 1 and has 1.4142135623730951"),
    Slip(
      text: "boxes: [{name: a, frame: tol, halfExtents: [0.1, 0.1, 0.1]}]",
      sentence: "the frame \"tol\" of \"a\" does not exist; did you mean \"tool\"?"),
    Slip(text: "halfSpaces: [{name: a, frame: tool}]", sentence: "\"a\" is a half-space or a point cloud, which no arm carries"),
    Slip(text: "clouds: [{name: a, file: nowhere.ply}]", sentence: "obstacle \"a\": the file /nowhere.ply cannot be read"),
    Slip(text: "spheres: [{name: wrist_link, frame: tool, radius: 0.1}]", sentence: "the name \"wrist_link\" is taken"),
    Slip(text: "spheres: [{name: far, center: [3000, 0, 0], radius: 1}]", sentence: "obstacle \"far\" is more than 1000 m away"),
    Slip(text: "spheres: [{name: 7, radius: 0.1}]", sentence: "obstacle \"sphere 0\": \"name\" must be a text"),
    Slip(text: "- 3", sentence: "the file holds an array instead of lists such as \"boxes\""),
  ]

  @Test(arguments: slips) func saysWhatIsWrongAndLosesNothing(_ slip: Slip) throws {
    let world = try world(Self.scene), before = world.json
    func sentence() -> String? {
      do {
        _ = try world.apply(.set(try SceneFile(slip.text, file: "/scene.yaml").items), at: position)
        return nil
      } catch let error as ConfigurationError {
        return error.sentence
      } catch {
        return "\(error)"
      }
    }
    #expect(sentence() == slip.sentence)
    #expect(world.json == before && world.revision == 1)
  }

  @Test func aMillionBoxesAreTooMany() throws {
    let box: JSONValue = ["halfExtents": [0.1, 0.1, 0.1]]
    let request = ComputeRequest(members: ["boxes": .array(Array(repeating: box, count: 1_000_000))])
    let error = #expect(throws: ComputeError.self) { try request.sceneItems(folder: nil) }
    #expect(error?.message == "the scene has 1000000 obstacles, and 4096 is the most")
  }

  @Test func editsAddRemoveAndRefuse() throws {
    let world = try world()
    #expect(!world.isInhabited)
    #expect(try world.apply(.add(items("spheres: [{name: a, center: [1, 0, 0], radius: 0.1}]")), at: position) == 1)
    #expect(throws: SceneEditError.scene(.repeatedName("a"))) {
      try world.apply(.add(items("spheres: [{name: b, center: [1, 0, 0], radius: 0.1}, {name: a, radius: 0.1}]")), at: position)
    }
    #expect(throws: SceneEditError.scene(.unknownName("b", known: ["a"]))) { try world.apply(.remove(["b", "a"]), at: position) }
    #expect(throws: SceneEditError.notAttached("a")) { try world.apply(.detach("a"), at: position) }
    #expect(world.isInhabited && world.revision == 2)
    #expect(try world.apply(.remove(["a"]), at: position) == 0)
  }

  /// What is attached moves with the tool, and stands where it was let go.
  @Test func whatIsGraspedMovesWithTheArm() throws {
    let world = try world(), model = Self.dummy.model, there: JointVector = [-0.8, 0.4, 1.2, 0.2, 0.3, 1]
    let baseFromBall = model.pose(at: position) * Pose(translation: [0, 0, 0.06])
    let center = baseFromBall.translation
    _ = try world.apply(.add(items("spheres: [{name: ball, center: [\(center.x), \(center.y), \(center.z)], radius: 0.02}]")), at: position)
    _ = try world.apply(.attach("ball", to: .tool, mayTouch: []), at: position)
    let carried = try #require(world.surroundings)
    #expect(carried.scene.obstacles.isEmpty && carried.model.attachments.count == 1)
    // A wall that the arm alone would not touch.
    let ball = model.pose(at: there) * SIMD3(0, 0, 0.06)
    _ = try world.apply(.add(items("spheres: [{name: lamp, center: [\(ball.x), \(ball.y), \(ball.z)], radius: 0.005}]")), at: position)
    let clearance = try #require(world.surroundings?.checker(for: [position]).clearances(at: there).obstacles)
    #expect(clearance.link == "ball" && clearance.other == .obstacle("lamp") && abs(clearance.distance + 0.025) < 1e-6)
    _ = try world.apply(.detach("ball"), at: there)
    let left = try #require(world.surroundings)
    #expect(left.model.attachments.isEmpty && left.scene.obstacles.map(\.name) == ["ball", "lamp"])
    #expect((left.scene.obstacles[0].baseFromObstacle.translation - ball).max() < 1e-9)
  }
}
