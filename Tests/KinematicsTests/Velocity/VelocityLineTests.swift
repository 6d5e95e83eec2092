import Foundation
import Kinematics
import TestSupport
import Testing

/// A jog along a line stays on its line, whatever stops it.
@Suite struct VelocityLineTests {
  struct Outcome {
    /// In typical lengths.
    var along = 0.0
    var across = 0.0
    /// Of what binds [rad].
    var tilt = 0.0
    var hindrance: VelocityKinematics.Hindrance?
  }

  static func jog(_ arm: VelocityArm, _ direction: SIMD3<Double>, speed: Double, from start: JointVector, seconds: Double) -> Outcome {
    let length = arm.kinematics.typicalLength, pose = arm.model.pose(at: start), twist = Twist(linear: speed * direction)
    var q = start, velocity = JointVector(count: arm.count), outcome = Outcome()
    for _ in 0..<Int(seconds / VelocityArm.period) {
      let motion = arm.motion(twist, at: q, velocity: velocity)
      (velocity, outcome.hindrance) = (motion.velocity, motion.hindrance)
      q += VelocityArm.period * velocity
      let now = arm.model.pose(at: q), moved = (now.translation - pose.translation) / length
      outcome.along = dot(moved, direction)
      outcome.across = max(outcome.across, (moved - outcome.along * direction).length)
      let tilt =
        switch arm.free {
        case .none: (now.rotation * pose.rotation.inverse).rotationVector.length
        case .axis: acos(min(1, dot(now.rotation.z, pose.rotation.z)))
        case .position, .plane: 0.0
        }
      outcome.tilt = max(outcome.tilt, tilt)
    }
    return outcome
  }

  /// From home outwards, until the arm is stretched: the tool neither dives nor tilts.
  @Test func anOutwardJogEndsOnItsLine() throws {
    let arm = try VelocityArm.named("dummy")
    let outcome = Self.jog(arm, [1, 0, 0], speed: 0.1, from: [0, 0, .pi / 2, 0, 0, 0], seconds: 4)
    #expect(outcome.along * arm.kinematics.typicalLength > 0.06)
    #expect(outcome.across * arm.kinematics.typicalLength < 5e-4)
    #expect(outcome.tilt < 1e-3)
    guard case .border? = outcome.hindrance else {
      Issue.record("\(String(describing: outcome.hindrance))")
      return
    }
  }

  /// To limits and borders, from anywhere and from limits.
  @Test(arguments: try VelocityArm.all()) func everyJogStaysNearItsLine(arm: VelocityArm) {
    var random = SeededGenerator(seed: 79), tried = 0, across = 0.0, tilt = 0.0
    let axes: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1]]
    for draw in 0..<caseCount(24) {
      let start = draw % 2 == 0 ? arm.anywhere(&random) : arm.onLimits(&random)
      guard arm.leastGain(at: start) > 0.1 else { continue }
      tried += 1
      let outcome = Self.jog(arm, axes[draw % 6], speed: 0.7 * arm.kinematics.typicalLength, from: start, seconds: 2)
      (across, tilt) = (across + outcome.across, tilt + outcome.tilt)
      #expect(outcome.across < 0.25 && outcome.tilt < 0.35, "\(outcome) from \(Array(start)) along \(axes[draw % 6])")
    }
    #expect(tried == 0 || across / Double(tried) < 0.04, "on average \(across / Double(tried))")
    #expect(tried == 0 || tilt / Double(tried) < 0.06, "on average \(tilt / Double(tried))")
  }
}
