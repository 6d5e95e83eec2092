import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@testable import armctl

/// What `armctl check` says of a scene.
@Suite struct SurroundingsReportTests {
  private let arm = try! ArmConfiguration.load(packageFile("Robots/dummy/arm.yaml"))

  private func report(_ scene: String) throws -> (check: CapabilityReport, surroundings: Surroundings) {
    let collision = try #require(try arm.armCollision())
    let world = ArmWorld(arm: arm.model, model: collision.model, margin: 0.01)
    _ = try world.apply(.set(try SceneFile(scene, file: "scene.yaml").items), at: JointVector(count: 6))
    let surroundings = try #require(world.surroundings)
    return (CapabilityReport(arm, collision: collision, surroundings: surroundings), surroundings)
  }

  @Test func whatTouchesInAPoseIsAWarning() throws {
    let position = try #require(arm.pose("home")), tool = arm.model.pose(at: position).translation
    let (check, surroundings) = try report("spheres: [{name: ball, center: [\(tool.x), \(tool.y), \(tool.z)], radius: 0.02}]")
    let nearest = try #require(surroundings.checker(for: []).clearances(at: position).obstacles)
    #expect(nearest.distance < 0)
    #expect(check.warnings.contains("warning: in the pose home \(nearest)"))
    let report = try #require(check.surroundings)
    #expect(report.lines.first == "surroundings: 1 thing in the scene")
    let row = try #require(report.lines.first { $0.hasPrefix("home ") })
    #expect(row.contains("\(nearest.link) to ball") && row.contains(String(format: "%.1f mm", 1000 * nearest.distance)))
    let home = try #require(check.json["surroundings"]?["poses"]?.array?.first { $0["name"] == "home" })
    #expect(home["clearance"]?["obstacle"] == "ball" && home["touching"]?.array?.isEmpty == false && home["ownClearance"]?["otherLink"] != nil)
  }

  /// The base stands on the table; nothing else touches it.
  @Test func whatTheArmStandsOnIsSaidAndDoesNotCount() throws {
    let (check, _) = try report("boxes: [{name: table, center: [0, 0, -0.045], halfExtents: [0.3, 0.3, 0.05]}]")
    let report = try #require(check.surroundings)
    #expect(report.lines.last == "base never moves and stands on \"table\", which does not count")
    #expect(report.warnings.isEmpty)
    #expect(check.json["surroundings"]?["standing"]?.array?.count == 1)
  }

  @Test func withoutASceneThePosesAreLookedAtAllTheSame() throws {
    let (check, _) = try report("")
    #expect(check.surroundings?.lines.first == "surroundings: 0 things in the scene" && check.surroundings?.warnings.isEmpty == true)
    #expect(CapabilityReport(arm, collision: nil).json["surroundings"] == .null)
  }
}
