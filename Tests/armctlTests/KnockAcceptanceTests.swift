import Control
import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// A sample of the acceptance sweep of `make knock-report`.
@Suite struct KnockAcceptanceTests {
  private static func summary(_ robot: String, count: Int) throws -> KnockSummary {
    KnockSummary(findings: try KnockSweep(scene: KnockRunnerTests.scene(robot), cases: KnockCase.sample(caseCount(count))).run())
  }

  @Test func openArmYieldsAndComesBack() throws {
    let found = try Self.summary("openarm", count: 200)
    #expect(Double(found.detectedCount) >= 0.999 * Double(found.detectableCount), "\(found.detectedCount) of \(found.detectableCount)")
    #expect((found.meanDelay ?? 1) <= 0.010 && (found.longDelay ?? 1) <= 0.025, "\(found.meanDelay ?? 1) s, \(found.longDelay ?? 1) s")
    #expect(found.crossingCount == 0 && found.overloadCount == 0 && found.falseAlarmCount == 0)
    #expect((found.travels.first ?? 0) >= 0.040 && (found.travels.last ?? 1) <= 0.250, "\(found.travels)")
    #expect((found.opposingForces.last ?? 99) <= 15, "\(found.opposingForces)")
    #expect((quantile(found.recoveries, 0.5) ?? 9) <= 1.0 && (found.recoveries.last ?? 9) <= 1.5, "\(found.recoveries)")
    #expect((found.overshoots.last ?? 1) <= 0.05, "\(found.overshoots)")
    #expect(found.tankExceededCount(tank: 0.5) == 0, "\(found.largestEnergyExcess) J")
    #expect(found.resumedCount == found.count)
  }
}
