/// The wire table of the Ctrl-Step closed-loop stepper drive: every number that its frames are made of, for host and emulator alike.
///
/// A frame has the standard identifier `node << 7 | command` and eight data bytes, little-endian. Positions and velocities are in turns
/// of the *motor* and turns/s. A read is answered under its own command with a value and a flag; so are the position setpoints, as
/// ``Command/readPosition``. There is no checksum beyond CAN's own, and no watchdog: a drive keeps its last setpoint for ever.
/// - Source: peng-zhihui/Dummy-Robot, interface of the driver's firmware (facts only).
public enum CtrlStep {
  /// One row a command: its number and what it does. ``Command/row`` has its payload.
  public enum Command: UInt8, Sendable, CaseIterable {
    /// 1 enables (velocity mode, at rest), 0 stops.
    case enable = 0x01
    /// Measures the encoder's error against the motor; the shaft turns.
    case calibrate = 0x02
    /// Current setpoint [A].
    case current = 0x03
    /// Velocity setpoint [turn/s].
    case velocity = 0x04
    /// Position setpoint [turn], reached by a trapezoid within the velocity and acceleration limits.
    case position = 0x05
    /// Position setpoint [turn] to be reached in a time [s]. The time's first byte doubles as the acknowledge flag.
    case timedPosition = 0x06
    /// Position setpoint [turn] with a velocity limit [turn/s]. Always acknowledged.
    case limitedPosition = 0x07
    /// The drive's own node, 1…15.
    case setNode = 0x11
    /// [A].
    case setCurrentLimit = 0x12
    /// [turn/s].
    case setVelocityLimit = 0x13
    /// [turn/s²].
    case setAccelerationLimit = 0x14
    /// Takes the present position as zero, and saves that.
    case setHome = 0x15
    /// Whether the drive enables itself at power-up.
    case setEnableAtPowerUp = 0x16
    /// Gains of the position loop.
    case setKp = 0x17
    case setKv = 0x18
    case setKi = 0x19
    case setKd = 0x1A
    case setStallProtection = 0x1B
    /// Answered with [A].
    case readCurrent = 0x21
    /// Answered with [turn/s].
    case readVelocity = 0x22
    /// Answered with [turn].
    case readPosition = 0x23
    /// Answered with a whole number of 1/51200 turn: where home is on the encoder.
    case readHomeOffset = 0x24
    case eraseSettings = 0x7E
    case reboot = 0x7F

    /// The payload of the command.
    public var row: Row {
      switch self {
      case .enable: Row(.unsigned)
      case .calibrate: Row(.nothing)
      case .current: Row(.float)
      case .velocity: Row(.float)
      case .position: Row(.float, .acknowledge)
      case .timedPosition: Row(.float, .float)
      case .limitedPosition: Row(.float, .float)
      case .setNode: Row(.unsigned, .save)
      case .setCurrentLimit: Row(.float, .save)
      case .setVelocityLimit: Row(.float, .save)
      case .setAccelerationLimit: Row(.float, .save)
      case .setHome: Row(.nothing)
      case .setEnableAtPowerUp: Row(.unsigned, .save)
      case .setKp, .setKv, .setKi, .setKd: Row(.signed, .save)
      case .setStallProtection: Row(.unsigned, .save)
      case .readCurrent, .readVelocity, .readPosition: Row(.nothing, answer: .float)
      case .readHomeOffset: Row(.nothing, answer: .signed)
      case .eraseSettings, .reboot: Row(.nothing)
      }
    }
  }

  /// What a command's eight bytes hold.
  public struct Row: Sendable, Equatable {
    public enum Value: Sendable { case nothing, unsigned, signed, float }
    public enum Extra: Sendable { case nothing, save, acknowledge, float }

    /// Bytes 0…3.
    public let value: Value
    /// Byte 4, or bytes 4…7 where it is a float.
    public let extra: Extra
    /// Bytes 0…3 of the answer of a read; its byte 4 is 1 once the motion is finished.
    public let answer: Value

    init(_ value: Value, _ extra: Extra = .nothing, answer: Value = .nothing) {
      self.value = value
      self.extra = extra
      self.answer = answer
    }

    /// Bytes that a frame must have to say all this.
    var minimumCount: Int {
      switch extra {
      case .nothing: value == .nothing ? 0 : 4
      case .save, .acknowledge: 5
      case .float: 8
      }
    }
  }

  /// The node that every drive listens to.
  public static let broadcastNode = 0
}

extension CtrlStep {
  /// A frame to or from a drive, not yet or no longer text.
  public struct Message: Sendable, Equatable {
    /// 1…15, or ``CtrlStep/broadcastNode``.
    public let node: Int
    public let command: Command
    /// The eight data bytes, byte 0 lowest.
    public let bits: UInt64

    /// - Precondition: `node` is 0…15.
    public init(_ command: Command, node: Int, bits: UInt64 = 0) {
      precondition(0...15 ~= node)
      self.node = node
      self.command = command
      self.bits = bits
    }

    /// A float and a flag: setpoints, limits, and the answers to reads.
    public init(_ command: Command, node: Int, value: Float, flag: Bool = false) {
      self.init(command, node: node, bits: UInt64(value.bitPattern) | (flag ? 1 << 32 : 0))
    }

    /// Two floats.
    public init(_ command: Command, node: Int, value: Float, second: Float) {
      self.init(command, node: node, bits: UInt64(value.bitPattern) | UInt64(second.bitPattern) << 32)
    }

    /// A whole number and a flag.
    public init(_ command: Command, node: Int, word: UInt32, flag: Bool = false) {
      self.init(command, node: node, bits: UInt64(word) | (flag ? 1 << 32 : 0))
    }

    /// What `frame` says; nil where it is none of these, or too short for what its command holds.
    public init?(_ frame: CANFrame) {
      guard !frame.isExtended, !frame.isRemote, let command = Command(rawValue: UInt8(frame.identifier & 0x7F)),
        frame.count >= command.row.minimumCount
      else { return nil }
      self.init(command, node: Int(frame.identifier >> 7), bits: frame.bits)
    }

    public var frame: CANFrame { CANFrame(UInt32(node) << 7 | UInt32(command.rawValue), bits: bits) }

    /// Bytes 0…3 as a float.
    public var value: Float { Float(bitPattern: word) }
    /// Bytes 0…3 as a whole number.
    public var word: UInt32 { UInt32(truncatingIfNeeded: bits) }
    /// Byte 4: save, acknowledge or finished.
    public var flag: Bool { UInt8(truncatingIfNeeded: bits >> 32) != 0 }
    /// Bytes 4…7 as a float.
    public var second: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits >> 32)) }
  }
}
