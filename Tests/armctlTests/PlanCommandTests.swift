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

  /// A table under the arm: its base counts as all links do, unless it is said that it stands on something.
  @Test func theBaseMayStandOnSomething() throws {
    let home: JSONValue = [0, -0.785, 0, -2.356, 0, 1.571, 0.785], goal: JSONValue = [1, -0.785, 0, -2.356, 0, 1.571, 0.785]
    let table: JSONValue = ["name": "table", "center": [0, 0, -0.04], "halfExtents": [1, 1, 0.05]]
    let line = "\(["start": home, "goals": [goal], "boxes": [table]] as JSONValue)"
    let arguments = [
      "compute", "plan", "--urdf", packageFile("Benchmarks/panda/panda_mbm.urdf"), "--spheres", packageFile("Benchmarks/panda/panda_spheres.json"),
    ]
    let refusal = try answer(to: line, arguments: arguments)["error"]
    #expect(refusal?["kind"] == "start-in-collision")
    #expect(refusal?["message"]?.string?.hasSuffix("; link \"panda_link0\" never moves, and --without-base lets it stand on \"table\"") == true)
    let way = try answer(to: line, arguments: arguments + ["--without-base"])
    #expect(way["path"]?.array?.count == 2 && way["leftOut"] == [["panda_link0", "table"]])
  }

  // MARK: One code path with move

  private static let dummy = try! ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))

  private func surroundings(_ scene: String) throws -> Surroundings {
    let world = ArmWorld(arm: Self.dummy.model, model: try Self.dummy.collisionModel { _ in }, margin: 0.005)
    _ = try world.apply(.set(try SceneFile(scene, file: "scene.yaml").items), at: JointVector(count: 6))
    return try #require(world.surroundings)
  }

  /// A post between start and goal.
  private static let post = "cylinders: [{name: post, center: [0.25, 0.1, 0.2], radius: 0.03, length: 0.4}]"

  /// What is told and drawn is what the arm would do: rounded, timed, and free.
  @Test func theWayIsTheOneThatWouldBeDriven() throws {
    let surroundings = try surroundings(Self.post), planner = MotionPlanner(Self.dummy)
    let start: JointVector = [-0.4, 0.6, 1.4, 0, 0.5, 0], motion = MotionRequest(goal: .joints([1.2, 0.6, 1.4, 0, 0.5, 0]), path: .jointMove)
    let way = try PlannedWay(motion, from: start, planner, in: surroundings, timeout: 5)
    let driven = try planner.trajectory(for: motion, from: start, in: surroundings, isVoid: { false })
    let straight = try planner.trajectory(for: motion, from: start)
    #expect(way.motion.duration == driven.duration && driven.duration > straight.duration)
    #expect(way.path.first == start && way.path.last == driven.end)
    for (one, other) in zip(way.path, way.path.dropFirst()) { #expect((other - one).maximumMagnitude < 0.03) }
    let nearest = try #require(way.clearance), own = try #require(way.ownClearance)
    #expect(nearest.clearance.other == .obstacle("post") && nearest.clearance.distance >= 0.005 && own.clearance.distance > 0)
    let checker = surroundings.checker(for: [])
    #expect(checker.flags(of: way.path).allSatisfy { $0.free })
    let least = way.path.compactMap { checker.clearances(at: $0).obstacles?.distance }.min() ?? 0
    #expect(abs(nearest.clearance.distance - least) < 2e-4)
    // For people, and for programs.
    let lines = way.text.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("would take \(String(format: "%.2f", driven.duration)) s: "))
    #expect(lines[1].hasPrefix("nearest thing: link ") && lines[1].contains("from \"post\" after "))
    #expect(lines[2].hasPrefix("nearest of itself: link "))
    #expect(way.json["duration"]?.number == driven.duration && way.json["path"]?.array?.count == way.path.count)
    #expect(way.json["clearance"]?["obstacle"] == "post" && way.json["clearance"]?["distance"]?.number == nearest.clearance.distance)
    #expect(way.json["ownClearance"]?["otherLink"]?.string == own.clearance.other.link)
  }

  @Test func anotherSeedMayFindAnotherWay() throws {
    let surroundings = try surroundings(Self.post)
    let motion = MotionRequest(goal: .joints([1.2, 0.6, 1.4, 0, 0.5, 0]), path: .jointMove)
    func way(_ seed: Int) throws -> [JointVector] {
      var planner = MotionPlanner(Self.dummy)
      planner.seed = seed
      return try PlannedWay(motion, from: [-0.4, 0.6, 1.4, 0, 0.5, 0], planner, in: surroundings, timeout: 5).path
    }
    let ways = try (1...6).map(way)
    #expect(try way(1) == ways[0] && ways.contains { $0 != ways[0] })
  }

  /// The closest that the arm can come to a pose is no advice where it would touch something there.
  @Test func adviceIsFree() throws {
    let pose = ToolPose(position: [0.6, 0, 0.3], quaternion: SIMD4(Pose(rotation: Rotation(roll: 0, pitch: .pi / 2, yaw: 0)).rotation.quaternion))
    let motion = MotionRequest(goal: .pose(pose), path: .jointMove), start: JointVector = [0, 0, 1.5, 0, 0, 0], planner = MotionPlanner(Self.dummy)
    func error(_ scene: String) throws -> ServiceError {
      let surroundings = try surroundings(scene)
      let error = #expect(throws: ServiceError.self) {
        try planner.trajectory(for: motion, from: start, in: surroundings, isVoid: { false })
      }
      return try #require(error)
    }
    let open = try error("spheres: [{name: far, center: [0, -3, 0], radius: 0.1}]"), closest = try #require(open.closest)
    #expect(open.suggestion.contains("--joints "))
    let tool = Self.dummy.model.pose(at: closest.joints).translation
    let blocked = try error("spheres: [{name: ball, center: [\(tool.x), \(tool.y), \(tool.z)], radius: 0.05}]")
    #expect(blocked.message == open.message && blocked.closest == nil)
    #expect(blocked.suggestion.hasPrefix("a pose with more room: the closest that was found, ") && blocked.suggestion.hasSuffix("deep in \"ball\""))
  }

  // MARK: The picture

  /// Start, goal and what collides, though there is no way.
  @Test func aFailureIsDrawn() throws {
    let surroundings = try surroundings(
      "spheres: [{name: ball, center: [0.25, 0.1, 0.25], radius: 0.08}, {name: other, center: [-0.4, 0, 0], radius: 0.05}]")
    let goal = try #require(
      (0...30).map { JointVector([0.1 * Double($0), 0.6, 1.2, 0, 0.5, 0]) }.first { q in
        surroundings.checker(for: []).contacts(at: q).contains { $0.other == .obstacle("ball") }
      })
    let start: JointVector = [-1.5, 0.2, 1.5, 0, 0.5, 0], motion = MotionRequest(goal: .joints(goal), path: .jointMove)
    let failure = #expect(throws: ServiceError.self) {
      try PlannedWay(motion, from: start, MotionPlanner(Self.dummy), in: surroundings, timeout: 5)
    }
    let error = try #require(failure)
    #expect(error.why == "goal-in-collision")
    let picture = PlanPicture(error, from: start, to: goal, of: Self.dummy, title: "a to b", in: surroundings), text = picture.svg
    #expect(XMLCheck.isWellFormed(text) && picture.way.isEmpty)
    for words in ["touching", ">ball<", ">other<", error.message.replacingOccurrences(of: "&", with: "&amp;")] { #expect(text.contains(words)) }
    for words in ["on its way", "the tool's way"] { #expect(!text.contains(words)) }
    #expect(picture.contacts.start.isEmpty && picture.contacts.goal.contains { $0.other == .obstacle("ball") })
    // The ball's edge in both views, and of the arm the links that touch it.
    let red = "#b0002a"
    #expect(text.components(separatedBy: "stroke=\"\(red)\"").count == 3 && text.components(separatedBy: "fill=\"\(red)\"").count > 3)
    let unknown = PlanPicture(error, from: start, to: nil, of: Self.dummy, title: "a to b", in: surroundings)
    #expect(XMLCheck.isWellFormed(unknown.svg) && !unknown.svg.contains(">goal<"))
  }

  private func picture(_ obstacles: [Obstacle]) throws -> String {
    let arm = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml")), model = try #require(try arm.collisionModel { _ in })
    let start = try #require(arm.pose("home")), goal = start + JointVector([1, 0.2, 0, 0, 0.5, 0])
    let way = (0...20).map { start + (Double($0) / 20) * (goal - start) }
    return PlanPicture(
      name: "dummy: <home> to there", subtitle: "", arm: arm.model, model: model, obstacles: obstacles, start: start, goal: goal, way: way
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
    for title in ["From the side", "From above", "start", "goal", "the tool's way", ">box<", ">table<", ">rod<", ">scan<"] {
      #expect(text.contains(title))
    }
    // The box is a rectangle from both sides, the rod an oval; the table is seen from the side alone.
    let polygons = text.components(separatedBy: "<polygon points=\"").dropFirst().map { $0.prefix { $0 != "\"" }.split(separator: " ").count }
    // Each name has a rim; the table has its name where it is seen.
    #expect(text.components(separatedBy: ">box<").count == 5 && text.components(separatedBy: ">table<").count == 3)
    #expect(polygons.count == 5 && polygons.filter { $0 == 4 }.count == 3)
    #expect(try picture([]).components(separatedBy: "<polygon").count == 1)
  }

  /// Names are whole, off each other, and off the arm where there is room beside it.
  @Test func namesHideNothing() throws {
    typealias Box = PictureLabels.Box
    let border = Box([0, 0], [400, 300]), arm = (0..<20).map { PictureLabels.Circle(middle: [200, 10 + 14 * Double($0)], radius: 14) }
    var labels = PictureLabels(within: border, off: arm), boxes: [Box] = []
    let things: [(name: String, box: Box)] = [
      ("behind the arm", Box([190, 100], [210, 120])), ("there, too", Box([185, 95], [215, 125])), ("cut by the border", Box([380, 40], [460, 60])),
      ("far outside of it", Box([-300, 400], [-200, 500])), ("all of it", Box([-100, -100], [500, 400])),
    ]
    for (name, box) in things {
      let base = labels.place(name, of: box), half = 0.29 * PictureLabels.fontSize * Double(name.count)
      let words = Box([base.x - half, base.y - 0.8 * PictureLabels.fontSize], [base.x + half, base.y + 0.2 * PictureLabels.fontSize])
      #expect(all(words.lower .>= border.lower) && all(words.upper .<= border.upper), "\(name)")
      #expect(!boxes.contains(where: words.overlaps) && !arm.contains(where: words.overlaps), "\(name)")
      boxes.append(words)
    }
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
