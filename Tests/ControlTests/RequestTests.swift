@testable import Control
import Kinematics
import Planner
import Testing

/// What each request does in each state of the arm.
@Suite struct RequestTests {
  enum State: String, Sendable, CaseIterable {
    case off, holding, moving, braking, stopped, floating, switchingOff, faulted, released, pressed

    var rig: CoreRig {
      var rig: CoreRig
      switch self {
      case .off: rig = CoreRig()
      case .holding: rig = .holding
      case .moving: rig = .moving
      case .braking:
        rig = .moving
        rig.tick(stop: true)
        rig.tick(count: 5)
      case .stopped:
        rig = .holding
        rig.tick(stop: true)
      case .floating:
        rig = .holding
        rig.input.effort = TestArm.model.gravityEffort(at: TestArm.home)
        rig.tick(.float)
      case .switchingOff:
        rig = .moving
        rig.tick(.off)
        rig.tick(count: 5)
      case .faulted:
        rig = .holding
        rig.input.noiseShare = 0.5
        rig.tick()
        rig.input.noiseShare = 0
      case .released, .pressed:
        rig = .holding
        rig.input.isEmergencyStopPressed = true
        rig.tick()
        rig.input.isEmergencyStopPressed = self == .pressed
      }
      _ = rig.takeEvents()
      return rig
    }
  }

  enum Outcome: Sendable {
    /// The mode after the request's tick, and when the arm has come to rest.
    case to(ControlMode, ControlMode)
    /// Nothing but the refusal.
    case no(ControlRefusal)
  }

  struct Row: Sendable {
    let state: State
    let hold, off, float, follow, cancel, reset, stop: Outcome
  }

  static let rows: [Row] = [
    Row(
      state: .off, hold: .to(.hold, .hold), off: .to(.off, .off), float: .no(.off), follow: .no(.off), cancel: .no(.noSuchJob),
      reset: .to(.off, .off), stop: .to(.off, .off)),
    Row(
      state: .holding, hold: .to(.hold, .hold), off: .to(.off, .off), float: .to(.float, .float), follow: .to(.move, .hold),
      cancel: .no(.noSuchJob), reset: .to(.hold, .hold), stop: .to(.stopped, .stopped)),
    Row(
      state: .moving, hold: .to(.hold, .hold), off: .to(.stopped, .off), float: .no(.busy), follow: .no(.busy), cancel: .to(.stopped, .stopped),
      reset: .to(.move, .hold), stop: .to(.stopped, .stopped)),
    Row(
      state: .braking, hold: .to(.hold, .hold), off: .to(.stopped, .off), float: .no(.busy), follow: .no(.busy), cancel: .no(.noSuchJob),
      reset: .to(.stopped, .stopped), stop: .to(.stopped, .stopped)),
    Row(
      state: .stopped, hold: .to(.hold, .hold), off: .to(.off, .off), float: .to(.float, .float), follow: .to(.move, .hold),
      cancel: .no(.noSuchJob), reset: .to(.stopped, .stopped), stop: .to(.stopped, .stopped)),
    Row(
      state: .floating, hold: .to(.hold, .hold), off: .to(.off, .off), float: .to(.float, .float), follow: .no(.floating),
      cancel: .no(.noSuchJob), reset: .to(.float, .float), stop: .to(.stopped, .stopped)),
    Row(
      state: .switchingOff, hold: .to(.hold, .hold), off: .to(.stopped, .off), float: .no(.off), follow: .no(.off), cancel: .no(.noSuchJob),
      reset: .to(.stopped, .off), stop: .to(.stopped, .stopped)),
    Row(
      state: .faulted, hold: .no(.faulted), off: .to(.fault, .fault), float: .no(.faulted), follow: .no(.faulted), cancel: .no(.noSuchJob),
      reset: .to(.hold, .hold), stop: .to(.fault, .fault)),
    Row(
      state: .released, hold: .no(.faulted), off: .to(.fault, .fault), float: .no(.faulted), follow: .no(.faulted), cancel: .no(.noSuchJob),
      reset: .to(.hold, .hold), stop: .to(.fault, .fault)),
    Row(
      state: .pressed, hold: .no(.faulted), off: .to(.fault, .fault), float: .no(.faulted), follow: .no(.faulted), cancel: .no(.noSuchJob),
      reset: .no(.emergencyStop), stop: .to(.fault, .fault)),
  ]

