@testable import Control
import Kinematics
import MotorDrivers
import Testing

/// What each cause does to an arm that holds still, what it is called, and what `reset` makes of it.
@Suite struct FaultTests {
  struct Row: Sendable {
    let kind, sentence: String
    /// Makes the fault, on an arm that holds `TestArm.home`.
    let cause: @Sendable (ArmRig) -> Void
    /// Whether the motors keep their torque.
    var keepsPower = true
    /// What `reset` says while the cause is there; nil where it helps at once.
    var refusal: ControlRefusal?
    var cure: @Sendable (ArmRig) -> Void = { _ in }
  }

  static let rows: [Row] = [
    Row(
      kind: "bus.silent", sentence: "The motor of elbow has not answered for 22 ms.", cause: { $0.buses[0].mute = [2] },
      refusal: .notHeard(joint: 2), cure: { $0.buses[0].mute = [] }),
    Row(
      kind: "bus.lost", sentence: "The connection to bus can1 is gone.", cause: { $0.buses[1].isCut = true }, refusal: .busLost(index: 1),
      cure: { $0.connect() }),
    Row(
      kind: "bus.noise", sentence: "20.0 % of the replies on bus can1 were lost or damaged; more than 15 % is not safe to drive on.",
      cause: { $0.buses[1].errorRate = 0.2 }),
    Row(
      kind: "following-error", sentence: "Elbow is 0.300 rad from its setpoint; 0.200 rad is allowed.",
      cause: {
        $0.buses[0].blocked = [2]
        $0.position[2] += 0.3
      }, cure: { $0.buses[0].blocked = [] }),
    Row(
      kind: "limit.position", sentence: "Elbow passed its position limit: 3.210 against 3.142 rad.",
      cause: {
        $0.bring(to: [0, 0, 3.1, 0, 0, 0])
        $0.buses[0].blocked = [2]
        $0.position[2] += 0.11
      }),
    Row(
      kind: "limit.effort", sentence: "Elbow passed its effort limit: 7.000 against 6.000 N·m.",
      cause: { $0.hand[2] = TestArm.model.gravityEffort(at: TestArm.home)[2] - 7 }, cure: { $0.hand[2] = 0 }),
    Row(
      kind: "motor.reference-lost", sentence: "The motor of forearm changed its zero by itself.",
      cause: { $0.buses[1].faults[0] = [.referenceLost, .stalled] }, cure: { $0.buses[1].faults[0] = [] }),
    Row(
      kind: "motor.stalled", sentence: "The motor of forearm stalled.", cause: { $0.buses[1].faults[0] = .stalled },
      cure: { $0.buses[1].faults[0] = [] }),
    Row(
      kind: "motor.over-temperature", sentence: "The motor of forearm is too hot.", cause: { $0.buses[1].faults[0] = .overTemperature },
      cure: { $0.buses[1].faults[0] = [] }),
    Row(
      kind: "motor.under-voltage", sentence: "The motor of forearm has too low a supply voltage.",
      cause: { $0.buses[1].faults[0] = [.underVoltage, .overTemperature] }, cure: { $0.buses[1].faults[0] = [] }),
    Row(
      kind: "emergency-stop", sentence: "The emergency stop is pressed.", cause: { $0.button.isPressed = true }, keepsPower: false,
      refusal: .emergencyStop, cure: { $0.button.isPressed = false }),
    Row(
      kind: "safety-line", sentence: "A safety line does not answer, so nothing may move.", cause: { $0.button.isDead = true }, keepsPower: false,
      refusal: .safetyLine, cure: { $0.button.isDead = false }),
  ]

  @Test(arguments: rows.indices) func happensAsTheTableSays(_ index: Int) {
    let row = Self.rows[index]
    let hint = Comment(rawValue: row.kind)
    let rig = ArmRig.holding()
    row.cause(rig)
    rig.takeEvents()
    for _ in 0..<200 where rig.snapshot.fault == nil { rig.tick() }
    guard let fault = rig.snapshot.fault else {
      Issue.record("no fault: \(row.kind)")
      return
    }
    #expect(fault.kind == row.kind)
    #expect(TestArm.sentence(fault) == row.sentence)
    #expect(!fault.suggestion.isEmpty)
    let power: [ControlEvent] = row.keepsPower ? [] : [.powerChanged(isOn: false)]
    #expect(rig.takeEvents() == [.modeChanged(.fault), .faulted(fault)] + power, hint)
    #expect(rig.snapshot.isPowered == row.keepsPower, hint)
    #expect(rig.enable.isActive == row.keepsPower, hint)

    // It stays until it is reset, and is told once.
    rig.tick(count: 20)
    #expect(rig.snapshot.fault == fault, hint)
    #expect(rig.takeEvents() == [], hint)

    if let refusal = row.refusal {
      rig.request(.reset)
      rig.tick()
      #expect(rig.takeEvents() == [.refused(.reset, refusal)], hint)
    }
    row.cure(rig)
    rig.tick(count: 300)
    let before = rig.snapshot.setpoint
    rig.request(.reset)
    rig.tick()
    let regained: [ControlEvent] = row.keepsPower ? [] : [.powerChanged(isOn: true)]
    #expect(rig.takeEvents() == [.cleared] + regained + [.modeChanged(.hold)], hint)
    #expect((rig.snapshot.setpoint - before).maximumMagnitude < 1e-9, "no jump at the reset: \(row.kind)")
    rig.tick(count: 200)
    #expect(rig.snapshot.mode == .hold && rig.snapshot.isAtRest, hint)
    #expect(rig.takeEvents() == [], hint)
  }

