import Foundation
import Kinematics
import Simulator
import TestSupport
import Testing

@testable import Control

/// How much a joint may seem to be pushed, against models that are wrong.
@Suite struct ContactThresholdsTests {
  private static let thresholds = OpenArm.settings.compliance!.thresholds

  /// Arms whose masses and centres of mass are other than the model has them, let go where it was put right, and led by up to a radian from there.
  @Test func whatGravityHasWrongElsewhereIsNoTouch() {
    var draws = SeededGenerator(seed: 3), greatest = 0.0, sum = 0.0
    let none = JointVector(count: 7), limits = OpenArm.model.limits, count = caseCount(2000)
    for number in 0..<count {
      let wrong = ModelDraw(seed: UInt64(number)).model(of: OpenArm.model)
      let place = JointVector((0..<7).map { Double.random(in: limits.lower[$0]...limits.upper[$0], using: &draws) })
      var way = JointVector((0..<7).map { _ in Double.random(in: -1...1, using: &draws) })
      way = (Double.random(in: 0.05...1, using: &draws) / way.dot(way).squareRoot()) * way
      func error(at q: JointVector) -> JointVector { OpenArm.model.gravityEffort(at: q) - wrong.gravityEffort(at: q) }
      let error = error(at: place + way) - error(at: place)
      let threshold = Self.thresholds.values(velocity: none, acceleration: none, effort: none, strayed: way)
      let level = (0..<7).map { abs(error[$0]) / threshold[$0] }.max()!
      (greatest, sum) = (max(greatest, level), sum + level)
    }
    #expect(greatest < 1, "\(greatest)")
    // And they are not far above what they are for.
    #expect(sum / Double(count) > 0.05, "\(sum / Double(count))")
  }

  /// About an upright axis nothing weighs.
  @Test func aTurntableFeelsNoWeight() {
    let model = TestArm.model
    let thresholds = ContactThresholds(
      model: model, rotorInertia: JointVector(count: 6), coulomb: JointVector(count: 6), viscous: JointVector(count: 6),
      effort: JointVector(repeating: 10, count: 6), observerGain: 60, hardware: .torque)
    #expect(thresholds.perVelocity[0] < 1e-3)
    #expect(thresholds.perVelocity[1] > 0.3)
  }

  /// A hand that turns quickly tells nothing about a shoulder.
  @Test func whatALightJointDoesHardlyCountsForAHeavyOne() {
    let thresholds = ContactThresholds(base: [1, 1], perVelocity: [2, 0.1], perAcceleration: [0, 0], perEffort: [0, 0])
    let values = thresholds.values(velocity: [0, 3], acceleration: [0, 0], effort: [0, 0], strayed: nil)
    #expect(abs(values[0] - 1.3) < 1e-12 && abs(values[1] - 1.3) < 1e-12, "\(values)")
    let heavy = thresholds.values(velocity: [3, 0], acceleration: [0, 0], effort: [0, 0], strayed: nil)
    #expect(abs(heavy[0] - 7) < 1e-12 && abs(heavy[1] - 1.3) < 1e-12, "\(heavy)")
  }
}
