import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Standing still on a path, going on and going back, at any instant of motions that need the limits for themselves.
@Suite struct MotionClockTests {
  /// A motion on its way, watched by what it puts out.
  struct Follower {
    let motion: Trajectory
    let limits: JointLimits
    let period: Double
    var clock = MotionClock()
    var acceleration: JointVector
    /// The largest acceleration and jerk so far, as shares of the limits; and the largest velocity.
    var peak = 0.0, speed = 0.0

    init(_ motion: Trajectory, limits: JointLimits, period: Double) {
      (self.motion, self.limits, self.period) = (motion, limits, period)
      acceleration = JointVector(count: motion.start.count)
    }

    mutating func step(toward rate: Double) {
      let next = clock.advance(along: motion, toward: rate, limits: limits, period: period)
      for joint in acceleration.indices {
        let jerk = abs(next.acceleration[joint] - acceleration[joint]) / period
        peak = max(peak, jerk / limits.jerk[joint], abs(next.acceleration[joint]) / limits.acceleration[joint])
        speed = max(speed, abs(next.velocity[joint]) / limits.velocity[joint])
      }
      acceleration = next.acceleration
    }

    mutating func halt() {
      clock.halt(along: motion)
      acceleration = JointVector(count: acceleration.count)
    }
  }

  /// In bends of any tightness, from the motion as planned, from a hurried or slowed one, from the way back, and from half a change of speed.
  @Test func stopsWithinTheLimits() throws {
    var random = SeededGenerator(seed: 91)
    var prompt = 0, stops = 0
    for _ in 0..<caseCount(12) {
      let c = random.spline()
      let motion = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: c.limits), intervals: 100)
      for _ in 0..<8 {
        var follower = Follower(motion, limits: c.limits, period: [0.001, 0.002, 0.004].randomElement(using: &random)!)
        let rate = [1, 1, 0.4].randomElement(using: &random)!
        let ticks = Int(Double.random(in: 0...motion.duration, using: &random) / follower.period)
        for _ in 0..<ticks { follower.step(toward: rate) }
        if Bool.random(using: &random) {
          while !follower.clock.isStill, follower.clock.time < motion.duration { follower.step(toward: 0) }
          for _ in 0..<Int.random(in: 1...400, using: &random) { follower.step(toward: -1) }
        }
        let asked = follower.clock.time
        var waited = 0
        while !follower.clock.isStill, (0..<motion.duration).contains(follower.clock.time) {
          follower.step(toward: 0)
          if !follower.clock.isStopping { waited += 1 }
        }
        #expect(follower.peak <= 1 + 1e-6, "\(follower.peak) from \(asked) s of \(c.text)")
        stops += 1
        if Double(waited) * follower.period < 0.02 { prompt += 1 }
      }
    }
    #expect(Double(prompt) > 0.9 * Double(stops), "\(prompt) of \(stops) began at once")
  }

  /// Ticks that come late let the arm pause and go on at any instant: in the midst of a stop, of a change of speed, and right behind the start.
  @Test func stopsAndGoesOnWithinTheLimits() throws {
    var random = SeededGenerator(seed: 94)
    for index in 0..<caseCount(150) {
      let limits = random.limits(count: Int.random(in: 2...6, using: &random)), start = random.configuration(within: limits)
      let speed = [1, 1, 0.5].randomElement(using: &random)!
      let corners = (0..<([1, 1, 1, 1, 3].randomElement(using: &random)!)).map { _ in
        JointWaypoints.Waypoint(random.configuration(within: limits), blend: 0.4)
      }
      let motion =
        corners.count == 1
        ? try Trajectory.jointMove(from: start, to: corners[0].position, limits: limits, speed: speed)
        : try Trajectory.waypoints(from: start, through: corners, limits: limits, speed: speed)
      var follower = Follower(motion, limits: limits, period: [0.002, 0.005].randomElement(using: &random)!)
      for _ in 0..<30 {
        let rate = [0.0, 1].randomElement(using: &random)!
        for _ in 0..<Int.random(in: 1...12, using: &random) where follower.clock.time < motion.duration { follower.step(toward: rate) }
        #expect(follower.clock.time >= 0)
      }
      #expect(follower.peak <= 1 + 1e-6, "\(follower.peak) in motion \(index)")
      #expect(follower.speed <= 1.0005, "\(follower.speed) in motion \(index)")
    }
  }

  /// A knock halts the clock at any instant, in the midst of a stop or a change of speed too, and the motion goes on from there.
  @Test func goesOnFromAHaltWithinTheLimits() throws {
    var random = SeededGenerator(seed: 95)
    for index in 0..<caseCount(150) {
      let limits = random.limits(count: Int.random(in: 2...6, using: &random)), start = random.configuration(within: limits)
      let motion = try Trajectory.jointMove(from: start, to: random.configuration(within: limits), limits: limits)
      var follower = Follower(motion, limits: limits, period: 0.002)
      for _ in 0..<4 {
        let halt = Double.random(in: 0..<motion.duration, using: &random)
        for _ in 0..<Int(halt / 0.002) where follower.clock.time < motion.duration {
          follower.step(toward: Int.random(in: 0..<100, using: &random) == 0 ? 0 : 1)
        }
        follower.halt()
      }
      for _ in 0..<10_000 where follower.clock.time < motion.duration { follower.step(toward: 1) }
      #expect(follower.clock.time >= motion.duration, "motion \(index) does not end")
      #expect(follower.peak <= 1 + 1e-6, "\(follower.peak) in motion \(index)")
      #expect(follower.speed <= 1.0005, "\(follower.speed) in motion \(index)")
    }
  }

  /// Where the arm would stand is known before, and is not passed.
  @Test func standsWhereItSaid() throws {
    var random = SeededGenerator(seed: 92)
    for _ in 0..<caseCount(60) {
      let c = random.spline()
      let motion = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: c.limits), intervals: 60)
      var follower = Follower(motion, limits: c.limits, period: 0.002)
      for _ in 0..<Int(Double.random(in: 0...motion.duration, using: &random) / follower.period) { follower.step(toward: 1) }
      let said = follower.clock.standstill(along: motion, limits: c.limits, period: follower.period)
      while !follower.clock.isStill, follower.clock.time < motion.duration { follower.step(toward: 0) }
      #expect(follower.clock.time <= said + 1e-9, "\(c.text)")
    }
  }

  /// A motion that does not keep the limits itself is stopped all the same, and at once.
  @Test func doesNotWaitForWhatIsBeyondTheLimits() throws {
    var random = SeededGenerator(seed: 93)
    let c = random.spline()
    let motion = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: c.limits), intervals: 100)
    var tighter = c.limits
    tighter.jerk = 0.1 * tighter.jerk
    var follower = Follower(motion, limits: tighter, period: 0.001)
    while follower.clock.time < 0.4 * motion.duration { follower.step(toward: 1) }
    follower.step(toward: 0)
    #expect(follower.clock.isStopping)
  }
}
