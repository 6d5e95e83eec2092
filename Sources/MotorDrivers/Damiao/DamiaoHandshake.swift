/// What happens while a bus connects or ends.
struct DamiaoHandshake {
  static let attempts = 16
  /// Of answers that a motor need not have.
  static let fewAttempts = 3
  /// Ranges that differ by less than this share are the same, printed with fewer digits.
  static let rangeTolerance = 1e-4

  private var line: SLCANConversation

  init(bus: String, channel: any ByteChannel, settings: DamiaoBus.Settings) {
    line = SLCANConversation(bus: bus, channel: channel, bitRate: settings.bitRate)
  }

  mutating func startAdapter() throws(BusError) { try line.startAdapter() }

  /// The motor's own ranges.
  ///
  /// - Throws: ``BusError/rangeDiffers(bus:motor:register:file:motorHas:)`` where they are not those of the arm's file.
  mutating func scale(of motor: DamiaoBus.Motor) throws(BusError) -> Damiao.Scale {
    let position = try range(.positionRange, "PMAX", of: motor, file: motor.pMax)
    let velocity = try range(.velocityRange, "VMAX", of: motor, file: motor.vMax)
    let torque = try range(.torqueRange, "TMAX", of: motor, file: motor.tMax)
    return Damiao.Scale(position: position, velocity: velocity, torque: torque)
  }

  private mutating func range(
    _ register: Damiao.Register, _ name: String, of motor: DamiaoBus.Motor, file: Double
  ) throws(BusError) -> Double {
    guard let bits = try read(register, of: motor) else { throw .noReply(bus: line.bus, motor: motor.id) }
    let range = Double(Float(bitPattern: bits))
    guard abs(range - file) <= Self.rangeTolerance * file else {
      // As people write it.
      let shown = Double("\(Float(bitPattern: bits))") ?? range
      throw .rangeDiffers(bus: line.bus, motor: motor.id, register: name, file: file, motorHas: shown)
    }
    return range
  }

  /// Puts the motor into the mode in which it takes impedances. One that does not tell its mode is taken to have no other.
  mutating func setMode(of motor: DamiaoBus.Motor) throws(BusError) {
    let wanted = Damiao.Mode.impedance.rawValue
    guard var mode = try read(.mode, of: motor, attempts: Self.fewAttempts), mode != wanted, Damiao.Mode(rawValue: mode) != nil else { return }
    for _ in 0..<Self.attempts {
      try write(wanted, to: .mode, of: motor)
      mode = try read(.mode, of: motor) ?? mode
      if mode == wanted { return }
    }
    throw .wrongMode(bus: line.bus, motor: motor.id, mode: Int(mode))
  }

  /// Arms the motor's watchdog, and reads back what it has.
  mutating func armWatchdog(of motor: DamiaoBus.Motor) throws(BusError) {
    var units: UInt32 = 0
    for _ in 0..<Self.attempts {
      try write(motor.timeoutUnits, to: .timeout, of: motor)
      guard let answered = try read(.timeout, of: motor) else { throw .noReply(bus: line.bus, motor: motor.id) }
      units = answered
      if units == motor.timeoutUnits { return }
    }
    throw .noWatchdog(bus: line.bus, motor: motor.id, wanted: motor.timeout, motorHas: Double(units) * Damiao.timeoutUnit)
  }

  /// The motor's state, read until two readings in a row agree, and when the last was asked for [s].
  mutating func state(
    of motor: DamiaoBus.Motor, scale: Damiao.Scale
  ) throws(BusError) -> (feedback: Damiao.Feedback, sent: Double, answersRefresh: Bool) {
    var before: (position: Double, sent: Double)?
    var silences = 0
    for _ in 0..<Self.attempts {
      // A motor of old may not know the refresh; whatever is connected is to be off, and that is answered too.
      let refreshes = silences < Self.fewAttempts
      let sent = line.now
      try line.write(refreshes ? motor.ask(.refresh) : motor.command(.disable))
      guard let feedback = try feedback(of: motor, scale: scale) else {
        silences += 1
        continue
      }
      if feedback.status.isFault {
        try line.write(motor.command(.clearFault))
        try line.drain()
      }
      if let before {
        let moved = abs(feedback.position - before.position)
        if moved <= motor.vMax * (line.now - before.sent) + MotionGate.Settings.usualMargin { return (feedback, sent, refreshes) }
      }
      before = (feedback.position, sent)
    }
    throw .noReply(bus: line.bus, motor: motor.id)
  }

  /// Switches the motors off, three times over, and closes the adapter's CAN side. What fails is left.
  mutating func switchOff(_ motors: [DamiaoBus.Motor]) {
    do throws(BusError) {
      for _ in 0..<3 {
        // Ends a frame that the loop may have left unfinished.
        try line.write(.acknowledge)
        for motor in motors { try line.write(motor.command(.disable)) }
        try line.drain()
      }
      try line.write(.close)
      try line.drain()
    } catch {}
  }

  // MARK: One question

  /// A register's value, read until two answers are the same; nil where too few come.
  private mutating func read(
    _ register: Damiao.Register, of motor: DamiaoBus.Motor, attempts: Int = attempts
  ) throws(BusError) -> UInt32? {
    var answers: [UInt32] = []
    for _ in 0..<attempts {
      try line.write(motor.ask(.read, register))
      let answer = try line.answer { frame in
        guard frame.identifier == UInt32(motor.masterId), let answer = Damiao.RegisterFrame(frame), answer.operation == .read,
          answer.register == register, answer.motor == motor.id
        else { return nil as UInt32? }
        return answer.value
      }
      guard let answer else { continue }
      if answers.contains(answer) { return answer }
      answers.append(answer)
    }
    return nil
  }

  private mutating func write(_ value: UInt32, to register: Damiao.Register, of motor: DamiaoBus.Motor) throws(BusError) {
    try line.write(motor.ask(.write, register, value: value))
    // Motors answer a write as well; what counts is what is read back.
    try line.drain()
  }

  private mutating func feedback(of motor: DamiaoBus.Motor, scale: Damiao.Scale) throws(BusError) -> Damiao.Feedback? {
    try line.answer { frame in
      guard frame.identifier == UInt32(motor.masterId), !frame.isExtended, let feedback = Damiao.Feedback(frame, scale: scale),
        feedback.motor == motor.id & 15
      else { return nil }
      return feedback
    }
  }
}