  @Test func everyStateHasItsRow() { #expect(Self.rows.map(\.state) == State.allCases) }

  @Test(arguments: rows) func answersAsTheTableSays(_ row: Row) {
    let move = TestArm.move
    check(row, "hold", .hold, .mode(.hold), row.hold)
    check(row, "off", .off, nil, row.off)
    check(row, "float", .float, .mode(.float), row.float)
    check(row, "follow", .follow(move, job: 7), .follow(job: 7), row.follow)
    check(row, "cancel", .cancel(job: 1), .cancel(job: 1), row.cancel)
    check(row, "reset", .reset, .reset, row.reset)
    check(row, "stop", nil, nil, row.stop)
  }

  private func check(_ row: Row, _ column: Comment, _ request: ControlRequest?, _ name: ControlEvent.Request?, _ outcome: Outcome) {
    var rig = row.state.rig
    let before = rig.core.mode
    if let request { rig.tick(request) } else { rig.tick(stop: true) }
    let refusals = rig.takeEvents().filter { if case .refused = $0 { true } else { false } }
    switch outcome {
    case .to(let mode, let end):
      #expect(refusals == [], "\(row.state) \(column)")
      #expect(rig.core.mode == mode, "\(row.state) \(column)")
      rig.settle()
      rig.tick()
      #expect(rig.core.mode == end, "\(row.state) \(column) in the end")
    case .no(let refusal):
      #expect(name != nil && refusals == [.refused(name!, refusal)], "\(row.state) \(column)")
      #expect(rig.core.mode == before, "\(row.state) \(column)")
    }
  }

  @Test func offInAFaultTakesThePowerAndResetDoesNotBringItBack() {
    var rig = State.faulted.rig
    #expect(rig.core.isPowered)
    rig.tick(.off)
    #expect(!rig.core.isPowered)
    #expect(rig.takeEvents() == [.powerChanged(isOn: false)])
    rig.tick(.reset)
    #expect(rig.core.mode == .off)
    #expect(rig.takeEvents() == [.cleared, .modeChanged(.off)])
  }

  @Test func offInAFaultBrakesFirst() {
    var rig = CoreRig.moving
    rig.input.noiseShare = 0.5
    rig.tick()
    rig.input.noiseShare = 0
    rig.tick(.off)
    #expect(rig.core.isPowered && rig.core.isMoving)
    rig.settle()
    rig.tick()
    #expect(!rig.core.isPowered)
    #expect(rig.core.mode == .fault)
  }

  @Test func aFaultWhileSwitchingOffStillEndsWithoutPower() {
    var rig = State.switchingOff.rig
    rig.input.noiseShare = 0.5
    rig.tick()
    rig.input.noiseShare = 0
    #expect(rig.core.mode == .fault && rig.core.isPowered)
    rig.settle()
    rig.tick()
    #expect(!rig.core.isPowered)
    rig.tick(.reset)
    #expect(rig.core.mode == .off)
  }

  @Test func resetDuringTheBrakeGoesOnBraking() {
    var rig = CoreRig.moving
    rig.input.noiseShare = 0.5
    rig.tick()
    rig.input.noiseShare = 0
    let before = rig.core.setpoint
    rig.tick(.reset)
    #expect(rig.core.mode == .hold)
    #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint))
    rig.settle()
    #expect(rig.core.mode == .hold)
  }

  @Test func aMotionFromElsewhereIsRefused() {
    var rig = CoreRig.holding
    var elsewhere = TestArm.home
    elsewhere[2] += 0.1
    rig.tick(.follow(TestArm.move(from: elsewhere, to: TestArm.home), job: 3))
    guard case .refused(.follow(job: 3), .startsElsewhere(joint: 2, let gap))? = rig.takeEvents().last else {
      Issue.record("not refused")
      return
    }
    #expect(abs(gap - 0.1) < 1e-12)
    #expect(rig.core.mode == .hold)
  }

  @Test func floatNeedsEfforts() {
    var rig = CoreRig.holding
    rig.input.withoutEffort.insert(4)
    rig.tick(.float)
    #expect(rig.core.mode == .hold)
    #expect(rig.takeEvents().last == .refused(.mode(.float), .noEffort(joint: 4)))
  }

  @Test(arguments: [
    ("never heard", ControlRefusal.notHeard(joint: 1)), ("emergency stop", .emergencyStop), ("lost bus", .busLost(index: 1)),
    ("dead line", .safetyLine),
  ]) func resetIsRefusedWhileTheCauseIsThere(_ cause: String, _ refusal: ControlRefusal) {
    var rig = CoreRig.holding
    switch cause {
    case "never heard":
      rig.silent = [1]
      rig.tick(count: 20)
    case "emergency stop": rig.input.isEmergencyStopPressed = true
    case "lost bus": rig.input.lostBus = 1
    default: rig.input.isSafetyLineDead = true
    }
    rig.tick()
    _ = rig.takeEvents()
    rig.tick(.reset)
    #expect(rig.takeEvents() == [.refused(.reset, refusal)])
    #expect(rig.core.mode == .fault)
  }

  @Test func manyRequestsInOneTickLoseNoEvent() {
    let rig = ArmRig.holding()
    for job in 1...60 { rig.request(.cancel(job: job)) }
    rig.button.isPressed = true
    rig.tick(count: 20)
    let events = rig.takeEvents()
    let refused = events.compactMap { if case .refused(.cancel(let job), .noSuchJob) = $0 { job } else { nil } }
    #expect(refused == Array(1...60))
    #expect(events.contains(.faulted(.emergencyStop)))
    #expect(rig.snapshot.droppedEvents == 0)
  }

  @Test func theSixtyFifthWaitingRequestIsTurnedAway() {
    let rig = ArmRig.holding()
    for _ in 0..<64 { #expect(rig.arm.post(.hold)) }
    #expect(!rig.arm.post(.hold))
    rig.tick(count: 10)
    #expect(rig.arm.post(.hold))
  }

  @Test func aStopOvertakesTheMotionsPostedBeforeItAndNoneAfter() {
    let rig = ArmRig.holding()
    for job in 1...20 { rig.request(.follow(TestArm.move, job: job)) }
    rig.arm.stop()
    rig.request(.follow(TestArm.move, job: 21))
    rig.tick(count: 5)
    let refused = rig.takeEvents().compactMap { event -> Int? in
      if case .refused(.follow(let job), .stopped) = event { job } else { nil }
    }
    #expect(refused == Array(1...20))
    #expect(rig.snapshot.job == 21)
  }
}
