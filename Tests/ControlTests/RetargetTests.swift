import Control
import Kinematics
import Planner
import TestSupport
import Testing

/// From motion to motion without stopping, and streams of commands.
@Suite struct RetargetTests {
  static func expectWithinLimits(_ before: JointSetpoint, _ rig: CoreRig, _ hint: Comment) {
    let limits = TestArm.model.limits
    #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint), hint)
    for joint in 0..<6 {
      #expect(rig.core.setpoint.velocity[joint].magnitude <= limits.velocity[joint] * (1 + 1e-6), hint)
      #expect(rig.core.setpoint.position[joint] <= limits.upper[joint] + 1e-6, hint)
      #expect(rig.core.setpoint.position[joint] >= limits.lower[joint] - 1e-6, hint)
    }
  }

  /// At random instants to random targets, many of them at a limit: jerk, acceleration, velocity and position limits hold throughout.
  @Test func retargetsAtRandomInstants() {
    var random = SeededGenerator(seed: 91)
    var rig = CoreRig.holding
    var before = rig.core.setpoint
    for job in 1...caseCount(300) {
      let target = StopTests.configuration(&random)
      let speed = Double.random(in: 0.2...1, using: &random)
      let ticks = Int.random(in: 1...400, using: &random)
      let hint: Comment = "job \(job) to \(target) at \(speed)"
      before = rig.core.setpoint
      rig.tick(.goTo(target, speed: speed, job: job))
      #expect(rig.core.job == job, hint)
      for _ in 0..<ticks {
        Self.expectWithinLimits(before, rig, hint)
        before = rig.core.setpoint
        rig.tick()
      }
      #expect(rig.core.fault == nil, hint)
    }
    rig.tick(.goTo(TestArm.home, speed: 1, job: 100_000))
    rig.settle()
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.home))
    #expect(rig.takeEvents().last == .finished(job: 100_000))
  }

  @Test func takesAPlannedMotionOver() {
    var rig = CoreRig.moving
    _ = rig.takeEvents()
    let before = rig.core.setpoint
    rig.tick(.goTo(TestArm.home, speed: 1, job: 2))
    #expect(rig.takeEvents() == [.interrupted(job: 1, by: .retarget), .started(job: 2)])
    Self.expectWithinLimits(before, rig, "")
    rig.settle()
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.home))
  }

  @Test func pausesAndGoesOn() {
    var rig = CoreRig.holding
    rig.tick(.goTo(TestArm.move.end, speed: 1, job: 1))
    rig.tick(count: 200)
    rig.tick(.pause)
    rig.tick(count: 1000)
    #expect(rig.core.mode == .move && rig.core.setpoint.velocity.maximumMagnitude == 0)
    rig.tick(.resume(.forward))
    rig.settle()
    #expect(rig.core.setpoint == JointSetpoint(restingAt: TestArm.move.end))
  }

  @Test func refusesWhatLiesOutside() {
    var rig = CoreRig.holding
    _ = rig.takeEvents()
    var target = TestArm.home
    target[1] = 9
    rig.tick(.goTo(target, speed: 1, job: 1))
    #expect(
      rig.takeEvents() == [.refused(.follow(job: 1), .outsideLimits(joint: 1, value: 9, limit: TestArm.model.limits.upper[1]))])
  }

  static let streams: [(String, @Sendable (inout SeededGenerator) -> ServoTarget)] = [
    ("positions", { .position(StopTests.configuration(&$0)) }),
    ("rates", { random in .rates(JointVector((0..<6).map { _ in Double.random(in: -4...4, using: &random) })) }),
    ("twists", { random in .twist(twist(&random), .base) }), ("twists of the tool", { random in .twist(twist(&random), .tool) }),
    ("poses", { random in .pose(TestArm.model.pose(at: StopTests.configuration(&random))) }),
  ]

  static func twist(_ random: inout SeededGenerator) -> Twist {
    Twist(
      linear: SIMD3(Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random)),
      angular: SIMD3(Double.random(in: -3...3, using: &random), Double.random(in: -3...3, using: &random), Double.random(in: -3...3, using: &random)))
  }

  /// Whatever is streamed, and however often the stream falls silent.
  @Test(arguments: streams.indices) func streamsKeepTheLimits(index: Int) {
    var random = SeededGenerator(seed: 92)
    var rig = CoreRig.holding
    var before = rig.core.setpoint
    for command in 0..<caseCount(150) {
      let target = Self.streams[index].1(&random)
      before = rig.core.setpoint
      rig.tick(.servo(target))
      let hint: Comment = "\(Self.streams[index].0), command \(command): \(target)"
      let ticks = Int.random(in: 0..<10, using: &random) == 0 ? 400 : Int.random(in: 1...45, using: &random)
      for _ in 0..<ticks {
        Self.expectWithinLimits(before, rig, hint)
        before = rig.core.setpoint
        rig.tick()
      }
      #expect(rig.core.fault == nil, hint)
      guard rig.core.fault == nil else { return }
    }
  }

  @Test func aStreamThatFallsSilentIsOver() {
    var rig = CoreRig.holding
    _ = rig.takeEvents()
    rig.tick(.servo(.rates([0.5, 0, 0, 0, 0, 0])))
    rig.tick(count: 48)
    #expect(rig.core.mode == .servo && rig.core.setpoint.velocity[0] > 0.3)
    rig.tick(count: 500)
    #expect(rig.core.mode == .hold && rig.core.isAtRest)
    #expect(rig.takeEvents() == [.modeChanged(.servo), .servoStale, .modeChanged(.hold)])
  }

  /// Away from singular postures.
  static var bent: CoreRig {
    var rig = CoreRig(at: [0.2, 0.3, 1.6, 0.2, 0.6, 0.1])
    rig.tick(.hold)
    return rig
  }

  @Test func aTwistMovesTheToolSo() {
    var rig = Self.bent
    let model = TestArm.model
    let start = model.pose(at: rig.core.setpoint.position)
    for _ in 0..<250 { rig.tick(.servo(.twist(Twist(linear: SIMD3(0, 0.05, 0)), .base))) }
    let moved = model.pose(at: rig.core.setpoint.position)
    let way = moved.translation - start.translation
    #expect(abs(way.x) < 1e-3 && abs(way.z) < 1e-3 && way.y > 0.018 && way.y < 0.026)
    #expect((moved.rotation * start.rotation.inverse).rotationVector.length < 1e-2)
  }

  @Test func aStreamedPoseIsReached() {
    var rig = Self.bent
    var goal = TestArm.model.pose(at: rig.core.setpoint.position)
    goal.translation.y += 0.04
    for _ in 0..<400 { rig.tick(.servo(.pose(goal))) }
    #expect((TestArm.model.pose(at: rig.core.setpoint.position).translation - goal.translation).length < 1e-6)
  }

  @Test func aStopEndsAStream() {
    var rig = CoreRig.holding
    rig.tick(.servo(.rates([1, 0, 0, 0, 0, 0])))
    rig.tick(count: 40)
    rig.tick(stop: true)
    rig.settle()
    #expect(rig.core.mode == .stopped)
    _ = rig.takeEvents()
    rig.tick(.follow(TestArm.move, job: 1))
    #expect(rig.takeEvents().first == .refused(.follow(job: 1), .startsElsewhere(joint: 0, by: TestArm.home[0] - rig.core.setpoint.position[0])))
  }

  @Test func aJobKeepsAStreamOut() {
    var rig = CoreRig.moving
    _ = rig.takeEvents()
    rig.tick(.servo(.rates([1, 0, 0, 0, 0, 0])))
    #expect(rig.takeEvents() == [.refused(.servo, .busy)])
    #expect(rig.core.job == 1)
  }

  /// What is known beforehand is what the loop would say.
  @Test func whyAStreamWouldBeRefusedIsKnownBeforehand() {
    for (name, rig) in [("off", CoreRig(at: TestArm.home)), ("holding", .holding), ("moving", .moving)] {
      var rig = rig
      let expected = ControlRefusal(ofStreamIn: rig.core.mode, job: rig.core.job)
      _ = rig.takeEvents()
      rig.tick(.servo(.rates([0, 0, 0, 0, 0, 0])))
      let refusals = rig.takeEvents().compactMap { event -> ControlRefusal? in
        if case .refused(.servo, let refusal) = event { refusal } else { nil }
      }
      #expect(refusals == [expected].compactMap(\.self), "\(name)")
    }
  }
}
