import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Joint paths along tool paths: the tool on the path everywhere, one posture throughout, and plain words where there is no way.
@Suite struct PathsFollowerTests {
  struct Arm: Sendable, CustomTestStringConvertible {
    let name, file, tip: String
    var tool = SIMD3<Double>.zero
    var freeAxes: InverseKinematics.FreeAxes?
    var testDescription: String { name }

    func model() throws -> RobotModel {
      try RobotModel(
        urdf: URDF(contentsOf: packageFile(file)), tip: tip, tool: Pose(rotation: Rotation(rotationVector: tool), translation: [0, 0, 0.05]))
    }

    func follower() throws -> PathFollower {
      var settings = PathFollower.Settings()
      settings.freeAxes = freeAxes
      return PathFollower(model: try model(), settings: settings)
    }

    static let dummy = Arm(name: "dummy", file: "Robots/dummy/dummy.urdf", tip: "flange")
    static let ur5 = Arm(name: "ur5", file: "Tests/Data/kinematics/ur5.urdf", tip: "tool0")
    static let panda = Arm(name: "panda", file: "Tests/Data/kinematics/panda_erd.urdf", tip: "panda_hand")
    static let iiwa = Arm(name: "iiwa", file: "Tests/Data/kinematics/iiwa14_pybullet.urdf", tip: "lbr_iiwa_link_7")
    /// Five joints; what is free: turning about the tool's z axis, which lies across its roll axis.
    static let so101 = Arm(name: "so101", file: "Tests/Data/kinematics/so101.urdf", tip: "gripper_link", tool: [0, .pi / 2, 0])
    /// What is free: all orientation.
    static let pointer = Arm(name: "so101, position alone", file: "Tests/Data/kinematics/so101.urdf", tip: "gripper_link", freeAxes: .position)
    static let table = Arm(name: "ur5 on a plane", file: "Tests/Data/kinematics/ur5.urdf", tip: "tool0", freeAxes: .plane)
    static let drill = Arm(name: "ur5 drilling", file: "Tests/Data/kinematics/ur5.urdf", tip: "tool0", freeAxes: .axis)
  }

  /// The tool within the tolerance of the path everywhere, as far as it binds, and the joint path's derivatives those of the tool path.
  static func expectFollows(_ joints: JointPath, _ path: ToolPath, _ follower: PathFollower, _ note: String) {
    #expect(abs(joints.length - path.length) < 1e-9 && joints.stops.count == path.stops.count, "\(note)")
    var worst = (stray: 0.0, first: 0.0, second: 0.0)
    for (index, span) in path.spans.enumerated() {
      for step in 0..<60 {
        let s = span.start + span.width * (Double(step) + 0.5) / 60
        let q = joints.point(at: s)
        let task = PathTask(free: follower.freeAxes, point: path.point(at: s, span: index))
        let (pose, jacobian) = follower.model.poseAndJacobian(at: q.position)
        worst.stray = max(worst.stray, task.residual(of: pose).magnitude)
        let made = jacobian.twist(for: q.first)
        let change = follower.model.jacobianDerivative(at: q.position, velocity: q.first).twist(for: q.first)
        let offset = pose.translation - task.point.pose.translation
        worst.first = max(worst.first, (task.bound(made) - task.boundTwist(offset: offset)).magnitude / (1 + task.point.twist.magnitude))
        let wanted = task.boundDerivative(twist: made, offset: offset)
        let got = task.bound(jacobian.twist(for: q.second) + change)
        let size = 10 + wanted.magnitude + q.second.maximumMagnitude
        worst.second = max(worst.second, (got - wanted).magnitude / size)
      }
    }
    #expect(worst.stray < follower.settings.tolerance, "\(note): \(worst)")
    #expect(worst.first < 0.005 && worst.second < 0.1, "\(note): \(worst)")
  }

  static func expectOn(_ path: ToolPath, _ place: PathPlace, _ note: String) {
    #expect(place.along <= place.length * (1 + 1e-12) && path.deviation(of: place.baseFromTool).position < 1e-9, "\(note): \(place)")
  }

