import Control
import Kinematics
import TestSupport
import Testing

/// Knocks on an arm whose motors only take positions: the setpoint gives way.
@Suite struct LedKnockTests {
  static let pose: JointVector = [0.3, 0.3, 1.7, 0.2, 0.4, 0]
  static let flange = KnockableArm.dummy.model

  struct Hit: Sendable {
    var direction: SIMD3<Double>
    var impulse: Double
  }

  @Test(arguments: [
    Hit(direction: [0, 1, 0], impulse: 1), Hit(direction: [0, -1, -1], impulse: 2), Hit(direction: [0, 0, 1], impulse: 2),
  ])
  func theSetpointGivesWayAndComesBack(hit: Hit) throws {
    let rig = KnockRig(.dummy, at: Self.pose)
    let origin = Self.flange.pose(at: rig.position).translation, onset = rig.time
    var travel = 0.0
    rig.afterStep = { travel = max(travel, size(Self.flange.pose(at: rig.position).translation - origin)) }
    rig.strike(Blow(impulse: hit.impulse, direction: hit.direction, chain: Self.flange))
    rig.tick(count: 900)
    #expect(try #require(rig.knocks.first).time - onset < 0.04)
    #expect(0.015...0.15 ~= travel, "\(travel) m")
    #expect(size(Self.flange.pose(at: rig.position).translation - origin) < 0.002)
    #expect(rig.snapshot.mode == .hold && rig.snapshot.fault == nil)
  }
}
