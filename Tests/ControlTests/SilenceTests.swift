@testable import Control
import Kinematics
import MotorDrivers
import Planner
import TestSupport
import Testing

/// Buses that fall silent, break, and come back.
@Suite struct SilenceTests {
  @Test func aMotorMayMissRepliesForTwentyMilliseconds() {
    let rig = ArmRig.moving()
    rig.buses[0].mute = [1]
    rig.tick(count: 10)
    rig.buses[0].mute = []
    rig.tick(count: 10)
    #expect(rig.snapshot.mode == .move)
  }

  @Test func aSilentMotorStopsTheOthersSmoothly() {
    let rig = ArmRig.moving()
    rig.buses[0].mute = [1]
    rig.tick(count: 11)
    #expect(rig.snapshot.fault == .busSilent(joint: 1, seconds: 0.022) || rig.snapshot.fault?.kind == "bus.silent")
    #expect(rig.snapshot.isPowered)
    let events = rig.takeEvents()
    #expect(events.prefix(2) == [.interrupted(job: 1, by: .fault), .modeChanged(.fault)])
    rig.checkCommands(during: 1000)
    #expect(rig.snapshot.isAtRest)
  }

  /// The motor slept at its last setpoint while the others came to rest; it is taken up where it is.
  @Test func aJointThatIsHeardAgainIsNotPulledBack() {
    let rig = ArmRig.moving()
    rig.buses[0].mute = [1]
    rig.buses[0].blocked = [1]
    rig.tick(count: 500)
    let asleep = rig.position[1]
    let others = rig.commanded!
    #expect((others[1] - asleep).magnitude > 0.1)
    rig.buses[0].mute = []
    rig.tick(count: 1)
    #expect((rig.commanded![1] - asleep).magnitude < 1e-9)
    rig.buses[0].blocked = []
    rig.tick(count: 200)
    #expect((rig.position[1] - asleep).magnitude < 1e-9)
    for joint in [0, 2, 3, 4, 5] { #expect(rig.commanded![joint] == others[joint], "joint \(joint) was never silent") }
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .hold)
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  /// A motor that fell silent and was pushed on meanwhile is caught in its stride.
  @Test func aJointThatIsHeardAgainInMotionIsBraked() {
    let rig = ArmRig.holding()
    rig.buses[0].mute = [1]
    rig.buses[0].blocked = [1]
    rig.tick(count: 20)
    for _ in 0..<40 {
      rig.position[1] += 0.5 * TestArm.period
      rig.tick()
    }
    rig.buses[0].mute = []
    for _ in 0..<2 {
      rig.position[1] += 0.5 * TestArm.period
      rig.tick()
    }
    let velocity = rig.arm.recorder.last(seconds: 1).last!.setpointVelocity[1]
    #expect(velocity > 0.4 && velocity <= 0.5)
    rig.buses[0].blocked = []
    rig.checkCommands(during: 300)
    #expect(rig.snapshot.isAtRest)
  }

  @Test func resetDoesNotComeBeforeTheJointIsFound() {
    let rig = ArmRig.moving()
    rig.buses[0].mute = [1]
    rig.tick(count: 20)
    rig.buses[0].mute = []
    rig.takeEvents()
    rig.request(.reset)
    rig.tick()
    #expect(rig.takeEvents() == [.refused(.reset, .notHeard(joint: 1))], "its velocity is not known yet")
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .hold)
  }

  @Test func aLongTickIsNoSilence() {
    let rig = ArmRig.moving()
    rig.time += 0.3
    rig.tick(count: 20)
    #expect(rig.snapshot.mode == .move)
  }

  @Test func theFirstTicksWaitForTheFirstReplies() {
    let rig = ArmRig()
    rig.time += 5
    rig.buses[0].mute = [0, 1, 2]
    rig.tick(count: 10)
    #expect(rig.snapshot.mode == .off)
    rig.buses[0].mute = []
    rig.tick(count: 100)
    #expect(rig.snapshot.mode == .off && rig.snapshot.isHeard)
  }

  @Test func aMotorThatNeverAnswersIsAFaultSoonAfterTheStart() {
    let rig = ArmRig()
    rig.buses[1].mute = [2]
    rig.tick(count: 20)
    #expect(rig.snapshot.fault?.joint == 5)
  }

