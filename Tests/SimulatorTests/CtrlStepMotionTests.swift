import Foundation
import Kinematics
import MotorDrivers
import Testing

@testable import Simulator

/// How a drive moves what it is coupled to.
@Suite struct CtrlStepMotionTests {
  /// A disc of 0.05 kg·m² behind a 30:1 reducer and a rotor of 5.5e-6 kg·m².
  private func channel(coulomb: Double = 0, viscous: Double = 0, trainOffset: Double = 0, direction: Double = 1) throws -> LockstepChannel {
    let train = DriveTrain(
      ratio: 30, direction: direction, offset: trainOffset, rotorInertia: 5.5e-6, torqueConstant: 0.2, coulomb: coulomb, viscous: viscous)
    let arm = EmulatedArm(model: try SimulatedModels.disc(inertia: 0.05), driveTrains: [train], nodes: [1], position: [0])
    return LockstepChannel(arm: arm)
  }

  private func drive(_ channel: LockstepChannel) throws -> EmulatedCtrlStep { try #require(channel.arm.drives[0] as? EmulatedCtrlStep) }

  /// Motor turns for the first joint's radians.
  private func turns(_ joints: JointVector) -> Double { joints[0] * 30 / (2 * .pi) }

  private let jointInertia = 0.05 + 900 * 5.5e-6

  @Test func aCurrentIsATorque() throws {
    let channel = try channel()
    let host = try channel.startHost()
    let start = channel.now
    try host.send(CtrlStep.Message(.current, node: 1, value: 0.25))
    channel.now = start + 0.5
    // From the first control step behind the frame, 0.1 ms for the adapter and about 0.12 ms for the frame.
    let elapsed = 0.5 - 0.1e-3 - 0.12e-3
    let expected = 0.25 * 0.2 * 30 / jointInertia * elapsed
    #expect(abs(channel.arm.velocity[0] / expected - 1) < 4e-4)
  }

  @Test func aSmallStepOfPositionIsThatOfTheDocumentedLoop() throws {
    let channel = try channel()
    let host = try channel.startHost()
    let start = channel.now
    try host.send(CtrlStep.Message(.setAccelerationLimit, node: 1, value: 20000))
    try host.send(CtrlStep.Message(.setVelocityLimit, node: 1, value: 2000))
    // 0.02 turns: small enough for the current limit, and the trapezoid takes 2 ms of it.
    try host.send(CtrlStep.Message(.position, node: 1, value: 0.02))
    var reached = 0.0, overshoot = 0.0
    for step in 1...400 {
      channel.now = start + Double(step) * 1e-3
      let turns = turns(channel.arm.position)
      overshoot = max(overshoot, turns / 0.02 - 1)
      if reached == 0 && turns >= 0.018 { reached = Double(step) * 1e-3 }
    }
    // Critically damped at 300 rad/s with feed-forward of velocity: 90 % within a few time constants, little overshoot by the integral.
    #expect(reached > 0 && reached < 0.025)
    #expect(overshoot < 0.25)
    #expect(abs(turns(channel.arm.position) - 0.02) <= 1 / 16384)
  }

  @Test func velocityIsRampedAndKept() throws {
    let channel = try channel(coulomb: 0.5, viscous: 0.3)
    var host = try channel.startHost()
    let start = channel.now
    try host.send(CtrlStep.Message(.setAccelerationLimit, node: 1, value: 20))
    try host.send(CtrlStep.Message(.velocity, node: 1, value: -6))
    channel.now = start + 0.15
    #expect(abs(turns(channel.arm.velocity) + 3) < 0.15)
    channel.now = start + 1.5
    #expect(abs(turns(channel.arm.velocity) + 6) < 0.01)
    try host.send(CtrlStep.Message(.readVelocity, node: 1))
    channel.now += 0.002
    let reply = try #require(try host.messages().last)
    #expect(abs(reply.value + 6) < 0.1 && reply.flag)
    // Beyond the limit a velocity is not taken at all.
    try host.send(CtrlStep.Message(.velocity, node: 1, value: 31))
    channel.now += 0.5
    #expect(abs(turns(channel.arm.velocity) + 6) < 0.01)
  }

  @Test func theLastSetpointStandsForEver() throws {
    let channel = try channel(coulomb: 0.2)
    let host = try channel.startHost()
    try host.send(CtrlStep.Message(.velocity, node: 1, value: 1))
    channel.now += 10
    #expect(abs(turns(channel.arm.velocity) - 1) < 0.01)
  }

  @Test func positionInTimeTakesTheTime() throws {
    let channel = try channel(coulomb: 0.2)
    var host = try channel.startHost()
    let start = channel.now
    try host.send(CtrlStep.Message(.setAccelerationLimit, node: 1, value: 100))
    try host.send(CtrlStep.Message(.timedPosition, node: 1, value: 5, second: 1.5))
    channel.now = start + 1.45
    #expect(turns(channel.arm.position) < 4.98)
    channel.now = start + 1.6
    try host.send(CtrlStep.Message(.readPosition, node: 1))
    channel.now += 0.002
    let reply = try #require(try host.messages().last)
    #expect(abs(reply.value - 5) < 0.01 && reply.flag)
  }

  @Test func anArmOnItsDrivesRestsWithinOneCount() throws {
    let channel = LockstepChannel(arm: try SimulatedModels.dummyArm(at: SimulatedModels.home))
    let host = try channel.startHost()
    let targets: [JointVector] = [[0.6, 0.5, 1.2, -0.7, 0.9, 2], [-0.4, -0.6, 2.4, 1, -1, -1]]
    for target in targets {
      var goals: [Float] = []
      for joint in 0..<6 {
        goals.append(Float(SimulatedModels.dummyTrains[joint].rotor(atJoint: target[joint]) / (2 * .pi)))
        try host.send(CtrlStep.Message(.limitedPosition, node: joint + 1, value: goals[joint], second: 8))
      }
      channel.now += 4
      for joint in 0..<6 {
        let turns = SimulatedModels.dummyTrains[joint].rotor(atJoint: channel.arm.position[joint]) / (2 * .pi)
        // Half a count for the reading, half for the goal's rounding to counts, and the 1/51200 turn to which the wire's value is cut.
        #expect(abs(turns - Double(goals[joint])) <= 1.0 / 16384 + 1.0 / 51200, "joint \(joint + 1)")
      }
      #expect(channel.arm.velocity.maximumMagnitude < 2e-3)
    }
  }

  @Test func theCurrentLimitBoundsTheEffortAndItsIntegralDoesNotWindUp() throws {
    let channel = try channel(coulomb: 0.1)
    var host = try channel.startHost()
    try host.send(CtrlStep.Message(.setCurrentLimit, node: 1, value: 0.5))
    try host.send(CtrlStep.Message(.position, node: 1, value: 0))
    channel.now += 0.1
    // Held off by more than the limit can push, for a while; then let go.
    channel.arm.plant.externalEffort = [3.5]
    channel.now += 0.2
    #expect(try drive(channel).current == -0.5)
    try host.send(CtrlStep.Message(.readCurrent, node: 1))
    channel.now += 0.002
    #expect(try host.messages().last?.value == -0.5)
    channel.arm.plant.externalEffort = [0]
    channel.now += 3
    #expect(abs(turns(channel.arm.position)) < 2.0 / 16384)
  }

  @Test func turnsAreKnownWithinOneOnlyAfterAPowerCut() throws {
    let channel = try channel(coulomb: 0.5)
    var host = try channel.startHost()
    try host.send(CtrlStep.Message(.position, node: 1, value: 3.25))
    channel.now += 3
    try host.send(CtrlStep.Message(.readPosition, node: 1))
    channel.now += 0.002
    #expect(abs((try host.messages().last?.value ?? 0) - 3.25) < 2.0 / 16384)
    channel.arm.cyclePower()
    channel.now += 0.2
    try host.send(CtrlStep.Message(.readPosition, node: 1))
    channel.now += 0.002
    #expect(abs((try host.messages().last?.value ?? 0) - 0.25) < 2.0 / 16384)
  }

  @Test func signAndZeroOfTheDriveTrainAreObeyed() throws {
    let channel = try channel(coulomb: 0.1, trainOffset: 0.5, direction: -1)
    let host = try channel.startHost()
    try host.send(CtrlStep.Message(.position, node: 1, value: 3))
    channel.now += 3
    let expected = 0.5 - 3 * 2 * Double.pi / 30
    #expect(abs(channel.arm.position[0] - expected) < 2e-5)
  }

  @Test func stallProtectionIsOffUntilAskedFor() throws {
    // 3 N·m can be pushed with, 5 N·m hold.
    let channel = try channel(coulomb: 5)
    var host = try channel.startHost()
    try host.send(CtrlStep.Message(.setCurrentLimit, node: 1, value: 0.5))
    try host.send(CtrlStep.Message(.position, node: 1, value: 2))
    channel.now += 3
    #expect(try drive(channel).current == 0.5 && !drive(channel).isStalled)
    try host.send(CtrlStep.Message(.setStallProtection, node: 1, word: 1))
    channel.now += 1.1
    #expect(try drive(channel).current == 0 && drive(channel).isStalled)
    try host.send(CtrlStep.Message(.readPosition, node: 1))
    channel.now += 0.002
    #expect(try host.messages().last?.flag == false)
    // A new mode begins afresh.
    try host.send(CtrlStep.Message(.velocity, node: 1, value: 0))
    channel.now += 0.01
    #expect(try !drive(channel).isStalled)
  }
}
