import Kinematics
import Planner
import TestSupport
import Testing

@Suite struct OnlineGeneratorTests {
  static let period = 0.002

  static func limits(_ count: Int) -> MotionLimits {
    let ones = JointVector(repeating: 1, count: count)
    var limits = MotionLimits(velocity: 2 * ones, acceleration: 8 * ones, jerk: 80 * ones)
    limits.lower = -1.5 * ones
    limits.upper = 1.5 * ones
    return limits
  }

  /// Steps on and checks that the motion is smooth to the jerk and within all limits.
  private static func step(_ generator: inout OnlineGenerator) -> String? {
    let before = generator.setpoint, limits = generator.limits
    let now = generator.step(by: period)
    for joint in now.position.indices {
      let jerk = abs(now.acceleration[joint] - before.acceleration[joint]) / period
      if jerk > limits.jerk[joint] * (1 + 1e-6) + 1e-6 { return "jerk \(jerk) of joint \(joint)" }
      if abs(now.acceleration[joint]) > limits.maxAcceleration[joint] * (1 + 1e-9) { return "acceleration of joint \(joint)" }
      if abs(now.velocity[joint]) > limits.maxVelocity[joint] * (1 + 1e-9) { return "velocity of joint \(joint)" }
      if now.position[joint] > limits.upper[joint] + 1e-9 || now.position[joint] < limits.lower[joint] - 1e-9 {
        return "joint \(joint) at \(now.position[joint])"
      }
    }
    return nil
  }