  @Test func aBrokenBusIsLeftAloneUntilItIsConnected() {
    let rig = ArmRig.moving()
    rig.buses[0].isCut = true
    rig.buses[0].isUnplugged = true
    rig.tick()
    #expect(rig.snapshot.fault == .busLost(index: 0))
    #expect(throws: BusError.cannotOpen(port: "can0", reason: "no such file")) { try rig.arm.connect() }
    rig.checkCommands(during: 200, joints: 3..<6)
    #expect(rig.buses.map(\.connections) == [1, 1])
    rig.buses[0].isUnplugged = false
    rig.connect()
    #expect(rig.buses.map(\.connections) == [2, 1])
  }

  /// The drives held their last setpoint while the others braked. Nothing may move when the adapter is back, nor when the fault is reset.
  @Test(arguments: [0, 100, 2000]) func aBusThatComesBackFindsItsJointsWhereTheyAre(_ ticks: Int) {
    let rig = ArmRig.moving()
    rig.buses[0].isCut = true
    rig.tick(count: 1 + ticks)
    rig.position[2] -= 0.05
    let found = rig.position
    rig.connect()
    rig.request(.reset)
    for _ in 0..<10 {
      rig.tick()
      for joint in 0..<3 { #expect((rig.commanded![joint] - found[joint]).magnitude < 1e-6, "joint \(joint)") }
    }
    rig.request(.reset)
    rig.settle()
    #expect(rig.snapshot.mode == .hold)
    for joint in 0..<3 { #expect((rig.position[joint] - found[joint]).magnitude < 1e-6, "joint \(joint)") }
    rig.bring(to: TestArm.home)
    #expect(rig.takeEvents().last == .finished(job: 99))
  }

  /// A motor on a bus that came back is told nothing but `off` before it has been heard.
  @Test func noSetpointGoesToAMotorThatWasNotHeardSinceTheBusCameBack() {
    let rig = ArmRig.moving()
    rig.buses[0].isCut = true
    rig.tick(count: 500)
    rig.buses[0].mute = [0, 1, 2]
    rig.connect()
    rig.tick(count: 5)
    #expect(rig.buses[0].commands.allSatisfy { $0 == .off })
    let found = rig.position
    rig.buses[0].mute = []
    rig.tick(count: 5)
    #expect((rig.commanded! - found).maximumMagnitude < 1e-6)
  }

  @Test func aFewLostRepliesDoNotDisturbAMove() {
    var random = SeededGenerator(seed: 5)
    let rig = ArmRig.holding()
    rig.request(.follow(TestArm.move, job: 1))
    for _ in 0..<1500 {
      for bus in rig.buses { bus.mute = Set((0..<3).filter { _ in Double.random(in: 0..<1, using: &random) < 0.1 }) }
      rig.tick()
    }
    #expect(rig.takeEvents().last == .finished(job: 1))
  }

  @Test(arguments: 1...4) func oldSamplesDoNotMakeAFollowingError(_ delay: Int) {
    var settings = TestArm.settings
    settings.followingError = JointVector(repeating: 0.02, count: 6)
    let rig = ArmRig.holding(settings: settings, delay: delay)
    rig.request(.follow(TestArm.move, job: 1))
    rig.settle()
    #expect(rig.takeEvents().last == .finished(job: 1))
  }
}

extension ArmRig {
  /// Ticks, and checks that no motor of `joints` is ever told to leap: its commands never change by more than 1.1 of its velocity limit allows, nor
  /// their difference by more than a brake's acceleration does.
  func checkCommands(during ticks: Int, joints: Range<Int> = 0..<6) {
    let limits = TestArm.model.limits
    var before = told, step: [Double]?
    for _ in 0..<ticks {
      tick()
      let now = told
      let nextStep = joints.map { now[$0] - before[$0] }
      for (index, joint) in joints.enumerated() {
        #expect(nextStep[index].magnitude <= 1.1 * limits.velocity[joint] * TestArm.period)
        guard let step else { continue }
        #expect((nextStep[index] - step[index]).magnitude <= 1.01 * limits.acceleration[joint] * TestArm.period * TestArm.period)
      }
      before = now
      step = nextStep
    }
  }

  /// What each motor was told last, at the joints [rad]; 0 for none.
  private var told: [Double] {
    wiring.map {
      guard case .position(let rotor, _) = buses[$0.bus].commands[$0.motor] else { return 0 }
      return $0.transmission.jointPosition(ofRotor: rotor)
    }
  }
}
