/// One stock Ctrl-Step closed-loop stepper drive: a 14-bit encoder on the rotor, a position loop at 20 kHz, and its CAN commands.
///
/// There is no watchdog: the last setpoint stands for ever. Any setpoint starts a stopped drive. At power-up the rotor is known within one turn only:
/// the drive takes it to be within half a turn of home, and counts turns from there.
///
/// The current is assumed to follow its setpoint at once, within the limit. The position loop works on encoder counts, the velocity on their
/// low-passed difference:
///
///     current = I/Kₜ · (ω² · kp/1000 · e + 2ω · kd/250 · ė + ∫(ω³/10 · ki/200 · e + ω²/10 · kv/80 · ė) dt)      ω = 300 rad/s
///
/// with I the inertia at the rotor that the motor was tuned with, and Kₜ its torque constant. The firmware's own scaling is not documented; this
/// one makes the values that are recommended for this arm (kp 1000, kv 80, ki 200, kd 250) critically damped at 48 Hz with an integral of 33 ms.
/// The integral is held within the current limit, and stands while the limit is reached. Velocity mode is the same loop on velocity: 2ω · kd/250
/// on its error, ω² · kv/80 on the error's integral.
public struct EmulatedCtrlStep: Sendable {
  public enum Mode: Sendable, Equatable {
    case stop, current, velocity, position
  }

  /// How a motor was tuned: what the loop's gains are scaled by.
  public struct Tuning: Sendable, Equatable {
    /// Of rotor and load, at the rotor [kg·m²].
    public var inertia: Double
    /// [N·m/A]
    public var torqueConstant: Double
    /// What the power stage can give [A].
    public var maximumCurrent: Double

    public init(inertia: Double, torqueConstant: Double, maximumCurrent: Double) {
      self.inertia = inertia
      self.torqueConstant = torqueConstant
      self.maximumCurrent = maximumCurrent
    }
  }

  /// Encoder counts per turn.
  static let countsPerTurn = 16384.0
  /// The drive's unit of position and velocity per turn: its wire values are rounded to it.
  static let unitsPerTurn = 51200.0
  /// Control period [s].
  public static let period = 50e-6
  /// How long the drive is deaf and off after a reset [s]. Assumed.
  static let bootTime = 0.1
  /// Time constant of the velocity's low-pass [s]. Assumed.
  static let velocityFilter = 0.8e-3
  /// ω of the position loop [rad/s].
  static let bandwidth = 300.0

  public let tuning: Tuning
  /// The settings in force; lost at power-off where they were not saved.
  public internal(set) var settings: CtrlStepSettings
  /// The settings in non-volatile memory.
  public internal(set) var saved: CtrlStepSettings
  public internal(set) var mode = Mode.stop
  /// Current in the motor [A].
  public private(set) var current = 0.0
  /// Reset or power-up is not over for this long [s].
  private var bootRemaining = 0.0

  /// Encoder counts since power-up, beginning within one turn of zero.
  private var count = 0.0
  /// What `count` was at rotor position zero.
  private var countAtZero = 0.0
  /// Filtered, in counts per second.
  private var countVelocity = 0.0
  private var hasReading = false

  var goalCurrent = 0.0
  var goalVelocity = 0.0
  /// [turn] with home at zero.
  var goalPosition = 0.0
  /// The velocity limit in force [turn/s]; a position command may change it for all that follow.
  var ratedVelocity = 0.0
  private(set) var tracker = SoftTracker()
  private var startsAfresh = false
  private var integral = 0.0
  private var stalledTime = 0.0
  public private(set) var isStalled = false
  /// As the last control step left it; a reply to a new setpoint still tells of the old one.
  private(set) var isFinished = false

  /// Powered up with the rotor at `rotorPosition`.
  ///
  /// - Parameters:
  ///   - rotorPosition: [rad], true, over any number of turns.
  ///   - encoderZero: Rotor position [rad] at which the encoder reads zero: how its magnet was glued on.
  public init(settings: CtrlStepSettings, tuning: Tuning, rotorPosition: Double, encoderZero: Double = 0) {
    self.tuning = tuning
    self.settings = settings
    saved = settings
    countAtZero = -encoderZero / (2 * .pi) * Self.countsPerTurn
    start(rotorPosition: rotorPosition)
  }

  /// Position with home at zero [turn], as the drive believes it.
  public var position: Double { count / Self.countsPerTurn - homeTurns }

  /// Velocity as the drive estimates it [turn/s].
  public var velocity: Double { countVelocity / Self.countsPerTurn }

  private var homeTurns: Double { Double(settings.homeOffset) / Self.unitsPerTurn }

  var isListening: Bool { bootRemaining <= 0 }

  /// Power off and on again, or a reset: settings return to the saved ones, and turns are counted anew.
  ///
  /// - Parameter rotorPosition: [rad], true.
  public mutating func restart(rotorPosition: Double) {
    settings = saved
    start(rotorPosition: rotorPosition)
    bootRemaining = Self.bootTime
  }

  /// Counts turns as if power had been on since the rotor was at home: as after a homing. Settles the turn that power-up cannot know.
  ///
  /// - Parameter rotorPosition: [rad], true; home is where the rotor's position is zero.
  public mutating func settleTurns(rotorPosition: Double) {
    let turns = (rotorPosition / (2 * .pi) - position).rounded()
    count += turns * Self.countsPerTurn
    countAtZero += turns * Self.countsPerTurn
  }