  @Test func goesToItsTargetAndRests() throws {
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [0, 0, 0]), limits: Self.limits(3))
    let target = JointSetpoint(restingAt: [1, -0.5, 0])
    try generator.retarget(.state(target))
    while generator.remaining > 0 { #expect(Self.step(&generator) == nil) }
    #expect(generator.setpoint == target)
    generator.step(by: 1)
    #expect(generator.setpoint == target)
  }

  /// A thousand targets at random instants, resting, moving and velocities alone: never a jump, never out of any limit.
  @Test func retargetsAtAnyInstant() throws {
    var random = SeededGenerator(seed: 81)
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [0, 0, 0, 0, 0, 0]), limits: Self.limits(6))
    var accepted = 0, refused = 0, stopped = 0
    for _ in 0..<caseCount(1000) {
      let isMoving = Int.random(in: 0..<3, using: &random) == 0
      let target = JointSetpoint(
        position: random.vector(6) { Double.random(in: -1.5...1.5, using: &$0) },
        velocity: random.vector(6) { isMoving ? $0.normal(0.3) : 0 }, acceleration: JointVector(count: 6))
      generator.synchronization = Synchronization.allCases.randomElement(using: &random)!
      do throws(MotionRefusal) {
        let isVelocity = Int.random(in: 0..<4, using: &random) == 0
        try generator.retarget(isVelocity ? .velocity(target.velocity, acceleration: JointVector(count: 6)) : .state(target))
        accepted += 1
      } catch {
        refused += 1
      }
      for _ in 0..<Int.random(in: 1...600, using: &random) {
        let fault = Self.step(&generator)
        #expect(fault == nil, "after \(accepted) targets")
        if fault != nil { return }
      }
      if generator.isStoppedByLimit { stopped += 1 }
    }
    #expect(accepted > caseCount(700) && refused > 0 && stopped > 0, "\(accepted) \(refused) \(stopped)")
  }

  @Test func stopsAtALimitInTime() throws {
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [0, 0]), limits: Self.limits(2))
    try generator.retarget(.velocity([2, 0.1], acceleration: [0, 0]))
    for _ in 0..<2000 { #expect(Self.step(&generator) == nil) }
    #expect(generator.isStoppedByLimit)
    #expect(generator.setpoint.velocity == [0, 0])
    #expect(generator.setpoint.position[0] > 1.49 && generator.setpoint.position[0] <= 1.5)
    try generator.retarget(.velocity([-1, 0], acceleration: [0, 0]))
    generator.step(by: 0.1)
    #expect(generator.setpoint.velocity[0] < 0 && !generator.isStoppedByLimit)
  }

  @Test func comesBackFromOutside() throws {
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [1.8]), limits: Self.limits(1))
    #expect(throws: MotionRefusal.outsideLimits(joint: "joint 1", value: 1.9, lower: -1.5, upper: 1.5)) {
      try generator.retarget(.state(JointSetpoint(restingAt: [1.9])))
    }
    try generator.retarget(.state(JointSetpoint(restingAt: [1])))
    var last = 1.8
    while generator.remaining > 0 {
      let now = generator.step(by: Self.period).position[0]
      #expect(now <= last + 1e-15)
      last = now
    }
    #expect(last == 1)
  }

  /// What cannot be is refused in a sentence, and what was going on goes on.
  @Test func refusesAndGoesOn() throws {
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [0]), limits: Self.limits(1), joints: ["shoulder"])
    try generator.retarget(.state(JointSetpoint(restingAt: [1.4])))
    while generator.setpoint.velocity[0] < 1.9 { generator.step(by: Self.period) }
    func sentence(_ target: MotionTarget) -> [String]? {
      do throws(MotionRefusal) { try generator.retarget(target) } catch { return [error.description, error.suggestion] }
      return nil
    }
    #expect(
      sentence(.state(JointSetpoint(restingAt: [1.6]))) == [
        "The target puts shoulder at 1.6 rad (91.7°), above its upper limit of 1.5 rad (85.9°).",
        "keep shoulder from -1.5 rad (-85.9°) to 1.5 rad (85.9°)",
      ])
    #expect(
      sentence(.state(JointSetpoint(position: [1], velocity: [3], acceleration: [0]))) == [
        "To meet the target, the velocity of shoulder would be 3 rad/s, its limit being 2 rad/s.",
        "lower the target's velocity of shoulder, or let it arrive at rest",
      ])
    #expect(
      sentence(.state(JointSetpoint(position: [1], velocity: [0], acceleration: [-9]))) == [
        "To meet the target, the acceleration of shoulder would be -9 rad/s², its limit being -8 rad/s².",
        "lower the target's acceleration of shoulder, or let it arrive at rest",
      ])
    #expect(
      sentence(.state(JointSetpoint(position: [1.45], velocity: [-1.8], acceleration: [0]))) == [
        "On the way to the target shoulder would go to 1.739 rad (99.6°), above its upper limit of 1.5 rad (85.9°).",
        "come to rest first, or give shoulder a target further from its limit",
      ])
    while generator.remaining > 0 { generator.step(by: Self.period) }
    #expect(generator.setpoint == JointSetpoint(restingAt: [1.4]))
  }

  /// A joint that begins in the moving state that it is to have is there: a tracker that is on its target is not sent round a loop. With others
  /// that take longer it comes to that state again, at their end.
  @Test func aJointInItsMovingTargetStateIsThere() throws {
    let limits = MotionLimits(velocity: [2, 3], acceleration: [2, 3], jerk: [3, 2])
    let start = JointSetpoint(position: [2, 0], velocity: [-1, 1], acceleration: [0, 1])
    let target = JointSetpoint(position: [2, 1], velocity: [-1, 1], acceleration: [0, 1])
    let alone = try OnlineTrajectory(from: start, to: .state(target), limits: limits, synchronization: .none)
    #expect(alone.jointDurations[0] == 0 && alone.jointDurations[1] > 1)
    #expect((alone.setpoint(at: 1).position[0] - 1).magnitude < 1e-12)
    let together = try OnlineTrajectory(from: start, to: .state(target), limits: limits)
    let end = together.setpoint(at: together.duration)
    #expect((end.position - target.position).maximumMagnitude < 1e-9 && (end.velocity - target.velocity).maximumMagnitude < 1e-9)
  }

  @Test func stopsOnDemand() {
    var generator = OnlineGenerator(
      at: JointSetpoint(position: [0], velocity: [1], acceleration: [0]), limits: Self.limits(1))
    #expect(abs(generator.remaining - (1.0 / 8 + 8.0 / 80)) < 1e-12)
    while generator.remaining > 0 { #expect(Self.step(&generator) == nil) }
    #expect(generator.setpoint.velocity == [0])
  }
}
