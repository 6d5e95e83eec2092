import Kinematics
import TestSupport
import Testing

@testable import Planner

/// What is planned and not wanted any more ends: whatever is under way, the caller is asked again and again, and nothing is done after a yes.
@Suite struct InterruptionTests {
  /// Runs some work to its end, then again with a yes at the first question, the second, and some later ones.
  ///
  /// - Returns: How often a caller is asked when all is done.
  private static func interrupted(_ name: String, _ work: (_ shouldStop: () -> Bool) throws -> Bool) throws -> Int {
    var all = 0
    let wasStopped = try work {
      all += 1
      return false
    }
    #expect(!wasStopped, "\(name) ended by itself")
    for patience in [1, 2, 3, all / 2, all - 1, all] where patience >= 1 && patience <= all {
      var asked = 0
      let wasStopped = try work {
        asked += 1
        return asked >= patience
      }
      #expect(wasStopped && asked == patience, "\(name): a yes to question \(patience) of \(all), and \(asked) were asked")
    }
    return all
  }

  private static func isStopped(_ work: () throws(MotionRefusal) -> Void) throws -> Bool {
    do throws(MotionRefusal) { try work() } catch {
      #expect(error == .stopped)
      return error == .stopped
    }
    return false
  }

  private struct CageRoute {
    let start: JointVector
    let planner: RoutePlanner
    let route: Route
    let limits: JointLimits

    init() throws {
      let arm = try SphereArm.panda(), problem = try #require(BenchmarkFile.problems().first { $0.set == "cage" })
      planner = RoutePlanner(checker: CollisionChecker(model: arm.model, scene: try problem.scene()))
      start = JointVector(problem.start)
      route = try planner.route(from: start, to: [JointVector(problem.goal)])
      var limits = JointLimits(unlimited: 7)
      (limits.lower, limits.upper) = (arm.model.lower, arm.model.upper)
      (limits.velocity, limits.acceleration) = (JointVector(repeating: 2, count: 7), JointVector(repeating: 8, count: 7))
      limits.jerk = JointVector(repeating: 100, count: 7)
      self.limits = limits
    }
  }

  @Test func roundingAndTimingEnd() throws {
    let cage = try CageRoute()
    let waypoints = try cage.planner.rounded(cage.route, from: cage.start, limits: cage.limits, blend: 0.4)
    let timed = try Trajectory.waypoints(from: cage.start, through: waypoints, limits: cage.limits)
    let asked = try Self.interrupted("rounding") { stop in
      try Self.isStopped { () throws(MotionRefusal) in
        _ = try cage.planner.rounded(cage.route, from: cage.start, limits: cage.limits, blend: 0.4, shouldStop: stop)
      }
    }
    #expect(asked > 1)
    let timingAsked = try Self.interrupted("timing") { stop in
      try Self.isStopped { () throws(MotionRefusal) in
        _ = try Trajectory.waypoints(from: cage.start, through: waypoints, limits: cage.limits, shouldStop: stop)
      }
    }
    #expect(timingAsked > 100)
    let contactAsked = try Self.interrupted("looking for contact") { stop in
      try Self.isStopped { () throws(MotionRefusal) in _ = try cage.planner.checker.firstContact(along: timed, shouldStop: stop) }
    }
    #expect(contactAsked >= 1)
    _ = try Self.interrupted("clearance") { cage.planner.checker.leastClearance(along: timed, shouldStop: $0) == nil }
  }

  @Test func straighteningKeepsTheRoute() throws {
    let cage = try CageRoute()
    #expect(cage.planner.straightened(cage.route) { true } == cage.route)
  }

  @Test func followingALineEnds() throws {
    let model = try LineMoveTests.dummy()
    let start: JointVector = [0.3, 0.3, 1.3, 0.2, 0.9, -0.2]
    let pose = model.pose(at: start)
    let corners = [SIMD3<Double>(0, -0.1, 0), [0, -0.1, -0.1]].map { pose.translation + $0 }
    let path = try ToolPath(from: pose, corners.map { .line(to: Pose(rotation: pose.rotation, translation: $0), blend: 0.02) })
    let asked = try Self.interrupted("tool path") { stop in
      try Self.isStopped { () throws(MotionRefusal) in
        _ = try Trajectory.toolPath(path, from: start, follower: PathFollower(model: model), limits: model.limits, shouldStop: stop)
      }
    }
    #expect(asked > 100)
    // Out of reach: why is looked for by inverse kinematics, which ends as soon.
    let far = try ToolPath(from: pose, [.line(to: Pose(rotation: pose.rotation, translation: pose.translation + [1, 0, 0]))])
    var refused = 0
    #expect(throws: MotionRefusal.self) {
      try Trajectory.toolPath(far, from: start, follower: PathFollower(model: model), limits: model.limits) {
        refused += 1
        return false
      }
    }
    var asking = 0
    #expect(throws: MotionRefusal.stopped) {
      try Trajectory.toolPath(far, from: start, follower: PathFollower(model: model), limits: model.limits) {
        asking += 1
        return asking >= refused
      }
    }
  }

  /// The more obstacles, the more questions; what was not looked at is not free.
  @Test func buildingACheckerEnds() throws {
    let arm = try SphereArm.panda(), home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])
    let boxes = (0..<4096).map { index in
      Obstacle(
        name: "\(index)", shape: .box(halfExtents: [0.001, 0.001, 0.001]),
        baseFromObstacle: Pose(translation: [-0.8, 0.01 * Double(index % 64), 0.01 * Double(index / 64)]))
    }
    let scene = try CollisionScene(boxes)
    let asked = try Self.interrupted("checker") { stop in
      !CollisionChecker(model: arm.model, scene: scene, shouldStop: stop).flags(of: [home])[0].free
    }
    #expect(asked >= 4096 / 8)
  }

  /// Points are asked for one by one, so that every rake among them is worth a question.
  @Test func cloudsAreWorthMoreQuestions() throws {
    let arm = try SphereArm.panda()
    var random = SeededGenerator(seed: 5)
    let points = (0..<2000).map { _ in SIMD3(Double.random(in: 0.3...0.6, using: &random), 0.4, Double.random(in: 0...0.6, using: &random)) }
    let cloud = Obstacle(name: "cloud", shape: .points(try PointCloud(points, radius: 0.002)))
    let checker = CollisionChecker(model: arm.model, scene: try CollisionScene([cloud]))
    var asked = 0
    let rakes = Interruption.whenever({
      asked += 1
      return false
    }) { interruption in
      var check = MotionCheck(checker: checker, interruption: interruption)
      _ = check.isFree(from: JointRow(JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785]).lanes), to: JointRow(JointVector(count: 7).lanes))
      return check.rakes
    }
    #expect(asked >= rakes)
  }

  /// Trees over many points are left unfinished.
  @Test func treesEnd() {
    let points = (0..<20_000).map { SIMD8<Float>(Float($0 % 100), Float($0 / 100), 0, 0, 0, 0, 0, 0) }
    var asked = 0
    let known = Interruption.whenever({
      asked += 1
      return asked == 3
    }) { NeighbourTree(points, dimensions: 2, $0).points.count }
    #expect(asked == 3 && known < points.count)
  }
}
