import Kinematics
import Simulator
import Testing

@testable import armctl

/// What no motor could have kept from happening.
@Suite struct KnockBoundTests {
  /// The Dummy's tool hit across its wrist, in the pose home.
  private static func crosses(impulse: Double, effortShare: Double) throws -> Bool {
    let scene = try KnockRunnerTests.scene("dummy"), rig = try KnockRig(scene, at: scene.stands[0].position, conditions: .ideal)
    rig.hold()
    let onset = rig.time + 0.001, point = try #require(scene.points[.tool])
    let bound = KnockBound(
      plant: rig.truth.plant, contacts: [KnockForce(at: point, impulse: impulse, along: [0, 0, -1], start: onset)], held: rig.motorEffort,
      rated: effortShare * scene.configuration.ratedEffort, answer: onset, contactEnd: onset + 0.02, armature: scene.armature)
    return bound.crosses(joint: 4, isUpper: true, limits: scene.configuration.limits, margin: .pi / 180)
      || bound.crosses(joint: 4, isUpper: false, limits: scene.configuration.limits, margin: .pi / 180)
  }

  @Test func strongMotorsKeepWhatWeakOnesCannot() throws {
    #expect(try Self.crosses(impulse: 4, effortShare: 0))
    #expect(try !Self.crosses(impulse: 4, effortShare: 30))
    #expect(try !Self.crosses(impulse: 0.02, effortShare: 1))
  }

  @Test func aDriveGivesWhatItsCurrentAllows() throws {
    let effort = try KnockRunnerTests.scene("dummy").configuration.ratedEffort
    #expect(abs(effort[0] - 50 * 0.2 * 2) < 1e-9 && abs(effort[4] - 30 * 0.06 * 0.6) < 1e-9)
  }
}