  private mutating func start(rotorPosition: Double) {
    let reading = (rotorPosition / (2 * .pi) * Self.countsPerTurn + countAtZero).rounded()
    let home = homeTurns * Self.countsPerTurn
    let turns = ((reading - home) / Self.countsPerTurn).rounded()
    countAtZero -= turns * Self.countsPerTurn
    count = reading - turns * Self.countsPerTurn
    countVelocity = 0
    current = 0
    integral = 0
    isStalled = false
    stalledTime = 0
    isFinished = false
    goalCurrent = 0
    goalVelocity = 0
    goalPosition = 0
    ratedVelocity = settings.velocityLimit
    tracker = SoftTracker()
    mode = .stop
    if settings.isEnabledAtPowerUp { request(.position) }
  }

  /// Enters a mode; its trapezoid begins at the motor's position and velocity.
  mutating func request(_ requested: Mode) {
    guard mode != requested else { return }
    mode = requested
    startsAfresh = true
  }

  /// Takes the motor's position for home, within one turn.
  mutating func takeHome() {
    let turns = count / Self.countsPerTurn
    let before = homeTurns
    settings.homeOffset = Int32(((turns - turns.rounded(.towardZero)) * Self.unitsPerTurn).rounded())
    // The drive's own trajectory runs on the bare rotor: a new zero moves nothing until the next setpoint.
    let shift = homeTurns - before
    goalPosition -= shift
    tracker = SoftTracker(position: tracker.position - shift, velocity: tracker.velocity)
    saved = settings
  }

  /// One control period: reads the encoder, moves the trapezoid on, and sets the current.
  ///
  /// - Parameter rotorPosition: [rad], true.
  /// - Returns: The current [A].
  public mutating func step(rotorPosition: Double) -> Double {
    let reading = (rotorPosition / (2 * .pi) * Self.countsPerTurn + countAtZero).rounded()
    countVelocity += ((reading - count) / Self.period - countVelocity) * (Self.period / Self.velocityFilter)
    count = reading
    if bootRemaining > 0 {
      bootRemaining -= Self.period
      current = 0
      return 0
    }
    if startsAfresh {
      startsAfresh = false
      integral = 0
      stalledTime = 0
      isStalled = false
      tracker = SoftTracker(position: position, velocity: velocity)
    }
    switch mode {
    case .stop: current = 0
    case .current: current = limited(goalCurrent)
    case .velocity:
      tracker.step(towardVelocity: goalVelocity, acceleration: settings.acceleration, period: Self.period)
      current = velocityLoop()
    case .position:
      tracker.step(towardPosition: goalPosition, limit: ratedVelocity, acceleration: settings.acceleration, period: Self.period)
      current = positionLoop()
    }
    if settings.hasStallProtection { watchForStall() }
    if isStalled { current = 0 }
    judge()
    return current
  }

  private func limited(_ current: Double) -> Double {
    let limit = min(settings.currentLimit, tuning.maximumCurrent)
    return min(max(current, -limit), limit)
  }

  private mutating func positionLoop() -> Double {
    let omega = Self.bandwidth
    let radians = 2 * .pi / Self.countsPerTurn
    // Whole counts: a goal between two counts must not make the integral hunt.
    let goal = ((tracker.position + homeTurns) * Self.countsPerTurn).rounded()
    let positionError = (goal - count) * radians
    let velocityError = (tracker.velocity - velocity) * 2 * .pi
    let pull = omega * omega * Double(settings.kp) / 1000 * positionError + 2 * omega * Double(settings.kd) / 250 * velocityError
    let growth =
      omega * omega * omega / 10 * Double(settings.ki) / 200 * positionError + omega * omega / 10 * Double(settings.kv) / 80 * velocityError
    return output(pull: pull, growth: growth)
  }

  private mutating func velocityLoop() -> Double {
    let omega = Self.bandwidth
    let velocityError = (tracker.velocity - velocity) * 2 * .pi
    return output(
      pull: 2 * omega * Double(settings.kd) / 250 * velocityError, growth: omega * omega * Double(settings.kv) / 80 * velocityError)
  }

  /// Current for a wanted acceleration [rad/s²] and its integral's growth [rad/s³].
  private mutating func output(pull: Double, growth: Double) -> Double {
    let perAcceleration = tuning.inertia / tuning.torqueConstant
    let wanted = perAcceleration * (pull + integral)
    let given = limited(wanted)
    // Stands while the limit is reached, but may always come back from it.
    if wanted == given || (growth < 0) != (wanted < 0) { integral += growth * Self.period }
    integral = limited(integral * perAcceleration) / perAcceleration
    return given
  }

  private mutating func watchForStall() {
    let limit = min(settings.currentLimit, tuning.maximumCurrent)
    let strains = mode == .current ? current != 0 : mode != .stop && abs(current) >= limit
    guard strains, abs(velocity) < 0.2 else { return stalledTime = 0 }
    stalledTime += Self.period
    if stalledTime >= 1 { isStalled = true }
  }

  private mutating func judge() {
    switch mode {
    case .stop: isFinished = false
    case .current: isFinished = !isStalled
    case .velocity: isFinished = !isStalled && tracker.velocity == goalVelocity
    case .position: isFinished = !isStalled && tracker.position == goalPosition && tracker.velocity == 0
    }
  }
}
