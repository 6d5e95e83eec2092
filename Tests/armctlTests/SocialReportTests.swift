import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// Contact speeds by ISO/TS 15066, which ISO 10218-2:2025 carries on.
@Suite struct SocialReportTests {
  struct Row: Sendable {
    let region: String
    let mass, speed: Double
  }

  /// v = F/√(μ k), by hand: of a blow with 2 kg, and of one that weighs as much as a wall.
  static let rows = [
    Row(region: "hand, fingers", mass: 2, speed: 1.505), Row(region: "forearm, wrist", mass: 2, speed: 1.600),
    Row(region: "face", mass: 2, speed: 0.202), Row(region: "skull, forehead", mass: 2, speed: 0.286),
    Row(region: "neck", mass: 2, speed: 1.549), Row(region: "chest", mass: 2, speed: 1.283),
    Row(region: "abdomen", mass: 2, speed: 1.594), Row(region: "hand, fingers", mass: 1e12, speed: 1.320),
    Row(region: "chest", mass: 1e12, speed: 0.280),
  ]

  @Test(arguments: rows) func aBlowMayBeSoFast(row: Row) throws {
    let region = try #require(BodyRegion.all.first { $0.name == row.region })
    #expect(abs(region.greatestSpeed(hitBy: row.mass) - row.speed) < 1e-3)
  }

  @Test func theTableIsTheStandards() {
    #expect(BodyRegion.all.count == 12)
    for region in BodyRegion.all {
      let isHead = ["skull, forehead", "face"].contains(region.name)
      #expect(region.transientForce == (isHead ? 1 : 2) * region.quasiStaticForce)
    }
  }

  @Test func theArmsOwnMassesAreTold() throws {
    let report = SocialReport(try KnockScene(ArmConfiguration.load(packageFile("Robots/openarm/arm.yaml"))))
    // 4.75 kg of links and fingers move; the hand carries nothing.
    #expect(abs(report.standardMass - 0.5 * 4.737) < 0.2, "\(report.standardMass)")
    #expect(report.stands.count >= 5 && report.stands.allSatisfy { $0.leastMass > 0.1 && $0.leastMass <= $0.greatestMass })
    #expect(report.text.contains("no certificate"))
    let hand = report.json["regions"]?.array?.first { $0["name"]?.string == "hand, fingers" }
    #expect((hand?["speed"]?.number ?? 0) > (hand?["speedHeaviest"]?.number ?? 9))
    #expect(report.json["estimate"]?.bool == true)
  }
}
