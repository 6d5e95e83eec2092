import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct PlanningRouteTests {
  /// The least room on a path, by the tests' own checker.
  static func leastRoom(_ arm: SphereArm, _ obstacles: [Obstacle], _ waypoints: [JointVector], step: Double) -> Double {
    var least = Double.infinity
    for (a, b) in zip(waypoints, waypoints.dropFirst()) {
      let span = b - a, count = Int(span.dot(span).squareRoot() / step) + 1
      for index in 0...count {
        let room = arm.room(at: a + (Double(index) / Double(count)) * span, among: obstacles)
        least = min(least, room.world, room.own)
      }
    }
    return least
  }

  @Test func benchmarksAreSolvedAndFree() throws {
    let arm = try SphereArm.panda()
    for problem in try BenchmarkFile.problems() {
      let scene = try problem.scene(), start = JointVector(problem.start), goal = JointVector(problem.goal)
      let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: scene))
      let rough = try planner.roughRoute(from: start, to: [goal]), route = planner.simplified(rough)
      #expect(route.waypoints.first == start && route.waypoints.last == goal && route.goal == 0)
      #expect(route.length <= rough.length + 1e-6)
      for q in route.waypoints.dropFirst().dropLast() {
        for joint in q.indices { #expect(q[joint] >= arm.model.lower[joint] - 1e-5 && q[joint] <= arm.model.upper[joint] + 1e-5) }
      }
      #expect(Self.leastRoom(arm, scene.obstacles, route.waypoints, step: 0.01) > -1e-5, "\(problem.set)")
    }
  }

  @Test(arguments: ["panda", "crooked"]) func randomScenes(_ name: String) throws {
    var generator = SeededGenerator(seed: 61)
    let arm = name == "panda" ? try SphereArm.panda() : try SphereArm.crooked()
    var solved = 0
    for _ in 0..<caseCount(12) {
      let obstacles = (0..<6).map { generator.obstacle($0, within: 0.8) }
      let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try CollisionScene(obstacles)))
      let ends = (0..<60).map { _ in generator.configuration(of: arm.model) }
      let free = zip(ends, planner.checker.flags(of: ends)).filter { $0.1.free }.map(\.0)
      guard free.count >= 3 else { continue }
      var asked = 0
      let found = try? planner.route(from: free[0], to: Array(free[1...2])) {
        asked += 1
        return asked > 400
      }
      guard let route = found else { continue }
      solved += 1
      #expect(route.waypoints.first == free[0] && route.waypoints.last == free[1 + route.goal])
      #expect(Self.leastRoom(arm, obstacles, route.waypoints, step: 0.02) > -1e-5)
    }
    #expect(solved >= 8)
  }

  @Test func theSameSeedFindsTheSameRoute() throws {
    let arm = try SphereArm.panda(), problem = try #require(BenchmarkFile.problems().first { $0.set == "cage" })
    let checker = CollisionChecker(model: arm.model, scene: try problem.scene())
    func route(_ seed: Int) throws -> Route {
      try RoutePlanner(checker: checker, seed: seed).route(from: JointVector(problem.start), to: [JointVector(problem.goal)])
    }
    let first = try route(7)
    #expect(try route(7) == first)
    #expect(try route(8) != first)
  }

  /// Of several goals those that cannot be reached are passed over.
  @Test func anyGoalWillDo() throws {
    let arm = try SphereArm.panda(), home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    let wall = Obstacle(name: "wall", shape: .box(halfExtents: [0.02, 2, 2]), baseFromObstacle: Pose(translation: [0.75, 0, 0]))
    let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try CollisionScene([wall])))
    var through = home, beyond = home, beside = home
    through[1] = 0.9
    through[3] = -1.2
    beyond[0] = 5
    beside[0] = 1
    let route = try planner.route(from: home, to: [through, beyond, beside])
    #expect(route.goal == 2 && route.waypoints.last == beside)
  }

  struct FailureCase: Sendable {
    var start: [Double] = [0, -0.785, 0, -2.356, 0, 1.571, 0.785]
    var goals: [[Double]] = [[1, -0.785, 0, -2.356, 0, 1.571, 0.785]]
    let name, sentence, suggestion: String
  }

  @Test(arguments: [
    FailureCase(goals: [], name: "no-goals", sentence: "there is no goal", suggestion: "give one goal or more"),
    FailureCase(
      start: [0, 0], name: "wrong-length", sentence: "the start has 2 joint positions, and the arm has 7 joints",
      suggestion: "give 7 numbers for the start"),
    FailureCase(
      goals: [[0, 0, 0, .nan, 0, 0, 0]], name: "not-finite", sentence: "goal 0 puts joint \"panda_joint4\" at a place that is not a number",
      suggestion: "give \"panda_joint4\" a finite number"),
    FailureCase(
      goals: [[3, -0.785, 0, -2.356, 0, 1.571, 0.785]], name: "outside-limits",
      sentence: "goal 0 puts joint \"panda_joint1\" at 3, above its upper limit of 2.967", suggestion: "keep \"panda_joint1\" from -2.967 to 2.967"),
    FailureCase(
      start: [0, 1.1, 0, -1.2, 0, 1.571, 0.785], name: "start-in-collision",
      sentence: "at the start DEPTH in \"table\"", suggestion: "move the arm or \"table\" away from the other, or allow the two to touch"),
    FailureCase(
      goals: [[0, 1.1, 0, -1.2, 0, 1.5, 0.785], [0, 1.1, 0, -1.2, 0, 1.6, 0.785]], name: "goal-in-collision",
      sentence: "at goal 0 DEPTH in \"table\"", suggestion: "move the arm or \"table\" away from the other, or allow the two to touch"),
    // Of several goals what is wrong with the first.
    FailureCase(
      goals: [[0, 1.1, 0, -1.2, 0, 1.5, 0.785], [3, -0.785, 0, -2.356, 0, 1.571, 0.785]], name: "goal-in-collision",
      sentence: "at goal 0 DEPTH in \"table\"", suggestion: "move the arm or \"table\" away from the other, or allow the two to touch"),
    FailureCase(
      goals: [[3, -0.785, 0, -2.356, 0, 1.571, 0.785], [0, 1.1, 0, -1.2, 0, 1.5, 0.785]], name: "outside-limits",
      sentence: "goal 0 puts joint \"panda_joint1\" at 3, above its upper limit of 2.967", suggestion: "keep \"panda_joint1\" from -2.967 to 2.967"),
  ]) func failuresSayWhich(_ c: FailureCase) throws {
    let arm = try SphereArm.panda()
    let table = Obstacle(name: "table", shape: .box(halfExtents: [0.3, 0.5, 0.05]), baseFromObstacle: Pose(translation: [0.7, 0, 0]))
    let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try CollisionScene([table])))
    let failure = #expect(throws: RouteFailure.self) {
      try planner.route(from: JointVector(c.start), to: c.goals.map { JointVector($0) })
    }
    #expect(failure?.name == c.name)
    // How deep in the table, and what, by the tests' own formula.
    let place = c.name == "start-in-collision" ? c.start : c.goals.first ?? []
    var sentence = c.sentence
    if sentence.contains("DEPTH") {
      let deepest = arm.nearestLink(at: JointVector(place)) { signedDistance(toBoxAt: [0.7, 0, 0], half: [0.3, 0.5, 0.05], from: $0) }
      let depth = String(format: "link \"%@\" is %.1f mm deep", deepest.link, -1000 * deepest.distance)
      sentence = sentence.replacingOccurrences(of: "DEPTH", with: depth)
    }
    #expect(failure?.description == sentence)
    #expect(failure?.suggestion == c.suggestion)
  }

  /// A goal inside a closed box.
  @Test func aWayThatDoesNotExistEndsWhenItIsTold() throws {
    let arm = try SphereArm.crooked()
    let (start, goal) = (JointVector([0, 0.1, 0.2, 0.3, 0]), JointVector([2, 0.1, 0.2, 0.3, 0]))
    // Between the two a wall from the floor to the ceiling, on both sides of the column.
    let walls = [-1.5, 1.2].enumerated().map { index, angle in
      let turn = Rotation(axis: [0, 0, 1], angle: angle)
      return Obstacle(
        name: "wall \(index)", shape: .box(halfExtents: [0.6, 0.01, 3]),
        baseFromObstacle: Pose(rotation: turn, translation: [0.1, 0, 0] + turn * [0.85, 0, 0]))
    }
    let checker = CollisionChecker(model: arm.model, scene: try CollisionScene(walls))
    let flags = checker.flags(of: [start, goal])
    try #require(flags.allSatisfy { $0.free })
    var asked = 0
    let failure = #expect(throws: RouteFailure.self) {
      try RoutePlanner(checker: checker).route(from: start, to: [goal]) {
        asked += 1
        return asked > 50
      }
    }
    let count = asked
    guard case .notFound(let attempts, let walledIn)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    // Fifty questions of at most 64 attempts each, and not one more.
    #expect(attempts <= 51 * 64 && walledIn == nil && count == 51)
    #expect(failure?.name == "no-path")
    #expect(failure?.description == "no path was found in the time, after \(attempts) attempts")
    // Cancelled before it began, which tells nothing of what is around the ends.
    #expect(throws: RouteFailure.notFound(attempts: 0, walledIn: nil)) {
      try RoutePlanner(checker: checker).route(from: start, to: [goal]) { true }
    }
  }

  /// Little is done between two looks at whether to stop, some 50 µs of checks, and nothing after the one that said so.
  @Test func stoppingIsSoon() throws {
    let arm = try SphereArm.panda()
    for problem in try BenchmarkFile.problems() {
      let checker = CollisionChecker(model: arm.model, scene: try problem.scene())
      let start = JointRow(JointVector(problem.start).lanes), goal = JointRow(JointVector(problem.goal).lanes)
      var last = 0
      for patience in 1...20 {
        var asked = 0
        let rakes = Interruption.whenever({
          asked += 1
          return asked >= patience
        }) { interruption in
          var search = RouteSearch(checker: checker, seed: 1, interruption: interruption)
          _ = search.path(from: start, to: [goal])
          return search.rakes
        }
        #expect(asked <= patience && rakes - last <= 64)
        if patience == 1 { #expect(rakes == 0) }
        last = rakes
      }
    }
  }

  /// A hand that can turn neither way.
  @Test func anEndThatIsWalledInIsNamed() throws {
    let arm = try SphereArm.panda(), home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    // Tight shells of small spheres around some of the arm's own, left open a tenth of a millimetre.
    var shell: [Obstacle] = []
    for name in ["panda_leftfinger", "panda_rightfinger", "panda_link6"] {
      for sphere in arm.spheres.links.first(where: { $0.name == name })?.spheres.prefix(1) ?? [] {
        let center = arm.pose(of: name, at: home) * sphere.center
        for direction: SIMD3<Double> in [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]] {
          let place = center + (sphere.radius + 0.0011) * direction
          let ball = Obstacle(name: "\(shell.count)", shape: .sphere(radius: 0.001), baseFromObstacle: Pose(translation: place))
          if arm.room(at: home, among: [ball]).world > 0 { shell.append(ball) }
        }
      }
    }
    var goal = home
    goal[0] = 1
    for (start, end, walledIn) in [(home, goal, RouteFailure.End.start), (goal, home, .goal(0))] {
      let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try CollisionScene(shell)))
      func failure(afterQuestions patience: Int) -> RouteFailure? {
        var asked = 0
        return #expect(throws: RouteFailure.self) {
          try planner.route(from: start, to: [end]) {
            asked += 1
            return asked > patience
          }
        }
      }
      // A search that had no time tells nothing of what is around the ends.
      #expect(failure(afterQuestions: 2)?.name == "no-path")
      let failure = failure(afterQuestions: 30)
      guard case .notFound(let attempts, let found)? = failure else {
        Issue.record("\(String(describing: failure))")
        continue
      }
      #expect(found == walledIn && attempts >= 300)
      #expect(failure?.name == "unreachable")
      #expect(failure?.suggestion == "give a configuration with more room around it, or remove an obstacle")
    }
  }

  /// Stopping the simplification leaves a free path.
  @Test func simplifyingStopsWhenTold() throws {
    let arm = try SphereArm.panda(), problem = try #require(BenchmarkFile.problems().first { $0.set == "cage" })
    let planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try problem.scene()))
    let rough = try planner.roughRoute(from: JointVector(problem.start), to: [JointVector(problem.goal)])
    #expect(planner.simplified(rough) { true }.waypoints == rough.waypoints)
    var asked = 0
    let half = planner.simplified(rough) {
      asked += 1
      return asked > 3
    }
    #expect(half.length <= rough.length + 1e-6)
    #expect(Self.leastRoom(arm, try problem.scene().obstacles, half.waypoints, step: 0.02) > -1e-5)
  }
}
