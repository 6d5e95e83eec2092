internal import MotorDrivers

extension EmulatedCtrlStep {
  /// Takes one frame in; returns the reply, if the frame is for this drive and has one.
  ///
  /// What a microcontroller would not understand is ignored: remote and extended frames, unknown commands, too few bytes. Not-a-number counts as
  /// zero, and values beyond the drive's 32-bit integers are cut off there, as its conversion does. Bytes of a reply that mean nothing are the
  /// request's: the drive answers from the same buffer.
  mutating func receive(_ frame: CANFrame, rotorPosition: Double) -> CANFrame? {
    guard isListening, let message = CtrlStep.Message(frame) else { return nil }
    guard message.node == CtrlStep.broadcastNode || message.node == Int(settings.node) else { return nil }
    switch message.command {
    case .enable: enable(message.word == 1)
    case .calibrate: break
    case .current:
      request(.current)
      goalCurrent = min(max(Self.quantized(message.value, unitsPerOne: 1000), -settings.currentLimit), settings.currentLimit)
    case .velocity:
      enterWithConfiguredVelocity(.velocity)
      let goal = Self.turns(message.value)
      if abs(goal) <= ratedVelocity { goalVelocity = goal }
    case .position, .timedPosition, .limitedPosition: return move(message)
    case .readCurrent, .readVelocity, .readPosition, .readHomeOffset: return answer(message.command, to: message)
    case .setHome: takeHome()
    case .eraseSettings:
      saved = CtrlStepSettings(node: saved.node)
      restart(rotorPosition: rotorPosition)
    case .reboot: restart(rotorPosition: rotorPosition)
    default: change(message)
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

  private mutating func move(_ message: CtrlStep.Message) -> CANFrame? {
    enterWithConfiguredVelocity(.position)
    let goal = Self.turns(message.value)
    if message.command == .timedPosition { ratedVelocity = velocity(toReach: goal, within: Double(message.second)) }
    if message.command == .limitedPosition { ratedVelocity = abs(Self.turns(message.second)) }
    goalPosition = goal
    return message.command == .limitedPosition || message.flag ? answer(.readPosition, to: message) : nil
  }

  /// The top of the trapezoid that takes just `time` [s]; the configured limit where time is too short.
  private func velocity(toReach goal: Double, within time: Double) -> Double {
    let distance = abs(goal - position)
    let acceleration = settings.acceleration
    guard time.isFinite, time > 0, acceleration > 0, distance <= acceleration * time * time / 4 else { return settings.velocityLimit }
    return acceleration * (time - (time * time - 4 * distance / acceleration).squareRoot()) / 2
  }

  private func answer(_ command: CtrlStep.Command, to request: CtrlStep.Message) -> CANFrame {
    let word =
      switch command {
      case .readCurrent: Float((current * 1000).rounded(.towardZero) / 1000).bitPattern
      case .readVelocity: Float(velocity).bitPattern
      case .readPosition: Float(position).bitPattern
      default: UInt32(bitPattern: settings.homeOffset)
      }
    let bits = request.bits & 0xFFFF_FF00_0000_0000 | (isFinished ? 1 : 0) << 32 | UInt64(word)
    // A node number can have been set that no identifier has room for.
    return CtrlStep.Message(command, node: Int(settings.node & 15), bits: bits).frame
  }

  private mutating func change(_ message: CtrlStep.Message) {
    let integer = Int32(bitPattern: message.word)
    switch message.command {
    case .setNode: settings.node = message.word
    case .setCurrentLimit: settings.currentLimit = abs(Self.quantized(message.value, unitsPerOne: 1000))
    case .setVelocityLimit:
      settings.velocityLimit = abs(Self.turns(message.value))
      ratedVelocity = settings.velocityLimit
    case .setAccelerationLimit: settings.acceleration = abs(Self.turns(message.value))
    case .setEnableAtPowerUp: settings.isEnabledAtPowerUp = integer == 1
    case .setKp: settings.kp = integer
    case .setKv: settings.kv = integer
    case .setKi: settings.ki = integer
    case .setKd: settings.kd = integer
    case .setStallProtection: settings.hasStallProtection = integer == 1
    default: return
    }
    if message.flag { saved = settings }
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
