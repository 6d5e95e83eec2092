import Control
import Foundation
import Kinematics
import Planner
import Simulator
import TestSupport
import Testing

@testable import armctl

/// A sample of the acceptance sweep of `make knock-report`.
@Suite struct KnockAcceptanceTests {
  @Test func openArmYieldsAndComesBack() throws {
    let cases = KnockCase.sample(caseCount(200))
    let found = KnockSummary(findings: try KnockSweep(scene: KnockRunnerTests.scene("openarm"), cases: cases).run())
    #expect((found.meanDelay ?? 1) <= 0.010 && (found.longDelay ?? 1) <= 0.025, "\(found.meanDelay ?? 1) s, \(found.longDelay ?? 1) s")
    #expect((found.opposingForces.last ?? 99) <= 15, "\(found.opposingForces)")
    #expect((quantile(found.recoveries, 0.5) ?? 9) <= 1.0 && (found.recoveries.last ?? 9) <= 1.5, "\(found.recoveries)")
    #expect((found.pathDeviations.last ?? 0) <= 1e-3, "\(found.pathDeviations)")
    #expect(found.tankExceededCount(tank: 0.5) == 0, "\(found.largestEnergyExcess) J")
    #expect(found.resumedCount == found.count, "\(found.resumedCount) of \(found.count)")
    withKnownIssue("knocks along the bones of a moving arm are missed", isIntermittent: true) {
      #expect(Double(found.detectedCount) >= 0.999 * Double(found.detectableCount), "\(found.detectedCount) of \(found.detectableCount)")
    }
    withKnownIssue("4 N·s bring some joints to their limits, and some efforts beyond their ratings", isIntermittent: true) {
      #expect(found.crossingCount == 0 && found.overloadCount == 0)
    }
    withKnownIssue("travel and overshoot are not yet as asked everywhere", isIntermittent: true) {
      #expect((found.travels.first ?? 0) >= 0.040 && (found.travels.last ?? 1) <= 0.250, "\(found.travels)")
      #expect((found.overshoots.last ?? 1) <= 0.05, "\(found.overshoots)")
    }
  }

  /// An arm of which nobody has tuned anything does so as well.
  @Test func anUntunedArmYieldsAndComesBack() throws {
    let cases = KnockCase.sample(caseCount(60))
    let found = KnockSummary(findings: try KnockSweep(scene: KnockRunnerTests.untuned, cases: cases).run())
    #expect(Double(found.detectedCount) >= 0.98 * Double(found.detectableCount), "\(found.detectedCount) of \(found.detectableCount)")
    #expect((found.meanDelay ?? 1) <= 0.010 && (found.longDelay ?? 1) <= 0.025, "\(found.meanDelay ?? 1) s, \(found.longDelay ?? 1) s")
    #expect((quantile(found.recoveries, 0.5) ?? 9) <= 1.0 && (found.recoveries.last ?? 9) <= 1.5, "\(found.recoveries)")
    #expect(found.tankExceededCount(tank: 0.5) == 0 && found.overloadCount == 0, "\(found.largestEnergyExcess) J")
    #expect(found.resumedCount == found.count, "\(found.resumedCount) of \(found.count)")
  }

  /// Class B: the default arm, whose drives hold positions and tell their current late.
  @Test func dummyGivesWayAndComesBack() throws {
    let cases = KnockCase.sample(caseCount(100), of: KnockCase.all.filter { $0.impulse >= 1 })
    var found = KnockSummary(findings: try KnockSweep(scene: KnockRunnerTests.scene("dummy"), cases: cases).run())
    found.leastDetected = 1
    #expect((found.longDelay ?? 1) <= 0.040, "\(found.longDelay ?? 1) s")
    #expect((quantile(found.recoveries, 0.5) ?? 9) <= 1.0, "\(found.recoveries)")
    #expect((found.pathDeviations.last ?? 0) <= 1e-3, "\(found.pathDeviations)")
    #expect(found.falseAlarmCount == 0 && found.overloadCount == 0)
    #expect(found.resumedCount == found.count, "\(found.resumedCount) of \(found.count)")
    withKnownIssue("knocks on a moving arm that its motors hold against are sometimes missed", isIntermittent: true) {
      #expect(Double(found.detectedCount) >= 0.999 * Double(found.detectableCount), "\(found.detectedCount) of \(found.detectableCount)")
    }
    withKnownIssue("an elbow is held against until the knock is felt; a tool that is thrown goes farther", isIntermittent: true) {
      #expect((found.travels.first ?? 0) >= 0.020 && (found.travels.last ?? 1) <= 0.120, "\(found.travels)")
    }
    withKnownIssue("light joints are thrown against their ends, half of them whatever their motors do", isIntermittent: true) {
      #expect(found.crossingCount == 0)
      #expect((found.recoveries.last ?? 9) <= 1.5, "\(found.recoveries)")
      #expect(found.tankExceededCount(tank: 0.5) == 0, "\(found.largestEnergyExcess) J")
      #expect((found.overshoots.last ?? 1) <= 0.05, "\(found.overshoots)")
    }
  }

  struct Bumps: CustomTestStringConvertible {
    let arm: String
    /// Share of ticks that come late, by up to 8 ms.
    let lateShare: Double
    /// Of rest before the next job [s]; nothing: some knocks come while the arm has hardly recovered from the last.
    var rest = 0.0
    var testDescription: String { "\(arm), \(100 * lateShare) % late, \(rest) s of rest" }
  }

