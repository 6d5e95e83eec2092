import Foundation
import Kinematics
import TestSupport
import Testing

/// No posture holds the arm.
///
/// "No stall" means: where some way within the limits leads on as wanted, the tool has gone on by what it should in 50 ms within 1,500 periods (3 s),
/// and mostly much sooner, whatever it started from.
@Suite struct VelocityEscapeTests {
  static let patience = 1_500
  /// How far the tool is to go on [s of the wish].
  static let goal = 0.05

  struct Case: CustomTestStringConvertible, Sendable {
    let arm: String
    let posture: String
    let q: [Double]
    let wish: String
    /// In typical lengths, or radians, a second.
    let linear: SIMD3<Double>
    let angular: SIMD3<Double>
    /// Periods within which more than half of the wish is brought about.
    let within: Int
    var testDescription: String { "\(arm), \(posture): \(wish)" }

    init(
      _ arm: String, _ posture: String, _ q: [Double], _ wish: String, linear: SIMD3<Double> = .zero, angular: SIMD3<Double> = .zero, within: Int
    ) {
      (self.arm, self.posture, self.q, self.wish) = (arm, posture, q, wish)
      (self.linear, self.angular, self.within) = (linear, angular, within)
    }
  }

  private static let half = Double.pi / 2

  @Test(arguments: [
    // Straight elbows and candles, pulled inwards.
    Case("ur5", "straight elbow", [0.3, -1, 0, -1, 1, 0], "down", linear: [0, 0, -0.3], within: 150),
    Case("ur5", "straight elbow", [0.3, -1, 0, -1, 1, 0], "back", linear: [-0.3, 0, 0], within: 150),
    Case("ur5", "candle", [0, -half, 0, -half, 0, 0], "down", linear: [0, 0, -0.3], within: 150),
    Case("ur5", "all zero", [0, 0, 0, 0, 0, 0], "back", linear: [-0.3, 0, 0], within: 150),
    Case("ur5", "all zero", [0, 0, 0, 0, 0, 0], "down", linear: [0, 0, -0.3], within: 50),
    Case("iiwa", "candle", [0, 0, 0, 0, 0, 0, 0], "down", linear: [0, 0, -0.3], within: 200),
    Case("iiwa", "straight elbow", [0.3, 0.5, 0.2, 0, 0.4, 0.6, 0.1], "down", linear: [0, 0, -0.3], within: 200),
    // Straight wrists, turned and shifted every way.
    Case("dummy", "straight wrist", [0.5, 0.3, 2.5, 0, 0, 0], "x", linear: [0.3, 0, 0], within: 100),
    Case("dummy", "straight wrist", [0.5, 0.3, 2.5, 0, 0, 0], "about x", angular: [0.3, 0, 0], within: 200),
    Case("dummy", "straight wrist", [0.5, 0.3, 2.5, 0, 0, 0], "about y", angular: [0, 0.3, 0], within: 200),
    Case("dummy", "straight wrist", [0.5, 0.3, 2.5, 0, 0, 0], "about z", angular: [0, 0, 0.3], within: 200),
    Case("ar4", "all zero", [0, 0, 0, 0, 0, 0], "x", linear: [0.3, 0, 0], within: 100),
    Case("ar4", "all zero", [0, 0, 0, 0, 0, 0], "about z", angular: [0, 0, 0.3], within: 700),
    Case("ur5", "straight wrist", [0.3, -1, 1, -1, 0, 0], "about z", angular: [0, 0, 0.3], within: 200),
    // Two singularities that meet, so that no joint motion shows a way at first.
    Case("ur5", "all zero", [0, 0, 0, 0, 0, 0], "about x", angular: [0.3, 0, 0], within: 1_500),
    Case("ur5", "all zero", [0, 0, 0, 0, 0, 0], "about x, back", angular: [-0.3, 0, 0], within: 1_500),
    Case("iiwa", "candle", [0, 0, 0, 0, 0, 0, 0], "about x", angular: [0.3, 0, 0], within: 300),
  ])
  func leavesAKnownSingularity(example: Case) throws {
    let arm = try VelocityArm.named(example.arm)
    let twist = Twist(linear: arm.kinematics.typicalLength * example.linear, angular: example.angular)
    var q = JointVector(example.q), velocity = JointVector(count: arm.count), periods = 0, worst = 0.0
    while periods < example.within {
      let motion = arm.motion(twist, at: q, velocity: velocity)
      worst = min(worst, motion.share)
      if motion.share > 0.5 { break }
      velocity = motion.velocity
      q += VelocityArm.period * velocity
      periods += 1
    }
    #expect(periods < example.within)
    #expect(worst > -0.1, "the tool goes back by \(worst) of what is wanted")
  }

