import Kinematics
import TestSupport
import Testing

/// Whatever is asked, no limit is crossed and no joint velocity jumps.
@Suite struct VelocityLimitTests {
  /// 100,000 random twists in all, from states anywhere, on limits and at singularities, at rest and in motion.
  @Test(arguments: try VelocityArm.all()) func everyLimitHolds(arm: VelocityArm) {
    var random = SeededGenerator(seed: 71)
    let limits = arm.limits, period = VelocityArm.period, twists = 40
    for walk in 0..<caseCount(250) {
      let start =
        switch walk % 3 {
        case 0: arm.anywhere(&random)
        case 1: arm.onLimits(&random)
        default: walk % 15 == 2 ? arm.singular(&random) ?? arm.anywhere(&random) : arm.onLimits(&random)
        }
      var q = start, velocity = JointVector(count: arm.count)
      if walk % 2 == 0 {
        // As fast as half of the room to a limit allows to stop.
        for joint in 0..<arm.count {
          let room = min(limits.upper[joint] - q[joint], q[joint] - limits.lower[joint])
          let fastest = min(limits.velocity[joint], max(0, (limits.acceleration[joint] * room).squareRoot() - limits.acceleration[joint] * period))
          velocity[joint] = random.number(in: -1...1) * fastest
        }
      }
      var faults = 0
      for _ in 0..<twists {
        let speeds = [0, 0.1, 1, 10, 1000], speed = speeds[Int.random(in: 0..<5, using: &random)], twist = arm.twist(&random, speed: speed)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let motion = arm.motion(twist, at: q, velocity: velocity)
          for joint in 0..<arm.count {
            let next = motion.velocity[joint], most = limits.acceleration[joint] * period
            if !(abs(next - velocity[joint]) <= most * (1 + 1e-9)) || !(abs(next) <= limits.velocity[joint] * (1 + 1e-12)) { faults += 1 }
          }
          velocity = motion.velocity
          q += period * velocity
          if !zip(q, limits.lower).allSatisfy(>=) || !zip(q, limits.upper).allSatisfy(<=) || !motion.share.isFinite { faults += 1 }
        }
      }
      #expect(faults == 0, "from \(Array(start))")
    }
  }

  @Test(arguments: try VelocityArm.all()) func wantedRatesKeepTheLimits(arm: VelocityArm) {
    var random = SeededGenerator(seed: 72)
    let limits = arm.limits, period = VelocityArm.period
    for _ in 0..<caseCount(20) {
      var q = arm.onLimits(&random), velocity = JointVector(count: arm.count), faults = 0
      for _ in 0..<20 {
        let rates = random.vector(arm.count, in: -5...5)
        for _ in 0..<20 {
          let next = arm.kinematics.motion(for: rates, at: q, velocity: velocity, period: period).velocity
          for joint in 0..<arm.count {
            if !(abs(next[joint] - velocity[joint]) <= limits.acceleration[joint] * period * (1 + 1e-9)) { faults += 1 }
            if !(abs(next[joint]) <= limits.velocity[joint] * (1 + 1e-12)) { faults += 1 }
          }
          velocity = next
          q += period * velocity
          if !zip(q, limits.lower).allSatisfy(>=) || !zip(q, limits.upper).allSatisfy(<=) { faults += 1 }
        }
      }
      #expect(faults == 0)
    }
  }

  /// A constant wish, which ends at limits or at the workspace's border mostly, comes to rest there or goes on: no joint swings to and fro.
  @Test(arguments: try VelocityArm.all()) func nothingTremblesOrHunts(arm: VelocityArm) {
    var random = SeededGenerator(seed: 73)
    for _ in 0..<caseCount(5) {
      let start = arm.anywhere(&random), twist = arm.twist(&random, speed: 0.7)
      var q = start, velocity = JointVector(count: arm.count), turns = Array(repeating: TurnCounter(), count: arm.count)
      for tick in 0..<2_500 {
        velocity = arm.motion(twist, at: q, velocity: velocity).velocity
        q += VelocityArm.period * velocity
        if tick >= 1_000 { for joint in 0..<arm.count { turns[joint].note(velocity[joint]) } }
      }
      let most = turns.map(\.count).max() ?? 0
      #expect(most <= 12, "\(most) turns in 3 s, from \(Array(start)), \(twist)")
    }
  }

  /// Counts how often a velocity turns round by more than 0.1 rad/s.
  private struct TurnCounter {
    private(set) var count = 0
    private var extreme = 0.0
    private var isRising = true

    mutating func note(_ velocity: Double) {
      let ahead = isRising ? velocity - extreme : extreme - velocity
      if ahead < -0.1 {
        count += 1
        isRising.toggle()
        extreme = velocity
      } else if ahead > 0 {
        extreme = velocity
      }
    }
  }

  @Test func aJointStopsAtItsLimitAndItsVelocityFallsEvenly() throws {
    let arm = try VelocityArm.named("dummy")
    var q = JointVector([0, 0, 1.5, 0, 0, 0]), velocity = JointVector(count: 6), fastest = 0.0
    let rates: JointVector = [5, 0, 0, 0, 0, 0]
    for _ in 0..<2_000 {
      velocity = arm.kinematics.motion(for: rates, at: q, velocity: velocity, period: VelocityArm.period).velocity
      fastest = max(fastest, velocity[0])
      q += VelocityArm.period * velocity
    }
    #expect(fastest == arm.limits.velocity[0])
    #expect(q[0] <= arm.limits.upper[0] && arm.limits.upper[0] - q[0] < 1e-9)
    #expect(velocity[0] < 1e-9)
  }

  @Test func anArmOutsideItsLimitsMayOnlyComeBack() throws {
    let arm = try VelocityArm.named("dummy")
    var q = JointVector([0, 0, 1.5, 0, 0, 0])
    q[0] = arm.limits.upper[0] + 0.1
    let still = JointVector(count: 6), period = VelocityArm.period
    #expect(arm.kinematics.motion(for: [1, 0, 0, 0, 0, 0], at: q, velocity: still, period: period).velocity == still)
    #expect(arm.kinematics.motion(for: [-1, 0, 0, 0, 0, 0], at: q, velocity: still, period: period).velocity[0] < 0)
  }
}
