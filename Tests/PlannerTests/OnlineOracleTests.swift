import Kinematics
import Planner
import TestSupport
import Testing

/// Durations against another generator's, and against what can be worked out by hand.
@Suite struct OnlineOracleTests {
  /// Of joints with random ends, and of such as begin in the moving state they are to end in and come back to it.
  @Test(arguments: ["durations", "returns"]) func takesAsLongAsTheOracle(_ draws: String) throws {
    let rows = try table("Tests/Data/otg/\(draws).tsv")
    for (_, joints) in Dictionary(grouping: rows, by: { $0[0] }) {
      func vector(_ column: Int) -> JointVector { JointVector(joints.map { $0[column] }) }
      var limits = MotionLimits(velocity: vector(12), acceleration: vector(14), jerk: vector(15))
      limits.minVelocity = vector(11)
      limits.minAcceleration = vector(13)
      let task = OnlineTask(
        start: JointSetpoint(position: vector(5), velocity: vector(6), acceleration: vector(7)),
        target: JointSetpoint(position: vector(8), velocity: vector(9), acceleration: vector(10)), limits: limits,
        synchronization: joints[0][1] == 0 ? .time : .none, bindsPosition: joints[0][2] == 0)
      let trajectory = try task.trajectory(comesBack: true)
      #expect(abs(trajectory.duration - joints[0][3]) < 1e-7, "\(task)")
      for joint in joints.indices {
        #expect(abs(trajectory.jointDurations[joint] - joints[joint][4]) < 1e-7, "joint \(joint) of \(task)")
      }
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    /// Position, velocity, acceleration.
    let start, target: [Double]
    /// Velocity, acceleration, jerk.
    let limits: [Double]
    let duration: Double
    let testDescription: String

    init(_ start: [Double], _ target: [Double], _ limits: [Double], takes duration: Double, _ name: String) {
      self.start = start
      self.target = target
      self.limits = limits
      self.duration = duration
      testDescription = name
    }
  }

  @Test(arguments: [
    // one joint, by hand
    Case([0, 0, 0], [2, 0, 0], [99, 99, 1], takes: 4, "jerk alone: 4∛(D/2J)"),
    Case([0, 0, 0], [10, 0, 0], [1.5, 1, 1], takes: 10 / 1.5 + 1.5 + 1, "all seven phases: D/V + V/A + A/J"),
    Case([0, 1, 0], [7, 1, 0], [1, 1, 1], takes: 7, "moving on at full speed"),
    Case([0, 0, 1], [1.0 / 6, 0, -1], [9, 9, 2], takes: 1, "the acceleration straight down from 1 to −1"),
    Case([0, 0, 1], [0, 0, 1], [9, 9, 1], takes: 0, "already there"),
    Case([0, 0, 0], [4, 0, 0], [2, 2, .infinity], takes: 3, "no jerk limit: D/V + V/A"),
    Case([0, 2, 0], [5, 0, 0], [1, 1, .infinity], takes: 5, "too fast: 1 s to slow down, then D/V and the stop"),
    Case([0, 0, 2], [17.0 / 3, 1, 0], [9, 1, 1], takes: 4, "accelerates too much: 1 s back to A, then over to −A and to rest"),
  ]) func takesTheKnownTime(_ c: Case) throws {
    func state(_ values: [Double]) -> JointSetpoint { JointSetpoint(position: [values[0]], velocity: [values[1]], acceleration: [values[2]]) }
    let limits = MotionLimits(velocity: [c.limits[0]], acceleration: [c.limits[1]], jerk: [c.limits[2]])
    let trajectory = try OnlineTrajectory(from: state(c.start), to: .state(state(c.target)), limits: limits)
    #expect(abs(trajectory.duration - c.duration) < 1e-9)
  }

  /// At rest up to rounding noise, whatever it is, the way to rest is short.
  @Test func restUpToNoiseIsSolved() throws {
    var random = SeededGenerator(seed: 61)
    for _ in 0..<caseCount(2000) {
      let count = Int.random(in: 1...8, using: &random), noise = random.magnitude(-17 ... -8)
      let place = random.vector(count) { $0.normal(1) }
      let limits = MotionLimits(
        velocity: JointVector(repeating: 5, count: count), acceleration: JointVector(repeating: 10, count: count),
        jerk: JointVector(repeating: 150, count: count))
      let start = JointSetpoint(
        position: place + random.vector(count) { $0.normal(noise) }, velocity: random.vector(count) { $0.normal(noise) },
        acceleration: random.vector(count) { $0.normal(10 * noise) })
      let trajectory = try OnlineTrajectory(from: start, to: .state(JointSetpoint(restingAt: place)), limits: limits)
      #expect(trajectory.duration < 0.01, "\(start)")
      #expect(trajectory.setpoint(at: trajectory.duration) == JointSetpoint(restingAt: place))
    }
  }
}
