internal import ArgumentParser
internal import Foundation
internal import Kinematics
internal import Planner

/// `armctl compute plan`: a way around obstacles.
struct ComputePlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Planning: {\"start\",\"goals\", obstacles} to {\"path\",\"rawCost\",\"cost\"}.",
    discussion: """
      Example: echo '{"start":[0,0,1.571,0,0,0],"goals":[[1,0,1.571,0,0,0]]}' | armctl compute plan --urdf arm.urdf --spheres arm_spheres.json
      """)

  @Option(help: "The arm's URDF file.")
  var urdf: String

  @Option(help: "The file of the spheres that stand for the arm.")
  var spheres: String

  @Option(help: "Where the search for a way begins: the same seed finds the same path.")
  var seed = 1

  @Option(help: "Seconds a path may take at most.")
  var timeout = 5.0

  @Flag(help: "Only say which of \"configurations\" are free.")
  var checkOnly = false

  @OptionGroup var timing: TimingOptions

  func run() throws {
    let model = try loadModel()
    try filterLines { request throws(ComputeError) in
      let scene = try request.scene()
      let checker = CollisionChecker(model: model, scene: scene)
      if checkOnly { return try flags(request, checker) }
      let goals = try request.configurations("goals", count: model.jointCount), start = try request.vector("start", count: model.jointCount)
      let planner = RoutePlanner(checker: checker, seed: seed)
      do throws(RouteFailure) {
        return try plan(planner, from: start, to: goals)
      } catch {
        throw ComputeError(kind: error.name, message: "\(error)")
      }
    }
  }

  private func plan(_ planner: RoutePlanner, from start: JointVector, to goals: [JointVector]) throws(RouteFailure) -> JSONValue {
    let deadline = DispatchTime.now() + timeout
    let (found, planNs) = try measured { () throws(RouteFailure) in try planner.roughRoute(from: start, to: goals) { DispatchTime.now() > deadline } }
    let (route, simplifyNs) = measured { planner.simplified(found) { DispatchTime.now() > deadline } }
    return .object([
      "path": .array(route.waypoints.map { JSONValue(numbers: $0) }), "rawCost": .number(found.length), "cost": .number(route.length),
      "planNs": .number(planNs), "simplifyNs": .number(simplifyNs),
    ])
  }

  private func measured<Result, Failure: Error>(_ work: () throws(Failure) -> Result) throws(Failure) -> (Result, Double) {
    var shortest = UInt64.max, result = try work()
    for _ in 0..<max(timing.repeats, 1) {
      let start = DispatchTime.now().uptimeNanoseconds
      result = try work()
      shortest = min(shortest, DispatchTime.now().uptimeNanoseconds - start)
    }
    return (result, Double(shortest))
  }

  private func flags(_ request: ComputeRequest, _ checker: CollisionChecker) throws(ComputeError) -> JSONValue {
    let configurations = try request.configurations("configurations", count: checker.model.jointCount)
    let (flags, nanoseconds) = timing.measured { checker.flags(of: configurations) }
    var output: JSONObject = [
      "valid": .array(flags.map { .bool($0.free) }), "selfValid": .array(flags.map { .bool($0.selfFree) }),
    ]
    if timing.time { output["ns"] = .number(nanoseconds) }
    return .object(output)
  }

  private func loadModel() throws -> CollisionModel {
    do {
      return try CollisionModel(urdf: URDF(contentsOf: urdf), sphereFile: spheres)
    } catch let error as ComputeError {
      FileHandle.standardError.write(Data("\(error.message)\n".utf8))
      throw ExitCode.wrongUsage
    } catch let error as CollisionModelError {
      FileHandle.standardError.write(Data("\(spheres): \(error)\ntry: \(error.suggestion)\n".utf8))
      throw ExitCode.wrongUsage
    } catch let error as URDFError {
      FileHandle.standardError.write(Data("\(error)\ntry: \(error.suggestion)\n".utf8))
      throw ExitCode.wrongUsage
    }
  }
}

extension CollisionModel {
  init(urdf: URDF, sphereFile path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let file = ComputeRequest(members: try JSONValue(parsing: text).object ?? [:])
    var links: [ArmSpheres.Link] = []
    for (name, value) in file.members["links"]?.object?.members ?? [] {
      var spheres: [ArmSpheres.Sphere] = []
      for sphere in value.array ?? [] {
        let request = ComputeRequest(members: sphere.object ?? [:])
        spheres.append(ArmSpheres.Sphere(center: SIMD3(try request.numbers("center", count: 3)), radius: sphere["radius"]?.number ?? .nan))
      }
      links.append(ArmSpheres.Link(name: name, spheres: spheres))
    }
    let pairs = (file.members["self_collision_pairs"]?.array ?? []).map { ArmSpheres.LinkPair($0.array?[0].string ?? "", $0.array?[1].string ?? "") }
    let joints = file.members["joint_names"]?.array?.compactMap(\.string)
    var limits: (lower: [Double], upper: [Double])?
    if let lower = file.members["joint_lower"]?.numbers, let upper = file.members["joint_upper"]?.numbers { limits = (lower, upper) }
    try self.init(urdf: urdf, spheres: ArmSpheres(links: links, selfCollisionPairs: pairs), jointNames: joints, limits: limits)
  }
}

extension ComputeRequest {
  func configurations(_ name: String, count: Int) throws(ComputeError) -> [JointVector] {
    guard let rows = members[name]?.array else {
      throw ComputeError(kind: "missing-key", message: "the key \"\(name)\" is missing")
    }
    var result: [JointVector] = []
    for row in rows {
      guard let numbers = row.numbers, numbers.count == count else {
        throw ComputeError(kind: "wrong-length", message: "\"\(name)\" must hold arrays of \(count) numbers")
      }
      result.append(JointVector(numbers))
    }
    return result
  }

  func scene() throws(ComputeError) -> CollisionScene {
    var obstacles: [Obstacle] = []
    func pose(_ item: ComputeRequest) throws(ComputeError) -> Pose {
      let center = SIMD3(try item.numbers("center", count: 3))
      let quaternion = item.has("quaternion") ? SIMD4(try item.numbers("quaternion", count: 4)) : [0, 0, 0, 1]
      return Pose(rotation: Rotation(quaternion: quaternion), translation: center)
    }
    for (index, value) in (members["spheres"]?.array ?? []).enumerated() {
      let item = ComputeRequest(members: value.object ?? [:])
      obstacles.append(
        Obstacle(name: "sphere \(index)", shape: .sphere(radius: value["radius"]?.number ?? .nan), baseFromObstacle: try pose(item)))
    }
    for (index, value) in (members["boxes"]?.array ?? []).enumerated() {
      let item = ComputeRequest(members: value.object ?? [:])
      obstacles.append(
        Obstacle(
          name: "box \(index)", shape: .box(halfExtents: SIMD3(try item.numbers("halfExtents", count: 3))), baseFromObstacle: try pose(item)))
    }
    for (index, value) in (members["cylinders"]?.array ?? []).enumerated() {
      let item = ComputeRequest(members: value.object ?? [:])
      obstacles.append(
        Obstacle(
          name: "cylinder \(index)",
          shape: .capsule(radius: value["radius"]?.number ?? .nan, length: value["length"]?.number ?? .nan), baseFromObstacle: try pose(item)))
    }
    do throws(CollisionSceneError) {
      return try CollisionScene(obstacles)
    } catch {
      throw ComputeError(kind: "scene", message: "\(error)")
    }
  }
}
