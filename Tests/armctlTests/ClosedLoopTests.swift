import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// The default arm from planner to physics and back, on logical time, judged by where the tool truly is.
@Suite struct ClosedLoopTests {
  @Test func everyMotionOfTheExampleEndsWhereItShould() throws {
    let rig = try LockstepRig()
    try rig.goHome()
    for task in try tasks(of: "pick-and-place") {
      guard let motion = task.motionRequest else {
        rig.run(0.3)
        continue
      }
      let start = rig.trueTool
      let target = rig.configuration.model.pose(at: try rig.planner.trajectory(for: motion, from: rig.snapshot.setpoint).end)
      var offLine = 0.0
      try rig.move(motion) { offLine = max(offLine, distance(of: rig.trueTool.translation, fromLine: start.translation, target.translation)) }
      let error = rig.toolError(from: target)
      #expect(error.millimetres < 0.5 && error.degrees < 0.1, "\(task.text): \(error)")
      if motion.path == .line { #expect(offLine < 1e-3, "\(task.text): \(offLine * 1e3) mm off the line") }
    }
    #expect(rig.lastFault == nil)
  }

  @Test func theSameSeedGivesTheSameFlightToTheByte() throws {
    func flight(seed: UInt64) throws -> String {
      let rig = try LockstepRig()
      try rig.goHome()
      rig.line.faults = LineFaults(flipToArm: 0.0005, flipToHost: 0.0005, seed: seed)
      try rig.move(MotionRequest(goal: .named("rest"), path: .jointMove))
      return flightTable(rig.arm.recorder.last(seconds: 1), joints: rig.arm.jointNames)
    }
    let first = try flight(seed: 7)
    #expect(try flight(seed: 7) == first)
    #expect(try flight(seed: 8) != first)
  }

  @Test(arguments: [0.02, 0.15, 0.4, 0.7, 0.95])
  func aStopBrakesWithoutAJump(share: Double) throws {
    let rig = try LockstepRig()
    try rig.goHome()
    let trajectory = try rig.start(MotionRequest(goal: .named("rest"), path: .jointMove))
    rig.run(share * trajectory.duration)
    rig.arm.stop()
    rig.run(1)
    #expect(rig.snapshot.mode == .stopped && rig.snapshot.isAtRest)
    #expect(rig.largestSpeedShare < 1.1 && rig.largestStray < 0.02)
    #expect(rig.line.arm.velocity.maximumMagnitude < 1e-3)
  }

  /// Where corners have a blend, the arm does not stop in them: as long as a path lasts, its setpoint moves.
  @Test func blendedMotionsFlow() throws {
    let rig = try LockstepRig()
    try rig.goHome()
    let paths = try tasks(of: "round-trip").compactMap(\.motionRequest)
    #expect(paths.map(\.path.legCount) == [1, 2, 4, 1])
    for motion in paths {
      let trajectory = try rig.planner.trajectory(for: motion, from: rig.snapshot.setpoint)
      if motion.path.legCount > 1 {
        let instants = (1..<200).map { trajectory.duration * (0.05 + 0.9 * Double($0) / 200) }
        let slowest = instants.map { trajectory.setpoint(at: $0).velocity.maximumMagnitude }.min() ?? 0
        #expect(slowest > 0.01, "\(motion.path)")
      }
      try rig.move(motion)
    }
    #expect(rig.lastFault == nil)
  }
}

func tasks(of example: String) throws -> [ScriptTask] {
  let configuration = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))
  let path = packageFile("Examples/\(example).arm")
  let joints = configuration.joints.map { ScriptArm.Joint(name: $0.name) }
  let arm = ScriptArm(poseNames: configuration.poses.map(\.name), joints: joints)
  return ScriptTask.tasks(of: try Script(parsing: String(contentsOfFile: path, encoding: .utf8), file: path, arm: arm).steps)
}

extension MotionRequest.Path {
  fileprivate var legCount: Int {
    switch self {
    case .toolPath(let legs), .jointPath(let legs): legs.count
    case .jointMove, .line, .arc: 1
    }
  }
}

extension ScriptTask {
  /// What the server makes of the task's request; nil where it only waits.
  var motionRequest: MotionRequest? {
    guard let first = motions.first, let last = motions.last else { return nil }
    let legs = motions.map { motion in
      var leg = MotionRequest.Leg(goal: motion.goal.onTheWire)
      if case .arc(let via) = motion.way { leg.via = via }
      leg.blend = motion.blend
      return leg
    }
    let path: MotionRequest.Path =
      switch first.way {
      case _ where legs.count > 1: first.way.isOfTool ? .toolPath(legs) : .jointPath(legs)
      case .joints: .jointMove
      case .line: .line
      case .arc(let via): .arc(via: via)
      }
    return MotionRequest(goal: last.goal.onTheWire, path: path, speed: first.speed)
  }
}

extension ScriptMotion.Goal {
  fileprivate var onTheWire: MotionRequest.Goal {
    switch self {
    case .armPose(let name): .named(name)
    case .joints(let position): .joints(position)
    case .point(let point): .point(point)
    case .pose(let point, let quaternion): .pose(ToolPose(position: point, quaternion: quaternion))
    case .offset(let offset, let inTool): .offset(offset, inTool: inTool)
    }
  }
}

/// Of a point from the straight way between two others [m].
func distance(of point: SIMD3<Double>, fromLine start: SIMD3<Double>, _ end: SIMD3<Double>) -> Double {
  let way = end - start
  let share = min(max(((point - start) * way).sum() / max((way * way).sum(), 1e-12), 0), 1)
  let off = point - start - share * way
  return (off * off).sum().squareRoot()
}