  /// Random moves at full speed, the tool bumped with 1 N·s at any instant and from anywhere: each move ends by itself.
  @Test(arguments: [Bumps(arm: "dummy", lateShare: 0), Bumps(arm: "dummy", lateShare: 0.02), Bumps(arm: "openarm", lateShare: 0, rest: 1.6)])
  func bumpsInTheMidstOfFastMovesEndNoJob(_ bumps: Bumps) throws {
    let scene = try KnockRunnerTests.scene(bumps.arm), tool = try #require(scene.points[.tool])
    var conditions = KnockConditions()
    conditions.lateShare = bumps.lateShare
    let endings = try parallelMap(Array(0..<caseCount(3))) { [conditions] seed -> String? in
      var random = SplitMix64(seed: 500 + UInt64(seed)), knocks = 0
      let rig = try KnockRig(scene, at: scene.stands[0].position, conditions: conditions, seed: UInt64(seed))
      rig.hold()
      for job in 1...15 {
        let goal = KnockStand.drawn(for: scene.configuration, using: &random)
        let way = try Trajectory.jointMove(from: rig.snapshot.setpoint, to: goal, limits: scene.configuration.limits)
        rig.keep(way)
        rig.request(.follow(way, job: job))
        rig.run(Double.random(in: 0...way.duration, using: &random))
        let direction = KnockDirection.all.randomElement(using: &random)!.vector
        rig.touch(with: KnockForce(at: tool, impulse: 1, along: direction, start: rig.time, duration: 0.02))
        rig.run(way.duration + 6) { rig.snapshot.isAtRest && rig.snapshot.job == nil }
        guard rig.events.contains(where: { $0.event == .finished(job: job) }) else { return "seed \(seed), job \(job): \(rig.events.suffix(4))" }
        rig.truth.contacts.removeAll()
        rig.run(bumps.rest)
        knocks = rig.events.count { $0.event.isKnocked }
      }
      return knocks >= 8 ? nil : "seed \(seed): only \(knocks) of 15 bumps felt"
    }
    #expect(endings.allSatisfy { $0 == nil }, "\(endings.compactMap { $0 })")
  }

  /// At full speed, with things taken up and put down, with friction and masses other than the controller believes, and on a machine that lets its
  /// loop wait now and then.
  @Test(arguments: [(nil, 0), (100, 0), (nil, 0.02)] as [(UInt64?, Double)]) func dummyIsNotFrightenedByItself(modelSeed: UInt64?, lateShare: Double)
    throws
  {
    var conditions = KnockConditions()
    (conditions.modelSeed, conditions.lateShare) = (modelSeed, lateShare)
    let found = try FreeMotion(scene: KnockRunnerTests.scene("dummy"), conditions: conditions).run(hours: Double(caseCount(3)) / 60)
    #expect(found.alarms == 0 && found.faults.isEmpty, "\(found)")
    #expect(found.jobs > 20 * caseCount(3))
  }

  /// Minutes in which the arm stops soon after it has gone fast with a new load: what its wrong model has learnt on the way is no push at its end.
  @Test(arguments: [(nil, 50), (100, 30), (100, 50)] as [(UInt64?, UInt64)]) func openArmIsNotFrightenedByItself(modelSeed: UInt64?, minute: UInt64)
    throws
  {
    var conditions = KnockConditions()
    conditions.modelSeed = modelSeed
    let found = try FreeMotion(scene: KnockRunnerTests.scene("openarm"), conditions: conditions).stretch(seed: minute)
    #expect(found.alarms == 0 && found.faults.isEmpty, "\(found)")
    #expect(found.jobs > 40, "\(found)")
  }

  /// An arm of which nobody has tuned anything: it knows itself from its model, which is wrong, and its hand is a fifth as heavy as what it picks up.
  @Test(arguments: [nil, 100, 102] as [UInt64?]) func anUntunedArmIsNotFrightenedByItself(modelSeed: UInt64?) throws {
    var conditions = KnockConditions()
    conditions.modelSeed = modelSeed
    let found = try FreeMotion(scene: KnockRunnerTests.untuned, conditions: conditions).run(hours: Double(caseCount(4)) / 60)
    #expect(found.alarms == 0 && found.faults.isEmpty, "\(found)")
    #expect(found.jobs > 20 * caseCount(4))
  }

  /// A tick that comes late, or a frame that is lost, leaves the springs of all joints behind, which jolts the arm several times as hard as what is a
  /// blow; but the motors tell of it. Once a minute at most it passes for one, and it ends no job.
  @Test(arguments: [(lateShare: 0.005, lossShare: 0), (lateShare: 0, lossShare: 0.005)])
  func openArmIsHardlyFrightenedByALineThatFails(_ line: (lateShare: Double, lossShare: Double)) throws {
    var conditions = KnockConditions()
    (conditions.modelSeed, conditions.lateShare, conditions.lossShare) = (100, line.lateShare, line.lossShare)
    let found = try FreeMotion(scene: KnockRunnerTests.scene("openarm"), conditions: conditions).run(hours: Double(caseCount(2)) / 60)
    #expect(found.alarms <= caseCount(2) && found.faults.isEmpty, "\(found)")
    #expect(found.jobs > 10 * caseCount(2))
  }
}
