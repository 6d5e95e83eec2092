import Kinematics
import Simulator
import TestSupport
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

  /// Against every mixture of motors at their ends: the best that a box and one bound on the power leave is at most one motor away from its ends.
  @Test func brakesAsHardAsItsPowerAllows() {
    var random = SplitMix64(seed: 8)
    func draw(_ range: ClosedRange<Double>) -> JointVector { JointVector((0..<4).map { _ in .random(in: range, using: &random) }) }
    for _ in 0..<caseCount(300) {
      let braking = draw(-1...1), velocity = draw(-2...2), rated = draw(0.1...3), power = Double.random(in: -1...4, using: &random)
      let effort = KnockBound.effort(for: braking, rated: rated, velocity: velocity, power: power)
      let least = -rated.indices.reduce(0) { $0 + rated[$1] * velocity[$1].magnitude }
      guard power > least else { continue }
      #expect(effort.dot(velocity) <= power + 1e-9)
      #expect(effort.indices.allSatisfy { effort[$0].magnitude <= rated[$0] + 1e-12 })
      for ends in 0..<16 {
        var other = JointVector(effort.indices.map { ends & (1 << $0) == 0 ? -rated[$0] : rated[$0] })
        for joint in other.indices {
          let rest = other.dot(velocity) - other[joint] * velocity[joint], kept = other[joint]
          let bound = (power - rest) / velocity[joint]
          other[joint] = min(max(bound, -rated[joint]), rated[joint])
          if other.dot(velocity) <= power + 1e-9 { #expect(braking.dot(other) <= braking.dot(effort) + 1e-9) }
          other[joint] = kept
          if other.dot(velocity) <= power { #expect(braking.dot(other) <= braking.dot(effort) + 1e-9) }
        }
      }
    }
  }

  @Test func aDriveGivesWhatItsCurrentAllows() throws {
    let effort = try KnockRunnerTests.scene("dummy").configuration.ratedEffort
    #expect(abs(effort[0] - 50 * 0.2 * 2) < 1e-9 && abs(effort[4] - 30 * 0.06 * 0.6) < 1e-9)
  }
}
