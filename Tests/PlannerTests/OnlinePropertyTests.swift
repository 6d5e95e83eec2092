import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

/// Laws of every motion, from random states; `ARMCTL_TEST_SCALE` turns the number up.
@Suite struct OnlinePropertyTests {
  /// Begins and ends where it should, keeps the limits, is smooth to the jerk, is never faster than a joint alone could be.
  @Test func meetsItsEndsWithinItsLimits() throws {
    var random = SeededGenerator(seed: 71)
    for _ in 0..<caseCount(2000) {
      let task = random.onlineTask(joints: Int.random(in: 1...8, using: &random))
      let trajectory = try task.trajectory()
      let fault = Self.fault(of: trajectory, task)
      #expect(fault == nil, "\(fault ?? "") in \(task)")
    }
  }

  /// The same where the joints come back to where they begin.
  @Test func comesBackWithinItsLimits() throws {
    var random = SeededGenerator(seed: 77)
    for _ in 0..<caseCount(1000) {
      var task = random.onlineTask(joints: Int.random(in: 1...8, using: &random))
      task.start = task.target
      let trajectory = try task.trajectory(comesBack: true)
      let fault = Self.fault(of: trajectory, task)
      #expect(fault == nil, "\(fault ?? "") in \(task)")
    }
  }

  /// What is wrong with a motion, at 40 instants and just before its end.
  private static func fault(of trajectory: OnlineTrajectory, _ task: OnlineTask) -> String? {
    guard trajectory.duration.isFinite, trajectory.duration >= trajectory.jointDurations.max() ?? 0 else { return "duration" }
    let unlimitedJerk = task.limits.jerk.contains(.infinity)
    let begin = trajectory.setpoint(at: 0)
    let away = max((begin.position - task.start.position).maximumMagnitude, (begin.velocity - task.start.velocity).maximumMagnitude)
    if away > 1e-12 { return "start" }
    let count = task.start.position.count, steps = 40
    var ends = JointVector(repeating: trajectory.duration, count: count)
    if task.synchronization == .none { ends = trajectory.jointDurations }
    for joint in 0..<count {
      // Reached from before, not only claimed from the end on.
      let before = trajectory.setpoint(at: ends[joint] * (1 - 1e-12)), scale = 1e-9 * (1 + abs(task.target.position[joint]) + ends[joint])
      if task.bindsPosition, abs(before.position[joint] - task.target.position[joint]) > scale { return "end of joint \(joint)" }
      if abs(before.velocity[joint] - task.target.velocity[joint]) > scale { return "end velocity of joint \(joint)" }
      if !unlimitedJerk, abs(before.acceleration[joint] - task.target.acceleration[joint]) > 10 * scale {
        return "end acceleration of joint \(joint)"
      }

      var last = begin
      let dt = ends[joint] / Double(steps)
      var isBack = Self.isAble(task, joint)
      for step in 0...steps {
        let now = trajectory.setpoint(at: Double(step) * dt * (1 - 1e-12))
        let v = now.velocity[joint], a = now.acceleration[joint]
        guard now.position[joint].isFinite, v.isFinite, a.isFinite else { return "not a number in joint \(joint)" }
        let isInside =
          a <= task.limits.maxAcceleration[joint] * (1 + 1e-9) && a >= task.limits.minAcceleration[joint] * (1 + 1e-9)
          && (!task.bindsPosition || v <= task.limits.maxVelocity[joint] * (1 + 1e-9) && v >= task.limits.minVelocity[joint] * (1 + 1e-9))
        if isBack, !isInside { return "limit of joint \(joint) at step \(step)" }
        isBack = isBack || isInside && Self.canStay(now, task, joint)
        if step > 0, !unlimitedJerk, abs(a - last.acceleration[joint]) > task.limits.jerk[joint] * dt * (1 + 1e-6) + 1e-9 {
          return "jerk of joint \(joint) at step \(step)"
        }
        let most = max(abs(a), abs(last.acceleration[joint]), task.limits.maxAcceleration[joint], -task.limits.minAcceleration[joint])
        let middle = (v + last.velocity[joint]) / 2
        if step > 0, abs(now.position[joint] - last.position[joint] - middle * dt) > most * dt * dt + 1e-9 { return "velocity of joint \(joint)" }
        last = now
      }
    }
    return nil
  }

  private static func isAble(_ task: OnlineTask, _ joint: Int) -> Bool { canStay(task.start, task, joint) }

  /// Whether a joint in this state is within its limits and can stay so.
  private static func canStay(_ state: JointSetpoint, _ task: OnlineTask, _ joint: Int) -> Bool {
    let v = state.velocity[joint], a = state.acceleration[joint], limits = task.limits
    guard a <= limits.maxAcceleration[joint], a >= limits.minAcceleration[joint] else { return false }
    guard task.bindsPosition else { return true }
    let after = v + a * abs(a) / (2 * limits.jerk[joint])
    return max(v, after) <= limits.maxVelocity[joint] && min(v, after) >= limits.minVelocity[joint]
  }

