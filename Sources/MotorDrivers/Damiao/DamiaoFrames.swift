// What the frames hold, in both directions.

extension Damiao {
  /// The ranges that a motor's codes are spread over: its registers PMAX, VMAX and TMAX.
  public struct Scale: Sendable, Equatable {
    /// [rad], [rad/s] and [N·m] at the output shaft, either way.
    public let position, velocity, torque: LinearCode

    public init(position: Double, velocity: Double, torque: Double) {
      precondition(position > 0 && velocity > 0 && torque > 0)
      self.position = LinearCode(plusMinus: position, bits: 16)
      self.velocity = LinearCode(plusMinus: velocity, bits: 12)
      self.torque = LinearCode(plusMinus: torque, bits: 12)
    }
  }

  /// What a motor in ``Mode/impedance`` is told. Its torque is
  ///
  ///     τ = stiffness · (position − q) + damping · (velocity − q̇) + torque
  public struct Impedance: Sendable, Equatable {
    /// [rad], [rad/s], [N·m/rad], [N·m·s/rad], [N·m].
    public var position, velocity, stiffness, damping, torque: Double

    public init(position: Double = 0, velocity: Double = 0, stiffness: Double = 0, damping: Double = 0, torque: Double = 0) {
      self.position = position
      self.velocity = velocity
      self.stiffness = stiffness
      self.damping = damping
      self.torque = torque
    }

    /// From the highest bit: position 16, velocity 12, stiffness 12, damping 12, torque 12.
    public func frame(to motor: Int, scale: Scale) -> CANFrame {
      let kinematic = scale.position.code(of: position) << 48 | scale.velocity.code(of: velocity) << 36
      let gains = Damiao.stiffness.code(of: stiffness) << 24 | Damiao.damping.code(of: damping) << 12
      return CANFrame(UInt32(motor), bits: (kinematic | gains | scale.torque.code(of: torque)).byteSwapped)
    }

    /// What the eight bytes of `frame` say to a motor of that scale; nil where there are fewer.
    public init?(_ frame: CANFrame, scale: Scale) {
      guard frame.count == 8, !frame.isRemote else { return nil }
      let word = frame.bits.byteSwapped
      self.init(
        position: scale.position.value(of: word >> 48), velocity: scale.velocity.value(of: word >> 36 & 0xFFF),
        stiffness: Damiao.stiffness.value(of: word >> 24 & 0xFFF), damping: Damiao.damping.value(of: word >> 12 & 0xFFF),
        torque: scale.torque.value(of: word & 0xFFF))
    }
  }

  /// What a motor answers to every frame of its own and to a refresh.
  public struct Feedback: Sendable, Equatable {
    /// The lower half of the motor's identifier.
    public var motor: Int
    public var status: Status
    /// [rad], [rad/s], [N·m].
    public var position, velocity, torque: Double
    /// Of the driver's transistors and of the winding [°C].
    public var driverTemperature, windingTemperature: UInt8

    public init(
      motor: Int, status: Status, position: Double, velocity: Double, torque: Double, driverTemperature: UInt8, windingTemperature: UInt8
    ) {
      self.motor = motor & 15
      self.status = status
      self.position = position
      self.velocity = velocity
      self.torque = torque
      self.driverTemperature = driverTemperature
      self.windingTemperature = windingTemperature
    }

    /// From the highest bit: status 4, motor 4, position 16, velocity 12, torque 12, temperatures 8 each.
    public func frame(to master: Int, scale: Scale) -> CANFrame {
      let head = UInt64(status.rawValue) << 60 | UInt64(motor & 15) << 56
      let kinematic = scale.position.code(of: position) << 40 | scale.velocity.code(of: velocity) << 28 | scale.torque.code(of: torque) << 16
      let temperatures = UInt64(driverTemperature) << 8 | UInt64(windingTemperature)
      return CANFrame(UInt32(master), bits: (head | kinematic | temperatures).byteSwapped)
    }

    /// What a motor of that scale says in `frame`; nil where it is none of its answers.
    public init?(_ frame: CANFrame, scale: Scale) {
      guard frame.count == 8, !frame.isRemote, let status = Status(rawValue: frame[0] >> 4) else { return nil }
      let word = frame.bits.byteSwapped
      self.init(
        motor: Int(frame[0] & 15), status: status, position: scale.position.value(of: word >> 40 & 0xFFFF),
        velocity: scale.velocity.value(of: word >> 28 & 0xFFF), torque: scale.torque.value(of: word >> 16 & 0xFFF), driverTemperature: frame[6],
        windingTemperature: frame[7])
    }
  }

  /// A frame about registers: bytes 0 and 1 are the motor, 2 says what is wanted, 3 is the register, 4…7 its value, lowest byte first.
  ///
  /// The answers to reads and writes have the same bytes, under the motor's master identifier.
  public struct RegisterFrame: Sendable, Equatable {
    public enum Operation: UInt8, Sendable, CaseIterable {
      case read = 0x33
      case write = 0x55
      /// Keeps all registers over a loss of power; only while disabled.
      case save = 0xAA
      /// Asks for a ``Feedback`` without commanding anything.
      case refresh = 0xCC
    }

    public var operation: Operation
    public var motor: Int
    /// Nil where the operation concerns none.
    public var register: Register?
    public var value: UInt32

    public init(_ operation: Operation, of register: Register? = nil, motor: Int, value: UInt32 = 0) {
      self.operation = operation
      self.motor = motor
      self.register = register
      self.value = value
    }

    public func frame(identifier: UInt32 = Damiao.registerIdentifier) -> CANFrame {
      let head = UInt64(UInt16(truncatingIfNeeded: motor)) | UInt64(operation.rawValue) << 16 | UInt64(register?.rawValue ?? 0) << 24
      return CANFrame(identifier, bits: head | UInt64(value) << 32)
    }

    /// What `frame` says; nil where it says nothing about registers, or about one that there is not.
    public init?(_ frame: CANFrame) {
      guard frame.count >= 4, !frame.isRemote, !frame.isExtended, let operation = Operation(rawValue: frame[2]) else { return nil }
      let register = Register(rawValue: frame[3])
      let needsRegister = operation == .read || operation == .write
      guard register != nil || !needsRegister, operation != .write || frame.count == 8 else { return nil }
      self.init(
        operation, of: needsRegister ? register : nil, motor: Int(frame[0]) | Int(frame[1]) << 8,
        value: UInt32(truncatingIfNeeded: frame.bits >> 32))
    }

    /// The value where it is a float.
    public var float: Float { Float(bitPattern: value) }
  }
}

extension Damiao.Command {
  public func frame(to motor: Int) -> CANFrame {
    CANFrame(UInt32(motor), bits: 0x00FF_FFFF_FFFF_FFFF | UInt64(rawValue) << 56)
  }

  /// The command that `frame` is; nil where it is an ordinary one.
  public init?(_ frame: CANFrame) {
    guard frame.count == 8, !frame.isRemote, frame.bits | 0xFF << 56 == .max else { return nil }
    self.init(rawValue: frame[7])
  }
}
