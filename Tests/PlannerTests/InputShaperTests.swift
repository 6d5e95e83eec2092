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
  private static func residual(_ kind: InputShaper.Kind, shapedFor frequency: Double, mode: Double, damping: Double) -> Double {
    var shaper = InputShaper(kind, frequency: frequency, damping: damping, period: period)
    var (x, v, largest, before) = (0.0, 0.0, 0.0, 0.0)
    let omega = 2 * Double.pi * mode, inner = 20, dt = period / Double(inner)
    _ = shaper.shaped(JointSetpoint(restingAt: [0]))
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
    let kind: InputShaper.Kind
    /// How wrong the frequency is that the shaper is made for.
    let detuning, damping, most: Double
    var testDescription: String { "\(kind.rawValue), frequency off by \(100 * detuning) %, damping \(damping)" }
  }

  @Test(arguments: [
    Case(kind: .zeroVibration, detuning: 0, damping: 0, most: 0.01),
    Case(kind: .zeroVibration, detuning: 0, damping: 0.05, most: 0.05),
    Case(kind: .zeroVibrationDerivative, detuning: 0, damping: 0, most: 0.01),
    Case(kind: .zeroVibrationDerivative, detuning: 0, damping: 0.05, most: 0.05),
    Case(kind: .zeroVibrationDerivative, detuning: 0.1, damping: 0.02, most: 0.05),
    Case(kind: .zeroVibrationDerivative, detuning: -0.1, damping: 0.02, most: 0.05),
    Case(kind: .zeroVibrationDerivative, detuning: 0.2, damping: 0.02, most: 0.13),
    Case(kind: .zeroVibrationDerivative, detuning: -0.2, damping: 0.02, most: 0.13),
  ]) func stillsTheMode(_ c: Case) {
    for mode in [4.0, 7.3, 12] {
      let residual = Self.residual(c.kind, shapedFor: mode * (1 + c.detuning), mode: mode, damping: c.damping)
      #expect(residual < c.most, "\(mode) Hz")
    }
  }

  @Test func detunedByTenPercentTheThirdImpulsePays() {
    let two = Self.residual(.zeroVibration, shapedFor: 8.8, mode: 8, damping: 0.02)
    let three = Self.residual(.zeroVibrationDerivative, shapedFor: 8.8, mode: 8, damping: 0.02)
    #expect(two > 0.1 && three < two / 3)
  }

  /// Begins where it is told, ends where the stream ends, goes nowhere else, and keeps what limits were kept.
  @Test func keepsEndsAndLimits() throws {
    var shaper = InputShaper(.zeroVibrationDerivative, frequency: 6, damping: 0.1, period: Self.period)
    let limits = MotionLimits(velocity: [2, 1], acceleration: [20, 5], jerk: [200, 100])
    let move = try OnlineTrajectory(
      from: JointSetpoint(restingAt: [0.2, 1]), to: .state(JointSetpoint(restingAt: [0.9, 1])), limits: limits)
    #expect(abs(shaper.shaped(move.setpoint(at: 0)).position[0] - 0.2) < 1e-15)
    var last = 0.2
    for step in 1...Int((move.duration + shaper.delay) / Self.period + 2) {
      let now = shaper.shaped(move.setpoint(at: Double(step) * Self.period))
      #expect(now.position[0] >= last - 1e-12 && abs(now.position[1] - 1) < 1e-12)
      #expect(abs(now.velocity[0]) <= 2 && abs(now.acceleration[0]) <= 20)
      last = now.position[0]
    }
    #expect(abs(last - 0.9) < 1e-12)
  }

  @Test func aModeTooSlowDoesNotFit() {
    #expect(InputShaper.fits(.zeroVibration, frequency: 1, damping: 0, period: 0.001))
    #expect(!InputShaper.fits(.zeroVibrationDerivative, frequency: 1, damping: 0, period: 0.001))
    #expect(!InputShaper.fits(.zeroVibration, frequency: 0, damping: 0, period: 0.001))
    #expect(!InputShaper.fits(.zeroVibration, frequency: 5, damping: 1, period: 0.001))
  }
}
