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
      try RobotModel(urdf: URDF(contentsOf: packageFile(file)), tip: tip, tool: Pose(rotation: Rotation(rotationVector: tool), translation: [0, 0, 0.05]))
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
    print("MEASURED \(note): \(worst) \(joints.knots.count) knots for \(path.length)")
    #expect(worst.stray < follower.settings.tolerance, "\(note): \(worst)")
    #expect(worst.first < 0.01 && worst.second < 0.1, "\(note): \(worst)")
  }

  /// Whatever the arm: paths from random postures are followed to the tolerance, or refused at a place on them.
  @Test(arguments: [Arm.dummy, .ur5, .panda, .iiwa, .so101, .pointer, .table, .drill])
  func followsOrRefusesRandomPaths(_ arm: Arm) throws {
    let follower = try arm.follower()
    let model = follower.model
    var random = SeededGenerator(seed: 92)
    var (followed, refusals) = (0, [String: Int]())
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
      } catch {
        refusals[String(error.description.prefix(60)), default: 0] += 1
      }
    }
    print("MEASURED \(arm.name) followed \(followed) of \(count): \(refusals)")
    #expect(followed > count / 4, "followed \(followed) of \(count)")
  }

  @Test func measure() throws {
    for arm in [Arm.dummy, .ur5, .panda] {
      let model = try arm.model()
      let follower = PathFollower(model: model)
      let start: JointVector = arm.name == "panda" ? [0, -0.5, 0, -2, 0, 1.6, 0.7] : arm.name == "ur5" ? [0.3, -1.2, 1.4, -1.5, -1.3, 0.2] : [0.8, 0.3, 1.3, 0, 0.5, 0]
      let pose = model.pose(at: start)
      for offset in [SIMD3<Double>(0.05, 0.12, 0), [0, -0.3, 0], [0, 0, -0.3], [0, -0.3, 0.1], [-0.1, -0.28, 0]] {
        let goal = Pose(rotation: pose.rotation, translation: pose.translation + offset)
        var best = Double.infinity, knots = 0
        for _ in 0..<50 {
          let begin = ContinuousClock.now
          let path = try ToolPath(from: pose, [.line(to: goal)])
          guard let joints = try? follower.path(along: path, from: start) else { continue }
          let took = ContinuousClock.now - begin
          best = min(best, Double(took.components.attoseconds) * 1e-12)
          knots = joints.knots.count
        }
        print("MEASURED", arm.name, offset, best, "µs", knots, "knots")
      }
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
