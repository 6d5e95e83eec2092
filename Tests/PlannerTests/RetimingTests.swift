import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct RetimingTests {
  struct OracleCase: Decodable {
    let kind, bc: String
    let waypoints: [[Double]]
    let s, vmax, amax: [Double]
    let sd_start, sd_end, duration: Double
  }

  @Test func isAsFastAsTheOracleWithinTheLimits() throws {
    let cases = try JSONDecoder().decode(
      [OracleCase].self, from: Data(contentsOf: URL(fileURLWithPath: packageFile("Tests/Data/topp/durations.json"))))
    for c in cases {
      let path = JointPath.spline(through: c.waypoints.map { JointVector($0) }, knots: c.s, ends: SplineEnds(rawValue: c.bc)!)
      var limits = JointLimits(unlimited: c.vmax.count)
      limits.velocity = JointVector(c.vmax)
      limits.acceleration = JointVector(c.amax)
      let trajectory = try Trajectory.timeOptimal(
        along: path, limits: RetimingLimits(joints: limits), startPathVelocity: c.sd_start, endPathVelocity: c.sd_end)
      #expect(abs(trajectory.duration / c.duration - 1) < 5e-3, "\(c.kind) \(c.bc) \(c.s): \(trajectory.duration), oracle \(c.duration)")
      let peaks = DensePeaks(trajectory, limits: limits, samples: 500)
      #expect(peaks.velocity <= 1 + 1e-9 && peaks.acceleration <= 1 + 1e-9, "\(c.kind) \(c.bc) \(c.s): \(peaks)")
      #expect((trajectory.setpoint(at: 0).velocity - c.sd_start * path.point(at: 0).first).maximumMagnitude < 1e-9)
      #expect((trajectory.setpoint(at: trajectory.duration).velocity - c.sd_end * path.point(at: path.length).first).maximumMagnitude < 1e-9)
    }
  }

  /// Limits held everywhere, ends met at rest, on the path, positions what the velocities add up to, never faster than a joint alone.
  @Test func holdsItsLimitsBetweenGridPointsToo() throws {
    var random = SeededGenerator(seed: 71)
    for _ in 0..<caseCount(100) {
      let c = random.spline()
      let path = c.path
      let limits = c.limits.withoutJerk
      // A coarse grid, where there is much between.
      let trajectory = try Trajectory.timeOptimal(along: path, limits: RetimingLimits(joints: limits), intervals: 40)
      let peaks = DensePeaks(trajectory, limits: limits)
      #expect(peaks.velocity <= 1 + 1e-9 && peaks.acceleration <= 1 + 1e-9 && peaks.drift < 0.26, "\(peaks) \(c.text)")
      #expect(trajectory.start == c.waypoints[0] && trajectory.end == c.waypoints[c.waypoints.count - 1])
      #expect(trajectory.setpoint(at: trajectory.duration) == JointSetpoint(restingAt: trajectory.end))
      #expect(trajectory.peakShares.largest <= 1 + 1e-9 && trajectory.peakShares.largest > 0.9)
      let delta = trajectory.end - trajectory.start
      for joint in delta.indices {
        let alone = ScalarProfile(
          distance: delta[joint], velocity: limits.velocity[joint], acceleration: limits.acceleration[joint], jerk: .infinity)
        #expect(trajectory.duration >= alone.duration * (1 - 1e-9), "\(c.text)")
      }
    }
  }

  @Test func takesAsLongForthAsBack() throws {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<caseCount(50) {
      let c = random.spline()
      let limits = RetimingLimits(joints: c.limits.withoutJerk)
      let (forth, back) = (try Trajectory.timeOptimal(along: c.path, limits: limits), try Trajectory.timeOptimal(along: c.reversed, limits: limits))
      #expect(abs(forth.duration / back.duration - 1) < 3e-3, "\(forth.duration) \(back.duration) \(c.text)")
    }
  }

  /// k times the velocities and k² times the accelerations make it k times as fast; the units of the path parameter do not matter.
  @Test func scalesAsTimeDoes() throws {
    var random = SeededGenerator(seed: 73)
    for _ in 0..<caseCount(50) {
      let c = random.spline()
      let limits = c.limits.withoutJerk
      let duration = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: limits)).duration
      let k = random.magnitude(-1...1)
      var faster = limits
      faster.velocity = k * limits.velocity
      faster.acceleration = (k * k) * limits.acceleration
      let quick = try Trajectory.timeOptimal(along: c.path, limits: RetimingLimits(joints: faster)).duration
      #expect(abs(quick * k / duration - 1) < 1e-7, "\(quick) \(k) \(duration) \(c.text)")
      let stretched = JointPath.spline(through: c.waypoints, knots: c.knots.map { 8 * $0 }, ends: c.ends)
      #expect(abs(try Trajectory.timeOptimal(along: stretched, limits: RetimingLimits(joints: limits)).duration / duration - 1) < 1e-7)
    }
  }

  struct LineCase: Sendable {
    let name: String
    let velocity, acceleration: Double
    var start = 0.0
    var end = 0.0
    let duration: Double
  }

  /// Along a line of length 4, of which every second is known by heart.
  @Test(arguments: [
    LineCase(name: "trapezoid", velocity: 2, acceleration: 2, duration: 3),
    LineCase(name: "triangle", velocity: 9, acceleration: 1, duration: 4),
    LineCase(name: "no velocity limit", velocity: .infinity, acceleration: 1, duration: 4),
    LineCase(name: "no acceleration limit", velocity: 2, acceleration: .infinity, duration: 2),
    LineCase(name: "in motion all the way", velocity: 2, acceleration: 1, start: 2, end: 2, duration: 2),
    LineCase(name: "from motion to rest", velocity: 2, acceleration: 2, start: 2, duration: 2.5),
    LineCase(name: "to motion, speeding up all the way", velocity: 9, acceleration: 2, end: 4, duration: 2),
  ]) func knowsTheLine(_ c: LineCase) throws {
    var limits = JointLimits(unlimited: 2)
    limits.velocity = [c.velocity, .infinity]
    limits.acceleration = [c.acceleration, .infinity]
    let path = JointPath(
      knots: [0, 4],
      points: [0, 4].map { PathPoint(position: [$0, -$0], first: [1, -1], second: [0, 0]) })
    let trajectory = try Trajectory.timeOptimal(
      along: path, limits: RetimingLimits(joints: limits), startPathVelocity: c.start, endPathVelocity: c.end)
    #expect(abs(trajectory.duration / c.duration - 1) < 1e-3, "\(c.name): \(trajectory.duration)")
    #expect(abs(trajectory.setpoint(at: trajectory.duration).velocity[0] - c.end) < 1e-12)
  }

  @Test func aPathThatStaysTakesNoTime() throws {
    let path = JointPath.spline(through: [[1, 2], [1, 2], [1, 2]], knots: [0, 1, 2], ends: .natural)
    var limits = JointLimits(unlimited: 2)
    limits.velocity = [1, 1]
    let trajectory = try Trajectory.timeOptimal(along: path, limits: RetimingLimits(joints: limits))
    #expect(trajectory.duration == 0 && trajectory.setpoint(at: 0) == JointSetpoint(restingAt: [1, 2]))
  }

  struct RefusalCase: Sendable {
    var velocity = 1.0
    var acceleration = 2.0
    var start = 0.0
    var end = 0.0
    let sentence, suggestion: String
  }

  /// On a line of length 2.
  @Test(arguments: [
    RefusalCase(
      velocity: -1, sentence: "The velocity limit of joint 1 is -1, which allows no motion.", suggestion: "give joint 1 a positive velocity limit"),
    RefusalCase(
      velocity: .infinity, acceleration: .infinity, sentence: "No limit bounds the motion, so that it would take no time.",
      suggestion: "give every joint a velocity or an acceleration limit"),
    RefusalCase(
      start: .nan, sentence: "A path velocity of nan is not a finite number of 0 or more.", suggestion: "give 0 to begin or end at rest"),
    RefusalCase(
      end: 1.5, sentence: "The path cannot end at 1.5 per s: the limits allow 1 per s there.", suggestion: "end at 1 per s or less"),
    RefusalCase(
      velocity: 9, acceleration: 1, start: 3,
      sentence: "The path cannot begin at 3 per s: to keep the limits further on it may begin at 2 per s at most.",
      suggestion: "begin at 2 per s or less"),
    RefusalCase(
      velocity: 9, acceleration: 1, start: 1, end: 2.5,
      sentence: "From 1 per s at its start the path cannot reach the velocity it is to end with; from 1.5 per s it could.",
      suggestion: "begin at 1.5 per s or more, or end slower"),
  ]) func saysWhatIsWrong(_ c: RefusalCase) {
    var limits = JointLimits(unlimited: 1)
    limits.velocity = [c.velocity]
    limits.acceleration = [c.acceleration]
    let path = JointPath(knots: [0, 2], points: [0, 2].map { PathPoint(position: [$0], first: [1], second: [0]) })
    let refusal = #expect(throws: RetimingRefusal.self) {
      try Trajectory.timeOptimal(along: path, limits: RetimingLimits(joints: limits), startPathVelocity: c.start, endPathVelocity: c.end)
    }
    #expect(refusal?.description == c.sentence)
    #expect(refusal?.suggestion == c.suggestion)
  }
}
