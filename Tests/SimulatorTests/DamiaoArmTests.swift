import Foundation
import Kinematics
import MotorDrivers
import TestSupport
import Testing

@testable import Simulator

/// OpenArm's seven Damiao motors on one emulated bus, driven by the bus driver on logical time.
@Suite struct DamiaoArmTests {
  /// At the driver's side of the wire, tick by tick at 500 Hz.
  final class Rig {
    static let period = 0.002
    let model: RobotModel
    let line: LockstepChannel
    let bus: DamiaoBus
    private(set) var states: [MotorState]
    private(set) var time = 0.0
    /// Joint positions to hold [rad], and how stiffly.
    var goal: JointVector
    var goalVelocity = JointVector(count: 7)
    var stiffness: [Double] = [240, 240, 240, 240, 24, 31, 25]
    var damping: [Double] = [8, 8, 6, 6, 0.6, 0.6, 0.6]
    var isOn = true

    init(at position: JointVector = [0.4, 0.3, -0.2, 1.2, 0.3, 0.2, -0.3], lossShare: Double = 0) throws {
      model = try SimulatedModels.openArm()
      line = LockstepChannel(arm: SimulatedModels.openArmBus(model, at: position))
      bus = DamiaoBus(name: "can0", channel: line, motors: SimulatedModels.openArmMotors)
      states = Array(repeating: MotorState(), count: 7)
      goal = position
      try bus.connect()
      line.arm.lossShare = lossShare
      time = line.now
    }

    var truth: JointVector { line.arm.position }

    func run(_ seconds: Double, eachTick: () -> Void = {}) throws {
      time = max(time, line.now)
      let end = time + seconds
      while time < end {
        time = max(time, line.now) + Self.period
        line.now = time
        try bus.receive(into: &states, time: time)
        let gravity = model.gravityEffort(at: JointVector(states.map(\.position)))
        let commands = (0..<7).map { joint in
          isOn
            ? MotorCommand.impedance(
              position: goal[joint], velocity: goalVelocity[joint], effort: gravity[joint], stiffness: stiffness[joint], damping: damping[joint])
            : .off
        }
        try bus.send(commands, time: time)
        eachTick()
      }
    }

    /// The largest distance of a joint from its goal [rad].
    var stray: Double { zip(goal, truth).map { abs($0 - $1) }.max() ?? 0 }
    func motor(_ joint: Int) -> EmulatedDamiao { line.arm.drives[joint] as! EmulatedDamiao }
  }

  @Test func gravityIsHeld() throws {
    let rig = try Rig()
    try rig.run(0.2)
    var worst = 0.0
    try rig.run(2) { worst = max(worst, rig.stray) }
    #expect(worst < 0.006, "\(worst) rad")
    #expect(rig.states.allSatisfy { $0.missedReplies == 0 && $0.faults.isEmpty })
    for joint in 0..<7 {
      #expect(abs(rig.states[joint].position - rig.truth[joint]) < 25.0 / 65_535 + 1e-9, "told to one code")
      // Friction takes the rest.
      let gravity = rig.model.gravityEffort(at: rig.truth)[joint]
      #expect(abs((rig.states[joint].effort ?? 0) - gravity) < SimulatedModels.openArmTrains[joint].coulomb + 0.05)
    }
  }

  /// 14 frames a tick: 500 Hz on one bus, with every answer in time for the next tick.
  @Test func sevenMotorsFitOneBusAt500Hz() throws {
    let rig = try Rig()
    try rig.run(0.3)
    let busy = rig.line.arm.busyTime
    let start = rig.time
    var oldest = 0.0
    var amplitude = 0.0
    try rig.run(2) {
      amplitude = 0.3 * sin(3 * (rig.time - start))
      rig.goal = [0.4 + amplitude, 0.3 + amplitude, -0.2 + amplitude, 1.2 + amplitude, 0.3 + amplitude, 0.2 + amplitude, -0.3 + amplitude]
      rig.goalVelocity = JointVector(repeating: 0.9 * cos(3 * (rig.time - start)), count: 7)
      oldest = max(oldest, rig.states.map { rig.time - ($0.sampleTime ?? 0) }.max() ?? 1)
    }
    let load = (rig.line.arm.busyTime - busy) / 2
    #expect(load > 0.80 && load < 0.90, "\(load)")
    #expect(oldest < Rig.period + 1e-9, "\(oldest)")
    // The driver reckons with half of the stuff bits that there could be.
    #expect(abs(rig.bus.statistics.load - load) < 0.06, "the driver's own figure: \(rig.bus.statistics.load)")
    #expect(rig.bus.statistics.missed == 0)
  }

