import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

/// The arm is hit, gives way, comes back and goes on: over the emulated Damiao bus, in logical time.
@Suite struct KnockTests {
  static let urdf = try! URDF(contentsOf: OpenArm.file)
  static let tool = chain(OpenArm.tip), wrist = chain("openarm_link6"), elbow = chain("openarm_link4")

  static func chain(_ tip: String) -> RobotModel { try! RobotModel(urdf: urdf, tip: tip) }

  struct Hit: Sendable, CustomTestStringConvertible {
    var name: String
    var pose: JointVector
    var chain: RobotModel
    var direction: SIMD3<Double>
    var impulse: Double
    var testDescription: String { "\(name), \(impulse) N·s" }
  }

  static let hits = [
    Hit(name: "the tool from the side", pose: OpenArm.ready, chain: tool, direction: [1, 0, 0], impulse: 2),
    Hit(name: "the tool from above", pose: OpenArm.reach, chain: tool, direction: [0, 0, -1], impulse: 1),
    Hit(name: "the wrist, askew", pose: OpenArm.ready, chain: wrist, direction: [1, 1, 1], impulse: 2),
    Hit(name: "the wrist from below", pose: OpenArm.reach, chain: wrist, direction: [0, 0, 1], impulse: 2),
    Hit(name: "the elbow", pose: OpenArm.ready, chain: elbow, direction: [0, 1, 0], impulse: 2),
    Hit(name: "the wrist, softly", pose: OpenArm.ready, chain: wrist, direction: [0, 1, 0], impulse: 0.5),
    Hit(name: "the wrist, hard", pose: OpenArm.ready, chain: wrist, direction: [0, -1, -1], impulse: 4),
  ]

  /// What a rig saw of one blow.
  struct Course {
    var delay: Double?
    var travel = 0.0, overshoot = 0.0, lastAway = 0.0, margin = Double.infinity
    var energyAtContactEnd = 0.0, energyAfter = 0.0
  }

  /// Hits a holding arm and watches for two seconds.
  static func course(of rig: KnockRig, after hit: Hit) -> Course {
    var course = Course()
    let count = hit.chain.jointCount, limits = OpenArm.model.limits
    func point() -> SIMD3<Double> { hit.chain.pose(at: JointVector(rig.position.prefix(count))).translation }
    let origin = point(), home = OpenArm.model.pose(at: rig.position), onset = rig.time
    var farthest = SIMD3<Double>()
    rig.strike(Blow(impulse: hit.impulse, direction: hit.direction, chain: hit.chain))
    rig.afterStep = {
      let away = point() - origin, distance = size(away), since = rig.time - onset
      if distance > course.travel { (course.travel, farthest) = (distance, away) }
      course.overshoot = max(course.overshoot, -(away * farthest).sum() / max(course.travel, 1e-9))
      let tool = OpenArm.model.pose(at: rig.position)
      let turned = size((home.rotation.inverse * tool.rotation).rotationVector)
      if size(tool.translation - home.translation) > 0.002 || turned > .pi / 180 { course.lastAway = since }
      for joint in 0..<7 { course.margin = min(course.margin, rig.position[joint] - limits.lower[joint], limits.upper[joint] - rig.position[joint]) }
      let energy = rig.channel.arm.plant.kineticEnergy
      if since <= 0.02 { course.energyAtContactEnd = energy } else { course.energyAfter = max(course.energyAfter, energy) }
    }
    rig.tick(count: 1000)
    rig.afterStep = {}
    course.delay = rig.knocks.first.map { $0.time - onset }
    return course
  }

