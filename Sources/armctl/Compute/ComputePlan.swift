internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Kinematics
internal import Planner

/// `armctl compute plan`: ways around obstacles.
struct ComputePlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Planning around obstacles: {\"start\",\"goals\",…} to {\"path\",\"rawCost\",\"cost\",\"planNs\",\"simplifyNs\"}.",
    discussion: """
      Obstacles, in the frame of the URDF's root link, each with a "name" if you like: "spheres" {"center","radius"}, "boxes" \
      {"center","quaternion","halfExtents"}, "cylinders" and "capsules" {"center","quaternion","radius","length"}, "halfSpaces" \
      {"center","quaternion"} (all that is below their own xy plane) and "clouds" {"file","radius","center","quaternion"} (a PLY or XYZ file). \
      Cylinders count as capsules whose segment is the whole length, unless "exactCylinders" is true.

      All links of the sphere file count, those too that never move: an arm whose base touches a table goes nowhere. With \
      --without-base they may touch the things that the arm stands on; "leftOut" then says which link touches what.

      With --check-only, {"configurations":[[…]…],…} gives {"valid","selfValid"}: free of obstacles and of itself, and free of itself.

      Example: echo '{"start":[0,0,1.571,0,0,0],"goals":[[1,0,1.571,0,0,0]],"boxes":[{"center":[0.2,0.1,0.2],"halfExtents":[0.05,0.05,0.2]}]}' | \
      armctl compute plan --urdf arm.urdf --spheres arm_spheres.json
      """)

  @Option(help: "The arm's URDF file.")
  var urdf: String

  @Option(help: "The file of the spheres that stand for the arm: \"links\", \"self_collision_pairs\", \"joint_names\", …")
  var spheres: String

  @Option(help: "Which sequence of samples is used: the same seed finds the same path.")
  var seed = 1

  @Option(help: "Seconds a path may take at most.")
  var timeout = 5.0

  @Flag(help: "Only say which of \"configurations\" are free.")
  var checkOnly = false

  @Flag(help: "Links that never move may touch obstacles, as the base does what it stands on.")
  var withoutBase = false

  @OptionGroup var timing: TimingOptions

  func validate() throws {
    guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout must be more than 0 and at most 3600 s, not \(timeout).") }
  }

  func run() throws {
    let model = try loadModel()
    try filterLines { request throws(ComputeError) in
      let start = NeededKey.numbers("start", count: model.jointCount)
      func list(_ name: String) -> NeededKey { NeededKey(name: name, example: "[\(start.example)]") }
      try request.expect(checkOnly ? [list("configurations")] : [start, list("goals")], optional: ComputeRequest.sceneKeys)
      let checker = CollisionChecker(model: model, scene: try request.scene(), checksBase: !withoutBase)
      return checkOnly ? try flags(request, checker) : try path(request, checker)
    }
  }

  private func flags(_ request: ComputeRequest, _ checker: CollisionChecker) throws(ComputeError) -> JSONValue {
    let configurations = try request.vectors("configurations", joints: checker.model.jointNames)
    guard configurations.allSatisfy(\.isFinite) else {
      throw ComputeError(kind: "not-finite", message: "\"configurations\" holds a number that is not finite")
    }
    let (flags, nanoseconds) = timing.measured { checker.flags(of: configurations) }
    var output: JSONObject = [
      "valid": .array(flags.map { .bool($0.free) }), "selfValid": .array(flags.map { .bool($0.selfFree) }),
    ]
    if timing.time { output["ns"] = .number(nanoseconds) }
    return .object(output)
  }

  private func path(_ request: ComputeRequest, _ checker: CollisionChecker) throws(ComputeError) -> JSONValue {
    let joints = checker.model.jointNames
    let start = JointVector(try request.numbers("start", count: joints.count, of: joints)), goals = try request.vectors("goals", joints: joints)
    let planner = RoutePlanner(checker: checker, seed: seed)
    func rough() throws(RouteFailure) -> Route {
      let deadline = DispatchTime.now() + timeout
      return try planner.roughRoute(from: start, to: goals) { DispatchTime.now() >= deadline }
    }
    let found: Route
    do throws(RouteFailure) {
      found = try rough()
    } catch {
      throw ComputeError(kind: error.name, message: error.description + hint(error, checker))
    }
    let planNs = shortest { _ = try? rough() }
    let route = planner.simplified(found)
    let simplifyNs = shortest { _ = planner.simplified(found) }
    var output: JSONObject = [
      "path": .array(route.waypoints.map { JSONValue(numbers: $0) }), "goal": .number(Double(route.goal)), "rawCost": .number(found.length),
      "cost": .number(route.length), "planNs": .number(planNs), "simplifyNs": .number(simplifyNs),
    ]
    if withoutBase {
      let contacts = CollisionChecker(model: checker.model, scene: checker.scene).standingContacts
      output["leftOut"] = .array(contacts.map { JSONValue(strings: [$0.link, $0.other.obstacle ?? ""]) })
    }
    return .object(output)
  }

  /// What to do where a link that never moves is in the way.
  private func hint(_ failure: RouteFailure, _ checker: CollisionChecker) -> String {
    guard case .inCollision = failure, let contact = checker.standingContacts.first else { return "" }
    return "; link \"\(contact.link)\" never moves, and --without-base lets it stand on \(contact.other)"
  }

  /// The shortest of as many runs as asked for [ns], after one that has made all warm.
  private func shortest(_ work: () -> Void) -> Double {
    var shortest = UInt64.max
    for _ in 0..<timing.repeats {
      let start = DispatchTime.now().uptimeNanoseconds
      work()
      shortest = min(shortest, DispatchTime.now().uptimeNanoseconds - start)
    }
    return Double(shortest)
  }

  private func loadModel() throws -> CollisionModel {
    let arm: URDF
    do throws(URDFError) { arm = try URDF(contentsOf: urdf) } catch { throw wrongUsage("\(error)", suggestion: error.suggestion) }
    do throws(SphereFileError) { return try SphereFile(contentsOf: spheres).model(of: arm) } catch {
      throw wrongUsage("\(error.file): \(error.sentence)", suggestion: error.suggestion)
    }
  }

  private func wrongUsage(_ sentence: String, suggestion: String) -> ExitCode {
    FileHandle.standardError.write(Data("\(sentence)\ntry: \(suggestion)\n".utf8))
    return .wrongUsage
  }
}
