import Control
import Kinematics
import Planner
import TestSupport
import Testing

@Suite struct StopTests {
  static func configuration(_ random: inout SeededGenerator) -> JointVector {
    let limits = TestArm.model.limits
    var q = JointVector(count: 6)
    for joint in 0..<6 {
      // Every third joint ends at a limit, where a stop has no room to spare.
      let whim = Int.random(in: 0..<6, using: &random)
      q[joint] =
        whim == 0
        ? limits.lower[joint] : whim == 1 ? limits.upper[joint] : Double.random(in: limits.lower[joint]...limits.upper[joint], using: &random)
    }
    return q
  }

  /// From any instant of any move: smooth, within all limits, at rest in the end.
  @Test func stopsSmoothlyFromAnyInstant() {
    var random = SeededGenerator(seed: 71)
    let limits = TestArm.model.limits
    for _ in 0..<caseCount(60) {
      let start = Self.configuration(&random)
      let target = Self.configuration(&random)
      let move = TestArm.move(from: start, to: target, speed: Double.random(in: 0.3...1, using: &random))
      let instant = Int(Double.random(in: 0...1, using: &random) * move.duration / TestArm.period)
      let hint: Comment = "from \(start) to \(target), stopped after \(instant) ticks"
      var rig = CoreRig(at: start)
      rig.tick(.hold)
      rig.tick(.follow(move, job: 1))
      rig.tick(count: instant)
      var before = rig.core.setpoint
      rig.tick(stop: true)
      var ticks = 0
      while !rig.core.isAtRest, ticks < 2000 {
        #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint), hint)
        for joint in 0..<6 {
          #expect(rig.core.setpoint.velocity[joint].magnitude <= limits.velocity[joint] * (1 + 1e-6), hint)
          #expect(rig.core.setpoint.position[joint] <= limits.upper[joint] + 1e-9, hint)
          #expect(rig.core.setpoint.position[joint] >= limits.lower[joint] - 1e-9, hint)
        }
        before = rig.core.setpoint
        rig.tick()
        ticks += 1
      }
      #expect(rig.core.isAtRest, hint)
      #expect(rig.core.mode == .stopped || rig.core.mode == .hold, hint)
    }
  }

  @Test func theTickOfTheStopBrakesAlready() {
    var rig = CoreRig.moving
    let before = rig.core.setpoint
    rig.tick(stop: true)
    #expect(rig.core.mode == .stopped)
    #expect(rig.core.setpoint.acceleration[0] < before.acceleration[0])
    #expect(rig.takeEvents().suffix(2) == [.interrupted(job: 1, by: .stop), .modeChanged(.stopped)])
  }

  @Test func aSecondStopChangesNothing() {
    var once = CoreRig.moving
    var twice = CoreRig.moving
    once.tick(stop: true)
    twice.tick(stop: true)
    for _ in 0..<400 {
      once.tick()
      twice.tick(stop: true)
      #expect(once.core.setpoint == twice.core.setpoint)
    }
  }

  @Test func holdingInMidBrakeGoesOnBraking() {
    var once = CoreRig.moving
    var held = CoreRig.moving
    once.tick(stop: true)
    held.tick(stop: true)
    held.tick(.hold)
    once.tick()
    #expect(held.core.mode == .hold)
    for _ in 0..<400 {
      #expect(once.core.setpoint == held.core.setpoint)
      once.tick()
      held.tick()
    }
  }
}
