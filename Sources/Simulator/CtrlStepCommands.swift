/// The CAN commands of a Ctrl-Step drive: identifier `node << 7 | command`, little-endian, positions in motor turns. Node 0 is everybody.
enum CtrlStepCommand: UInt8 {
  case enable = 0x01
  case calibrateEncoder = 0x02
  case current = 0x03
  case velocity = 0x04
  case position = 0x05
  case positionInTime = 0x06
  case positionWithVelocity = 0x07
  case setNode = 0x11
  case setCurrentLimit = 0x12
  case setVelocityLimit = 0x13
  case setAcceleration = 0x14
  case takeHome = 0x15
  case setEnabledAtPowerUp = 0x16
  case setKp = 0x17
  case setKv = 0x18
  case setKi = 0x19
  case setKd = 0x1A
  case setStallProtection = 0x1B
  case readCurrent = 0x21
  case readVelocity = 0x22
  case readPosition = 0x23
  case readHomeOffset = 0x24
  case erase = 0x7E
  case reboot = 0x7F

  /// Bytes without which the frame is ignored.
  var neededLength: Int {
    switch self {
    case .calibrateEncoder, .takeHome, .readCurrent, .readVelocity, .readPosition, .readHomeOffset, .erase, .reboot: 0
    case .positionInTime, .positionWithVelocity: 8
    case .enable, .current, .velocity: 4
    default: 5
    }
  }
}

extension EmulatedCtrlStep {
  /// Takes one frame in; returns the reply, if the frame is for this drive and has one.
  ///
  /// What a microcontroller would not understand is ignored: remote and extended frames, unknown commands, too few bytes. Not-a-number counts as zero, and
  /// values beyond the drive's 32-bit integers are cut off there, as its conversion does. Bytes of a reply that mean nothing are the request's: the drive answers from the same buffer.
  mutating func receive(_ frame: CANFrameOnWire, rotorPosition: Double) -> CANFrameOnWire? {
    guard isListening, !frame.isExtended, !frame.isRemote, let command = CtrlStepCommand(rawValue: UInt8(frame.id & 0x7F)) else { return nil }
    let node = frame.id >> 7
    guard node == 0 || node == settings.node, frame.length >= command.neededLength else { return nil }
    switch command {
    case .enable: enable(frame.unsigned(at: 0) == 1)
    case .calibrateEncoder: break
    case .current:
      request(.current)
      goalCurrent = min(max(Self.quantized(frame.float(at: 0), unitsPerOne: 1000), -settings.currentLimit), settings.currentLimit)
    case .velocity:
      enterWithConfiguredVelocity(.velocity)
      let goal = Self.turns(frame.float(at: 0))
      if abs(goal) <= ratedVelocity { goalVelocity = goal }
    case .position, .positionInTime, .positionWithVelocity: return move(command, frame)
    case .readCurrent, .readVelocity, .readPosition, .readHomeOffset: return answer(command, frame)
    case .takeHome: takeHome()
    case .erase:
      saved = CtrlStepSettings(node: saved.node)
      restart(rotorPosition: rotorPosition)
    case .reboot: restart(rotorPosition: rotorPosition)
    default: change(command, frame)
    }
    return nil
  }

  private mutating func enable(_ isOn: Bool) {
    if isOn && mode != .velocity { goalVelocity = 0 }
    if isOn { enterWithConfiguredVelocity(.velocity) } else { request(.stop) }
  }

  /// A velocity limit that an earlier command brought is forgotten only when the mode changes.
  private mutating func enterWithConfiguredVelocity(_ mode: Mode) {
    if self.mode != mode { ratedVelocity = settings.velocityLimit }
    request(mode)
  }

  private mutating func move(_ command: CtrlStepCommand, _ frame: CANFrameOnWire) -> CANFrameOnWire? {
    enterWithConfiguredVelocity(.position)
    let goal = Self.turns(frame.float(at: 0))
    if command == .positionInTime { ratedVelocity = velocity(toReach: goal, within: Double(frame.float(at: 4))) }
    if command == .positionWithVelocity { ratedVelocity = abs(Self.turns(frame.float(at: 4))) }
    goalPosition = goal
    guard command == .positionWithVelocity || frame[4] != 0 else { return nil }
    return answer(.readPosition, frame)
  }

  /// The top of the trapezoid that takes just `time` [s]; the configured limit where time is too short.
  private func velocity(toReach goal: Double, within time: Double) -> Double {
    let distance = abs(goal - position)
    let acceleration = settings.acceleration
    guard time.isFinite, time > 0, acceleration > 0, distance <= acceleration * time * time / 4 else { return settings.velocityLimit }
    return acceleration * (time - (time * time - 4 * distance / acceleration).squareRoot()) / 2
  }

  private func answer(_ command: CtrlStepCommand, _ request: CANFrameOnWire) -> CANFrameOnWire {
    var reply = request
    reply.id = settings.node << 7 | UInt32(command.rawValue)
    reply.length = 8
    switch command {
    case .readCurrent: reply.set(Float((current * 1000).rounded(.towardZero) / 1000).bitPattern)
    case .readVelocity: reply.set(Float(velocity).bitPattern)
    case .readPosition: reply.set(Float(position).bitPattern)
    default: reply.set(UInt32(bitPattern: settings.homeOffset))
    }
    reply[4] = isFinished ? 1 : 0
    return reply
  }

  private mutating func change(_ command: CtrlStepCommand, _ frame: CANFrameOnWire) {
    let integer = Int32(bitPattern: frame.unsigned(at: 0))
    switch command {
    case .setNode: settings.node = frame.unsigned(at: 0)
    case .setCurrentLimit: settings.currentLimit = abs(Self.quantized(frame.float(at: 0), unitsPerOne: 1000))
    case .setVelocityLimit:
      settings.velocityLimit = abs(Self.turns(frame.float(at: 0)))
      ratedVelocity = settings.velocityLimit
    case .setAcceleration: settings.acceleration = abs(Self.turns(frame.float(at: 0)))
    case .setEnabledAtPowerUp: settings.isEnabledAtPowerUp = integer == 1
    case .setKp: settings.kp = integer
    case .setKv: settings.kv = integer
    case .setKi: settings.ki = integer
    case .setKd: settings.kd = integer
    case .setStallProtection: settings.hasStallProtection = integer == 1
    default: return
    }
    if frame[4] != 0 { saved = settings }
  }

  /// A wire value in turns, as the drive's integers hold it.
  static func turns(_ value: Float) -> Double { quantized(value, unitsPerOne: unitsPerTurn) }

  /// Cut to a 32-bit integer of `unitsPerOne`, as the drive does.
  static func quantized(_ value: Float, unitsPerOne: Double) -> Double {
    let scaled = Double(value) * unitsPerOne
    guard !scaled.isNaN else { return 0 }
    return min(max(scaled, -2_147_483_648), 2_147_483_647).rounded(.towardZero) / unitsPerOne
  }
}

extension CANFrameOnWire {
  fileprivate func unsigned(at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(self[index + $1]) << UInt32(8 * $1) }
  }

  fileprivate func float(at index: Int) -> Float { Float(bitPattern: unsigned(at: index)) }

  /// Writes the first four bytes.
  fileprivate mutating func set(_ value: UInt32) {
    for index in 0..<4 { self[index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
  }
}
