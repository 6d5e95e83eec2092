import Control
import Foundation
import Kinematics
import MotorDrivers
import Planner
import Simulator
import TestSupport

@testable import armctl

/// The default arm in lockstep: controller, wire and emulated drives on logical time, with the truth at hand.
final class LockstepRig {
  let configuration: ArmConfiguration
  let line: LockstepChannel
  let arm: ControlledArm
  let planner: MotionPlanner
  private(set) var time: Double
  private(set) var events: [ControlEvent] = []
  /// The largest distance between a joint's setpoint and where it truly was, while the motors were on [rad].
  private(set) var largestStray = 0.0
  /// The largest true joint speed, as a share of the joint's limit.
  private(set) var largestSpeedShare = 0.0
  private(set) var nextJob = 0

  /// - Parameter robot: A folder of `Robots`.
  init(_ robot: String = "dummy") throws {
    configuration = try ArmConfiguration.load(packageFile("Robots/\(robot)/arm.yaml"))
    let line = LockstepChannel(arm: configuration.emulatedArm())
    self.line = line
    arm = ControlledArm(
      core: ControlCore(model: configuration.model, settings: configuration.controlSettings), wiring: configuration.wiring,
      buses: configuration.makeBuses { _ in line })
    planner = MotionPlanner(
      model: configuration.model, limits: configuration.limits, period: configuration.period, poses: configuration.poses)
    try arm.connect()
    time = line.now
  }

  /// Where the joints and the tool truly are.
  var truth: JointVector { line.arm.position }
  var trueTool: Pose { configuration.model.pose(at: truth) }
  var snapshot: ControlSnapshot { arm.snapshot }

  /// Runs the loop for some seconds, or until `condition` is met.
  func run(_ seconds: Double, until condition: () -> Bool = { false }, eachTick: () -> Void = {}) {
    let end = time + seconds
    while time < end, !condition() {
      time = max(time, line.now) + configuration.period
      line.now = time
      arm.tick(at: time)
      while let event = arm.nextEvent() { events.append(event.event) }
      noteTruth()
      eachTick()
    }
  }

  private func noteTruth() {
    for joint in truth.indices {
      largestSpeedShare = max(largestSpeedShare, line.arm.velocity[joint].magnitude / configuration.limits.velocity[joint])
      if snapshot.isPowered { largestStray = max(largestStray, (snapshot.setpoint[joint] - truth[joint]).magnitude) }
    }
  }

  func forgetExtremes() {
    largestStray = 0
    largestSpeedShare = 0
    events = []
  }

  /// Motors on, at the home pose.
  func goHome() throws {
    run(0.1)
    _ = arm.post(.hold)
    run(0.1)
    try move(MotionRequest(goal: .named("home"), path: .jointMove))
    forgetExtremes()
  }

  /// Plans a motion from where the arm rests and begins it.
  func start(_ motion: MotionRequest) throws -> Trajectory {
    let trajectory = try planner.trajectory(for: motion, from: snapshot.setpoint)
    nextJob += 1
    _ = arm.post(.follow(trajectory, job: nextJob))
    return trajectory
  }

  /// Carries a motion out, and waits until the arm is at rest.
  @discardableResult
  func move(_ motion: MotionRequest, eachTick: () -> Void = {}) throws -> Trajectory {
    let trajectory = try start(motion)
    run(trajectory.duration + 0.3, eachTick: eachTick)
    return trajectory
  }

  /// What the latest fault was; nil where there was none.
  var lastFault: ControlFault? {
    events.reversed().lazy.compactMap { event -> ControlFault? in if case .faulted(let fault) = event { fault } else { nil } }.first
  }

  /// Reconnects what was lost and resets, as the daemon does.
  func reset() throws {
    try arm.connect()
    run(1, until: { snapshot.isHeard })
    _ = arm.post(.reset)
    run(0.1)
  }

  /// How far the true tool is from `target`: [mm], [°].
  func toolError(from target: Pose) -> (millimetres: Double, degrees: Double) {
    let gap = trueTool.translation - target.translation
    let turn = (target.rotation * trueTool.rotation.inverse).rotationVector
    return ((gap * gap).sum().squareRoot() * 1e3, (turn * turn).sum().squareRoot() * 180 / .pi)
  }
}