  @Test(arguments: hits)
  func aKnockIsFeltYieldedToAndRecoveredFrom(hit: Hit) throws {
    let rig = KnockRig(at: hit.pose)
    let course = Self.course(of: rig, after: hit)
    #expect(try #require(course.delay) < 0.025)
    #expect(course.lastAway < 1.5, "back within 2 mm and 1° after \(course.lastAway) s")
    #expect(course.overshoot < 0.05 * course.travel)
    #expect(course.energyAfter < course.energyAtContactEnd + 0.5)
    #expect(course.margin > .pi / 180)
    if hit.impulse == 2 { #expect(0.04...0.25 ~= course.travel, "\(course.travel) m") }
    #expect(rig.modes == [.yield, .recover, .hold])
    #expect(rig.snapshot.fault == nil)
  }

  @Test func whatThePushWasIsTold() throws {
    let rig = KnockRig(at: OpenArm.ready)
    _ = Self.course(of: rig, after: Self.hits[0])
    let told = try #require(rig.recoveries.first)
    let impulse = try #require(told.impulse), direction = try #require(told.direction), joint = try #require(rig.knocks.first).joint
    #expect(abs(impulse - 2) < 0.6)
    #expect(direction.x > 0.85)
    #expect(joint == 6)
  }

  @Test func aJobGoesOnWhereItWasAndNeverCatchesUp() throws {
    let rig = KnockRig(at: OpenArm.ready)
    let target: JointVector = [0.8, 0.4, 0.3, 1.2, 0.2, 0.1, 0.2]
    let motion = try Trajectory.jointMove(from: rig.snapshot.setpoint, to: target, limits: OpenArm.model.limits, speed: 0.6)
    _ = rig.arm.post(.follow(motion, job: 7))
    rig.tick(count: Int(0.5 * motion.duration / OpenArm.period))
    let progress = rig.snapshot.progress, start = rig.time
    rig.strike(Blow(impulse: 2, direction: [0, 1, -1], chain: Self.wrist))
    rig.tick(count: 20)
    #expect(rig.snapshot.mode == .yield && rig.snapshot.job == 7)
    #expect(abs(rig.snapshot.progress - progress) < 0.02)
    rig.tick(count: 2500)
    #expect(rig.finished == [7])
    let ended = try #require(rig.events.first { $0.event == .finished(job: 7) }).time
    #expect(ended - start > 0.5 * motion.duration + 0.2, "the time that the knock took is lost, not made up for")
    #expect((rig.position - target).maximumMagnitude < 0.02)
  }

  @Test func aHeldPushIsNotFought() {
    let rig = KnockRig(at: OpenArm.ready)
    let onset = rig.time, origin = OpenArm.model.pose(at: rig.position).translation
    rig.push = (Self.tool, { $0 < onset + 2 ? [0, 30, 0] : .zero })
    rig.tick(count: 750)
    withKnownIssue("A push that moves the arm fast is lost among what its motion makes uncertain.", isIntermittent: true) {
      #expect(rig.snapshot.mode == .yield)
    }
    #expect(size(OpenArm.model.pose(at: rig.position).translation - origin) > 0.15)
    // It was felt three times meanwhile, and each time the arm comes back more slowly.
    rig.tick(count: 1750)
    #expect(rig.snapshot.mode == .hold)
    #expect(size(OpenArm.model.pose(at: rig.position).translation - origin) < 0.003)
  }

  @Test func aSecondKnockIsJustAnother() {
    let rig = KnockRig(at: OpenArm.ready)
    let origin = OpenArm.model.pose(at: rig.position).translation
    for direction in [SIMD3<Double>(0, 1, 0), [1, 0, -1], [-1, -1, 0]] {
      rig.strike(Blow(impulse: 1.5, direction: direction, chain: Self.wrist))
      rig.tick(count: 120)
    }
    rig.tick(count: 1000)
    #expect(rig.knocks.count >= 3)
    #expect(rig.snapshot.mode == .hold && rig.snapshot.fault == nil, "\(rig.events)")
    #expect(size(OpenArm.model.pose(at: rig.position).translation - origin) < 0.002)
  }

  @Test func aStopInTheMidstOfItKeepsTheArmWhereItComesToRest() {
    let rig = KnockRig(at: OpenArm.ready)
    let origin = rig.position
    rig.strike(Blow(impulse: 2, direction: [0, 1, 0], chain: Self.tool))
    rig.tick(count: 30)
    rig.arm.stop()
    rig.tick(count: 700)
    #expect(rig.snapshot.mode == .stopped && rig.snapshot.isAtRest)
    #expect((rig.position - origin).maximumMagnitude > 0.05)
  }

  @Test func aDriveThatFailsInTheMidstOfItIsAFaultAndTheOthersAreCaught() {
    let rig = KnockRig(at: OpenArm.ready)
    rig.strike(Blow(impulse: 2, direction: [1, 1, 0], chain: Self.wrist))
    rig.tick(count: 12)
    rig.fail(4)
    rig.tick(count: 700)
    #expect(rig.snapshot.mode == .fault)
    #expect(rig.velocity.prefix(4).allSatisfy { abs($0) < 0.05 })
  }

  @Test func lostFramesChangeLittle() {
    let rig = KnockRig(at: OpenArm.ready)
    rig.channel.arm.lossShare = 0.05
    let course = Self.course(of: rig, after: Self.hits[2])
    #expect(course.lastAway < 1.5 && course.margin > .pi / 180)
    #expect(rig.snapshot.mode == .hold)
  }

  @Test func nobodyKnocksWhereNobodyKnocks() throws {
    let rig = KnockRig(at: OpenArm.ready)
    var generator = SeededGenerator(seed: 9), kept: [Trajectory] = []
    for job in 1...caseCount(4) {
      // Sets out from a long rest as well as from a short one.
      let rest = job.isMultiple(of: 2) ? 60 : 250
      var target = OpenArm.ready
      for joint in 0..<7 { target[joint] += Double.random(in: -0.5...0.5, using: &generator) }
      let motion = try Trajectory.jointMove(
        from: rig.snapshot.setpoint, to: target.clamped(lower: OpenArm.model.limits.lower, upper: OpenArm.model.limits.upper),
        limits: OpenArm.model.limits)
      kept.append(motion)
      _ = rig.arm.post(.follow(motion, job: job))
      rig.tick(count: Int(motion.duration / OpenArm.period) + rest)
    }
    #expect(rig.knocks.isEmpty)
    #expect(rig.finished.count == kept.count)
  }
}

func size(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

extension KnockRig {
  var knocks: [Knock] { events.compactMap { if case .knocked(let knock) = $0.event { knock } else { nil } } }
  var recoveries: [Knock] { events.compactMap { if case .recovered(let knock) = $0.event { knock } else { nil } } }
  var modes: [ControlMode] { events.compactMap { if case .modeChanged(let mode) = $0.event { mode } else { nil } } }
  var finished: [Int] { events.compactMap { if case .finished(let job) = $0.event { job } else { nil } } }
}
