import CMallocCounter
import Kinematics
import Planner
import TestSupport
import Testing

/// Nothing of the online generator allocates, whatever it is asked.
@Suite struct OnlineAllocationTests {
  @Test func neitherMakingNorEvaluatingAllocates() throws {
    var random = SeededGenerator(seed: 91)
    let tasks = (0..<500).map { _ in random.onlineTask(joints: 7) }
    var generator = OnlineGenerator(at: JointSetpoint(restingAt: [0, 0, 0, 0, 0, 0]), limits: OnlineGeneratorTests.limits(6))
    let target = MotionTarget.state(JointSetpoint(restingAt: [1, 1, 1, 1, 1, 1]))
    let mode = VibrationMode(frequency: 8, damping: 0.05, shaper: .zeroVibrationDerivative)
    var shaper = InputShaper(Array(repeating: mode, count: 6), period: 0.002)
    var sum = 0.0
    func work() throws {
      for task in tasks {
        let trajectory = try task.trajectory()
        sum += trajectory.setpoint(at: 0.3 * trajectory.duration).position[0] + trajectory.reach(of: 1).upperBound
      }
      try generator.retarget(target)
      for _ in 0..<100 { sum += generator.step(by: 0.002).position[0] }
      try generator.retarget(.velocity([1, 1, 1, 1, 1, 1], acceleration: [0, 0, 0, 0, 0, 0]))
      for _ in 0..<300 { sum += generator.step(by: 0.002).position[0] }
      shaper.begin(at: generator.setpoint)
      for _ in 0..<300 { sum += shaper.shaped(generator.step(by: 0.002)).position[0] }
    }
    try work()
    let before = malloc_counter_thread()
    try work()
    #expect(malloc_counter_thread() == before)
    #expect(sum.isFinite)
  }
}
