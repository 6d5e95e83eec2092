import Kinematics
import TestSupport
import Testing

@testable import Control

/// What the observer makes of samples that do not all come, or are the first.
@Suite struct EffortObserverTests {
  private static let period = 0.002

  private static func dynamics(at velocity: JointVector) -> ArmDynamics {
    ArmDynamics(model: TestArm.model, settings: TestArm.settings, position: TestArm.home, velocity: velocity)
  }

  /// An arm at rest whose motors hold it, sampled once.
  private static func observer(of dynamics: ArmDynamics, count: Int) -> EffortObserver {
    var observer = EffortObserver(gain: 60, jointCount: count)
    let still = JointVector(count: count)
    observer.update(dynamics: dynamics, velocity: still, effort: dynamics.bias, silent: JointSet(), interval: period)
    return observer
  }

  /// In joints that are not heard the motors do what they were told last, not half of it.
  @Test func ofAnUnheardJointAllOfTheLatestEffortCounts() {
    let still = JointVector(count: TestArm.home.count), dynamics = Self.dynamics(at: still)
    var observer = Self.observer(of: dynamics, count: still.count), effort = dynamics.bias
    effort[1] += 3
    observer.update(dynamics: dynamics, velocity: still, effort: effort, silent: JointSet(), spans: still, interval: Self.period)
    let told = dynamics.acceleration(for: effort)
    #expect((observer.accounted - told).maximumMagnitude < 1e-9)
    #expect(observer.fresh.isEmpty)
  }

  /// Where both ends of a span are known, the mean of both efforts counts.
  @Test func ofAHeardJointTheMeanOfBothEndsCounts() {
    let still = JointVector(count: TestArm.home.count), dynamics = Self.dynamics(at: still)
    var observer = Self.observer(of: dynamics, count: still.count), effort = dynamics.bias
    effort[1] += 3
    observer.update(dynamics: dynamics, velocity: still, effort: effort, silent: JointSet(), interval: Self.period)
    let told = dynamics.acceleration(for: 0.5 * (effort + dynamics.bias))
    #expect((observer.accounted - told).maximumMagnitude < 1e-9)
    #expect(observer.fresh == JointSet(still.indices))
  }

  /// A first sample has nothing before it that it could be compared with, be it the arm's or one joint's.
  @Test func aFirstSampleIsNoNews() {
    let count = TestArm.home.count, still = JointVector(count: count), dynamics = Self.dynamics(at: still)
    var observer = Self.observer(of: dynamics, count: count), spans = JointVector(count: count)
    #expect(observer.fresh.isEmpty)
    observer.reset()
    for joint in 1..<count { spans[joint] = Self.period }
    observer.update(dynamics: dynamics, velocity: still, effort: dynamics.bias, silent: JointSet(), spans: spans, interval: Self.period)
    #expect(observer.fresh.isEmpty)
    var moving = still
    moving[0] = 5
    observer.update(dynamics: dynamics, velocity: moving, effort: dynamics.bias, silent: JointSet(), interval: Self.period)
    #expect(observer.fresh == JointSet(1..<count))
    #expect(observer.residual.maximumMagnitude < 1e-9, "it may have been as fast all the time")
    observer.update(dynamics: dynamics, velocity: moving, effort: dynamics.bias, silent: JointSet(), interval: Self.period)
    #expect(observer.fresh == JointSet(still.indices))
  }
}
