/// What happens while a bus connects or ends.
struct CtrlStepHandshake {
  static let motorAttempts = 12
  static let homeAttempts = 6

  private var line: SLCANConversation

  init(bus: String, channel: any ByteChannel, settings: CtrlStepBus.Settings) {
    line = SLCANConversation(bus: bus, channel: channel, bitRate: settings.bitRate)
  }

  mutating func startAdapter() throws(BusError) { try line.startAdapter() }

  /// The motor's position [turn], read until two readings in a row agree, and when the last was asked for [s].
  mutating func position(of motor: CtrlStepBus.Motor) throws(BusError) -> (turns: Float, sent: Double) {
    var before: (turns: Float, sent: Double)?
    for _ in 0..<Self.motorAttempts {
      let sent = line.now
      guard let turns = try answer(to: .readPosition, of: motor)?.value, turns.isFinite else { continue }
      if let before {
        let moved = abs(CtrlStepBus.Motor.angle(turns - before.turns))
        if moved <= motor.maximumVelocity * (line.now - before.sent) + MotionGate.Settings.usualMargin { return (turns, sent) }
      }
      before = (turns, sent)
    }
    throw .noReply(bus: line.bus, motor: motor.node)
  }

  /// The drive's home offset, read until two readings in a row are the same; nil where it does not tell.
  mutating func homeOffset(of motor: CtrlStepBus.Motor) throws(BusError) -> Int32? {
    var before: UInt32?
    for _ in 0..<Self.homeAttempts {
      guard let answer = try answer(to: .readHomeOffset, of: motor) else { continue }
      if answer.word == before { return Int32(bitPattern: answer.word) }
      before = answer.word
    }
    return nil
  }

  /// Writes each motor's limits, twice, as nothing tells whether they arrived.
  mutating func writeSettings(of motors: [CtrlStepBus.Motor]) throws(BusError) {
    for _ in 0..<2 {
      for motor in motors {
        for index in 0..<CtrlStepBus.Motor.settingCount { try line.write(motor.setting(index).frame) }
        try line.drain()
      }
    }
  }

  /// Stops the motors, three times over, and closes the adapter's CAN side. What fails is left.
  mutating func switchOff(_ motors: [CtrlStepBus.Motor]) {
    do throws(BusError) {
      for _ in 0..<3 {
        // Ends a frame that the loop may have left unfinished.
        try line.write(.acknowledge)
        for motor in motors { try line.write(CtrlStep.Message(.enable, node: motor.node, word: 0).frame) }
        try line.drain()
      }
      try line.write(.close)
      try line.drain()
    } catch {}
  }

  private mutating func answer(to command: CtrlStep.Command, of motor: CtrlStepBus.Motor) throws(BusError) -> CtrlStep.Message? {
    try line.write(motor.read(command, isOn: false).frame)
    return try line.answer { frame in
      guard frame.count >= 5, let message = CtrlStep.Message(frame), message.node == motor.node, message.command == command else { return nil }
      return message
    }
  }
}
