internal import ArgumentParser
internal import Control
internal import Dispatch
internal import Foundation
internal import Kinematics
internal import Planner

/// `armctl plan`: a way round obstacles, found and drawn without any drive.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Plan a way round obstacles, and draw it.",
    discussion: """
      Finds a way for an arm among the obstacles of a scene, says how long and how narrow it is, and draws arm, obstacles \
      and way from the side and from above. Nothing moves. The scene is a file as `armctl serve --scene` reads them.

      Examples:
        armctl plan --arm dummy --to home --scene Examples/table.yaml --svg way.svg
        armctl plan --arm dummy --from=-1,0.6,1.6,0,0.6,0 --to home --scene my.yaml
      """)

  @Option(help: "An arm's name, its folder, or its arm.yaml.")
  var arm: String
  @Option(help: ArgumentHelp("Where it starts: a pose of the arm file, or positions of all joints with commas between.", valueName: "pose"))
  var from = "rest"
  @Option(help: ArgumentHelp("Where it goes, likewise.", valueName: "pose"))
  var to: String
  @Option(help: ArgumentHelp("What is around the arm, in YAML or JSON. Default: the arm file's.", valueName: "file"))
  var scene: String?
  @Option(help: ArgumentHelp("Draw the way to an SVG file.", valueName: "file.svg"))
  var svg: String?
  @Option(help: "The same seed finds the same way.")
  var seed = 1
  @Option(help: "Seconds that the search may take at most.")
  var timeout = 5.0
  @Flag(help: "Print the way as one JSON object, SI throughout.")
  var json = false

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout must be more than 0 and at most 3600 s, not \(timeout).") }
  }

  func run() throws {
    try CommandFailure.reporting(asJSON: json) {
      let arm = try CommandFailure.loadArm(arm), start = try position(from, arm), goal = try position(to, arm)
      let surroundings = try surroundings(of: arm, at: start), checker = surroundings.checker(for: [start, goal])
      let way = try PlannedWay(from: start, to: goal, checker: surroundings.planning(checker), seed: seed, timeout: timeout)
      print(json ? "\(way.json)" : way.text)
      if let svg { try draw(way, arm, to: svg) }
    }
  }

  private func model(of arm: ArmConfiguration) throws(CommandFailure) -> CollisionModel {
    do throws(ConfigurationError) {
      if let model = try arm.collisionModel() { return model }
    } catch {
      throw CommandFailure(error)
    }
    throw CommandFailure("\(arm.file) does not say what stands for the arm where collisions are checked.", suggestion: "collision: {spheres: auto}")
  }

  private func surroundings(of arm: ArmConfiguration, at start: JointVector) throws(CommandFailure) -> Surroundings {
    let fences = arm.fences.filter { $0.rule == .keepOut }.map(\.obstacle)
    let world = ArmWorld(arm: arm.model, model: try model(of: arm), margin: arm.collision.margin, fences: fences)
    if let scene = scene ?? arm.scene {
      let items: [SceneItem]
      do throws(SceneFileError) { items = try SceneFile(contentsOf: scene).items } catch {
        throw CommandFailure("\(error.file): \(error.sentence)", suggestion: error.suggestion)
      }
      do throws(SceneEditError) { _ = try world.apply(.set(items), at: start) } catch {
        throw CommandFailure("\(scene): \(error)", suggestion: error.suggestion)
      }
    }
    guard let surroundings = world.surroundings else {
      throw CommandFailure("Nothing stands for the arm.", suggestion: SceneEditError.noShape.suggestion)
    }
    return surroundings
  }

  private func position(_ words: String, _ arm: ArmConfiguration) throws(CommandFailure) -> JointVector {
    if let pose = arm.pose(words) { return pose }
    let numbers = words.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
    guard numbers.allSatisfy({ $0 != nil }), numbers.count > 1 || arm.model.jointCount == 1 else {
      let names = arm.poses.map(\.name)
      throw CommandFailure(
        "The arm has no pose \"\(words)\"; \(Suggestion.phrase(for: words, among: names))", suggestion: "a pose of the arm file, or positions")
    }
    guard numbers.count == arm.model.jointCount else {
      throw CommandFailure(
        "\"\(words)\" has \(numbers.count) positions, where the arm has \(arm.model.jointCount) joints.", suggestion: "one for each joint")
    }
    return JointVector(numbers.compactMap(\.self))
  }

  private func draw(_ way: PlannedWay, _ arm: ArmConfiguration, to path: String) throws(CommandFailure) {
    let places = way.samples(count: 121)
    func bones(_ q: JointVector) -> [SIMD3<Double>] { (arm.model.jointFrames(at: q) + [arm.model.pose(at: q)]).map(\.translation) }
    let picture = PlanPicture(
      name: "\(arm.name): \(from) to \(to)", subtitle: way.text, model: way.checker.model, obstacles: way.checker.scene.obstacles, path: places,
      tool: places.map { arm.model.pose(at: $0).translation }, bones: (bones(places[0]), bones(places[places.count - 1])))
    do { try Data(picture.svg.utf8).write(to: URL(fileURLWithPath: path)) } catch {
      throw CommandFailure(
        "The picture \(path) cannot be written: \(error.localizedDescription)", suggestion: "--svg with a path in a folder of yours")
    }
  }
}

