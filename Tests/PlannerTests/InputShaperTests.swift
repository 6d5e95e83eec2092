import Foundation
import Kinematics
import Planner
import TestSupport
import Testing

@Suite struct InputShaperTests {
  static let period = 0.002

  /// How far a mode swings after the setpoint has stepped by 0.5 rad and the last impulse is over, relative to how far it would without a shaper.
  ///
  /// The mode is a mass on a spring that the setpoint pulls: ẍ = ω²(q − x) − 2ζωẋ.
  private static func residual(_ shaperMode: VibrationMode, mode: Double) -> Double {
    var shaper = InputShaper([shaperMode], period: period)
    let damping = shaperMode.damping
    var (x, v, largest, before) = (0.0, 0.0, 0.0, 0.0)
    let omega = 2 * Double.pi * mode, inner = 20, dt = period / Double(inner)
    shaper.begin(at: JointSetpoint(restingAt: [0]))
    for step in 1...Int((shaper.delay + 2 / mode) / period) {
      let now = shaper.shaped(JointSetpoint(restingAt: [0.5])).position[0]
      for part in 1...inner {
        let q = before + (now - before) * Double(part) / Double(inner)
        v += dt * (omega * omega * (q - x) - 2 * damping * omega * v)
        x += dt * v
      }
      before = now
      if Double(step) * period > shaper.delay + period { largest = max(largest, abs(x - 0.5)) }
    }
    return largest / 0.5
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let shaper: VibrationMode.Shaper
    /// How wrong the frequency is that the shaper is made for.
    let detuning, damping, most: Double
    var testDescription: String { "\(shaper.rawValue), frequency off by \(100 * detuning) %, damping \(damping)" }
  }

  @Test(arguments: [
    Case(shaper: .zeroVibration, detuning: 0, damping: 0, most: 0.01),
    Case(shaper: .zeroVibration, detuning: 0, damping: 0.05, most: 0.05),
    Case(shaper: .zeroVibrationDerivative, detuning: 0, damping: 0, most: 0.01),
    Case(shaper: .zeroVibrationDerivative, detuning: 0, damping: 0.05, most: 0.05),
    Case(shaper: .zeroVibrationDerivative, detuning: 0.1, damping: 0.02, most: 0.05),
    Case(shaper: .zeroVibrationDerivative, detuning: -0.1, damping: 0.02, most: 0.05),
    Case(shaper: .zeroVibrationDerivative, detuning: 0.2, damping: 0.02, most: 0.13),
    Case(shaper: .zeroVibrationDerivative, detuning: -0.2, damping: 0.02, most: 0.13),
  ]) func stillsTheMode(_ c: Case) {
    for mode in [4.0, 7.3, 12] {
      let shaped = VibrationMode(frequency: mode * (1 + c.detuning), damping: c.damping, shaper: c.shaper)
      #expect(Self.residual(shaped, mode: mode) < c.most, "\(mode) Hz")
    }
  }

  @Test func detunedByTenPercentTheThirdImpulsePays() {
    let two = Self.residual(VibrationMode(frequency: 8.8, damping: 0.02, shaper: .zeroVibration), mode: 8)
    let three = Self.residual(VibrationMode(frequency: 8.8, damping: 0.02, shaper: .zeroVibrationDerivative), mode: 8)
    #expect(two > 0.1 && three < two / 3)
  }

  /// Begins where it is told, ends exactly where the stream ends, goes nowhere else, and keeps what limits were kept.
  @Test func keepsEndsAndLimits() throws {
    var shaper = InputShaper([VibrationMode(frequency: 6, damping: 0.1, shaper: .zeroVibrationDerivative), nil], period: Self.period)
    let (velocity, acceleration, jerk): (JointVector, JointVector, JointVector) = ([2, 1], [20, 5], [200, 100])
    let (start, end) = (JointSetpoint(restingAt: [0.2, 1]), JointSetpoint(restingAt: [0.9, 1.1]))
    let move = try OnlineTrajectory(from: start, to: .state(end), limits: MotionLimits(velocity: velocity, acceleration: acceleration, jerk: jerk))
    shaper.begin(at: start)
    #expect(shaper.shaped(start) == start)
    var last = start
    for step in 1...Int((move.duration + shaper.delay) / Self.period + 2) {
      let now = shaper.shaped(move.setpoint(at: Double(step) * Self.period))
      for joint in 0..<2 {
        #expect(now.position[joint] >= last.position[joint] - 1e-12)
        #expect(now.velocity[joint] <= velocity[joint] && abs(now.acceleration[joint]) <= acceleration[joint])
        #expect(abs(now.acceleration[joint] - last.acceleration[joint]) <= jerk[joint] * Self.period * (1 + 1e-9))
      }
      last = now
    }
    #expect(last == move.setpoint(at: move.duration + 1))
    #expect((last.position - end.position).maximumMagnitude < 1e-12)
  }

  /// In an even motion every joint is late by the same time, whatever its mode.
  @Test func jointsStayTogether() {
    let modes = [
      VibrationMode(frequency: 5, damping: 0.05, shaper: .zeroVibrationDerivative), nil, VibrationMode(frequency: 11, shaper: .zeroVibration),
    ]
    var shaper = InputShaper(modes, period: Self.period)
    shaper.begin(at: JointSetpoint(restingAt: [0, 0, 0]))
    var shaped = JointSetpoint(restingAt: [0, 0, 0])
    for step in 1...400 {
      let way = Double(step) * Self.period
      shaped = shaper.shaped(
        JointSetpoint(position: [way, 2 * way, -way], velocity: [1, 2, -1], acceleration: [0, 0, 0]))
    }
    let late = 0.8 - shaped.position[0]
    #expect(late > 0.09 && late < 0.1)
    #expect(abs(0.8 - shaped.position[1] / 2 - late) < 1e-12 && abs(0.8 + shaped.position[2] - late) < 1e-12)
    #expect((shaped.velocity - [1, 2, -1]).maximumMagnitude < 1e-12)
  }
}
