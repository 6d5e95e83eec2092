import Kinematics
import Planner
import Testing

@testable import Control

/// What would be a fault at an arm's task is a push while it gives way and comes back.
@Suite struct StrainWatchTests {
  private static let period = 0.002

  private static func watch() -> StrainWatch {
    var limits = TestArm.model.limits
    limits.effort = JointVector(repeating: 6, count: limits.effort.count)
    return StrainWatch(control: ControlSettings(period: period, limits: limits))
  }

  private static let rest = JointSetpoint(restingAt: JointVector(count: TestArm.model.limits.effort.count))

  private static func only(_ value: Double) -> JointVector {
    var vector = rest.position
    vector[1] = value
    return vector
  }

  struct Work: CustomTestStringConvertible {
    let effort, seconds: Double
    var isStraining = true
    let isOverworked: Bool
    var testDescription: String { "\(effort) N·m for \(seconds) s, \(isStraining ? "giving way" : "at its task")" }
  }

  @Test(arguments: [
    Work(effort: 6.1, seconds: 0.12, isOverworked: true),
    Work(effort: -6.1, seconds: 0.12, isOverworked: true),
    Work(effort: 6.1, seconds: 0.08, isOverworked: false),
    Work(effort: 5.9, seconds: 1, isOverworked: false),
    Work(effort: 9, seconds: 1, isStraining: false, isOverworked: false),
  ])
  func aDriveThatWorksTooHardForTooLongIsPushed(_ work: Work) {
    var watch = Self.watch()
    for _ in 0..<Int(work.seconds / Self.period) {
      watch.watch(Self.rest.position, age: 0 * Self.rest.position, effort: Self.only(work.effort), setpoint: Self.rest, isStraining: work.isStraining)
    }
    #expect(watch.isOverworked == work.isOverworked && watch.isOverworked(1) == work.isOverworked && !watch.isOverworked(0))
  }

  @Test func aPauseEndsIt() {
    var watch = Self.watch()
    for tick in 0..<200 {
      let effort = tick % 40 == 0 ? 0.0 : 8
      watch.watch(Self.rest.position, age: 0 * Self.rest.position, effort: Self.only(effort), setpoint: Self.rest, isStraining: true)
      #expect(!watch.isOverworked)
    }
  }

  /// A sample is as old as it is: what the setpoint has gone since then is no distance.
  @Test func aJointThatDoesNotFollowIsAstray() {
    var watch = Self.watch()
    let moving = JointSetpoint(position: Self.only(1), velocity: Self.only(5), acceleration: Self.only(0))
    func astray(at position: Double, age: Double, isStraining: Bool = true) -> Bool {
      watch.watch(
        Self.only(position), age: JointVector(repeating: age, count: moving.position.count), effort: Self.only(0), setpoint: moving,
        isStraining: isStraining)
      return watch.isAstray(1)
    }
    #expect(!astray(at: 0.9, age: 0))
    #expect(astray(at: 0.75, age: 0) && watch.astray[1] < 0)
    #expect(!astray(at: 0.75, age: 0.02), "it was there a hundredth of a second ago")
    #expect(astray(at: 1.25, age: 0) && watch.astray[1] > 0)
    #expect(!astray(at: 1.25, age: 0, isStraining: false), "that is for the watch over its task")
  }
}
