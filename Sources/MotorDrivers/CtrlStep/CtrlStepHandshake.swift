/// What happens while a bus connects or ends: slow, one question at a time, each waited for.
struct CtrlStepHandshake {
  static let adapterAttempts = 5
  static let motorAttempts = 12
  static let homeAttempts = 6
  /// How long an answer may take [s].
  static let answerTime = 0.05
  /// How long the line is listened to for what still comes [s].
  static let settleTime = 0.01

  let bus: String
  let channel: any ByteChannel
  let settings: CtrlStepBus.Settings
  private var decoder = SLCANDecoder()
  private var lines: [SLCAN.Line] = []

  init(bus: String, channel: any ByteChannel, settings: CtrlStepBus.Settings) {
    self.bus = bus
    self.channel = channel
    self.settings = settings
  }

  /// Closes the adapter's CAN side whatever state it is in, sets the bit rate, and opens it.
  mutating func startAdapter() throws(BusError) {
    let rate = SLCAN.bitRates.firstIndex(of: settings.bitRate) ?? SLCAN.bitRates.count - 1
    for _ in 0..<Self.adapterAttempts {
      // Three, as the first only ends a line that someone left unfinished.
      for _ in 0..<3 { try write(.close) }
      try drain()
      try write(.bitRate(rate))
      guard try isAcknowledged() else { continue }
      try write(.open)
      guard try isAcknowledged() else { continue }
      try drain()
      return
    }
    throw .noAdapter(bus: bus)
  }

  /// The motor's position [turn], read until two readings in a row agree, and when the last was asked for [s].
  mutating func position(of motor: CtrlStepBus.Motor) throws(BusError) -> (turns: Float, sent: Double) {
    var before: (turns: Float, sent: Double)?
    for _ in 0..<Self.motorAttempts {
      let sent = channel.now
      try write(.frame(motor.read(.readPosition, isOn: false).frame))
      guard let turns = try answer(to: .readPosition, of: motor.node, before: sent + Self.answerTime)?.value, turns.isFinite else { continue }
      if let before {
        let moved = abs(CtrlStepBus.Motor.angle(turns - before.turns))
        if moved <= motor.maximumVelocity * (channel.now - before.sent) + MotionGate.Settings.usualMargin { return (turns, sent) }
      }
      before = (turns, sent)
    }
    throw .noReply(bus: bus, motor: motor.node)
  }

  /// The drive's home offset, read until two readings in a row are the same; nil where it does not tell.
  mutating func homeOffset(of motor: CtrlStepBus.Motor) throws(BusError) -> Int32? {
    var before: UInt32?
    for _ in 0..<Self.homeAttempts {
      try write(.frame(motor.read(.readHomeOffset, isOn: false).frame))
      guard let answer = try answer(to: .readHomeOffset, of: motor.node, before: channel.now + Self.answerTime) else { continue }
      if answer.word == before { return Int32(bitPattern: answer.word) }
      before = answer.word
    }
    return nil
  }

  /// Writes each motor's limits, twice, as nothing tells whether they arrived.
  mutating func writeSettings(of motors: [CtrlStepBus.Motor]) throws(BusError) {
    for _ in 0..<2 {
      for motor in motors {
        for index in 0..<CtrlStepBus.Motor.settingCount { try write(.frame(motor.setting(index).frame)) }
        try drain()
      }
    }
  }

  /// Stops the motors, three times over, and closes the adapter's CAN side. What fails is left.
  mutating func switchOff(_ motors: [CtrlStepBus.Motor]) {
    do throws(BusError) {
      for _ in 0..<3 {
        // Ends a frame that the loop may have left unfinished.
        try write(.acknowledge)
        for motor in motors { try write(.frame(CtrlStep.Message(.enable, node: motor.node, word: 0).frame)) }
        try drain()
      }
      try write(.close)
      try drain()
    } catch {}
  }

  private func write(_ line: SLCAN.Line) throws(BusError) {
    let bytes = SLCAN.bytes(of: line)
    var written = 0
    let deadline = channel.now + Self.answerTime
    while written < bytes.count && channel.now < deadline {
      let count = try bytes.withUnsafeBufferPointer { (all) throws(BusError) in
        try channel.write(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[written...])))
      }
      written += count
      if count == 0 { try channel.waitForInput(atMost: 0.001) }
    }
  }

  /// Takes in the lines that arrive by `deadline`, at least those that have arrived; returns false where none does.
  private mutating func listen(until deadline: Double) throws(BusError) -> Bool {
    lines.removeAll(keepingCapacity: true)
    while true {
      let count = try receive()
      if !lines.isEmpty { return true }
      let remaining = deadline - channel.now
      guard remaining > 0 else { return false }
      if count == 0 { try channel.waitForInput(atMost: remaining) }
    }
  }

  private mutating func receive() throws(BusError) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256, alignment: 1)
    defer { buffer.deallocate() }
    let count = try channel.read(into: buffer)
    for index in 0..<count {
      if let line = decoder.decode(buffer[index]) { lines.append(line) }
    }
    return count
  }

  /// Listens until the line has been quiet for `settleTime`; at most for twenty times as long.
  private mutating func drain() throws(BusError) {
    let end = channel.now + 20 * Self.settleTime
    while channel.now < end {
      guard try listen(until: channel.now + Self.settleTime) else { return }
    }
  }

  private mutating func isAcknowledged() throws(BusError) -> Bool {
    let deadline = channel.now + Self.answerTime
    while try listen(until: deadline) {
      for line in lines {
        if line == .acknowledge { return true }
        if line == .refusal { return false }
      }
    }
    return false
  }

  private mutating func answer(
    to command: CtrlStep.Command, of node: Int, before deadline: Double
  ) throws(BusError) -> CtrlStep.Message? {
    while try listen(until: deadline) {
      for case .frame(let frame, _) in lines where frame.count >= 5 {
        if let message = CtrlStep.Message(frame), message.node == node, message.command == command { return message }
      }
    }
    return nil
  }
}
