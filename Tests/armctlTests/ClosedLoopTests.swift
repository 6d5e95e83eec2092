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
    for step in try steps() {
      guard let motion = step.motion(scriptStart: rig.snapshot.setpoint) else {
        rig.run(0.3)
        continue
      }
      let start = rig.trueTool
      let target = rig.configuration.model.pose(at: try rig.planner.trajectory(for: motion, from: rig.snapshot.setpoint).end)
      var offLine = 0.0
      try rig.move(motion) { offLine = max(offLine, distance(of: rig.trueTool.translation, fromLine: start.translation, target.translation)) }
      let error = rig.toolError(from: target)
      #expect(error.millimetres < 0.5 && error.degrees < 0.1, "\(step.text): \(error)")
      if motion.path == .line { #expect(offLine < 1e-3, "\(step.text): \(offLine * 1e3) mm off the line") }
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

  private func steps() throws -> [ScriptStep] {
    let configuration = try ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))
    let text = try String(contentsOfFile: packageFile("Examples/pick-and-place.arm"), encoding: .utf8)
    let arm = ScriptArm(poseNames: configuration.poses.map(\.name), jointCount: configuration.joints.count)
    return try Script(parsing: text, file: "pick-and-place.arm", arm: arm).steps
  }
}

extension ScriptStep {
  /// The request that the step becomes; nil where it only waits.
  fileprivate func motion(scriptStart: JointVector) -> MotionRequest? {
    switch action {
    case .wait: nil
    case .move(.armPose(let name), let speed): MotionRequest(goal: .named(name), path: .jointMove, speed: speed)
    case .move(.scriptPose(_, let q), let speed), .move(.joints(let q), let speed): MotionRequest(goal: .joints(q), path: .jointMove, speed: speed)
    case .line(.configuration(.armPose(let name)), let speed): MotionRequest(goal: .named(name), path: .line, speed: speed)
    case .line(.configuration(.scriptPose(_, let q)), let speed), .line(.configuration(.joints(let q)), let speed):
      MotionRequest(goal: .joints(q), path: .line, speed: speed)
    case .line(.position(let point), let speed): MotionRequest(goal: .point(point), path: .line, speed: speed)
    case .line(.offsetInBase(let offset), let speed): MotionRequest(goal: .offset(offset, inTool: false), path: .line, speed: speed)
    case .line(.offsetInTool(let offset), let speed): MotionRequest(goal: .offset(offset, inTool: true), path: .line, speed: speed)
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
