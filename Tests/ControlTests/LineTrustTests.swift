import Kinematics
import Planner
import TestSupport
import Testing

@testable import Control

/// What a line loses, holds up or garbles is no touch.
@Suite struct LineTrustTests {
  private static let period = 0.002

  /// Hears all of two joints but those that are silent.
  private struct Line {
    var trust = LineTrust(jointCount: 2)
    var input = ControlInput(jointCount: 2)

    mutating func tick(silent: Set<Int> = [], isGarbled: Bool = false) {
      for joint in 0..<2 where !silent.contains(joint) { input.sampleTime[joint] = max(0, input.sampleTime[joint]) + period }
      input.isGarbled = isGarbled
      trust.listen(to: input, period: period)
    }
  }

  @Test func aTouchCountsOnceTwoSamplesAgree() {
    var line = Line()
    line.tick()
    #expect(line.trust.confirmed([0, 3]) == nil)
    #expect(line.trust.confirmed([0, -3]) == nil, "taken back")
    #expect(line.trust.confirmed([2, -3]) == 1)
    #expect(line.trust.confirmed([2, 0]) == 0)
    #expect(line.trust.confirmed([0, 0]) == nil)
  }

  @Test func aJointThatWasSilentIsFeltAgainAfterSomeSamples() {
    var line = Line()
    line.tick()
    for _ in 0..<3 { line.tick(silent: [1]) }
    #expect(line.trust.unfelt.isEmpty, "a few lost frames are nothing")
    line.tick(silent: [1])
    #expect(line.trust.unfelt == JointSet([1]))
    _ = line.trust.confirmed([0, 3])
    #expect(line.trust.confirmed([0, 3]) == nil)
    for _ in 0..<4 { line.tick() }
    #expect(line.trust.unfelt == JointSet([1]))
    line.tick()
    #expect(line.trust.unfelt.isEmpty)
  }

  @Test func onALineThatGarblesNothingIsFeltForAWhile() {
    var line = Line()
    line.tick(isGarbled: true)
    _ = line.trust.confirmed([3, 0])
    #expect(line.trust.confirmed([3, 0]) == nil)
    for _ in 0..<15 { line.tick() }
    #expect(line.trust.confirmed([3, 0]) == 0)
  }

  @Test func aSilentJointPushesNobody() {
    let model = TestArm.model, q = TestArm.home, still = JointVector(count: q.count)
    let dynamics = ArmDynamics(model: model, settings: TestArm.settings, position: q, velocity: still)
    var observer = EffortObserver(gain: 60, jointCount: q.count), jump = still
    observer.update(dynamics: dynamics, velocity: still, effort: dynamics.bias, silent: JointSet(), interval: Self.period)
    jump[1] = 2
    observer.update(dynamics: dynamics, velocity: jump, effort: dynamics.bias, silent: JointSet([1]), interval: Self.period)
    #expect(observer.residual.maximumMagnitude < 1e-9)
  }
}
