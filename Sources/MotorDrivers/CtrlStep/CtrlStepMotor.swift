extension CtrlStepBus {
  /// What the arm's file says of one drive. All at the rotor, before any reducer.
  public struct Motor: Sendable, Equatable {
    /// On the CAN bus, 1…15.
    public var node: Int
    /// [A], more than 0.
    public var currentLimit: Double
    /// The drive's own limit in position mode [rad/s], more than 0.
    public var velocityLimit: Double
    /// The acceleration [rad/s²] of the trapezoid that the drive draws towards its setpoint, more than 0. Setpoints must not ask for more.
    public var accelerationLimit: Double
    /// [N·m/A], more than 0.
    public var torqueConstant: Double
    /// The motor never turns faster [rad/s]; reports of faster motion are not believed.
    public var maximumVelocity: Double

    /// - Parameter maximumVelocity: Half again as much as `velocityLimit` where not given.
    public init(
      node: Int, currentLimit: Double, velocityLimit: Double, accelerationLimit: Double, torqueConstant: Double, maximumVelocity: Double? = nil
    ) {
      precondition(1...15 ~= node)
      precondition(currentLimit > 0 && velocityLimit > 0 && accelerationLimit > 0 && torqueConstant > 0)
      self.node = node
      self.currentLimit = currentLimit
      self.velocityLimit = velocityLimit
      self.accelerationLimit = accelerationLimit
      self.torqueConstant = torqueConstant
      self.maximumVelocity = maximumVelocity ?? 1.5 * velocityLimit
    }

    /// How far ahead of the motor a setpoint has to lie for the drive to pass through it at `velocity` [rad].
    ///
    /// The drive brakes for every setpoint as if it were the last, so a motor that follows a moving one stays behind by its braking distance:
    ///
    ///     lead = v·|v| / (2A)
    ///
    /// With the setpoint led by that much the drive is where it should be, at the velocity that it should have. At rest there is no lead; and
    /// should the host fall silent, the motor comes to rest there by its own braking, no further than any controlled stop would take it.
    public func lead(at velocity: Double) -> Double { velocity * abs(velocity) / (2 * accelerationLimit) }
  }

  /// Dials of the bus.
  public struct Settings: Sendable, Equatable {
    /// A request unanswered for longer is lost [s]; at least three periods of the loop. Silence of all motors for as long stalls the link.
    public var replyTimeout = 0.010
    /// How long a line must be silent to be called drained [s].
    public var quietTime = 0.004
    /// On the CAN side [bit/s], one of ``SLCAN/bitRates``.
    public var bitRate = 1_000_000
    /// Between two repetitions of a switch-off [s].
    public var offInterval = 0.1

    public init() {}
  }
}

extension CtrlStepBus.Motor {
  private static let turn = 2 * Double.pi

  /// A rotor angle [rad] in the drive's unit.
  static func turns(_ angle: Double) -> Float { Float(angle / turn) }
  /// A drive's turns in [rad].
  static func angle(_ turns: Float) -> Double { Double(turns) * turn }

  /// The settings that the drive is given and does not save, as messages 0…2.
  func setting(_ index: Int) -> CtrlStep.Message {
    switch index {
    case 0: CtrlStep.Message(.setCurrentLimit, node: node, value: Float(currentLimit))
    case 1: CtrlStep.Message(.setVelocityLimit, node: node, value: Self.turns(velocityLimit))
    default: CtrlStep.Message(.setAccelerationLimit, node: node, value: Self.turns(accelerationLimit))
    }
  }

  static let settingCount = 3

  /// How suddenly the drive may go while the arm gives way [rad/s²]. A drive that begins afresh at a rotor which is thrown goes on in that direction
  /// for as long as its trapezoid takes to brake, and pushes; with much more than its motor can do it would go by jerks.
  func agile(_ acceleration: Double) -> CtrlStep.Message {
    CtrlStep.Message(.setAccelerationLimit, node: node, value: Self.turns(acceleration))
  }

  /// The drive's velocity limit on its way to a setpoint that moves [rad/s]: little more than the setpoint's, or it would hurry there and wait.
  func ledVelocity(at velocity: Double) -> Double { 1.1 * abs(velocity) + 0.03 * velocityLimit }

  /// A position setpoint with a velocity limit, which the drive keeps until the next one; always acknowledged.
  func limited(_ angle: Double, velocity: Double) -> CtrlStep.Message {
    CtrlStep.Message(.limitedPosition, node: node, value: Self.turns(angle), second: Self.turns(velocity))
  }

  /// A position setpoint with acknowledge.
  ///
  /// Bytes 5…7 mean nothing to the drive. With byte 4 they are made the velocity limit as a float, because one flipped bit of the
  /// serial text turns this command into 0x07, which takes a velocity limit from there and keeps it.
  func position(_ angle: Double) -> CtrlStep.Message {
    let limit = UInt64(Self.turns(velocityLimit).bitPattern & ~0xFF | 1)
    return CtrlStep.Message(.position, node: node, bits: UInt64(Self.turns(angle).bitPattern) | limit << 32)
  }

  /// A read. Its payload means nothing to the drive; it says whether the motor is on, because one flipped bit of the serial text turns
  /// 0x21 into 0x01, which switches the motor by it.
  func read(_ command: CtrlStep.Command, isOn: Bool) -> CtrlStep.Message { CtrlStep.Message(command, node: node, word: isOn ? 1 : 0) }
}
