import Control
import Kinematics
import TestSupport
import Testing

/// Hand guiding and springs, on motors that take torque.
@Suite struct SoftModeTests {
  static func rig(_ mode: ControlRequest, springs: ComplianceSprings? = nil) -> KnockRig {
    var settings = OpenArm.settings
    if let springs { settings.compliance?.springs = springs }
    let rig = KnockRig(at: OpenArm.ready, settings: settings)
    _ = rig.arm.post(mode)
    rig.tick(count: 250)
    return rig
  }

  static func tool(_ rig: KnockRig) -> SIMD3<Double> { OpenArm.model.pose(at: rig.position).translation }

  @Test func aFloatingArmGoesWithTheHandAndStaysWhereItIsLeft() {
    let rig = Self.rig(.float)
    #expect(rig.snapshot.mode == .float)
    let origin = Self.tool(rig), onset = rig.time
    rig.push = (KnockTests.tool, { $0 < onset + 0.5 ? [0, 12, 0] : .zero })
    rig.tick(count: 1000)
    let left = Self.tool(rig)
    #expect(size(left - origin) > 0.1)
    rig.tick(count: 500)
    #expect(size(Self.tool(rig) - left) < 0.005, "nobody guides it any more")
    #expect(rig.snapshot.mode == .float && rig.snapshot.fault == nil)
  }

  /// Pushing on and on, to three sides, and pushing hard to each of six.
  @Test(arguments: [
    SIMD3<Double>(15, 0, 0), [-15, 0, 0], [0, -15, 0], [40, 0, 0], [-40, 0, 0], [0, 40, 0], [0, -40, 0], [0, 0, 40], [0, 0, -40],
  ])
  func noHandPushesAFloatingArmOverItsLimits(force: SIMD3<Double>) {
    let rig = Self.rig(.float)
    let limits = OpenArm.model.limits
    var margin = Double.infinity
    rig.afterStep = {
      for joint in 0..<7 where abs(rig.velocity[joint]) > 0.3 {
        margin = min(margin, rig.position[joint] - limits.lower[joint], limits.upper[joint] - rig.position[joint])
      }
    }
    rig.push = (KnockTests.wrist, { _ in force })
    rig.tick(count: 400)
    #expect(margin > 0, "no joint meets its limit at speed: \(margin) rad")
    #expect(rig.snapshot.fault == nil)
  }

  @Test func jointSpringsGiveWayAndComeBack() {
    let rig = Self.rig(.comply)
    #expect(rig.snapshot.mode == .comply)
    let origin = Self.tool(rig), onset = rig.time
    rig.push = (KnockTests.tool, { $0 < onset + 1 ? [0, 10, 0] : .zero })
    rig.tick(count: 490)
    #expect(size(Self.tool(rig) - origin) > 0.03)
    rig.tick(count: 1000)
    #expect(size(Self.tool(rig) - origin) < 0.03)
    _ = rig.arm.post(.hold)
    rig.tick(count: 300)
    #expect(rig.snapshot.mode == .hold)
  }

  @Test func toolSpringsAreAsStiffAsTheyAreTold() {
    let rig = Self.rig(.comply, springs: .tool(linear: [300, 300, 300], angular: [30, 30, 30]))
    let origin = Self.tool(rig)
    rig.push = (KnockTests.tool, { _ in [0, 15, 0] })
    rig.tick(count: 1500)
    let away = Self.tool(rig) - origin
    #expect(0.03...0.06 ~= away.y, "15 N on 300 N/m: \(away.y) m")
    #expect(abs(away.x) < 0.02 && abs(away.z) < 0.02)
  }

  @Test func motorsThatTakePositionsCannotHangOnSprings() {
    let rig = KnockRig(.dummy, at: [0, 0, 1.571, 0, 0, 0])
    _ = rig.arm.post(.comply)
    rig.tick(count: 2)
    #expect(rig.events.contains { $0.event == .refused(.mode(.comply), .cannotComply) })
    #expect(
      ControlRefusal.cannotComply.sentence(joints: [], buses: []) == "The motors take positions only, so the arm cannot hang on springs.")
  }
}
