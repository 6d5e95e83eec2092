@testable import Control
import Foundation
import Kinematics
import TestSupport
import Testing

@Suite struct VelocityEstimateTests {
  static func estimate() -> VelocityEstimate { VelocityEstimate(limit: [2], period: 0.002, longestGap: 0.02) }

  @Test func twoSamplesAreEnough() {
    var estimate = Self.estimate()
    estimate.update(position: [1], sampleTime: [10])
    #expect(estimate.velocity == [0] && !estimate.isKnown(0))
    estimate.update(position: [1.003], sampleTime: [10.002])
    #expect((estimate.velocity[0] - 1.5).magnitude < 1e-9 && estimate.isKnown(0))
  }

  @Test func aJointWithoutANewSampleKeepsItsEstimate() {
    var estimate = Self.estimate()
    estimate.update(position: [0], sampleTime: [10])
    estimate.update(position: [0.002], sampleTime: [10.002])
    estimate.update(position: [0.5], sampleTime: [10.002])
    #expect((estimate.velocity[0] - 1).magnitude < 1e-9)
  }

  @Test func afterAGapItIsUnknownUntilTheSecondSample() {
    var estimate = Self.estimate()
    estimate.update(position: [0], sampleTime: [10])
    estimate.update(position: [0.002], sampleTime: [10.002])
    estimate.update(position: [1], sampleTime: [10.3])
    #expect(estimate.velocity == [0] && !estimate.isKnown(0))
    // Too close to the last one to tell anything.
    estimate.update(position: [1.001], sampleTime: [10.3001])
    #expect(estimate.velocity == [0] && !estimate.isKnown(0))
    estimate.update(position: [0.996], sampleTime: [10.302])
    #expect((estimate.velocity[0] + 2).magnitude < 1e-6 && estimate.isKnown(0))
  }

  @Test func aMissedSampleIsNoGap() {
    var estimate = Self.estimate()
    for tick in 0..<200 where tick % 3 != 1 { estimate.update(position: [0.5 * 0.002 * Double(tick)], sampleTime: [10 + 0.002 * Double(tick)]) }
    #expect((estimate.velocity[0] - 0.5).magnitude < 1e-6)
  }

  @Test func oneWildSampleCountsForLittle() {
    var estimate = Self.estimate()
    for tick in 0..<100 {
      estimate.update(position: [tick == 50 ? 1 : 0], sampleTime: [0.002 * Double(tick)])
      #expect(estimate.velocity[0].magnitude < 2.5)
    }
  }

  @Test func whatIsForgottenIsAsAfterAGap() {
    var estimate = Self.estimate()
    estimate.update(position: [0], sampleTime: [10])
    estimate.update(position: [0.002], sampleTime: [10.002])
    estimate.forget(0)
    #expect(!estimate.isKnown(0))
    estimate.update(position: [0.004], sampleTime: [10.004])
    #expect(estimate.velocity == [0] && !estimate.isKnown(0))
    estimate.update(position: [0.004], sampleTime: [10.006])
    #expect(estimate.velocity == [0] && estimate.isKnown(0))
  }

  /// 14 bits on the rotor of a 30:1 reducer, at 500 samples a second.
  @Test func encoderStepsMakeLittleNoise() {
    var estimate = Self.estimate()
    let step = 2 * Double.pi / 16384 / 30
    var sum = 0.0, squares = 0.0, count = 0.0
    for tick in 0..<5000 {
      let truth = 0.0123 * 0.002 * Double(tick)
      estimate.update(position: [(truth / step).rounded(.down) * step], sampleTime: [0.002 * Double(tick)])
      guard tick > 100 else { continue }
      let error = estimate.velocity[0] - 0.0123
      (sum, squares, count) = (sum + error, squares + error * error, count + 1)
    }
    #expect((sum / count).magnitude < 1e-4)
    #expect((squares / count).squareRoot() < 0.002)
  }
}
