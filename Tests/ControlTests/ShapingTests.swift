import Control
import Kinematics
import Planner
import TestSupport
import Testing

/// Setpoints shaped against the swinging of elastic reducers.
@Suite struct ShapingTests {
  // MARK: On the simulator's springs

  /// How often the tool swings and how far, unshaped. With its motor held the waist would swing as ω² = K/M₀₀ says; a drive holds it less well.
  @Test func theToolSwingsAsItsSpringSays() throws {
    let unshaped = try SwingRig(nil).turn()
    #expect(unshaped.frequency > 0.75 * SwingRig.stiffFrequency && unshaped.frequency < SwingRig.stiffFrequency, "\(unshaped)")
    #expect(unshaped.swing > 3e-3, "\(unshaped)")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let shaper: VibrationMode.Shaper
    /// How wrong the frequency is that the shaper is made for.
    let detuning: Double
    /// How many times less the tool swings, at least, and how many swings longer the motion takes, at most.
    let gain, swingsMore: Double
    var testDescription: String { "\(shaper.rawValue), frequency off by \(100 * detuning) %" }
  }

  @Test(arguments: [
    Case(shaper: .zeroVibration, detuning: 0, gain: 10, swingsMore: 0.6),
    Case(shaper: .zeroVibrationDerivative, detuning: 0, gain: 10, swingsMore: 1.1),
    Case(shaper: .zeroVibration, detuning: 0.15, gain: 3, swingsMore: 0.6), Case(shaper: .zeroVibration, detuning: -0.15, gain: 3, swingsMore: 0.8),
    Case(shaper: .zeroVibrationDerivative, detuning: 0.15, gain: 10, swingsMore: 1),
    Case(shaper: .zeroVibrationDerivative, detuning: -0.15, gain: 10, swingsMore: 1.3),
  ]) func theToolSwingsLess(_ c: Case) throws {
    let unshaped = try SwingRig(nil).turn()
    let mode = VibrationMode(frequency: (1 + c.detuning) * unshaped.frequency, shaper: c.shaper)
    let shaped = try SwingRig(mode).turn()
    #expect(shaped.swing < unshaped.swing / c.gain, "\(unshaped) \(shaped), \(unshaped.swing / shaped.swing) times less")
    #expect((shaped.duration - unshaped.duration) * unshaped.frequency < c.swingsMore, "\(unshaped) \(shaped)")
  }

  // MARK: In the core

  static let modes: [VibrationMode?] = [
    VibrationMode(frequency: 7, damping: 0.05, shaper: .zeroVibrationDerivative), VibrationMode(frequency: 12, shaper: .zeroVibration), nil, nil,
    VibrationMode(frequency: 20, damping: 0.2, shaper: .zeroVibrationDerivative), nil,
  ]

  static var shapedRig: CoreRig {
    var settings = TestArm.settings
    settings.vibrations = modes
    var rig = CoreRig(settings: settings)
    rig.tick(.hold)
    return rig
  }

  @Test func aMoveEndsExactlyAndIsDoneOnlyThen() {
    var rig = Self.shapedRig
    rig.tick(.follow(TestArm.move, job: 1))
    rig.tick(count: Int(TestArm.move.duration / TestArm.period) + 2)
    #expect(rig.core.job == 1 && !rig.core.isAtRest && rig.core.setpoint == JointSetpoint(restingAt: TestArm.move.end))
    rig.settle()
    #expect(rig.takeEvents().suffix(2) == [.modeChanged(.hold), .finished(job: 1)])
    #expect(rig.core.shapedSetpoint == JointSetpoint(restingAt: TestArm.move.end))
  }

  struct Disturbance: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var requests: [ControlRequest] = []
    var isStop = false
    /// A joint that is not heard any more, which is a fault.
    var silent: Int?
  }

  static let disturbances = [
    Disturbance(testDescription: "nothing"), Disturbance(testDescription: "stop", isStop: true), Disturbance(testDescription: "fault", silent: 2),
    Disturbance(testDescription: "pause", requests: [.pause]), Disturbance(testDescription: "back", requests: [.resume(.back)]),
    Disturbance(testDescription: "half speed", requests: [.setSpeed(0.5)]), Disturbance(testDescription: "off", requests: [.off]),
    Disturbance(testDescription: "retarget", requests: [.goTo([0.4, 0.2, 1.7, -0.3, 0.4, 0], speed: 1, job: 2)]),
    Disturbance(testDescription: "servo", requests: [.cancel(job: 1), .servo(.rates([0.3, 0, -0.2, 0, 0.4, 0]))]),
    Disturbance(testDescription: "stop, then somewhere else", requests: [.goTo(TestArm.home, speed: 1, job: 2)], isStop: true),
  ]

  /// Whatever happens at any instant of a move, what the motors are told keeps every limit, jerk included, and comes to rest.
  @Test(arguments: disturbances) func keepsTheLimits(_ disturbance: Disturbance) {
    var random = SeededGenerator(seed: 131)
    for _ in 0..<caseCount(20) {
      var rig = Self.shapedRig
      rig.tick(.follow(TestArm.move, job: 1))
      let instant = Int.random(in: 1...700, using: &random)
      rig.tick(count: instant)
      let hint: Comment = "\(disturbance.testDescription) after \(instant) ticks"
      if let silent = disturbance.silent { rig.silent = [silent] }
      var requests = disturbance.requests[...]
      var before = rig.core.shapedSetpoint
      for tick in 0..<2000 where tick < 30 || !rig.core.isAtRest {
        if tick == 0, disturbance.isStop {
          rig.tick(stop: true)
        } else if let request = requests.popFirst() {
          rig.tick(request)
        } else {
          rig.tick()
        }
        guard rig.core.isPowered else { break }
        #expect(Smoothness.isSmooth(from: before, to: rig.core.shapedSetpoint), hint)
        before = rig.core.shapedSetpoint
      }
      #expect(rig.core.isAtRest || rig.core.course == .paused, hint)
      #expect((rig.core.fault == nil) == (disturbance.silent == nil), hint)
    }
  }

  /// A fault brakes at once, from what the motors were told last.
  @Test func aFaultIsNotDelayed() {
    var rig = Self.shapedRig
    rig.tick(.follow(TestArm.move, job: 1))
    rig.tick(count: 200)
    rig.silent = [3]
    var stop: JerkLimitedStop?
    for _ in 0..<50 where rig.core.fault == nil {
      stop = JerkLimitedStop(from: rig.core.shapedSetpoint, limits: TestArm.settings.limits)
      rig.tick()
    }
    #expect(rig.core.shapedSetpoint == stop?.setpoint(at: TestArm.period))
  }

  @Test func handGuidingIsNotShaped() {
    var rig = Self.shapedRig
    rig.tick(.float)
    rig.tick(count: 50)
    #expect(rig.core.mode == .float && rig.core.shapedSetpoint == rig.core.setpoint)
  }
}
