import Kinematics
import TestSupport
import Testing

@testable import Control

/// How hard joints are braked before their limits, at ±1 rad with a margin of 0.05 rad, by motors that do 1,000 rad/s² and act 5 ms later.
@Suite struct ViabilityBoundTests {
  private static let delay = 0.005, capability = 1000.0

  private static func braking(
    position: Double, velocity: Double, home: Double = 0, capability: Double = capability
  ) -> (acceleration: Double, urgency: Double) {
    var limits = TestArm.settings.limits
    (limits.lower, limits.upper) = ([-1], [1])
    let bound = ViabilityBound(limits: limits, margin: 0.05, delay: delay), most: JointVector = [capability]
    let braking = bound.braking(position: [position], velocity: [velocity], capability: (most, most), home: [home])
    return (braking.acceleration[0], braking.urgency[0])
  }

  struct Approach: Sendable {
    var what: String
    var position = 0.5, velocity: Double
    /// [rad/s²]
    var acceleration: Double
    var isUrgent: Bool
  }

  @Test(arguments: [
    Approach(what: "what comes to rest by little is let go", velocity: 10, acceleration: 0, isUrgent: false),
    Approach(what: "away from the limit as well", position: 0.9, velocity: -20, acceleration: 0, isUrgent: false),
    // 0.45 rad less 0.15 rad until an answer acts.
    Approach(what: "fast, by what is needed and a tenth", velocity: 30, acceleration: -1.1 * 450 / 0.3, isUrgent: true),
    Approach(what: "faster, by six times what its own motor does", velocity: 70, acceleration: -6000, isUrgent: true),
    Approach(what: "slow and near, by what stops it and no more", position: 0.93, velocity: 3, acceleration: -3 / 0.005, isUrgent: true),
  ])
  func brakesByWhatIsNeeded(_ approach: Approach) {
    for side in [1.0, -1.0] {
      let braking = Self.braking(position: side * approach.position, velocity: side * approach.velocity)
      #expect(abs(side * braking.acceleration - approach.acceleration) < 1e-6, "\(approach.what)")
      #expect((braking.urgency == 1) == approach.isUrgent, "\(approach.what)")
    }
  }

  /// A motor that is strong enough for everything does not wait until nothing but its strength helps: it is seen and told 5 ms late, too.
  @Test(arguments: [1.0, 3, 5, 8, 12]) func theStrongestMotorBrakesInTime(velocity: Double) {
    let period = 0.001
    var q = 0.6, v = velocity, commands = Array(repeating: 0.0, count: 5), farthest = q
    for _ in 0..<1000 {
      let braking = Self.braking(position: q, velocity: v, capability: 1e5)
      commands.append(braking.urgency * braking.acceleration)
      v += period * commands.removeFirst()
      q += period * v
      farthest = max(farthest, q)
    }
    #expect(farthest < 1 - 0.035, "\(farthest) rad")
  }

  /// A joint that is seen 5 ms late, and that the others help as much as they may, stops before its limit and is not thrown to and fro.
  @Test(arguments: [1.0, 3, 5, 8, 12, 20])
  func stopsAndIsNotThrownBack(velocity: Double) {
    let period = 0.001, help = 6.0
    var q = 0.6, v = velocity, commands = Array(repeating: 0.0, count: 5), fastestBack = 0.0, farthest = q
    for _ in 0..<1000 {
      let braking = Self.braking(position: q, velocity: v)
      commands.append(min(max(braking.urgency * braking.acceleration, -help * Self.capability), help * Self.capability))
      v += period * commands.removeFirst()
      q += period * v
      (fastestBack, farthest) = (min(fastestBack, v), max(farthest, q))
    }
    #expect(farthest < 1 - 0.02)
    #expect(fastestBack > -0.55 * velocity, "\(fastestBack) rad/s")
  }
}
