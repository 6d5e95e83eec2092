import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// Ways round obstacles, as the command line gives them.
@Suite struct PlanCommandTests {
  /// What the program itself answers to a line, in a process of its own.
  private func answer(to line: String, arguments: [String]) throws -> JSONObject {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("armctl")
    try #require(FileManager.default.isExecutableFile(atPath: program.path), "\(program.path)")
    let process = Process(), input = Pipe(), output = Pipe()
    (process.executableURL, process.arguments) = (program, arguments)
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    input.fileHandleForWriting.write(Data((line + "\n").utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return try #require(try JSONValue(parsing: text).object, "\(text)")
  }

  /// Hash seeds, addresses and the like differ from process to process; paths do not.
  @Test func twoProcessesFindTheSamePath() throws {
    struct File: Decodable {
      struct Place: Codable { let center, quaternion: [Double], halfExtents: [Double]?, radius, length: Double? }
      struct Problem: Decodable { let set: String, start, goal: [Double], boxes, capsules: [Place] }
      let problems: [Problem]
    }
    struct Line: Encodable { let start: [Double], goals: [[Double]], boxes, capsules: [File.Place] }
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(fileURLWithPath: packageFile("Benchmarks/panda/panda_problems.json"))))
    let problem = try #require(file.problems.first { $0.set == "cage" })
    let line = Line(start: problem.start, goals: [problem.goal], boxes: problem.boxes, capsules: problem.capsules)
    let text = String(decoding: try JSONEncoder().encode(line), as: UTF8.self)
    func paths(seed: Int) throws -> [JSONValue?] {
      let arguments = [
        "compute", "plan", "--urdf", packageFile("Benchmarks/panda/panda_mbm.urdf"), "--spheres", packageFile("Benchmarks/panda/panda_spheres.json"),
        "--seed", "\(seed)",
      ]
      return try (0..<2).map { _ in try answer(to: text, arguments: arguments)["path"] }
    }
    let one = try paths(seed: 3), other = try paths(seed: 4)
    #expect(one[0]?.array?.isEmpty == false && one[0] == one[1])
    #expect(other[0] == other[1] && one[0] != other[0])
  }

  // MARK: The picture

  private func picture(_ obstacles: [Obstacle]) throws -> String {
    let arm = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")), model = try #require(try arm.collisionModel { _ in })
    let start = try #require(arm.pose("home")), goal = start + JointVector([1, 0.2, 0, 0, 0.5, 0])
    let path = (0...20).map { start + (Double($0) / 20) * (goal - start) }
    return PlanPicture(
      name: "dummy: <home> to there", subtitle: "", model: model, obstacles: obstacles, path: path,
      tool: path.map { arm.model.pose(at: $0).translation }, bones: ([.zero, [0, 0, 0.3]], [.zero, [0.1, 0, 0.3]])
    ).svg
  }

  @Test func picturesShowArmObstaclesAndWay() throws {
    let obstacles = [
      Obstacle(name: "box", shape: .box(halfExtents: [0.05, 0.05, 0.1]), baseFromObstacle: Pose(translation: [0.3, 0, 0.1])),
      Obstacle(name: "table", shape: .halfSpace, baseFromObstacle: Pose(translation: [0, 0, -0.01])),
      Obstacle(name: "rod", shape: .capsule(radius: 0.02, length: 0.2), baseFromObstacle: Pose(translation: [0, 0.3, 0.2])),
      Obstacle(name: "scan", shape: .points(try PointCloud([[0.2, 0.2, 0.2], [0.2, 0.21, 0.2]], radius: 0.005))),
    ]
    let text = try picture(obstacles)
    #expect(XMLCheck.isWellFormed(text))
    #expect(!text.contains("nan") && !text.contains("inf"))
    #expect(text.contains("dummy: &lt;home> to there"))
    for title in ["From the side", "From above", "start", "goal", "the tool's way"] { #expect(text.contains(title)) }
    // The box is a rectangle from both sides, the rod an oval; the table is seen from the side alone.
    let polygons = text.components(separatedBy: "<polygon points=\"").dropFirst().map { $0.prefix { $0 != "\"" }.split(separator: " ").count }
    #expect(polygons.count == 5 && polygons.filter { $0 == 4 }.count == 3)
    #expect(try picture([]).components(separatedBy: "<polygon").count == 1)
  }

  /// The box between x = 250 and 350 mm lies there on the picture's own scale.
  @Test func picturesAreToScale() throws {
    let box = Obstacle(name: "box", shape: .box(halfExtents: [0.05, 0.05, 0.1]), baseFromObstacle: Pose(translation: [0.3, 0, 0.1]))
    let view = PictureView(.fromSide, frame: .init(around: ([-0.5, -0.5, 0], [0.5, 0.5, 0.5])), left: 0, top: 0)
    let corners = PictureView.hull(of: box.outline.map(view.place))
    #expect(corners.count == 4)
    let width = (corners.map(\.x).max() ?? 0) - (corners.map(\.x).min() ?? 0), height = (corners.map(\.y).max() ?? 0) - (corners.map(\.y).min() ?? 0)
    #expect(abs(width - 0.1 * view.scale) < 1e-9 && abs(height - 0.2 * view.scale) < 1e-9)
    #expect(abs((corners.map(\.x).min() ?? 0) - (PictureView.width / 2 + 0.25 * view.scale)) < 1e-9)
  }
}

/// Whether a text is XML.
enum XMLCheck {
  static func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for part in text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1) {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end], name = tag.prefix { !$0.isWhitespace && $0 != "/" && $0 != ">" }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