  /// Backwards in time, from the target to the start with all velocities turned round, takes as long.
  @Test func takesAsLongBackwards() throws {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<caseCount(2000) {
      var task = random.onlineTask(joints: Int.random(in: 1...3, using: &random))
      task.synchronization = .time
      guard task.bindsPosition, (0..<task.start.position.count).allSatisfy({ Self.isAble(task, $0) }) else { continue }
      var back = task
      (back.start, back.target) = (task.target, task.start)
      back.start.velocity = -back.start.velocity
      back.target.velocity = -back.target.velocity
      (back.limits.minVelocity, back.limits.maxVelocity) = (-task.limits.maxVelocity, -task.limits.minVelocity)
      let there = try task.trajectory().duration, again = try back.trajectory().duration
      #expect(abs(there - again) <= 1e-7 * (1 + there), "\(there) there, \(again) back: \(task)")
    }
  }

  /// Without synchronisation, and wherever all joints can take the slowest one's time, nobody waits for anything.
  @Test func isAsFastAsTheSlowestJointAlone() throws {
    var random = SeededGenerator(seed: 73)
    for _ in 0..<caseCount(1000) {
      let task = random.onlineTask(joints: 3)
      let trajectory = try task.trajectory()
      for joint in 0..<3 {
        let alone = try task.joint(joint).trajectory().duration
        #expect(abs(trajectory.jointDurations[joint] - alone) <= 1e-9 * (1 + alone), "\(task)")
      }
      if task.synchronization == .none { #expect(trajectory.duration == trajectory.jointDurations.max()) }
    }
  }

  /// A better motion than the fastest is not found on its way: asked anew from any of its setpoints, the rest takes what was left, but for
  /// what rounding of its position costs. From where a velocity limit cannot be kept beyond the target, the way back to it comes first.
  @Test func keepsToItsPlan() throws {
    var random = SeededGenerator(seed: 74)
    for _ in 0..<caseCount(2000) {
      var task = random.onlineTask(joints: 1)
      // Where one motion alone arrives at all, a bit of rounding decides whether it is found again.
      guard !task.isWhole else { continue }
      let trajectory = try task.trajectory()
      let share = Double.random(in: 0..<0.99, using: &random)
      task.start = trajectory.setpoint(at: share * trajectory.duration)
      guard Self.isAble(task, 0) else { continue }
      let rest = try task.trajectory().duration
      let rounding = 1e-6 * (1 + trajectory.duration) + 20 * cbrt(1e-14 * (1 + abs(task.start.position[0])) / task.limits.jerk[0])
      #expect(abs(rest - (1 - share) * trajectory.duration) <= rounding, "after \(share): \(rest) in \(task)")
    }
  }

  /// Rest to rest, where nothing else says how, the straight line is kept by `phase`, and no joint goes anywhere it need not.
  @Test func phaseIsStraight() throws {
    var random = SeededGenerator(seed: 75)
    for _ in 0..<caseCount(500) {
      let direction = random.vector(6) { $0.normal(1) }
      let narrow = JointVector(repeating: 1, count: 6)
      let limits = MotionLimits(velocity: narrow, acceleration: 3 * narrow, jerk: 20 * narrow)
      let start = random.vector(6) { $0.normal(1) }
      let trajectory = try OnlineTrajectory(
        from: JointSetpoint(restingAt: start), to: .state(JointSetpoint(restingAt: start + direction)), limits: limits, synchronization: .phase)
      for step in 0...20 {
        let way = trajectory.setpoint(at: Double(step) / 20 * trajectory.duration).position - start
        let along = way.dot(direction) / direction.dot(direction)
        #expect((way - along * direction).maximumMagnitude < 1e-12)
        #expect(along > -1e-12 && along < 1 + 1e-12)
      }
    }
  }

  /// A joint that is where it should be rests while the others move, also where its limits differ up and down.
  @Test func whoNeedNotMoveRests() throws {
    var limits = MotionLimits(velocity: [1, 1], acceleration: [2, 2], jerk: [10, 10])
    limits.minAcceleration = [-2, -0.5]
    limits.minVelocity = [-1, -0.1]
    let trajectory = try OnlineTrajectory(
      from: JointSetpoint(restingAt: [0, 0.3]), to: .state(JointSetpoint(restingAt: [1, 0.3])), limits: limits)
    for step in 0...50 { #expect(trajectory.setpoint(at: Double(step) / 50 * trajectory.duration).position[1] == 0.3) }
  }
}
