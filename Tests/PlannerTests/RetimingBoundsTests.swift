import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Limits on tool, efforts and path parameter, besides the joints' own.
@Suite struct RetimingBoundsTests {
  static func path(_ random: inout SeededGenerator, _ model: RobotModel) -> JointPath {
    let waypoints = (0..<4).map { _ in random.configuration(within: model.limits) }
    return .spline(through: waypoints, knots: [0, 1, 2, 3], ends: .natural)
  }

  @Test func theToolKeepsItsSpeedAndAcceleration() throws {
    let model = try LineMoveTests.dummy()
    var random = SeededGenerator(seed: 91)
    for _ in 0..<caseCount(15) {
      let path = Self.path(&random, model)
      var limits = RetimingLimits(joints: model.limits.withoutJerk)
      var tool = ToolLimits()
      (tool.speed, tool.acceleration, tool.angularSpeed, tool.angularAcceleration) = (0.2, 1, 1, 4)
      limits.tool = ToolBound(model: model, limits: tool)
      let trajectory = try Trajectory.timeOptimal(along: path, limits: limits)
      var worst = SIMD4<Double>()
      for sample in 0..<1000 {
        let now = trajectory.setpoint(at: (Double(sample) + 0.5) / 1000 * trajectory.duration)
        let jacobian = model.jacobian(at: now.position)
        let (v, a) = (jacobian.twist(for: now.velocity), jacobian.twist(for: now.acceleration))
        let b = model.jacobianDerivative(at: now.position, velocity: now.velocity).twist(for: now.velocity)
        let seen = SIMD4(
          v.linear.length / tool.speed, v.angular.length / tool.angularSpeed, (a.linear + b.linear).length / tool.acceleration,
          (a.angular + b.angular).length / tool.angularAcceleration)
        for lane in 0..<4 { worst[lane] = max(worst[lane], seen[lane]) }
      }
      let peaks = DensePeaks(trajectory, limits: limits.joints)
      #expect(worst.max() <= 1 && worst.max() > 0.97, "\(worst)")
      #expect(peaks.velocity <= 1 + 1e-9 && peaks.acceleration <= 1 + 1e-9, "\(peaks)")
    }
  }

  /// With friction and rotors, on every place of the way, with and without limits on jerks; and what the margin leaves is used.
  @Test(arguments: [Double.infinity, 400]) func theEffortsAreEnough(_ jerk: Double) throws {
    let model = try LineMoveTests.dummy()
    var random = SeededGenerator(seed: 92)
    for _ in 0..<caseCount(8) {
      let path = Self.path(&random, model)
      var limits = RetimingLimits(joints: model.limits.withoutJerk)
      limits.joints.acceleration = JointVector(repeating: .infinity, count: 6)
      limits.joints.jerk = JointVector(repeating: jerk, count: 6)
      var effort = EffortBound(model: model)
      effort.limit = 0.8 * model.limits.effort
      effort.coulombFriction = JointVector(repeating: 0.1, count: 6)
      effort.viscousFriction = JointVector(repeating: 0.05, count: 6)
      effort.rotorInertia = JointVector(repeating: 0.02, count: 6)
      effort.margin = 0.05
      limits.effort = effort
      let trajectory = try Trajectory.timeOptimal(along: path, limits: limits)
      var most = 0.0
      for sample in 0..<1000 {
        let now = trajectory.setpoint(at: (Double(sample) + 0.5) / 1000 * trajectory.duration)
        var needed = model.inverseDynamics(at: now.position, velocity: now.velocity, acceleration: now.acceleration)
        needed += effort.rotorInertia.scaled(by: now.acceleration) + effort.viscousFriction.scaled(by: now.velocity)
        for joint in 0..<6 {
          needed[joint] += effort.coulombFriction[joint] * (now.velocity[joint] < 0 ? -1 : 1)
          most = max(most, abs(needed[joint]) / effort.limit[joint])
        }
      }
      #expect(most <= 1 && most > (jerk.isFinite ? 0.5 : 0.85), "\(most)")
      #expect(DensePeaks(trajectory, limits: limits.joints).velocity <= 1.0001)
    }
  }

  @Test func anArmThatCannotHoldItselfIsToldWhere() throws {
    let model = try LineMoveTests.dummy()
    var limits = RetimingLimits(joints: model.limits)
    var effort = EffortBound(model: model)
    effort.limit[1] = 0.01
    limits.effort = effort
    let path = JointPath.straight(from: [0, 0.5, 1.5, 0, 0, 0], to: [0, 1, 1.5, 0, 0, 0])
    let refusal = #expect(throws: RetimingRefusal.self) { try Trajectory.timeOptimal(along: path, limits: limits) }
    guard case .tooHeavy(1, let needed, let limit, 0) = refusal else { return #expect(Bool(false), "\(String(describing: refusal))") }
    #expect(needed > limit && abs(limit - 0.998 * 0.9 * 0.01) < 1e-12)
  }

  @Test func theParameterKeepsItsOwnLimits() throws {
    var random = SeededGenerator(seed: 93)
    for _ in 0..<caseCount(20) {
      let c = random.spline()
      var limits = RetimingLimits(joints: JointLimits(unlimited: c.limits.velocity.count))
      limits.parameter.velocity = 2
      limits.parameter.acceleration = 3
      let duration = try Trajectory.timeOptimal(along: c.path, limits: limits).duration
      let known = ScalarProfile(distance: c.path.length, velocity: 2, acceleration: 3, jerk: .infinity).duration
      #expect(duration > known * (1 - 1e-9) && duration < 1.005 * known, "\(duration) \(known)")
    }
  }
}
