import Control
import Kinematics
import MotorDrivers
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// Plugs pulled, emulators stopped, bits flipped in the middle of a move: the arm never jumps, the reason is told, and after a reset it goes on
/// from where it is.
@Suite struct BrokenLineTests {
  /// Setpoints and arm may part by this much when a line breaks in full motion [rad]: the way that the joints go until the silence is a fault,
  /// and brake.
  private static let largestStray = 0.25

  @Test(arguments: [0.1, 0.35, 0.6])
  func aPulledPlugInMidMove(share: Double) throws {
    let rig = try LockstepRig()
    try rig.goHome()
    let trajectory = try rig.start(MotionRequest(goal: .named("rest"), path: .jointMove))
    rig.run(share * trajectory.duration)
    rig.line.unplug()
    rig.run(0.5)
    #expect(rig.lastFault == .busLost(index: 0))
    #expect(rig.events.contains(.interrupted(job: 2, by: .fault)))
    rig.line.replug()
    rig.run(0.2)
    #expect(rig.snapshot.mode == .fault, "nothing goes on by itself")
    let found = rig.truth
    try rig.reset()
    #expect(rig.snapshot.mode == .hold && rig.snapshot.fault == nil)
    #expect((rig.truth - found).maximumMagnitude < 1e-3, "the reset itself moves nothing")
    try expectToMoveOn(rig)
  }

  @Test(arguments: [LockstepChannel.Stall.emulator, .cable], [0.1, 0.4, 0.7])
  func aLineThatStandsStillFor300Milliseconds(stall: LockstepChannel.Stall, share: Double) throws {
    let rig = try LockstepRig()
    try rig.goHome()
    let trajectory = try rig.start(MotionRequest(goal: .named("rest"), path: .jointMove))
    rig.run(share * trajectory.duration)
    rig.line.stall(stall, for: 0.3)
    rig.run(0.3)
    guard case .busSilent = rig.lastFault else { throw Unexpected("the fault is \(String(describing: rig.lastFault))") }
    let frozen = rig.truth
    // From now on answers come again, the old ones first. What is taken for a position must be true of its time.
    var worst = 0.0
    var lastHeard = false
    rig.run(
      0.5,
      eachTick: {
        if lastHeard { worst = max(worst, (rig.snapshot.position - rig.truth).maximumMagnitude) }
        lastHeard = rig.snapshot.isHeard
      })
    // A sample is at most three ticks old, and the arm brakes from at most its velocity limits.
    let fastest = rig.configuration.limits.velocity.maximumMagnitude
    #expect(worst < 4 * rig.configuration.period * fastest, "a stale reply was taken for a new one: \(worst) rad")
    #expect(rig.largestSpeedShare < 1.3)
    // An emulator that goes on finds its arm in full motion: it comes to rest no further on than a controlled stop takes.
    let limits = rig.configuration.limits
    for joint in frozen.indices {
      let (v, a, j) = (limits.velocity[joint], limits.acceleration[joint], limits.jerk[joint])
      let stoppingDistance = v * v / (2 * a) + v * a / (2 * j)
      let way = (rig.truth[joint] - frozen[joint]).magnitude
      #expect(way < stoppingDistance + 0.03, "joint \(joint) went on by \(way) rad")
    }
    try rig.reset()
    #expect(rig.snapshot.mode == .hold)
    try expectToMoveOn(rig)
  }

  /// USB lines and busy machines hold bytes up for some milliseconds now and then; that is no reason to stop.
  @Test(arguments: [0.003, 0.009, 0.02, 0.05, 0.1])
  func aShortPauseOfTheLineIsNoFault(seconds: Double) throws {
    let rig = try LockstepRig()
    try rig.goHome()
    let target = rig.configuration.model.pose(at: try #require(rig.configuration.pose("rest")))
    var ticks = 0
    try rig.move(MotionRequest(goal: .named("rest"), path: .jointMove)) {
      ticks += 1
      if ticks.isMultiple(of: 150) { rig.line.stall(.cable, for: seconds) }
    }
    rig.run(1)
    #expect(rig.lastFault == nil, "\(String(describing: rig.lastFault))")
    // The drives' own velocity limit is half as much again as the joints'.
    #expect(rig.largestSpeedShare < 1.5)
    #expect(rig.events.contains(.finished(job: 2)))
    let error = rig.toolError(from: target)
    #expect(error.millimetres < 0.5 && error.degrees < 0.1, "\(error)")
  }

  @Test(arguments: 1...12)
  func onePercentOfTheBytesFlippedBothWays(seed: Int) throws {
    let rig = try LockstepRig()
    try rig.goHome()
    rig.line.faults = LineFaults(flipToArm: 0.01, flipToHost: 0.01, seed: UInt64(seed))
    _ = try rig.start(MotionRequest(goal: .named("rest"), path: .jointMove))
    rig.run(1.5)
    #expect(rig.snapshot.mode == .fault, "a line as bad as that is not driven on")
    #expect(rig.lastFault != nil)
    // Two flips make "be another node, and save" of a setpoint. A drive that obeys hears nobody any more; no host can help that.
    let nodes = rig.line.arm.drives.compactMap { ($0 as? EmulatedCtrlStep)?.settings.node }.map { Int($0) }
    guard nodes == rig.configuration.joints.map(\.motor.node) else { return }
    #expect(rig.largestSpeedShare < 1.3, "the arm jumped: \(rig.largestSpeedShare) of its velocity limits")
    #expect(rig.largestStray < Self.largestStray, "the arm strayed \(rig.largestStray) rad from its setpoint")
    rig.line.faults = LineFaults()
    rig.run(0.3)
    try rig.reset()
    #expect(rig.snapshot.mode == .hold, "\(String(describing: rig.snapshot.fault))")
    try expectToMoveOn(rig)
  }

  /// The arm carries a motion out again, and truly ends where it should.
  private func expectToMoveOn(_ rig: LockstepRig) throws {
    rig.forgetExtremes()
    let target = rig.configuration.model.pose(at: try #require(rig.configuration.pose("home")))
    try rig.move(MotionRequest(goal: .named("home"), path: .jointMove))
    let error = rig.toolError(from: target)
    #expect(error.millimetres < 0.5 && error.degrees < 0.1, "\(error)")
    #expect(rig.lastFault == nil && rig.largestSpeedShare < 1.1)
  }

  private struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}
