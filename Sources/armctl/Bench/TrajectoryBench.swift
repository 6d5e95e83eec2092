internal import CMallocCounter
internal import Control
internal import Kinematics
internal import Planner

/// Figures of the online generator: seven joints from any state to any other, one sample a state.
///
/// States and limits are drawn as Ruckig's own benchmark draws them, so that figures compare: positions with a standard deviation of 4,
/// velocities and accelerations of 0.8, limits evenly from 0.1 to 12.
enum TrajectoryBench {
  private struct Task {
    let start, target: JointSetpoint
    let limits: MotionLimits

    func trajectory() -> OnlineTrajectory? { try? OnlineTrajectory(from: start, to: .state(target), limits: limits) }
  }

  static func run(states: Int = 4096, runs: Int = 9) -> [Measurement] {
    var random = Draws()
    var tasks: [Task] = []
    while tasks.count < states {
      let task = random.task(joints: 7)
      if task.trajectory() != nil { tasks.append(task) }
    }

    var samples: [Double] = []
    samples.reserveCapacity(states)
    let allocationsBefore = malloc_counter_thread()
    for task in tasks {
      var shortest = Double.infinity
      for _ in 0..<runs {
        let start = monotonicTime()
        consume(task.trajectory())
        shortest = min(shortest, monotonicTime() - start)
      }
      samples.append(shortest * 1e9)
    }
    let allocations = Double(malloc_counter_thread() - allocationsBefore) / Double(states * runs)
    var figures = [Measurement("trajectory.7", samples: samples, unit: "ns", allocations: allocations)]

    if let trajectory = tasks[0].trajectory() { figures.append(evaluation(of: trajectory)) }
    return figures
  }

  private static func evaluation(of trajectory: OnlineTrajectory) -> Measurement {
    var share = 0.0
    return .nanoseconds("trajectory.7.setpoint") {
      share += 0.618_033_988_749_895
      if share > 1 { share -= 1 }
      consume(trajectory.setpoint(at: share * trajectory.duration))
    }
  }

  /// The same draws in every run.
  private struct Draws {
    private var state: UInt64 = 1

    /// 0..<1, by a linear congruential generator's upper bits.
    private mutating func share() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }

    /// Normal with mean 0, but for the far ends: the sum of twelve even draws.
    private mutating func normal(_ deviation: Double) -> Double {
      var sum = -6.0
      for _ in 0..<12 { sum += share() }
      return deviation * sum
    }

    private mutating func vector(_ count: Int, _ draw: (inout Self) -> Double) -> JointVector {
      var vector = JointVector(count: count)
      for joint in 0..<count { vector[joint] = draw(&self) }
      return vector
    }

    mutating func task(joints: Int) -> Task {
      func state(_ random: inout Self) -> JointSetpoint {
        JointSetpoint(
          position: random.vector(joints) { $0.normal(4) }, velocity: random.vector(joints) { $0.normal(0.8) },
          acceleration: random.vector(joints) { $0.normal(0.8) })
      }
      func limit(_ random: inout Self) -> JointVector { random.vector(joints) { 0.1 + 11.9 * $0.share() } }
      return Task(
        start: state(&self), target: state(&self),
        limits: MotionLimits(velocity: limit(&self), acceleration: limit(&self), jerk: limit(&self)))
    }
  }
}