  /// Whatever the arm: paths from random postures are followed to the tolerance, or refused at a place on them.
  @Test(arguments: [Arm.dummy, .ur5, .panda, .iiwa, .so101, .pointer, .table, .drill])
  func followsOrRefusesRandomPaths(_ arm: Arm) throws {
    let follower = try arm.follower()
    let model = follower.model
    var random = SeededGenerator(seed: 92)
    var (followed, singular) = (0, 0)
    let count = caseCount(40)
    for index in 0..<count {
      let start = random.middling(model.limits)
      let path = try random.path(from: model.pose(at: start), reach: 0.1, turn: 0.4)
      do throws(MotionRefusal) {
        let joints = try follower.path(along: path, from: start)
        Self.expectFollows(joints, path, follower, "\(arm.name) \(index)")
        #expect((joints.point(at: 0).position - start).maximumMagnitude < 1e-6)
        for step in 0...200 {
          let q = joints.point(at: joints.length * Double(step) / 200).position
          for joint in q.indices { #expect(q[joint] >= model.limits.lower[joint] - 1e-8 && q[joint] <= model.limits.upper[joint] + 1e-8) }
        }
        followed += 1
      } catch .leavesLimits(let joint, let value, let lower, let upper, let place) {
        #expect(value < lower || value > upper, "\(arm.name) \(index): \(joint.name)")
        Self.expectOn(path, place, "\(arm.name) \(index)")
      } catch .outOfReach(let place, let shortage) {
        #expect(shortage.position > 1e-5 || shortage.orientation > 1e-5)
        Self.expectOn(path, place, "\(arm.name) \(index)")
      } catch .nearSingularity(_, let pathVelocity, let value, let limit, let place) {
        #expect(pathVelocity == follower.settings.slowest && value > limit)
        Self.expectOn(path, place, "\(arm.name) \(index)")
      } catch .losesPosture(let place) {
        Self.expectOn(path, place, "\(arm.name) \(index)")
      } catch .singular {
        // The start lacks the one direction in which the path begins; random postures rarely do.
        singular += 1
      }
    }
    #expect(singular <= count / 10, "singular \(singular) of \(count)")
    #expect(followed > count / 8, "followed \(followed) of \(count)")
  }

  /// A square of 100 mm with corners rounded by 5 mm: the tool on its edges, and within the radius of its corners.
  @Test func followsASquare() throws {
    let model = try LineMoveTests.dummy()
    let start: JointVector = [0.3, 0.3, 1.3, 0, 0.5, 0]
    let pose = model.pose(at: start)
    let corners = [SIMD3<Double>(0, -0.1, 0), [0, -0.1, -0.1], [0, 0, -0.1], .zero].map { pose.translation + $0 }
    let path = try ToolPath(from: pose, corners.map { .line(to: Pose(rotation: pose.rotation, translation: $0), blend: 0.005) })
    #expect(path.blends.map(\.radius) == [0.005, 0.005, 0.005])
    let joints = try PathFollower(model: model).path(along: path, from: start)
    for step in 0...2000 {
      let tool = model.pose(at: joints.point(at: joints.length * Double(step) / 2000).position)
      let p = tool.translation - pose.translation
      let toEdge = min(abs(p.y), abs(p.y + 0.1), abs(p.z), abs(p.z + 0.1))
      let toCorner = corners.map { (tool.translation - $0).length }.min() ?? 1
      #expect(abs(p.x) < 1e-5 && (toEdge < 1e-5 || toCorner < 0.005 + 1e-5))
      #expect((tool.rotation * pose.rotation.inverse).rotationVector.length < 1e-5)
    }
  }

  /// With a joint to spare the motion is the least one at every place: the same as small steps of q′ = J⁺ x′ lead to.
  @Test func sparesMotion() throws {
    let model = try Arm.panda.model()
    var settings = PathFollower.Settings()
    settings.aversion = 0
    let follower = PathFollower(model: model, settings: settings)
    let start: JointVector = [0.2, -0.5, 0.1, -2, 0.2, 1.6, 0.7]
    let begin = model.pose(at: start)
    let end = Pose(rotation: Rotation(rotationVector: [0.2, -0.3, 0.1]) * begin.rotation, translation: begin.translation + [0.1, -0.25, -0.1])
    let path = try ToolPath(from: begin, [.arc(via: begin.translation + [0.1, -0.1, 0.05], to: end)])
    let joints = try follower.path(along: path, from: start)
    let steps = 2000
    let h = path.length / Double(steps)
    func rate(_ q: JointVector, _ s: Double) -> JointVector {
      LeastMotion(model.jacobian(at: q), task: PathTask(free: .none, point: path.point(at: s))).velocity(for: path.point(at: s).twist).velocity
    }
    var q = start
    for step in 0..<steps {
      let s = Double(step) * h
      let k1 = rate(q, s), k2 = rate(q + (h / 2) * k1, s + h / 2), k3 = rate(q + (h / 2) * k2, s + h / 2), k4 = rate(q + h * k3, s + h)
      q += (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
    }
    #expect((joints.point(at: path.length).position - q).maximumMagnitude < 1e-4)
  }

  /// Motion to spare goes away from limits, and a joint's own limit is not reached where it need not be.
  @Test func keepsAwayFromLimits() throws {
    var model = try Arm.panda.model()
    let start: JointVector = [0.2, -0.5, 0.1, -2, 0.2, 1.6, 0.7]
    let begin = model.pose(at: start)
    let path = try ToolPath(from: begin, [.line(to: Pose(rotation: begin.rotation, translation: begin.translation + [0, -0.3, 0]))])
    var settings = PathFollower.Settings()
    settings.aversion = 0
    let least = try PathFollower(model: model, settings: settings).path(along: path, from: start)
    let moved = (least.point(at: path.length).position - start)[2]
    // Half of what the joint would do by itself is all it may do.
    if moved < 0 { model.limits.lower[2] = start[2] + 0.7 * moved } else { model.limits.upper[2] = start[2] + 0.7 * moved }
    #expect(throws: MotionRefusal.self) { try PathFollower(model: model, settings: settings).path(along: path, from: start) }
    settings.aversion = 4
    let follower = PathFollower(model: model, settings: settings)
    Self.expectFollows(try follower.path(along: path, from: start), path, follower, "kept away")
  }

  /// From elsewhere, the path begins in the posture nearest to the seed, and stays in it.
  @Test func beginsInTheNearestPosture() throws {
    let model = try Arm.ur5.model()
    let (up, down): (JointVector, JointVector) = ([0.3, -1.2, 1.4, -1.5, -1.3, 0.2], [0.3, -0.1, -1.4, 0.2, -1.3, 0.2])
    let begin = model.pose(at: up)
    let path = try ToolPath(from: begin, [.line(to: Pose(rotation: begin.rotation, translation: begin.translation + [0.05, 0.1, 0.05]))])
    let follower = PathFollower(model: model)
    for (seed, isUp) in [(up, true), (up + JointVector(repeating: 0.1, count: 6), true), (down, false)] {
      let joints = try follower.path(along: path, from: seed)
      Self.expectFollows(joints, path, follower, "from \(Array(seed))")
      for step in 0...20 { #expect((joints.point(at: path.length * Double(step) / 20).position[2] > 0) == isUp) }
    }
  }

  /// On a path of several segments a refusal says in which one.
  @Test func saysInWhichSegment() throws {
    struct Case {
      var start: JointVector = [0.8, 0.3, 1.3, 0, 0.5, 0]
      var elbowLower = 0.6
      /// Where to, and by what arc if by one.
      let segments: (_ to: (SIMD3<Double>, SIMD3<Double>) -> Pose) -> [ToolSegment]
      let sentence, suggestion: String
    }
    // In the plane of the arm, so that a turn about it moves the wrist alone.
    let across = Rotation(axis: [0, 0, 1], angle: 0.8) * SIMD3(0, 1, 0)
    let cases = [
      Case(
        elbowLower: -1, segments: { to in [.line(to: to([0, -0.1, 0], .zero), blend: 0.01), .line(to: to([0, -0.1, 0.5], .zero))] },

        sentence: "The arm cannot follow the path beyond 62.5 mm of the 500.0 mm of its segment 2 (line): there its reach ends, "
          + "and what follows is up to 347.3 mm and 65.7° out of it.",
        suggestion: "end the path before 62.5 mm of segment 2, or bring it nearer to the base"),
      Case(
        elbowLower: 1.2,
        segments: { to in
          [.line(to: to([0, -0.1, 0], .zero), blend: 0.01), .arc(via: to([0.04, -0.1, 0.02], .zero).translation, to: to([0.08, -0.1, 0], .zero))]
        },

        sentence: "The path leaves the limits of elbow at 43.7 mm of the 92.7 mm of its segment 2 (arc) and would take it to 0.9168 rad (52.5°), "
          + "below its lower limit of 1.2 rad (68.8°).",
        suggestion: "end the path before 43.7 mm of segment 2, start it from a posture with more room for elbow, or go there with a joint move"),
      Case(
        segments: { to in [.line(to: to([0, -0.1, 0], .zero)), .line(to: to([0, -0.1, 0], [0, 2.5, 0]))] },
        sentence: "The path leaves the limits of wrist at 90.4° of the 143.2° of its segment 2 (line) and would take it to 2.298 rad (131.7°), "
          + "above its upper limit of 2.094 rad (120.0°).",
        suggestion: "end the path before 90.4° of segment 2, start it from a posture with more room for wrist, or go there with a joint move"),
      Case(
        start: [0.8, 0.3, 1.3, 0.0004, 0.5, 0], segments: { to in [.line(to: to([0, 0, 0.01], .zero)), .line(to: to([0, 0, 0.01], -1 * across))] },

        sentence: "The path passes so near a singularity at 20.2° of the 57.3° of its segment 2 (line) that tool_roll would need a velocity of "
          + "1.391 rad/s even at 2.865°/s, its limit being 1.25 rad/s.",
        suggestion: "go there with a joint move, or lead the path further from that place"),
    ]
    for c in cases {
      var model = try LineMoveTests.dummy()
      model.limits.lower[2] = c.elbowLower
      let pose = model.pose(at: c.start)
      let segments = c.segments { Pose(rotation: Rotation(rotationVector: $1) * pose.rotation, translation: pose.translation + $0) }
      let path = try ToolPath(from: pose, segments)
      do throws(MotionRefusal) {
        _ = try PathFollower(model: model).path(along: path, from: c.start)
        Issue.record("followed: \(c.sentence)")
      } catch {
        #expect(error.description == c.sentence)
        #expect(error.suggestion == c.suggestion)
      }
    }
  }

  /// A path that ends a segment exactly in a singularity, and goes on in the direction that is lost there.
  @Test func saysWhereAPostureIsLost() throws {
    let model = try LineMoveTests.dummy()
    let start: JointVector = [0, 0.3, 1.3, 0, 0.5, 0], singular: JointVector = [0, 0.3, 1.3, 0, 0, 0]
    let there = model.pose(at: singular)
    let sideways = Pose(rotation: there.rotation, translation: there.translation + [0, 0.05, 0])
    let path = try ToolPath(from: model.pose(at: start), [.line(to: there), .line(to: sideways)])
    let refusal = #expect(throws: MotionRefusal.self) { try PathFollower(model: model).path(along: path, from: start) }
    #expect(
      refusal?.description
        == "The arm cannot follow the path beyond 0.0 mm of the 50.0 mm of its segment 2 (line): there it meets a singularity, "
        + "and goes on only in another posture.")
    #expect(refusal?.suggestion == "end the path before 0.0 mm of segment 2, start it from another posture, or go there with a joint move")
    // In the plane of the arm it goes on through the same place.
    let onward = Pose(rotation: there.rotation, translation: there.translation + [-0.03, 0, -0.02])
    let through = try ToolPath(from: model.pose(at: start), [.line(to: there), .line(to: onward)])
    let follower = PathFollower(model: model)
    Self.expectFollows(try follower.path(along: through, from: start), through, follower, "through a singularity")
  }

  @Test func geometrySaysWhatIsWrong() {
    let goal = PathsGeometryTests.pose(0.1, 0)
    let cases: [([ToolSegment], String)] = [
      ([.line(to: .identity)], "The path leads nowhere: all its places are the same."),
      (
        [.line(to: goal), .arc(via: [0.2, 0, 0], to: PathsGeometryTests.pose(0.3, 0))],
        "Segment 2 of the path is no arc: its three points lie on one line."
      ),
      ([.arc(via: [0.2, 0, 0], to: .identity)], "Segment 1 of the path is no arc: its three points lie on one line."),
      ([.turn(about: [1, 0, 0], axis: .zero, angle: 1)], "Segment 1 of the path is no arc: its axis has no direction."),
      ([.turn(about: [1, 0, 0], axis: [2, 0, 0], angle: 1)], "Segment 1 of the path is no arc: it begins on its own axis."),
      ([.line(to: goal, blend: -0.01), .line(to: .identity)], "The blend radius of corner 1 is -0.01, which is none."),
      ([.spline(through: [PathsGeometryTests.pose(.nan, 0)])], "The target pose is not made of finite numbers."),
    ]
    for (segments, sentence) in cases {
      let refusal = #expect(throws: MotionRefusal.self) { try ToolPath(from: .identity, segments) }
      #expect(refusal?.description == sentence)
    }
  }
}

extension SeededGenerator {
  /// Within the middle four fifths of every joint's range.
  mutating func middling(_ limits: JointLimits) -> JointVector {
    var q = JointVector(count: limits.lower.count)
    for joint in q.indices {
      let (low, high) = (max(limits.lower[joint], -.pi), min(limits.upper[joint], .pi))
      q[joint] = Double.random(in: (0.9 * low + 0.1 * high)...(0.1 * low + 0.9 * high), using: &self)
    }
    return q
  }

  /// Up to four segments of any kind, each to near the start.
  mutating func path(from start: Pose, reach: Double, turn: Double) throws -> ToolPath {
    var segments: [ToolSegment] = []
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      let blend: Double = [0, 0.005, 0.03].randomElement(using: &self) ?? 0
      let (near, nearer) = (start * pose(reach: reach, turn: turn), start * pose(reach: reach, turn: turn))
      switch Int.random(in: 0..<4, using: &self) {
      case 0, 1: segments.append(.line(to: near, blend: blend))
      case 2: segments.append(.arc(via: nearer.translation, to: near, blend: blend))
      default: segments.append(.spline(through: [nearer, near], blend: blend))
      }
    }
    return try ToolPath(from: start, segments)
  }
}
