@testable import Control
import Kinematics
import TestSupport
import Testing

/// A setpoint goes on by one period a tick, however late the tick comes.
@Suite struct SetpointAgeTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    /// When ticks began, and when the joint was last seen before the last of them [periods].
    let ticks: [Double], seen: Double
    /// How far the setpoint has gone since, and how long ago it was [periods].
    let setpoint, clock: Double
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "asked for with the last setpoint", ticks: [0, 1, 2], seen: 1, setpoint: 0, clock: 0),
    Case(name: "after the last setpoint", ticks: [0, 1, 2], seen: 1.6, setpoint: 0, clock: 0),
    Case(name: "one tick ago", ticks: [0, 1, 2, 3], seen: 1, setpoint: 1, clock: 1),
    Case(name: "one tick ago, that was late", ticks: [0, 1, 2.9, 3.9], seen: 1, setpoint: 1, clock: 1.9),
    Case(name: "before a late tick and its swift follower", ticks: [0, 1, 2.9, 3, 4], seen: 1, setpoint: 2, clock: 2),
    Case(name: "in the midst of a long tick", ticks: [0, 1, 3, 4], seen: 2, setpoint: 0.5, clock: 1),
    Case(name: "after a loop that was away", ticks: [0, 1, 6, 7], seen: 1, setpoint: 1, clock: 5),
  ]

  @Test(arguments: cases) func goesWithTheTicks(_ item: Case) {
    let period = TestArm.period
    var watch = SafetyWatch(settings: TestArm.settings), input = ControlInput(jointCount: 6)
    for tick in item.ticks {
      input.sampleTime = JointVector(repeating: period * min(tick, item.seen), count: 6)
      watch.listen(to: input, time: period * tick)
    }
    #expect(abs(watch.setpointAge(of: 3) - period * item.setpoint) < 1e-12)
    #expect(abs(watch.age(of: 3) - period * item.clock) < 1e-12)
  }

  @Test func neverOlderThanASilenceMayLast() {
    var watch = SafetyWatch(settings: TestArm.settings), input = ControlInput(jointCount: 6)
    input.sampleTime = JointVector(count: 6)
    for tick in 0..<100 { watch.listen(to: input, time: TestArm.period * Double(tick)) }
    #expect(watch.setpointAge(of: 0) == TestArm.settings.busSilence)
    #expect(watch.age(of: 0) == TestArm.settings.busSilence)
  }

  /// Nothing that is no number may come of a joint that nobody has heard yet: it would stay in all that is felt.
  @Test(arguments: [1, 2, 3, 30]) func neverHeardIsAsOldAsASilenceMayBe(ticks: Int) {
    var watch = SafetyWatch(settings: TestArm.settings)
    for tick in 0..<ticks { watch.listen(to: ControlInput(jointCount: 6), time: TestArm.period * Double(tick)) }
    #expect(watch.setpointAge(of: 0) == (ticks < 2 ? 0 : TestArm.settings.busSilence))
  }

  @Test func beforeTheFirstSetpointTimeGoesByTheClock() {
    var watch = SafetyWatch(settings: TestArm.settings), input = ControlInput(jointCount: 6)
    input.sampleTime = JointVector(repeating: 1 - 3 * TestArm.period, count: 6)
    for tick in 0..<3 { watch.listen(to: input, time: 1 + TestArm.period * Double(tick)) }
    #expect(abs(watch.setpointAge(of: 0) - 4 * TestArm.period) < 1e-12)
  }
}
