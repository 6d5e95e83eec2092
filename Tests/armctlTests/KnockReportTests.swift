import Control
import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// What people and programs read of many knocks.
@Suite struct KnockReportTests {
  /// Knocks of 2 N·s on an arm that holds, all with the same outcome.
  private static func report(_ result: KnockResult, hardware: ComplianceClass = .torque) -> KnockReport {
    let knocks = KnockCase.all.filter { $0.impulse == 2 && $0.motion == .holding }.prefix(5)
    let summary = KnockSummary(findings: knocks.map { KnockSweep.Finding(knock: $0, result: result) })
    return KnockReport(arm: "arm", hardware: hardware, summary: summary, tank: 0.5, yieldStiffness: 40)
  }

  private static let good: KnockResult = {
    var good = KnockResult()
    (good.detectionDelay, good.travel, good.opposingForce, good.recovery, good.hasResumed) = (0.006, 0.1, 9, 0.9, true)
    return good
  }()

  @Test func aGoodArmMeetsAll() {
    let report = Self.report(Self.good)
    #expect(report.isMet && report.lines.allSatisfy { $0.isMet != false })
    #expect(report.text.contains("arm, class A: 5 knocks") && !report.text.contains("✗"))
    #expect(report.json["met"]?.bool == true)
  }

  /// Each figure alone spoils it, and only its own line.
  static let faults: [(name: String, change: @Sendable (inout KnockResult) -> Void)] = [
    ("detected, from 0.5 N·s", { $0.detectionDelay = nil }), ("delay: mean, p99", { $0.detectionDelay = 0.026 }),
    ("travel at 2 N·s", { $0.travel = 0.03 }), ("travel at 2 N·s", { $0.travel = 0.3 }),
    ("opposing force, mean of a knock", { $0.opposingForce = 16 }),
    ("crossed a limit, or touched itself", { $0.crossings = [KnockResult.LimitSide(joint: 0, isUpper: true)] }),
    ("crossed a limit, or touched itself", { $0.touchesItself = true }),
    ("asked too much of a motor", { $0.demandShare = 1.1 }), ("back within 2 mm, 1°", { $0.recovery = 1.2 }),
    ("back within 2 mm, 1°", { $0.recovery = nil }), ("overshoot", { $0.overshoot = 0.06 }), ("off its path after it", { $0.pathDeviation = 0.0011 }),
    ("went on by itself", { $0.hasResumed = false }), ("energy after contact", { $0.energyExcess = 0.51 }),
    ("felt before the knock", { $0.isFalseAlarm = true }),
  ]

  @Test(arguments: faults.indices) func eachFigureIsJudged(index: Int) {
    var result = Self.good
    Self.faults[index].change(&result)
    let failed = Self.report(result).lines.filter { $0.isMet == false }.map(\.name)
    // What was not felt has no delay either.
    let expected = index == 0 ? [Self.faults[0].name, "delay: mean, p99"] : [Self.faults[index].name]
    #expect(failed == expected)
  }

  @Test func classBIsAskedForLess() {
    var result = Self.good
    (result.detectionDelay, result.travel, result.opposingForce) = (0.035, 0.025, 40)
    #expect(!Self.report(result).isMet)
    let report = Self.report(result, hardware: .position)
    #expect(report.isMet)
    #expect(report.lines.first { $0.name == "asked too much of a motor" }.map { $0.isMet == nil && $0.measured == "not ours to ask" } == true)
  }

  @Test func theTableHasALineForEachKnock() throws {
    var thrown = Self.good
    (thrown.limitMargin, thrown.crossings) = (-0.01, [.init(joint: 1, isUpper: true), .init(joint: 0, isUpper: false)])
    thrown.fate = .beyondEnergy
    thrown.recovery = nil
    let knocks = KnockCase.all.prefix(2)
    let table = KnockTable(
      findings: zip(knocks, [Self.good, thrown]).map { KnockSweep.Finding(knock: $0, result: $1) },
      stands: [KnockStand(name: "ready", position: JointVector(count: 2))], jointNames: ["waist", "shoulder"])
    #expect(
      table.text == """
        number,stand,motion,place,direction,impulse_Ns,counts,felt_ms,travel_mm,free_mass_mm,opposing_N,\
        limit_deg,crossed,fate,asked_share,back_s,overshoot_percent,off_path_mm,energy_J,went_on
        0,ready,hold,tool,-x-y-z,0.25,yes,6.0,100.0,,9.0,,,,0.000,0.900,0.0,,0.000,yes
        1,ready,hold,tool,-x-y-z,0.5,yes,6.0,100.0,,9.0,-0.6,waist lower shoulder upper,beyond energy,0.000,,0.0,,0.000,yes

        """)
  }

  @Test func aScenarioTellsWhatWasThrown() {
    #expect(KnockScenario.Finding(name: "", demand: "", count: 10, complaints: ["a", "b"]).score == "8 of 10")
    let fates = [KnockResult.Fate.avoidable, .feltTooLate, .beyondMotors]
    let found = KnockScenario.Finding(name: "", demand: "", count: 10, complaints: ["a", "b", "c"], fates: fates)
    #expect(found.score == "7 of 10; 2 thrown")
  }

  @Test func thePlotShowsWhereTheArmGoesAndWhatItFeels() throws {
    let scene = try KnockRunnerTests.scene("openarm")
    let knock = KnockCase(
      number: 1, stand: 1, motion: .moving(speed: 0.25), place: .tool, direction: try #require(KnockDirection("+x-z")), impulse: 2)
    let picture = try KnockReportRun(scene: scene, cases: []).plot(of: knock).svg
    for words in ["tool off its place [mm]", "external effort felt [N·m]", "the job's time [1]", "energy tank [J]", "yield and return", "rebound"] {
      #expect(picture.contains(words), "\(words)")
    }
    #expect(picture.components(separatedBy: "<polyline").count - 1 == 5 + 7 + 1 + 1)
    #expect(!picture.contains("nan") && !picture.contains("inf"))
  }
}