  @Test func aJointFasterThanItsLimitIsAFault() {
    let rig = ArmRig.holding()
    rig.takeEvents()
    rig.buses[0].blocked = [1]
    // Kicked back and forth, so that it never gets far.
    for _ in 0..<25 {
      rig.position[1] += 0.008
      rig.tick()
    }
    guard case .limit(.velocity, joint: 1, let value, limit: 2)? = rig.snapshot.fault else {
      Issue.record("no fault, or another: \(String(describing: rig.snapshot.fault))")
      return
    }
    #expect(value > 3.2 && value < 4.01)
  }

  @Test func oneWildSampleIsNoFault() {
    let rig = ArmRig.holding()
    rig.takeEvents()
    let truth = rig.position
    for wild in [0.5, -0.5, 3.0] {
      for _ in 0..<2 {
        rig.buses[0].blocked = [0, 1, 2]
        rig.position[1] = truth[1] + wild
        rig.tick()
      }
      rig.position = truth
      rig.buses[0].blocked = []
      rig.tick(count: 100)
    }
    #expect(rig.takeEvents() == [])
  }

  @Test func whatIsNoNumberCountsAsSilence() {
    let rig = ArmRig.moving()
    rig.buses[0].blocked = [1]
    rig.buses[0].positions[1] = .nan
    rig.tick(count: 20)
    #expect(rig.snapshot.fault?.kind == "bus.silent")
    #expect(rig.snapshot.position.isFinite && rig.snapshot.velocity.isFinite && rig.snapshot.setpoint.isFinite)
  }

  @Test func theEmergencyStopComesBeforeEverythingElse() {
    let rig = ArmRig.moving()
    rig.buses[0].isCut = true
    rig.buses[1].faults[0] = .stalled
    rig.button.isPressed = true
    rig.tick()
    #expect(rig.snapshot.fault == .emergencyStop)
  }

  @Test func anEmergencyStopDuringAFaultTakesThePower() {
    let rig = ArmRig.holding()
    rig.buses[0].errorRate = 0.5
    rig.tick()
    #expect(rig.snapshot.fault?.kind == "bus.noise" && rig.snapshot.isPowered)
    rig.button.isPressed = true
    rig.tick()
    #expect(rig.snapshot.fault?.kind == "bus.noise", "the first fault is the one that is told")
    #expect(!rig.snapshot.isPowered && rig.isOff)
  }

  @Test func aMotorsFaultIsForgottenByAResetAndComesBackWhereItPersists() {
    let rig = ArmRig.holding()
    rig.buses[1].faults[0] = .stalled
    rig.tick()
    rig.request(.reset)
    rig.tick()
    #expect(rig.buses.map(\.clearings) == [1, 1])
    #expect(rig.snapshot.mode == .hold)
    rig.tick()
    #expect(rig.snapshot.mode == .fault)
  }

  @Test func anArmThatIsOffFaultsToo() {
    let rig = ArmRig()
    rig.tick(count: 5)
    rig.button.isPressed = true
    rig.tick()
    #expect(rig.snapshot.mode == .fault)
    rig.button.isPressed = false
    rig.tick()
    rig.request(.reset)
    rig.tick()
    #expect(rig.snapshot.mode == .off && !rig.snapshot.isPowered)
  }

  @Test func snapshotAndRecordOfTheFaultAreThereBeforeItsEvent() {
    let rig = ArmRig.holding()
    rig.button.isPressed = true
    rig.prepareTick()
    rig.arm.tick(at: rig.time)
    while let event = rig.arm.nextEvent() {
      guard case .faulted(let fault) = event.event else { continue }
      #expect(rig.snapshot.fault == fault)
      #expect(rig.arm.recorder.last(seconds: 1, through: event.tick).last?.mode == .fault)
      #expect(rig.arm.recorder.last(seconds: 1, through: event.tick).last?.tick == event.tick)
      return
    }
    Issue.record("no fault was told")
  }
}

extension ArmRig {
  /// Moves there, and waits until it is done.
  func bring(to target: JointVector) {
    request(.follow(TestArm.move(from: snapshot.setpoint, to: target), job: 99))
    settle()
    tick(count: 10)
  }
}
