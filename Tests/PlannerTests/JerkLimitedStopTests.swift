import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@Suite struct JerkLimitedStopTests {
  static func limits(lower: Double = -.infinity, upper: Double = .infinity, acceleration: Double, jerk: Double) -> JointLimits {
    var limits = JointLimits(unlimited: 1)
    limits.lower = [lower]
    limits.upper = [upper]
    limits.acceleration = [acceleration]
    limits.jerk = [jerk]
    return limits
  }

  static func start(_ q: Double, _ qd: Double, _ qdd: Double) -> JointSetpoint {
    JointSetpoint(position: [q], velocity: [qd], acceleration: [qdd])
  }

  struct Case: Sendable {
    let name: String
    let velocity, acceleration: Double
    let duration, distance: Double
  }

  @Test(arguments: [
    // With A = 1 and J = 1.
    Case(name: "at rest", velocity: 0, acceleration: 0, duration: 0, distance: 0),
    Case(name: "slow: no plateau", velocity: 1, acceleration: 0, duration: 2, distance: 1),
    Case(name: "fast: with plateau", velocity: 2, acceleration: 0, duration: 3, distance: 3),
    Case(name: "backwards", velocity: -2, acceleration: 0, duration: 3, distance: -3),
    Case(name: "already braking: letting go is all", velocity: 0.5, acceleration: -1, duration: 1, distance: 1.0 / 6),
    Case(name: "speeding up", velocity: 1, acceleration: 1, duration: 3.5, distance: 4.0 / 3 + 1.875),
  ]) func stopsInTheKnownTime(_ c: Case) {
    let stop = JerkLimitedStop(from: Self.start(0, c.velocity, c.acceleration), limits: Self.limits(acceleration: 1, jerk: 1))
    #expect(abs(stop.duration - c.duration) < 1e-12, "\(c.name)")
    #expect(abs(stop.end[0] - c.distance) < 1e-12, "\(c.name)")
  }

  /// From any state, also beyond the limits: begins there, is smooth, stays within the limits once it is, ends at rest.
  @Test func stopsFromAnywhere() {
    var random = SeededGenerator(seed: 43)
    for _ in 0..<caseCount(500) {
      let limits = random.limits(count: 6)
      var start = JointSetpoint(restingAt: random.configuration(within: limits))
      for joint in 0..<6 {
        start.velocity[joint] = Double.random(in: -1.5...1.5, using: &random) * limits.velocity[joint]
        start.acceleration[joint] = Double.random(in: -1.5...1.5, using: &random) * limits.acceleration[joint]
      }
      let stop = JerkLimitedStop(from: start, limits: limits)
      #expect(stop.setpoint(at: 0) == start)
      let steps = 200
      let dt = stop.duration / Double(steps)
      var before = start
      for step in 1...steps {
        let now = stop.setpoint(at: step == steps ? stop.duration : Double(step) * dt)
        for joint in 0..<6 {
          let ceiling = max(limits.acceleration[joint], abs(before.acceleration[joint])) * (1 + 1e-9)
          let middle = (before.velocity[joint] + now.velocity[joint]) / 2
          let jerkError = limits.jerk[joint] * dt * dt * dt
          #expect(abs(now.acceleration[joint]) <= ceiling, "\(start) joint \(joint)")
          #expect(abs(now.acceleration[joint] - before.acceleration[joint]) <= limits.jerk[joint] * dt * (1 + 1e-6) + 1e-12)
          #expect(abs(now.position[joint] - before.position[joint] - middle * dt) <= jerkError + 1e-12)
        }
        before = now
      }
      #expect(before == JointSetpoint(restingAt: stop.end))
      #expect(stop.setpoint(at: stop.duration + 5) == before)
    }
  }

  /// A joint that would pass its limit brakes as hard as it can: no further than the limit, or than full braking from now on would go.
  @Test func passesAPositionLimitOnlyWhereItMust() {
    var random = SeededGenerator(seed: 44)
    var avoided = 0
    for _ in 0..<caseCount(1000) {
      let acceleration = random.magnitude(0...1)
      let jerk = random.magnitude(1...2.5)
      let velocity = random.magnitude(-2...0.5)
      let start = Self.start(0, velocity, Double.random(in: -1...1, using: &random) * acceleration)
      let free = JerkLimitedStop(from: start, limits: Self.limits(acceleration: acceleration, jerk: jerk))
      let freePeak = Self.peak(of: free)
      let unavoidable = Self.fullBrakingPeak(from: start, acceleration: acceleration, jerk: jerk)
      let upper = Double.random(in: 0...1.2, using: &random) * freePeak
      let stop = JerkLimitedStop(from: start, limits: Self.limits(upper: upper, acceleration: acceleration, jerk: jerk))
      let peak = Self.peak(of: stop)
      #expect(peak <= max(upper, unavoidable) + 1e-5, "\(start) upper \(upper) acceleration \(acceleration) jerk \(jerk)")
      if peak < freePeak - 1e-4 { avoided += 1 }
    }
    #expect(avoided > 20)
  }

  @Test func aSecondJointDoesNotWaitForTheFirst() {
    var limits = JointLimits(unlimited: 2)
    limits.acceleration = [1, 1]
    limits.jerk = [1, 1]
    let stop = JerkLimitedStop(from: JointSetpoint(position: [0, 0], velocity: [2, 1], acceleration: [0, 0]), limits: limits)
    #expect(stop.duration == 3)
    #expect(stop.setpoint(at: 2).velocity[1] == 0)
    #expect(stop.setpoint(at: 2).velocity[0] > 0)
  }

  private static func peak(of stop: JerkLimitedStop) -> Double {
    (0...400).reduce(0) { max($0, stop.setpoint(at: Double($1) / 400 * stop.duration).position[0]) }
  }

  /// By plain integration: the acceleration falls at full jerk to its limit and stays there until the velocity is zero.
  private static func fullBrakingPeak(from start: JointSetpoint, acceleration: Double, jerk: Double) -> Double {
    var (q, qd, qdd) = (start.position[0], start.velocity[0], start.acceleration[0])
    let dt = 2e-4
    while qd > 0 {
      let next = max(-acceleration, qdd - jerk * dt)
      let faster = qd + dt * (qdd + next) / 2
      q += dt * (qd + faster) / 2
      (qd, qdd) = (faster, next)
    }
    return q
  }
}
