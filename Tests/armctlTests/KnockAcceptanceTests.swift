import Control
import Foundation
import Kinematics
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
}
