public import MotorDrivers

/// One Damiao motor in MIT mode: its impedance law at 20 kHz, its torque–speed line, watchdog, protections and registers.
///
///     τ = stiffness · (position − q) + damping · (velocity − q̇) + torque
///
/// on the output shaft's true state, within what the motor can do: the peak torque up to half of the speed without load and from there on a line
/// down to none at that speed, and the whole of it against the motion. What it tells is coded as on the wire. In other modes than MIT, or disabled,
/// or with a fault, the shaft turns freely. A frame to its own identifier feeds the watchdog; a register frame does not (assumed, the harder case).
public struct EmulatedDamiao: Sendable {
  /// What one motor is.
  public struct Ratings: Sendable, Equatable {
    /// [N·m] at the output shaft.
    public var peakTorque: Double
    /// Without load [rad/s].
    public var noLoadSpeed: Double
    /// What it bears for ever [N·m].
    public var ratedTorque: Double

    /// - Parameter ratedTorque: A third of the peak where not given.
    public init(peakTorque: Double, noLoadSpeed: Double, ratedTorque: Double? = nil) {
      precondition(peakTorque > 0 && noLoadSpeed > 0)
      self.peakTorque = peakTorque
      self.noLoadSpeed = noLoadSpeed
      self.ratedTorque = ratedTorque ?? peakTorque / 3
    }
  }

  /// [°C]
  static let ambient = 25.0
  /// How much warmer than the air the rated torque makes the winding in the end [K], and how soon [s]. Assumed; of the driver half as much.
  static let windingRise = (temperature: 60.0, time: 120.0)
  /// How long the motor is deaf after power-up [s]. Assumed.
  static let bootTime = 0.1

  public let ratings: Ratings
  public internal(set) var status = Damiao.Status.disabled
  /// On the output shaft [N·m].
  public private(set) var torque = 0.0
  /// What the law asked for, before the motor's own limits [N·m].
  public private(set) var demand = 0.0
  /// [V]; below its register's limit the motor lets go.
  public var supplyVoltage = 24.0
  /// Counts of its sensor on a turn of the shaft, which is all that it knows of its place; nil for a sensor without steps.
  public var encoderCounts: Double?
  /// [°C]; beyond their register's limit the motor lets go.
  public var driverTemperature = ambient, windingTemperature = ambient

  /// By the registers' numbers; those in force, and those that are kept over a loss of power.
  var registers: [UInt32], saved: [UInt32]
  var command = Damiao.Impedance()
  /// Since the motor was last told something [s].
  var silence = 0.0
  /// The shaft's position where the motor's own is zero [rad].
  var zero = 0.0
  private var bootRemaining = 0.0

  /// Powered up and disabled, reporting the shaft's own position.
  ///
  /// - Parameter scale: PMAX, VMAX and TMAX [rad], [rad/s], [N·m].
  public init(id: Int, masterId: Int, scale: (position: Double, velocity: Double, torque: Double), ratings: Ratings) {
    self.ratings = ratings
    registers = Array(repeating: 0, count: 1 + Int(Damiao.Register.allCases.map(\.rawValue).max() ?? 0))
    saved = registers
    set(.identifier, UInt32(id))
    set(.masterIdentifier, UInt32(masterId))
    set(.mode, Damiao.Mode.impedance.rawValue)
    set(.positionRange, Float(scale.position))
    set(.velocityRange, Float(scale.velocity))
    set(.torqueRange, Float(scale.torque))
    set(.underVoltage, Float(15))
    set(.overVoltage, Float(60))
    set(.overTemperature, Float(100))
    set(.overCurrent, Float(0.9))
    set(.maximumSpeed, Float(ratings.noLoadSpeed))
    set(.bitRate, UInt32(4))
    saved = registers
  }

  mutating func set(_ register: Damiao.Register, _ value: UInt32) { registers[Int(register.rawValue)] = value }
  mutating func set(_ register: Damiao.Register, _ value: Float) { set(register, value.bitPattern) }

  /// What a register holds.
  public func register(_ register: Damiao.Register) -> UInt32 { registers[Int(register.rawValue)] }
  private func number(_ register: Damiao.Register) -> Double { Double(Float(bitPattern: self.register(register))) }

  var id: Int { Int(register(.identifier)) }
  var scale: Damiao.Scale {
    Damiao.Scale(position: number(.positionRange), velocity: number(.velocityRange), torque: number(.torqueRange))
  }
  var isImpedance: Bool { register(.mode) == Damiao.Mode.impedance.rawValue }
  var isListening: Bool { bootRemaining <= 0 }

  /// The motor lets go, for a reason that only a clearing ends.
  public mutating func fail(_ fault: Damiao.Status) {
    precondition(fault.isFault)
    status = fault
    torque = 0
  }

  public mutating func restart(rotorPosition position: Double) {
    registers = saved
    status = .disabled
    torque = 0
    command = Damiao.Impedance()
    bootRemaining = Self.bootTime
    // The sensor behind the reducer knows one turn.
    zero += ((position - zero) / (2 * .pi)).rounded() * 2 * .pi
  }

  public mutating func torque(rotorPosition position: Double, velocity: Double) -> Double {
    bootRemaining = max(0, bootRemaining - ArmPlant.step)
    watch()
    demand = status == .enabled && isImpedance ? law(position: told(position), velocity: velocity) : 0
    torque = limited(demand, velocity: velocity)
    heat()
    return torque
  }

  /// The shaft's position as the motor knows it [rad].
  func told(_ position: Double) -> Double {
    guard let encoderCounts else { return position - zero }
    let count = 2 * .pi / encoderCounts
    return ((position - zero) / count).rounded() * count
  }

  private func law(position: Double, velocity: Double) -> Double {
    command.stiffness * (command.position - position) + command.damping * (command.velocity - velocity) + command.torque
  }

  private func limited(_ torque: Double, velocity: Double) -> Double {
    // Against its motion a motor can do all that its current allows.
    let share = torque * velocity > 0 ? min(1, max(0, 2 * (1 - abs(velocity) / ratings.noLoadSpeed))) : 1
    let most = min(ratings.peakTorque * share, number(.torqueRange))
    return min(max(torque, -most), most)
  }

  private mutating func watch() {
    guard isListening else { return }
    silence += ArmPlant.step
    let timeout = Double(register(.timeout)) * Damiao.timeoutUnit
    if status == .enabled, timeout > 0, silence > timeout { fail(.communicationLost) }
    guard !status.isFault, let cause = presentFault else { return }
    fail(cause)
  }

  /// What the motor could not bear now.
  var presentFault: Damiao.Status? {
    if supplyVoltage < number(.underVoltage) { return .underVoltage }
    if supplyVoltage > number(.overVoltage) { return .overVoltage }
    if driverTemperature >= number(.overTemperature) { return .driverOverTemperature }
    return windingTemperature >= number(.overTemperature) ? .windingOverTemperature : nil
  }

  private mutating func heat() {
    let load = torque / ratings.ratedTorque
    let (rise, time) = Self.windingRise
    windingTemperature += (load * load * rise - (windingTemperature - Self.ambient)) * (ArmPlant.step / time)
    driverTemperature += (load * load * rise / 2 - (driverTemperature - Self.ambient)) * (ArmPlant.step / time)
  }
}
