import CMallocCounter
import Foundation
import Kinematics
import TestSupport
import Testing

/// Within the limits the tool does what is wanted; at them it keeps its direction, and says what holds it.
@Suite struct VelocityTwistTests {
  /// The joint velocities that a wish settles at, from rest at a posture.
  func settled(_ arm: VelocityArm, _ twist: Twist, at q: JointVector) -> VelocityKinematics.Motion {
    let unhurried = VelocityKinematics(model: arm.model, limits: eager(arm.limits), settings: arm.kinematics.settings)
    return unhurried.motion(for: twist, free: arm.free, at: q, velocity: JointVector(count: arm.count), period: VelocityArm.period)
  }

  /// The same limits without those of acceleration.
  func eager(_ limits: JointLimits) -> JointLimits {
    var limits = limits
    limits.acceleration = JointVector(repeating: .infinity, count: limits.acceleration.count)
    return limits
  }

  @Test(arguments: try VelocityArm.all()) func slowWishesComeTrue(arm: VelocityArm) {
    var random = SeededGenerator(seed: 80)
    for _ in 0..<caseCount(100) {
      let q = arm.anywhere(&random)
      guard arm.leastGain(at: q) > 0.12 else { continue }
      let twist = arm.twist(&random, speed: 0.01), motion = settled(arm, twist, at: q)
      #expect(abs(motion.share - 1) < 1e-6)
      #expect(motion.hindrance == nil)
      let real = arm.model.jacobian(at: q).twist(for: motion.velocity)
      #expect((real.linear - motion.twist.linear).length < 1e-6 * 0.01)
      #expect((real.linear - twist.linear).length < 1e-5 * 0.01)
      if arm.free == .none { #expect((real.angular - twist.angular).length < 1e-5 * 0.01) }
      if arm.free == .axis {
        let z = arm.model.pose(at: q).rotation.z, missing = real.angular - twist.angular
        #expect((missing - z * dot(z, missing)).length < 1e-5 * 0.01)
      }
    }
  }

  @Test(arguments: try VelocityArm.all().filter { $0.free == .none }) func fastWishesKeepTheirDirection(arm: VelocityArm) {
    var random = SeededGenerator(seed: 81)
    for _ in 0..<caseCount(100) {
      let inner = JointVector(repeating: 0.1, count: arm.count)
      let q = arm.anywhere(&random).clamped(lower: arm.limits.lower + inner, upper: arm.limits.upper - inner)
      guard arm.leastGain(at: q) > 0.12 else { continue }
      let twist = arm.twist(&random, speed: 100), motion = settled(arm, twist, at: q)
      #expect(difference(motion.twist.numbers, twist.numbers.map { motion.share * $0 }) < 1e-5 * 100)
      #expect(motion.share < 0.9)
      guard case .velocity(let joint)? = motion.hindrance else {
        Issue.record("\(String(describing: motion.hindrance))")
        continue
      }
      // Where there is a joint to spare it relieves the fastest.
      if arm.count == 6 { #expect(abs(abs(motion.velocity[joint]) - arm.limits.velocity[joint]) < 1e-9) }
    }
  }

  @Test(arguments: try VelocityArm.all().filter { $0.free == .none }) func startsAlongTheWantedDirection(arm: VelocityArm) {
    var random = SeededGenerator(seed: 82)
    for _ in 0..<caseCount(30) {
      let inner = JointVector(repeating: 0.1, count: arm.count)
      let q = arm.anywhere(&random).clamped(lower: arm.limits.lower + inner, upper: arm.limits.upper - inner)
      guard arm.leastGain(at: q) > 0.12 else { continue }
      let twist = arm.twist(&random, speed: 0.2), motion = arm.motion(twist, at: q, velocity: JointVector(count: arm.count))
      #expect(motion.share > 0)
      #expect(difference(motion.twist.numbers, twist.numbers.map { motion.share * $0 }) < 1e-5)
      if motion.share < 0.5, case .acceleration? = motion.hindrance { continue }
      #expect(motion.share >= 0.5 || motion.hindrance != nil)
    }
  }

  @Test func toolAxesAreTheToolsOwn() throws {
    let arm = try VelocityArm.named("dummy")
    let q: JointVector = [0.4, 0.2, 1.8, 0.5, 0.9, -1], rotation = arm.model.pose(at: q).rotation, still = JointVector(count: 6)
    let inTool = Twist(linear: [0.02, -0.01, 0.03], angular: [0.1, 0.2, -0.1])
    let inBase = Twist(linear: rotation * inTool.linear, angular: rotation * inTool.angular)
    let a = arm.kinematics.motion(for: inTool, in: .tool, at: q, velocity: still, period: 0.002)
    let b = arm.kinematics.motion(for: inBase, in: .base, at: q, velocity: still, period: 0.002)
    #expect(difference(a.velocity, b.velocity) < 1e-7)
  }

  @Test(arguments: [InverseKinematics.FreeAxes.position, .axis, .plane, InverseKinematics.FreeAxes.none])
  func whatIsFreeDoesNotBind(free: InverseKinematics.FreeAxes) throws {
    let arm = try VelocityArm.named("iiwa")
    let q: JointVector = [0.3, 0.6, -0.4, -1.2, 0.5, 0.8, 0.2], z = arm.model.pose(at: q).rotation.z
    let twist = Twist(linear: [0.02, -0.03, 0.01], angular: [0.1, -0.05, 0.08])
    let unhurried = VelocityKinematics(model: arm.model, limits: eager(arm.limits))
    let motion = unhurried.motion(for: twist, free: free, at: q, velocity: JointVector(count: 7), period: 0.002)
    let linear = motion.twist.linear - twist.linear, angular = motion.twist.angular - twist.angular
    #expect(abs(motion.share - 1) < 1e-6)
    #expect(free == .plane ? abs(dot(z, linear)) < 1e-8 : linear.length < 1e-8)
    if free != .position { #expect((free == .none ? angular : angular - z * dot(z, angular)).length < 1e-7) }
    #expect((free == .none) == (angular.length < 1e-7))
  }

  /// Joint velocities follow the wish and the posture without jumps, whichever limits hold: halving the largest step over and over leaves nothing.
  @Test(arguments: try VelocityArm.all()) func answersDependContinuouslyOnWishAndPosture(arm: VelocityArm) {
    var random = SeededGenerator(seed: 83)
    for _ in 0..<caseCount(15) {
      let q = arm.onLimits(&random),
        nearby = (q + random.vector(arm.count, in: -0.05...0.05)).clamped(lower: arm.limits.lower, upper: arm.limits.upper)
      guard arm.leastGain(at: q) > 0.03, arm.leastGain(at: nearby) > 0.03 else { continue }
      let a = arm.twist(&random, speed: 2), b = arm.twist(&random, speed: 2)
      func velocity(_ t: Double) -> JointVector {
        let twist = Twist(linear: (1 - t) * a.linear + t * b.linear, angular: (1 - t) * a.angular + t * b.angular)
        return settled(arm, twist, at: (1 - t) * q + t * nearby).velocity
      }
      func step(_ from: Double, _ to: Double) -> Double { (velocity(to) - velocity(from)).maximumMagnitude }
      let steps = 200
      var start = (0..<steps).map { Double($0) / Double(steps) }.max { step($0, $0 + 0.005) < step($1, $1 + 0.005) } ?? 0, end = start + 0.005
      for _ in 0..<22 {
        let middle = (start + end) / 2
        if step(start, middle) > step(middle, end) { end = middle } else { start = middle }
      }
      #expect(step(start, end) < 1e-4, "a jump at \(start), from \(Array(q)), \(a) to \(b)")
    }
  }

  /// Near a straight wrist only the turn that is lost is slowed; the tool's other motions go on.
  @Test func onlyTheLostDirectionIsSlowed() throws {
    let arm = try VelocityArm.named("dummy")
    let q: JointVector = [0.5, 0.3, 2.0, 0, 0.004, 0], along = Twist(linear: [0, 0, 0.02])
    var twist = along
    let jacobian = arm.model.jacobian(at: q)
    // The straight wrist lacks the turn about the axis that is square to both of its remaining ones.
    let lost = cross(jacobian[3].angular, jacobian[4].angular)
    twist.angular = 0.5 * lost / lost.length
    let motion = settled(arm, twist, at: q)
    #expect((motion.twist.linear - twist.linear).length < 0.05 * twist.linear.length)
    #expect(dot(motion.twist.angular, twist.angular) < 0.5 * dot(twist.angular, twist.angular))
    guard case .singularity(let slowed, let joints)? = motion.hindrance else {
      Issue.record("\(String(describing: motion.hindrance))")
      return
    }
    #expect(dot(slowed.angular, lost) > 0.9 * lost.length)
    #expect(abs(joints[3]) > 0.5 && abs(joints[5]) > 0.5)
  }

  /// A joint on its limit does not stop an arm that has a joint to spare.
  @Test func aSpareJointGoesRoundALimit() throws {
    let arm = try VelocityArm.named("iiwa")
    var random = SeededGenerator(seed: 84), tried = 0, sum = 0.0
    for _ in 0..<caseCount(300) {
      let inner = JointVector(repeating: 0.2, count: 7), held = Int.random(in: 0..<7, using: &random)
      var q = arm.anywhere(&random).clamped(lower: arm.limits.lower + inner, upper: arm.limits.upper - inner)
      q[held] = arm.limits.upper[held]
      let twist = arm.twist(&random, speed: 0.2), jacobian = arm.model.jacobian(at: q)
      // Without the joint: six others, six numbers.
      let others = (0..<7).filter { $0 != held }
      guard arm.leastGain(at: q) > 0.15, let rates = solution((0..<6).map { row in others.map { jacobian[$0].numbers[row] } }, twist.numbers),
        rates.allSatisfy({ abs($0) < 0.7 })
      else { continue }
      tried += 1
      let share = settled(arm, twist, at: q).share
      #expect(share > 0.7)
      sum += share
    }
    #expect(tried > 30)
    #expect(sum > 0.95 * Double(tried), "on average \(sum / Double(tried))")
  }

  /// Beside what the tool does, spare joints make room: the fourth powers of the joints' places in their ranges get smaller.
  @Test(arguments: ["iiwa", "panda", "any eight axes"]) func aSpareJointKeepsAwayFromLimits(name: String) throws {
    var settings = VelocityKinematics.Settings()
    settings.roomSeeking = 0
    let seeking = try VelocityArm.named(name), other = VelocityArm(name, seeking.model, settings: settings)
    var random = SeededGenerator(seed: 86), gain = 0.0, tried = 0
    func crowding(_ arm: VelocityArm, from start: JointVector) -> (crowding: Double, error: Double) {
      let pose = arm.model.pose(at: start)
      var q = start, velocity = JointVector(count: arm.count)
      for tick in 0..<1_000 {
        let phase = 2 * Double.pi * Double(tick) / 500
        velocity = arm.motion(Twist(linear: [0.1 * cos(phase), 0.1 * sin(phase), 0]), at: q, velocity: velocity).velocity
        q += VelocityArm.period * velocity
      }
      let crowding = (0..<arm.count).reduce(0.0) { sum, joint in
        let (lower, upper) = (arm.limits.lower[joint], arm.limits.upper[joint])
        return sum + pow((2 * q[joint] - lower - upper) / (upper - lower), 4)
      }
      return (crowding, (arm.model.pose(at: q).translation - pose.translation).length)
    }
    while tried < caseCount(10) {
      let inner = JointVector(repeating: 0.2, count: seeking.count)
      let start = seeking.anywhere(&random).clamped(lower: seeking.limits.lower + inner, upper: seeking.limits.upper - inner)
      guard seeking.leastGain(at: start) > 0.25 else { continue }
      tried += 1
      let with = crowding(seeking, from: start), without = crowding(other, from: start)
      gain += without.crowding - with.crowding
      #expect(with.error < without.error + 0.005, "from \(Array(start))")
    }
    #expect(gain / Double(tried) > 0.02, "\(gain / Double(tried))")
  }

  @Test func sentencesSayWhatHolds() throws {
    let kinematics = try VelocityArm.named("dummy").kinematics
    let rows: [(VelocityKinematics.Hindrance, String, String)] = [
      (.position(joint: 2, isUpper: true), "joint \"elbow\" is at its upper limit", "move so that \"elbow\" turns down, or move it by itself"),
      (.position(joint: 2, isUpper: false), "joint \"elbow\" is at its lower limit", "move so that \"elbow\" turns up, or move it by itself"),
      (.velocity(joint: 0), "joint \"waist\" is at its velocity limit", "ask for less speed"),
      (.acceleration(joint: 1), "joint \"shoulder\" is at its acceleration limit", "ask for less speed"),
      (
        .singularity(lost: Twist(angular: [0, 1, 0]), joints: [0, 0, 0, 0.7, 0.1, -0.7]),
        "joints \"forearm\", \"tool_roll\" are lined up: turning about (0, 1, 0) is slowed",
        "go on, and the arm turns out of it where it can; or move one of these joints by itself"
      ),
      (
        .singularity(lost: Twist(linear: [0, 0, -kinematics.typicalLength]), joints: JointVector(count: 6)),
        "the arm is lined up: moving along (0, 0, -1) is slowed",
        "go on, and the arm turns out of it where it can; or move one of these joints by itself"
      ),
      (
        .freedom(lost: Twist(angular: [0.6, 0, 0.8])), "the arm has too few joints for turning about (0.6, 0, 0.8)", "leave an axis of the tool free"
      ),
      (
        .border(lost: Twist(linear: [kinematics.typicalLength, 0, 0])),
        "the arm reaches no farther in this posture: moving along (1, 0, 0) is slowed", "move back, or move single joints to another posture"
      ),
      (.notFinite, "the wanted velocity is not a finite number", "give finite numbers"),
      (.unknownState, "a joint position or velocity is not a finite number", "check what measures the joints"),
    ]
    for (hindrance, sentence, suggestion) in rows {
      #expect(kinematics.sentence(for: hindrance) == sentence)
      #expect(kinematics.suggestion(for: hindrance) == suggestion)
    }
  }

  @Test func aWishThatIsNoNumberBrakes() throws {
    let arm = try VelocityArm.named("dummy"), q: JointVector = [0, 0, 1.5, 0, 0.5, 0]
    let moving: JointVector = [0.5, -0.2, 0.3, 0, 0, 0.1]
    for motion in [
      arm.kinematics.motion(for: Twist(linear: [.nan, 0, 0]), at: q, velocity: moving, period: 0.002),
      arm.kinematics.motion(for: Twist(linear: [1e200, 0, 0]), at: q, velocity: moving, period: 0.002),
      arm.kinematics.motion(for: Twist(angular: [0, .infinity, 0]), at: q, velocity: moving, period: 0.002),
      arm.kinematics.motion(for: [0, 0, .nan, 0, 0, 0], at: q, velocity: moving, period: 0.002),
    ] {
      #expect(motion.hindrance == .notFinite)
      #expect(zip(motion.velocity, moving).allSatisfy { abs($0) <= abs($1) })
      #expect(abs(motion.velocity[0] - 0.484) < 1e-12)
    }
  }

  @Test func anArmInAnUnknownStateBrakes() throws {
    let arm = try VelocityArm.named("dummy"), q: JointVector = [0, 0, 1.5, 0, 0.5, 0], moving: JointVector = [0.5, -0.2, 0.3, 0, 0.01, 0.1]
    var lostPosition = q, lostVelocity = moving
    lostPosition[2] = .nan
    lostVelocity[3] = .infinity
    let along = Twist(linear: [0.1, 0, 0])
    for motion in [
      arm.kinematics.motion(for: along, at: lostPosition, velocity: moving, period: 0.002),
      arm.kinematics.motion(for: along, at: q, velocity: lostVelocity, period: 0.002),
      arm.kinematics.motion(for: moving, at: lostPosition, velocity: moving, period: 0.002),
      arm.kinematics.motion(for: moving, at: q, velocity: lostVelocity, period: 0.002),
    ] {
      #expect(motion.hindrance == .unknownState)
      #expect(motion.share == 0)
      #expect(difference(motion.velocity, [0.484, -0.184, 0.284, 0, 0, 0.084]) < 1e-12)
    }
  }

  @Test func tooFewJointsAreSaid() throws {
    let arm = try VelocityArm.named("so101, position"), q: JointVector = [0.1, 0.2, 0.3, 0.4, 0.5]
    let sideways = arm.kinematics.motion(
      for: Twist(angular: [1, 0.3, 0.2]), free: InverseKinematics.FreeAxes.none, at: q, velocity: JointVector(count: 5), period: 0.002)
    guard case .freedom? = sideways.hindrance else {
      Issue.record("\(String(describing: sideways.hindrance))")
      return
    }
  }

  @Test func wantedRatesKeepTheirRatio() throws {
    let arm = try VelocityArm.named("dummy"), q: JointVector = [0, 0, 1.5, 0, 0.5, 0]
    let unhurried = VelocityKinematics(model: arm.model, limits: eager(arm.limits))
    let motion = unhurried.motion(for: [12.5, 2, 0, -1, 0, 0], at: q, velocity: JointVector(count: 6), period: 0.002)
    #expect(difference(motion.velocity, [1.25, 0.2, 0, -0.1, 0, 0]) < 1e-12)
    #expect(motion.hindrance == .velocity(joint: 0))
    #expect(abs(motion.share - 0.1) < 1e-12)
    var atLimit = q
    atLimit[1] = arm.limits.upper[1]
    let held = unhurried.motion(for: [0.5, 1, 0, 0, 0, 0], at: atLimit, velocity: JointVector(count: 6), period: 0.002)
    #expect(difference(held.velocity, [0.5, 0, 0, 0, 0, 0]) < 1e-12)
    #expect(held.hindrance == .position(joint: 1, isUpper: true))
  }

  @Test(arguments: try VelocityArm.all()) func allocatesNothing(arm: VelocityArm) {
    var random = SeededGenerator(seed: 85)
    let states = (0..<30).map { index in index % 3 == 0 ? arm.singular(&random) ?? arm.onLimits(&random) : arm.onLimits(&random) }
    let twists = (0..<30).map { _ in arm.twist(&random, speed: 1) }, still = JointVector(count: arm.count)
    var sum = 0.0
    func run() {
      for (q, twist) in zip(states, twists) {
        sum += arm.motion(twist, at: q, velocity: still).share
        sum += arm.kinematics.motion(for: q, at: q, velocity: still, period: 0.002).share
      }
    }
    run()
    let before = malloc_counter_thread()
    run()
    #expect(malloc_counter_thread() == before)
    #expect(sum.isFinite)
  }
}