/// A way that was found, and how narrow it is.
private struct PlannedWay {
  let checker: CollisionChecker
  let route: Route
  /// The least along the way; nil where nothing is near.
  let clearance: Clearance?
  /// Of the search and the smoothing together [s].
  let duration: Double

  init(from start: JointVector, to goal: JointVector, checker: CollisionChecker, seed: Int, timeout: Double) throws(CommandFailure) {
    self.checker = checker
    let planner = RoutePlanner(checker: checker, seed: seed), began = DispatchTime.now(), deadline = began + timeout
    do throws(RouteFailure) {
      route = try planner.route(from: start, to: [goal]) { DispatchTime.now() >= deadline }
    } catch {
      throw CommandFailure("There is no way. \(ServiceError(error).message)", suggestion: error.suggestion, kind: error.name)
    }
    duration = Double(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds) * 1e-9
    let count = Int(route.length / 0.02) + 2
    clearance = Self.samples(of: route, count: count).compactMap(checker.clearance(at:)).min { $0.distance < $1.distance }
  }

  func samples(count: Int) -> [JointVector] { Self.samples(of: route, count: count) }

  /// Configurations spread evenly over a route.
  private static func samples(of route: Route, count: Int) -> [JointVector] {
    let points = route.waypoints
    var ends = [0.0]
    for (a, b) in zip(points, points.dropFirst()) { ends.append(ends[ends.count - 1] + (b - a).dot(b - a).squareRoot()) }
    return (0..<count).map { index in
      let place = ends[ends.count - 1] * Double(index) / Double(count - 1)
      let piece = max(1, ends.firstIndex { $0 >= place } ?? ends.count - 1), length = ends[piece] - ends[piece - 1]
      let share = length > 0 ? (place - ends[piece - 1]) / length : 0
      return points[piece - 1] + share * (points[piece] - points[piece - 1])
    }
  }

  var text: String {
    let room = clearance.map { "; at its narrowest \($0)" } ?? ""
    return String(format: "%d waypoints, %.3f rad in all, found in %.2f ms", route.waypoints.count, route.length, duration * 1000) + room
  }

  var json: JSONValue {
    [
      "path": .array(route.waypoints.map { JSONValue(numbers: $0) }), "length": .number(route.length), "planSeconds": .number(duration),
      "clearance": clearance.map { ["distance": .number($0.distance), "link": .string($0.link), "other": .string("\($0.other)")] } ?? .null,
    ]
  }
}
