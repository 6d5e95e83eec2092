import Control
import Kinematics
import MotorDrivers
import Planner
import Simulator

/// The default arm with a springy waist, from the control loop through the wire to the emulated drives, on logical time.
final class SwingRig {
  /// Of the waist [N·m/rad].
  static let stiffness = 150.0
  /// The arm held out.
  static let start: JointVector = [-0.5, 0.6, 1.2, 0, 0, 0]

  let line: LockstepChannel
  let arm: ControlledArm
  private var time: Double

  /// How often the waist swings with its motor held [Hz], the other joints being stiff: ω² = K / M₀₀.
  static var stiffFrequency: Double { (stiffness / TestArm.model.massMatrix(at: start)[0, 0]).squareRoot() / (2 * .pi) }

  static var limits: JointLimits {
    var limits = TestArm.model.limits
    limits.jerk = JointVector(repeating: 400, count: 6)
    return limits
  }

  init(_ vibration: VibrationMode?) throws {
    let ratios = [50.0, 30, 30, 24, 30, 50]
    let reversed = [true, false, true, false, true, true]
    var (trains, motors): ([DriveTrain], [CtrlStepBus.Motor]) = ([], [])
    for joint in 0..<6 {
      let isSmall = joint > 2
      trains.append(
        DriveTrain(
          ratio: ratios[joint], direction: reversed[joint] ? -1 : 1, rotorInertia: isSmall ? 2.5e-7 : 5.5e-6, torqueConstant: isSmall ? 0.06 : 0.2,
          coulomb: isSmall ? 0.1 : 0.7, viscous: isSmall ? 0.02 : 0.4, stiffness: joint == 0 ? Self.stiffness : nil))
      motors.append(
        CtrlStepBus.Motor(
          node: joint + 1, currentLimit: isSmall ? 0.6 : 2, velocityLimit: 200, accelerationLimit: 2000, torqueConstant: isSmall ? 0.06 : 0.2))
    }
    line = LockstepChannel(
      arm: EmulatedArm(model: TestArm.model, driveTrains: trains, nodes: [1, 2, 3, 4, 5, 6], position: Self.start))
    var settings = ControlSettings(period: TestArm.period, limits: Self.limits)
    settings.coulombFriction = JointVector(trains.map(\.coulomb))
    settings.vibrations[0] = vibration
    let wiring = (0..<6).map { JointWiring(bus: 0, motor: $0, transmission: Transmission(ratio: ratios[$0], isReversed: reversed[$0], offset: 0)) }
    arm = ControlledArm(
      core: ControlCore(model: TestArm.model, settings: settings), wiring: wiring,
      buses: [CtrlStepBus(name: "can0", channel: line, motors: motors)])
    try arm.connect()
    time = line.now
    run(0.1)
    _ = arm.post(.hold)
    run(0.2)
  }

  func run(_ seconds: Double, until condition: () -> Bool = { false }, eachTick: () -> Void = {}) {
    let end = time + seconds
    while time < end, !condition() {
      time = max(time, line.now) + TestArm.period
      line.now = time
      arm.tick(at: time)
      while arm.nextEvent() != nil {}
      eachTick()
    }
  }

  /// Turns the waist by one radian as fast as its limits allow, and lets the tool swing out.
  ///
  /// - Returns: How long the setpoint took [s]; how far the tool was at most from where it came to rest, in the second after that [m]; and how
  ///   often the waist swung [Hz].
  func turn() throws -> (duration: Double, swing: Double, frequency: Double) {
    var target = arm.snapshot.setpoint
    target[0] += 1
    let move = try Trajectory.jointMove(from: arm.snapshot.setpoint, to: target, limits: Self.limits)
    let begun = time
    _ = arm.post(.follow(move, job: 1))
    run(0.1)
    run(10, until: { self.arm.snapshot.isAtRest })
    let duration = time - begun
    var (tools, waists): ([SIMD3<Double>], [Double]) = ([], [])
    run(
      1,
      eachTick: {
        tools.append(TestArm.model.pose(at: self.line.arm.position).translation)
        waists.append(self.line.arm.position[0])
      })
    let rest = tools.reduce(SIMD3()) { $0 + $1 } / Double(tools.count)
    let swing = tools.map { (($0 - rest) * ($0 - rest)).sum().squareRoot() }.max() ?? 0
    return (duration, swing, Self.frequency(of: waists))
  }

  /// Between the first and the last rise through the mean [Hz].
  private static func frequency(of samples: [Double]) -> Double {
    let mean = samples.reduce(0, +) / Double(samples.count)
    let rises = samples.indices.dropFirst().compactMap { index in
      let (before, after) = (samples[index - 1] - mean, samples[index] - mean)
      return before < 0 && after >= 0 ? Double(index) - after / (after - before) : nil
    }
    guard let first = rises.first, let last = rises.last, last > first else { return 0 }
    return Double(rises.count - 1) / ((last - first) * TestArm.period)
  }
}
