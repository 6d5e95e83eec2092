import Control
import Kinematics
import Planner
import TestSupport
import Testing

/// Pause, resume, back, and live speed: all of them on the path.
@Suite struct PauseTests {
  /// How far the setpoint is from the straight way between the move's ends [rad].
  static func offPath(_ q: JointVector, of move: Trajectory) -> Double {
    let way = move.end - move.start
    var along = 0.0
    var square = 0.0
    for joint in way.indices {
      along += (q[joint] - move.start[joint]) * way[joint]
      square += way[joint] * way[joint]
    }
    return (q - move.start - (along / square) * way).maximumMagnitude
  }

  struct Disturbance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: ControlRequest
  }

  static let disturbances = [
    Disturbance(testDescription: "pause", request: .pause), Disturbance(testDescription: "cancel", request: .cancel(job: 1)),
    Disturbance(testDescription: "back", request: .resume(.back)), Disturbance(testDescription: "a fifth", request: .setSpeed(0.2)),
    Disturbance(testDescription: "half", request: .setSpeed(0.5)), Disturbance(testDescription: "as fast as can be", request: .setSpeed(2)),
    Disturbance(testDescription: "speed 0", request: .setSpeed(0)),
  ]

  /// At any instant of any move, within every limit, jerk included.
  @Test(arguments: disturbances) func staysOnThePathWithinTheLimits(_ disturbance: Disturbance) {
    var random = SeededGenerator(seed: 81)
    let limits = TestArm.model.limits
    for _ in 0..<caseCount(40) {
      let start = StopTests.configuration(&random)
      let move = TestArm.move(from: start, to: StopTests.configuration(&random), speed: Double.random(in: 0.3...1, using: &random))
      let instant = Int(Double.random(in: 0...1, using: &random) * move.duration / TestArm.period)
      let hint: Comment = "\(disturbance.testDescription) after \(instant) ticks from \(start) to \(move.end)"
      var rig = CoreRig(at: start)
      rig.tick(.hold)
      rig.tick(.follow(move, job: 1))
      rig.tick(count: instant)
      var before = rig.core.setpoint
      rig.tick(disturbance.request)
      for _ in 0..<1000 where !rig.core.isAtRest {
        #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint), hint)
        #expect(Self.offPath(rig.core.setpoint.position, of: move) < 1e-12, hint)
        for joint in 0..<6 { #expect(rig.core.setpoint.velocity[joint].magnitude <= limits.velocity[joint] * (1 + 1e-6), hint) }
        before = rig.core.setpoint
        rig.tick()
      }
      #expect(rig.core.fault == nil, hint)
    }
  }

  @Test func aPauseKeepsTheJob() {
    var rig = CoreRig.moving
    _ = rig.takeEvents()
    rig.tick(.pause)
    #expect(rig.takeEvents() == [.paused(job: 1)])
    rig.tick(count: 2000)
    #expect(rig.core.mode == .move && rig.core.job == 1)
    #expect(rig.core.setpoint == JointSetpoint(restingAt: rig.core.setpoint.position))
    rig.tick(.resume(.forward))
    rig.settle()
    #expect(rig.takeEvents() == [.resumed(job: 1), .modeChanged(.hold), .finished(job: 1)])
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.move.end))
  }

  @Test func backLeadsToTheStart() {
    var rig = CoreRig.moving
    rig.tick(.pause)
    rig.tick(count: 500)
    _ = rig.takeEvents()
    rig.tick(.resume(.back))
    rig.settle()
    #expect(rig.takeEvents() == [.resumed(job: 1), .modeChanged(.hold), .returned(job: 1)])
    #expect((rig.core.setpoint.position - TestArm.home).maximumMagnitude < 1e-6)
  }

  @Test func pauseAndGoOnAgainAndAgain() {
    var rig = CoreRig.holding
    rig.tick(.follow(TestArm.move, job: 1))
    var before = rig.core.setpoint
    for tick in 0..<20_000 where rig.core.job != nil {
      if tick % 237 == 0 { rig.tick(.pause) } else if tick % 237 == 60 { rig.tick(.resume(.forward)) } else { rig.tick() }
      #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint), "tick \(tick)")
      before = rig.core.setpoint
    }
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.move.end))
  }

  /// A move planned at half speed has its full speed in hand.
  @Test func doubleSpeedTakesHalfTheTime() {
    let move = TestArm.move(to: TestArm.move.end, speed: 0.5)
    var rig = CoreRig.holding
    rig.tick(.setSpeed(2))
    rig.tick(.follow(move, job: 1))
    var ticks = 1
    while rig.core.job != nil, ticks < 5000 {
      rig.tick()
      ticks += 1
    }
    #expect(Double(ticks) * TestArm.period < 0.62 * move.duration)
    #expect(Double(ticks) * TestArm.period > 0.5 * move.duration)
  }

  /// What was planned at the limits is not hurried.
  @Test func aMoveAtItsLimitsIsNotHurried() {
    var rig = CoreRig.holding
    rig.tick(.setSpeed(2))
    rig.tick(.follow(TestArm.move, job: 1))
    for tick in 1...300 {
      #expect((rig.core.setpoint.position - TestArm.move.setpoint(at: Double(tick) * TestArm.period).position).maximumMagnitude < 1e-3)
      rig.tick()
    }
  }

  @Test func withNothingUnderWayThereIsNothingToPause() {
    var rig = CoreRig.holding
    _ = rig.takeEvents()
    rig.tick(.pause)
    #expect(rig.takeEvents() == [.refused(.pause, .idle)])
    rig.tick(.resume(.forward))
    #expect(rig.takeEvents() == [.refused(.resume, .idle)])
  }

  @Test func aStopEndsAPausedJobAtOnce() {
    var rig = CoreRig.moving
    rig.tick(.pause)
    rig.tick(count: 1000)
    _ = rig.takeEvents()
    rig.tick(stop: true)
    #expect(rig.takeEvents() == [.interrupted(job: 1, by: .stop), .modeChanged(.stopped)])
    #expect(rig.core.isAtRest)
  }
}
