import Control
import Kinematics
import Planner
import Testing

@Suite struct JobTests {
  @Test func aJobTellsOfItselfInOrder() {
    var rig = CoreRig.holding
    _ = rig.takeEvents()
    rig.tick(.follow(TestArm.move, job: 5))
    #expect(rig.core.job == 5)
    #expect(rig.takeEvents() == [.started(job: 5), .modeChanged(.move)])
    var progress = 0.0
    while rig.core.job != nil {
      #expect(rig.core.progress >= progress && rig.core.progress <= 1)
      progress = rig.core.progress
      rig.tick()
    }
    #expect(progress > 0.99)
    #expect(rig.takeEvents() == [.modeChanged(.hold), .finished(job: 5)])
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.move.end))
  }

  @Test func itTakesThePlannedTime() {
    var rig = CoreRig.holding
    rig.tick(.follow(TestArm.move, job: 5))
    var ticks = 1
    while rig.core.mode == .move {
      rig.tick()
      ticks += 1
    }
    #expect(ticks == Int((TestArm.move.duration / TestArm.period).rounded(.up)))
  }

  @Test func theSetpointIsTheTrajectorys() {
    var rig = CoreRig.holding
    rig.tick(.follow(TestArm.move, job: 5))
    for tick in 1...300 {
      #expect(rig.core.setpoint.position == TestArm.move.setpoint(at: rig.elapsed(tick)).position)
      rig.tick()
    }
  }

  @Test func theNextJobFollowsAtOnce() {
    var rig = CoreRig.holding
    rig.tick(.follow(TestArm.move, job: 1))
    while rig.core.mode == .move { rig.tick() }
    rig.tick(.follow(TestArm.move(from: TestArm.move.end, to: TestArm.home), job: 2))
    #expect(rig.core.job == 2)
    rig.settle()
    #expect(rig.takeEvents().last == .finished(job: 2))
    #expect((rig.core.setpoint.position - TestArm.home).maximumMagnitude < 1e-12)
  }

  @Test func aMotionOfNoLengthIsDoneInOneTick() {
    var rig = CoreRig.holding
    _ = rig.takeEvents()
    rig.tick(.follow(TestArm.move(to: TestArm.home), job: 1))
    #expect(rig.takeEvents() == [.started(job: 1), .modeChanged(.move), .modeChanged(.hold), .finished(job: 1)])
  }

  @Test func cancelBrakesItsOwnJobOnly() {
    var rig = CoreRig.moving
    _ = rig.takeEvents()
    rig.tick(.cancel(job: 2))
    #expect(rig.takeEvents() == [.refused(.cancel(job: 2), .noSuchJob)])
    #expect(rig.core.job == 1)
    rig.tick(.cancel(job: 1))
    #expect(rig.takeEvents() == [.interrupted(job: 1, by: .cancel), .modeChanged(.stopped)])
    #expect(rig.core.job == nil && rig.core.progress == 0)
    rig.settle()
    #expect(rig.core.isPowered)
  }

  @Test(arguments: [(ControlRequest.hold, ControlMode.hold), (.off, .stopped)]) func aModeInterrupts(_ request: ControlRequest, _ mode: ControlMode) {
    var rig = CoreRig.moving
    _ = rig.takeEvents()
    rig.tick(request)
    #expect(rig.takeEvents() == [.interrupted(job: 1, by: .mode), .modeChanged(mode)])
  }

  @Test func aMotionBeyondTheLimitsIsStoppedBeforeItPassesThem() {
    var loose = TestArm.model.limits
    loose.upper[1] = 3
    var target = TestArm.home
    target[1] = 2.5
    let move = try! Trajectory.jointMove(from: TestArm.home, to: target, limits: loose)
    var rig = CoreRig.holding
    rig.tick(.follow(move, job: 1))
    _ = rig.takeEvents()
    var highest = 0.0
    for _ in 0..<2000 {
      rig.tick()
      highest = max(highest, rig.core.setpoint.position[1])
    }
    let events = rig.takeEvents()
    #expect(events.first == .interrupted(job: 1, by: .fault))
    guard case .limit(.position, joint: 1, let value, let limit)? = rig.core.fault else {
      Issue.record("no fault: \(events)")
      return
    }
    #expect(value > limit && limit == TestArm.model.limits.upper[1])
    // At full speed it can do no better than brake from where it was noticed.
    let stop = JerkLimitedStop(from: rig.fastest(at: limit), limits: TestArm.model.limits)
    let unavoidable = (0...1000).reduce(0) { max($0, stop.setpoint(at: stop.duration * Double($1) / 1000).position[1]) }
    #expect(highest <= unavoidable + 1e-6)
    #expect(rig.core.isPowered)
    rig.tick(.reset)
    #expect(rig.core.mode == .hold)
  }

  @Test(arguments: [("velocity", 1.5), ("acceleration", 2.0)]) func aMotionFasterThanTheLimitsIsStopped(_ quantity: String, _ factor: Double) {
    var loose = TestArm.model.limits
    loose.velocity = (quantity == "velocity" ? factor : 1) * loose.velocity
    loose.acceleration = (quantity == "acceleration" ? factor : 1) * loose.acceleration
    loose.jerk = 4 * loose.jerk
    let move = try! Trajectory.jointMove(from: TestArm.home, to: TestArm.move.end, limits: loose)
    var rig = CoreRig.holding
    rig.tick(.follow(move, job: 1))
    rig.settle()
    #expect(rig.core.fault?.kind == "limit.\(quantity)")
  }
}

extension CoreRig {
  /// How long a motion is under way after `ticks` ticks [s], added up as the core does.
  fileprivate func elapsed(_ ticks: Int) -> Double { (0..<ticks).reduce(0) { sum, _ in sum + TestArm.period } }

  /// The shoulder at `position` and full speed, one period on.
  fileprivate func fastest(at position: Double) -> JointSetpoint {
    var setpoint = core.setpoint
    setpoint.velocity[1] = TestArm.model.limits.velocity[1]
    setpoint.position[1] = position + setpoint.velocity[1] * TestArm.period
    return setpoint
  }
}