  /// The oracle is inverse kinematics: where it finds a posture a little on to which the joints can turn in place, and some farther on, the tool has
  /// to get going. Half of the directions that are lost at a fold of the workspace lead out of it, and no posture of this sheet is there: an arm that
  /// stays is at such a fold, which forward kinematics alone tells.
  @Test(arguments: try VelocityArm.all()) func leavesEverySingularity(arm: VelocityArm) {
    var random = SeededGenerator(seed: 75)
    var needed: [Int] = []
    for _ in 0..<caseCount(25) {
      guard let start = arm.singular(&random) else { continue }
      let twist = arm.twist(&random, speed: 0.5)
      guard arm.hasWay(after: 0.02, of: twist, from: start), arm.reaches(after: 0.1, of: twist, from: start, within: 2),
        arm.reaches(after: 0.4, of: twist, from: start, within: 2)
      else { continue }
      let periods = Self.leaving(arm, twist, from: start).periods
      #expect(periods < Self.patience || arm.isFold(against: twist, at: start), "from \(Array(start)), \(twist)")
      if periods < Self.patience { needed.append(periods) }
    }
    needed.sort()
    // Five joints hardly have a fifth direction, so they take their time.
    let usual = needed.dropLast(needed.count / 10).last ?? 0
    #expect(usual <= (arm.free == .axis ? 800 : 300), "nine in ten leave within \(usual) periods")
  }

  /// Exactly the way that is lost, there and back. Half of these wishes lead out of the workspace or to another sheet of it: then the arm says so,
  /// and inverse kinematics finds nothing near either. An arm that is still on its way after the patience has none within 2 rad, or the way ends
  /// before the tool has gone as far as is asked.
  @Test(arguments: try VelocityArm.all()) func leavesAlongTheLostDirectionOrSaysWhyNot(arm: VelocityArm) {
    var random = SeededGenerator(seed: 78)
    var needed: [Int] = []
    for _ in 0..<caseCount(12) {
      guard let start = arm.singular(&random) else { continue }
      for sign in [0.5, -0.5] {
        let twist = sign * arm.weakest(at: start).twist
        let (periods, hindrance) = Self.leaving(arm, twist, from: start)
        if periods < Self.patience {
          needed.append(periods)
          continue
        }
        let leadsOn = arm.reaches(after: Self.goal, of: twist, from: start, within: 2)
        switch hindrance {
        case .border: #expect(!leadsOn || !arm.reaches(after: 0.02, of: twist, from: start, within: 0.3), "from \(Array(start)), \(twist)")
        case .position: break
        case .singularity: #expect(!leadsOn || !arm.reaches(after: 0.02, of: twist, from: start, within: 2), "from \(Array(start)), \(twist)")
        default: Issue.record("no way and no reason from \(Array(start)), \(twist): \(String(describing: hindrance))")
        }
      }
    }
    needed.sort()
    let usual = needed.dropLast(needed.count / 10).last ?? 0
    #expect(usual <= 1_300, "nine in ten leave within \(usual) periods")
  }

  /// The periods until the tool has gone on by what it should in 50 ms, and what held it last.
  private static func leaving(_ arm: VelocityArm, _ twist: Twist, from start: JointVector) -> (
    periods: Int, hindrance: VelocityKinematics.Hindrance?
  ) {
    let pose = arm.model.pose(at: start)
    var q = start, velocity = JointVector(count: arm.count), periods = 0, hindrance: VelocityKinematics.Hindrance?
    while arm.progress(from: pose, to: arm.model.pose(at: q), twist: twist) < goal, periods < patience {
      let motion = arm.motion(twist, at: q, velocity: velocity)
      (velocity, hindrance) = (motion.velocity, motion.hindrance)
      q += VelocityArm.period * velocity
      periods += 1
    }
    return (periods, hindrance)
  }