  @Test func aMoveIsFollowed() throws {
    let rig = try Rig()
    try rig.run(0.3)
    let start = rig.goal, begin = rig.time
    var worst = 0.0
    // A minimum-jerk move of half a radian on every joint in one second.
    try rig.run(1.2) {
      let s = min(rig.time - begin, 1)
      let way = s * s * s * (10 - 15 * s + 6 * s * s), speed = s < 1 ? 30 * s * s * (1 - s) * (1 - s) : 0
      rig.goal = start + (0.5 * way) * JointVector([1, -1, 1, 1, -1, -1, 1])
      rig.goalVelocity = (0.5 * speed) * JointVector([1, -1, 1, 1, -1, -1, 1])
      worst = max(worst, rig.stray)
    }
    #expect(worst < 0.08, "\(worst) rad")
    #expect(rig.stray < 0.008, "\(rig.stray) rad at the end")
  }

  @Test(arguments: [0.05, 0.1]) func lostFramesAreSurvived(share: Double) throws {
    let rig = try Rig(lossShare: share)
    try rig.run(0.2)
    var worst = 0.0
    try rig.run(5) { worst = max(worst, rig.stray) }
    #expect(worst < 0.006, "\(worst) rad")
    #expect(rig.states.allSatisfy { $0.faults.isEmpty })
    #expect(abs(rig.bus.statistics.errorRate - (1 - (1 - share) * (1 - share))) < 0.09)
  }

  /// The controller falls silent: every motor lets go after its own time, and says so when it is asked again.
  @Test func silenceLetsTheMotorsGo() throws {
    let rig = try Rig()
    try rig.run(0.3)
    rig.line.now += 0.045
    #expect((0..<7).allSatisfy { rig.motor($0).status == .enabled })
    rig.line.now += 0.01
    #expect((0..<7).allSatisfy { rig.motor($0).status == .communicationLost && rig.motor($0).torque == 0 })
    try rig.run(0.05)
    #expect(rig.states.allSatisfy { $0.faults == .communicationLost })
    rig.goal = rig.truth
    rig.bus.clearFaults()
    try rig.run(0.05)
    rig.goal = rig.truth
    #expect((0..<7).allSatisfy { rig.motor($0).status == .enabled } && rig.states.allSatisfy { $0.faults.isEmpty })
    try rig.run(1)
    #expect(rig.stray < 0.02)
  }

  @Test func oneFaultedMotorLeavesTheOthersHolding() throws {
    let rig = try Rig()
    try rig.run(0.3)
    var motor = rig.motor(5)
    motor.fail(.windingOverTemperature)
    rig.line.arm.drives[5] = motor
    try rig.run(0.5)
    #expect(rig.states.map(\.faults) == [[], [], [], [], [], .overTemperature, []])
    for joint in [0, 1, 2, 3, 4] { #expect(abs(rig.truth[joint] - rig.goal[joint]) < 0.02) }
  }

  @Test func offIsWithoutTorqueAndHeardOf() throws {
    let rig = try Rig()
    try rig.run(0.2)
    rig.isOn = false
    try rig.run(0.1)
    #expect((0..<7).allSatisfy { rig.motor($0).status == .disabled && rig.motor($0).torque == 0 })
    #expect(rig.states.allSatisfy { $0.missedReplies == 0 && rig.time - ($0.sampleTime ?? 0) < 0.0021 })
    #expect(abs(rig.truth[1] - rig.goal[1]) > 0.01, "the arm falls")
  }

  @Test func theSameBytesGiveTheSameMotion() throws {
    func flight() throws -> [Double] {
      let rig = try Rig(lossShare: 0.05)
      try rig.run(0.5)
      return Array(rig.truth)
    }
    #expect(try flight() == flight())
  }
}
