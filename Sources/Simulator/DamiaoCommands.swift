public import MotorDrivers

extension EmulatedDamiao: EmulatedDrive {
  /// What a motor would not understand is ignored: remote and extended frames, other identifiers, other modes' commands, too few bytes.
  public mutating func receive(_ frame: CANFrame, rotorPosition position: Double, velocity: Double) -> CANFrame? {
    guard isListening, !frame.isExtended, !frame.isRemote else { return nil }
    if frame.identifier == Damiao.registerIdentifier {
      guard let request = Damiao.RegisterFrame(frame), request.motor == id else { return nil }
      return obey(request, position: position, velocity: velocity)
    }
    guard frame.identifier == UInt32(id), frame.count == 8 else { return nil }
    if let order = Damiao.Command(frame) {
      obey(order, position: position)
    } else {
      guard isImpedance, let wanted = Damiao.Impedance(frame, scale: scale) else { return nil }
      command = wanted
    }
    silence = 0
    return feedback(position: position, velocity: velocity)
  }

  private mutating func obey(_ order: Damiao.Command, position: Double) {
    switch order {
    case .enable where status == .disabled:
      status = .enabled
      command = Damiao.Impedance()
    case .disable where status == .enabled: status = .disabled
    case .clearFault where status.isFault: if presentFault == nil { status = .disabled }
    case .setZero where status == .disabled: zero = position
    case .enable, .disable, .clearFault, .setZero: break
    }
  }

  private mutating func obey(_ request: Damiao.RegisterFrame, position: Double, velocity: Double) -> CANFrame? {
    switch request.operation {
    case .refresh: return feedback(position: position, velocity: velocity)
    case .save:
      if status != .enabled { saved = registers }
      return nil
    case .read, .write:
      guard let register = request.register else { return nil }
      if request.operation == .write && isAllowed(request.value, in: register) { set(register, request.value) }
      return Damiao.RegisterFrame(request.operation, of: register, motor: id, value: self.register(register))
        .frame(identifier: self.register(.masterIdentifier))
    }
  }

  private func isAllowed(_ value: UInt32, in register: Damiao.Register) -> Bool {
    switch register {
    case .mode: Damiao.Mode(rawValue: value) != nil
    case .identifier, .masterIdentifier: value < Damiao.registerIdentifier
    case .positionRange, .velocityRange, .torqueRange: Float(bitPattern: value).isFinite && Float(bitPattern: value) > 0
    case .bitRate: value <= 4
    default: !register.isReadOnly && (!register.isFloat || Float(bitPattern: value).isFinite)
    }
  }

  /// What the motor tells, each figure cut off to its code.
  private func feedback(position: Double, velocity: Double) -> CANFrame {
    Damiao.Feedback(
      motor: id, status: status, position: told(position), velocity: velocity, torque: torque,
      driverTemperature: Self.degrees(driverTemperature), windingTemperature: Self.degrees(windingTemperature)
    ).frame(to: Int(register(.masterIdentifier)), scale: scale)
  }

  private static func degrees(_ temperature: Double) -> UInt8 { UInt8(min(max(temperature.rounded(.down), 0), 255)) }
}
