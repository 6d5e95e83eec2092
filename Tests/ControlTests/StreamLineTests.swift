import Kinematics
import Planner
import TestSupport
import Testing

@testable import Control

/// A jog keeps its line: while the tool gathers speed, on the way, and until it rests.
@Suite struct StreamLineTests {
  /// How a jog went.
  struct Outcome {
    /// How far the tool came along the line, and how far it left it [m].
    var along = 0.0, across = 0.0
    /// [rad]
    var tilt = 0.0
    var isSmooth = true
    var isAtRest = false
  }

  /// Streams the speeds [m/s] for their ticks, then rest.
  static func jog(_ direction: SIMD3<Double>, from start: JointVector, _ stages: [(speed: Double, ticks: Int)]) -> Outcome {
    var rig = CoreRig(at: start), outcome = Outcome()
    rig.tick(.hold)
    let pose = TestArm.model.pose(at: start)
    for (speed, ticks) in stages + [(0, 600)] {
      for _ in 0..<ticks {
        let before = rig.core.setpoint
        rig.tick(.servo(.twist(Twist(linear: speed * direction), .base)))
        if !Smoothness.isSmooth(from: before, to: rig.core.setpoint) { outcome.isSmooth = false }
        let now = TestArm.model.pose(at: rig.core.setpoint.position), moved = now.translation - pose.translation
        outcome.along = (moved * direction).sum()
        let aside = moved - outcome.along * direction
        outcome.across = max(outcome.across, (aside * aside).sum().squareRoot())
        outcome.tilt = max(outcome.tilt, (now.rotation * pose.rotation.inverse).rotationVector.length)
      }
    }
    outcome.isAtRest = rig.core.setpoint == JointSetpoint(restingAt: rig.core.setpoint.position)
    return outcome
  }

  static let axes: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1]]

  /// From anywhere but singular postures, three centimetres.
  @Test(arguments: [0.02, 0.1, 0.2]) func aShortJogKeepsItsLine(speed: Double) {
    var random = SeededGenerator(seed: 61)
    for draw in 0..<caseCount(30) {
      let start: JointVector = [
        Double.random(in: -1...1, using: &random), Double.random(in: -0.3...0.6, using: &random), Double.random(in: 1.2...2.2, using: &random),
        Double.random(in: -1...1, using: &random), Double.random(in: 0.5...1, using: &random), Double.random(in: -1...1, using: &random),
      ]
      let outcome = Self.jog(Self.axes[draw % 6], from: start, [(speed, Int(0.03 / (speed * TestArm.period)))])
      let hint: Comment = "\(outcome) from \(Array(start)) along \(Self.axes[draw % 6])"
      #expect(outcome.across < 1e-4 && outcome.tilt < 5e-4, hint)
      #expect(outcome.isSmooth && outcome.isAtRest, hint)
    }
  }

  /// Faster, slower and on: the line is the same.
  @Test func aChangeOfPaceKeepsTheLine() {
    let outcome = Self.jog([1, 0, 0], from: [0.2, 0.1, 1.6, 0.1, 0.7, 0], [(0.02, 100), (0.08, 200), (0.03, 200), (0, 20), (0.05, 100)])
    #expect(outcome.across < 1e-4 && outcome.tilt < 5e-4 && outcome.isSmooth && outcome.isAtRest, "\(outcome)")
    #expect(abs(outcome.along - 0.058) < 0.006, "\(outcome)")
  }

  /// Another direction in the midst of it: within the limits, and the tool goes there in the end.
  @Test func turnsAside() {
    var rig = CoreRig(at: [0.2, 0.1, 1.6, 0.1, 0.7, 0])
    rig.tick(.hold)
    for tick in 0..<500 {
      let before = rig.core.setpoint
      rig.tick(.servo(.twist(Twist(linear: tick < 150 ? [0.05, 0, 0] : [0, 0.03, 0.04]), .base)))
      #expect(Smoothness.isSmooth(from: before, to: rig.core.setpoint))
    }
    let twist = TestArm.model.jacobian(at: rig.core.setpoint.position).twist(for: rig.core.setpoint.velocity)
    let away = twist.linear - SIMD3(0, 0.03, 0.04)
    #expect((away * away).sum().squareRoot() < 1e-6, "\(twist)")
  }

  /// A pose beyond the arm's reach: it stands, and the stream says why.
  @Test func saysThatAPoseIsOutOfReach() {
    var rig = CoreRig.holding
    let far = Pose(rotation: TestArm.model.pose(at: TestArm.home).rotation, translation: [5, 0, 0])
    for _ in 0..<20 { rig.tick(.servo(.pose(far))) }
    #expect(rig.core.streamOutcome.share == 0 && rig.core.streamOutcome.hindrance == .outOfReach)
    rig.tick(.servo(.twist(Twist(linear: [0.01, 0, 0]), .base)))
    rig.tick(.servo(.twist(Twist(linear: [0.01, 0, 0]), .base)))
    #expect(rig.core.streamOutcome.hindrance != .outOfReach)
  }
}