  /// At the border of the workspace and at limits, an outward wish moves next to nothing; the inward one after it starts at once.
  @Test(arguments: [
    Case("ur5", "straight elbow", [0.3, -1, 0, -1, 1, 0], "out", linear: [0.23, 0.17, 0.18], within: 150),
    Case("ur5", "candle", [0, -half, 0, -half, 0, 0], "up", linear: [0, 0, 0.3], within: 150),
    Case("iiwa", "candle", [0, 0, 0, 0, 0, 0, 0], "up", linear: [0, 0, 0.3], within: 150),
  ])
  func outwardRestsAndInwardStartsAtOnce(example: Case) throws {
    let arm = try VelocityArm.named(example.arm)
    let out = Twist(linear: arm.kinematics.typicalLength * example.linear, angular: example.angular)
    var q = JointVector(example.q), velocity = JointVector(count: arm.count)
    var periods = 0
    for _ in 0..<500 {
      velocity = arm.motion(out, at: q, velocity: velocity).velocity
      q += VelocityArm.period * velocity
    }
    let resting = arm.motion(out, at: q, velocity: velocity)
    #expect(abs(resting.share) < 0.2)
    #expect(resting.hindrance != nil)
    while arm.motion(-1 * out, at: q, velocity: velocity).share < 0.5, periods < example.within {
      velocity = arm.motion(-1 * out, at: q, velocity: velocity).velocity
      q += VelocityArm.period * velocity
      periods += 1
    }
    #expect(periods < example.within)
  }

  /// A wish that one joint alone would bring about, beyond its limit, and then the other way.
  @Test(arguments: try VelocityArm.all().filter { $0.count == 6 }) func restsAtALimitAndComesBackAtOnce(arm: VelocityArm) {
    var random = SeededGenerator(seed: 77), tried = 0
    for _ in 0..<caseCount(100) {
      let joint = Int.random(in: 0..<6, using: &random), inner = JointVector(repeating: 0.3, count: 6)
      var q = arm.anywhere(&random).clamped(lower: arm.limits.lower + inner, upper: arm.limits.upper - inner)
      q[joint] = arm.limits.upper[joint]
      guard arm.leastGain(at: q) > 0.2 else { continue }
      tried += 1
      let column = arm.model.jacobian(at: q)[joint], start = arm.model.pose(at: q), periods = 100
      var velocity = JointVector(count: 6)
      for _ in 0..<periods {
        let motion = arm.motion(0.3 * column, at: q, velocity: velocity)
        velocity = motion.velocity
        q += VelocityArm.period * velocity
        #expect(motion.hindrance == .position(joint: joint, isUpper: true))
      }
      let strayed = arm.progress(from: start, to: arm.model.pose(at: q), twist: 0.3 * column) / (Double(periods) * VelocityArm.period)
      #expect(abs(strayed) < 0.3, "\(strayed) of a motion that \(arm.model.jointNames[joint]) does not allow")
      for _ in 0..<40 {
        velocity = arm.motion(-0.3 * column, at: q, velocity: velocity).velocity
        q += VelocityArm.period * velocity
      }
      #expect(abs(velocity[joint] + 0.3) < 0.05)
    }
    #expect(tried > 5)
  }

  /// Joints on their limits that the wish turns inwards, or not at all, hold nobody up: the joint velocities are those of the inverse Jacobian, as
  /// far as acceleration and velocity limits allow.
  @Test(arguments: try VelocityArm.all().filter { $0.count == 6 }) func leavesLimitsAtOnce(arm: VelocityArm) {
    var random = SeededGenerator(seed: 76), tried = 0
    let limits = arm.limits, periods = 10
    for _ in 0..<caseCount(400) {
      var start = arm.anywhere(&random)
      start = start.clamped(lower: limits.lower + JointVector(repeating: 0.1, count: 6), upper: limits.upper - JointVector(repeating: 0.1, count: 6))
      let joint = Int.random(in: 0..<6, using: &random), isUpper = Bool.random(using: &random)
      start[joint] = isUpper ? limits.upper[joint] : limits.lower[joint]
      guard arm.leastGain(at: start) > 0.15 else { continue }
      let jacobian = arm.model.jacobian(at: start), columns = (0..<6).map { jacobian[$0].numbers }
      var twist = arm.twist(&random, speed: 0.3)
      func rates() -> [Double]? { solution((0..<6).map { row in columns.map { $0[row] } }, twist.numbers) }
      guard var wanted = rates() else { continue }
      if (wanted[joint] > 0) == isUpper {
        twist = -1 * twist
        wanted = wanted.map { -$0 }
      }
      tried += 1
      var share = 1.0
      for other in 0..<6 {
        let most = min(limits.velocity[other], Double(periods) * VelocityArm.period * limits.acceleration[other])
        share = min(share, most / abs(wanted[other]))
      }
      var q = start, velocity = JointVector(count: 6)
      for _ in 0..<periods {
        velocity = arm.motion(twist, at: q, velocity: velocity).velocity
        q += VelocityArm.period * velocity
      }
      #expect(difference(velocity, wanted.map { $0 * share }) < 0.05 * share * (wanted.map(abs).max() ?? 0), "from \(Array(start)), \(twist)")
    }
    #expect(tried > 20)
  }
}
