/// The wire table of Damiao's motors: every number that their frames are made of, for host and emulator alike.
///
/// A motor listens to frames of its own identifier and to register frames of the common identifier 0x7FF, and answers each under its master
/// identifier. It says nothing that it was not asked. Positions, velocities and torques are those of the output shaft, behind the motor's own
/// reducer, as codes that are spread over ranges which each motor has in its registers. There is no checksum beyond CAN's own.
/// - Source: the manual's CAN frames as openarm_can (`dm_motor_control.cpp`) and lerobot have them; registers as in the manual's table (facts only).
public enum Damiao {
  /// Frames of seven bytes FF and one of these, to the motor's own identifier.
  public enum Command: UInt8, Sendable, CaseIterable {
    /// Lets go of a fault whose cause is gone.
    case clearFault = 0xFB
    /// Torque from now on; what was commanded before is forgotten.
    case enable = 0xFC
    case disable = 0xFD
    /// Takes the present position for zero, and keeps it.
    case setZero = 0xFE
  }

  /// The upper half of an answer's first byte.
  public enum Status: UInt8, Sendable, CaseIterable {
    case disabled = 0x0
    case enabled = 0x1
    case sensor = 0x5
    case parameter = 0x6
    case overVoltage = 0x8
    case underVoltage = 0x9
    case overCurrent = 0xA
    case driverOverTemperature = 0xB
    case windingOverTemperature = 0xC
    /// Nothing was commanded for the watchdog's time.
    case communicationLost = 0xD
    case overload = 0xE

    /// The motor has let go, and stays so until the fault is cleared.
    public var isFault: Bool { self != .disabled && self != .enabled }
  }

  /// What the motor makes of frames: register ``Register/mode``.
  public enum Mode: UInt32, Sendable, CaseIterable {
    /// Position, velocity, their gains and torque in one frame.
    case impedance = 1
    case positionVelocity = 2
    case velocity = 3
    case positionForce = 4
  }

  /// One row a register: its number and what it holds. Floats, where ``Register/isFloat``, else whole numbers.
  public enum Register: UInt8, Sendable, CaseIterable {
    /// [V]
    case underVoltage = 0
    /// [N·m/A]
    case torqueConstant = 1
    /// [°C]
    case overTemperature = 2
    /// Share of the most that the driver can.
    case overCurrent = 3
    case acceleration = 4
    case deceleration = 5
    case maximumSpeed = 6
    /// The identifier of the motor's answers.
    case masterIdentifier = 7
    /// The motor's own identifier.
    case identifier = 8
    /// The watchdog's time, in ``timeoutUnit``; 0 is no watchdog.
    case timeout = 9
    /// A ``Mode``.
    case mode = 10
    case damping = 11
    /// [kg·m²]
    case inertia = 12
    case hardwareVersion = 13
    case softwareVersion = 14
    case serialNumber = 15
    case polePairs = 16
    case resistance = 17
    case inductance = 18
    case flux = 19
    case gearRatio = 20
    /// PMAX: positions are within ± this [rad].
    case positionRange = 21
    /// VMAX: velocities are within ± this [rad/s].
    case velocityRange = 22
    /// TMAX: torques are within ± this [N·m].
    case torqueRange = 23
    /// [V]
    case overVoltage = 29
    /// A code: 0…4 for 125, 200, 250, 500 and 1000 kbit/s.
    case bitRate = 35
    case subVersion = 36

    public var isFloat: Bool { !(7...10 ~= rawValue || 13...16 ~= rawValue || 35...36 ~= rawValue) }
    public var isReadOnly: Bool { 11...20 ~= rawValue || self == .subVersion }
  }

  /// Of ``Register/timeout`` [s].
  public static let timeoutUnit = 50e-6
  /// The identifier of register frames, to all motors.
  public static let registerIdentifier: UInt32 = 0x7FF
  /// Stiffness [N·m/rad] and damping [N·m·s/rad] on the wire.
  public static let stiffness = LinearCode(0...500, bits: 12)
  public static let damping = LinearCode(0...5, bits: 12)
}

/// A number as an unsigned code whose values are spread evenly over a range, both ends included.
public struct LinearCode: Sendable, Equatable {
  public let range: ClosedRange<Double>
  public let bits: Int

  public init(_ range: ClosedRange<Double>, bits: Int) {
    self.range = range
    self.bits = bits
  }

  public init(plusMinus limit: Double, bits: Int) { self.init(-limit...limit, bits: bits) }

  private var last: Double { Double((1 << bits) - 1) }
  private var span: Double { range.upperBound - range.lowerBound }

  /// One code more.
  public var resolution: Double { span / last }

  /// The code of `value`, cut off at the range's ends and down to the next code, as every host and motor of this protocol does.
  public func code(of value: Double) -> UInt64 {
    let held = min(max(value, range.lowerBound), range.upperBound)
    return UInt64((held - range.lowerBound) / span * last)
  }

  public func value(of code: UInt64) -> Double { Double(code) / last * span + range.lowerBound }

  /// What arrives where `value` is sent.
  public func rounded(_ value: Double) -> Double { self.value(of: code(of: value)) }
}
