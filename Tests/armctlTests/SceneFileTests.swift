import Foundation
import TestSupport
import Testing

@testable import armctl

/// What is said of scene files that cannot be, and where.
@Suite struct SceneFileTests {
  struct Slip: Sendable, CustomTestStringConvertible {
    let text, description: String
    var testDescription: String { description }
  }

  @Test(arguments: [
    Slip(
      text: "boxes:\n  - {name: a, center: [0, 0, 1], halfExtents: [1, 1, 1]}\n  - {name: b, center: [.nan, 0, 1], halfExtents: [1, 1, 1]}",
      description: "scene.yaml:3:5: obstacle \"b\": \"center\" must be an array of 3 numbers, but its element 0 is \".nan\""),
    Slip(
      text: "spheres:\n  - radius: 0.1\n\n  - radius: .inf\n",
      description: "scene.yaml:4:5: obstacle \"sphere 1\": \"radius\" must be a number and is \".inf\""),
    Slip(
      text: "spheres:\n  - {name: a, radius: 0.1}\nboxes:\n  - {name: lid, halfExtents: [0.1, -0.1, 0.1]}\n",
      description: "scene.yaml:4:5: obstacle \"lid\" has a half extent of -0.1 m, which is not more than 0 and less than 1000"),
    Slip(
      text: "spheres:\n  - {name: a, radius: 0.1}\nboxes:\n  - {name: a, halfExtents: [0.1, 0.1, 0.1]}\n",
      description: "scene.yaml:4:5: two obstacles are called \"a\""),
    Slip(
      text: "spheres: []\nfoo: 1\n",
      description: "scene.yaml:2:1: the key \"foo\" is unknown; known: spheres, boxes, cylinders, capsules, halfSpaces, clouds"),
    Slip(text: "spheres:\n  3\n", description: "scene.yaml:2:3: \"spheres\" must be a list of objects"),
    Slip(
      text: "boxes:\n  - {name: a, center: [1, 0, 1]\n",
      description:
        "scene.yaml:3:1: the file is no YAML here: did not find expected ',' or '}' while parsing a flow mapping that begins in line 2"),
    Slip(
      text: "{\"spheres\":[\n  {\"radius\":NaN}]}", description: "scene.yaml:2:13: the file is not JSON here: expected a finite number, found NaN"),
    Slip(
      text: "{\"spheres\":[{\"radius\":1},\n  {\"radius\":-1}]}",
      description: "scene.yaml:2:3: obstacle \"sphere 1\" has a radius of -1.0 m, which is not more than 0 and less than 1000"),
  ]) func slipsHaveAPlace(_ slip: Slip) {
    let error = #expect(throws: ConfigurationError.self) { try SceneFile(slip.text, file: "scene.yaml") }
    #expect(error?.description == slip.description)
  }

  /// What only the arm can tell: which frames there are, and what is carried.
  @Test(arguments: [
    (
      "spheres: [{radius: 0.1}]\nboxes:\n- {name: a, frame: tol, halfExtents: [0.1, 0.1, 0.1]}",
      ":3:3: the frame \"tol\" of \"a\" does not exist; did you mean \"tool\"?"
    ),
    ("halfSpaces:\n- {name: a, frame: tool}", ":2:3: \"a\" is a half-space or a point cloud, which no arm carries"),
  ]) func slipsThatOnlyTheArmKnowsHaveAPlace(_ text: String, _ description: String) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("scene-\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    let arm = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")), model = try arm.collisionModel { _ in }
    let failure = #expect(throws: CommandFailure.self) { try ArmWorld(of: arm, model: model, scene: file.path) }
    #expect(failure?.sentence.hasPrefix(file.path + description) == true, "\(failure?.sentence ?? "")")
  }

  @Test func foldersAndFilesThatAreNotThereAreSaid() {
    func description(_ path: String) -> String? { #expect(throws: ConfigurationError.self) { try SceneFile(contentsOf: path) }?.description }
    #expect(description("/tmp") == "/tmp: this is a folder, not a scene file")
    #expect(description("/nowhere/scene.yaml") == "/nowhere/scene.yaml: there is no such file")
  }

  @Test(arguments: ["", "\n", "# nothing yet\n  # at all\n", "{}"]) func nothingIsAScene(_ text: String) throws {
    #expect(try SceneFile(text, file: "scene.yaml").items.isEmpty)
  }
}
