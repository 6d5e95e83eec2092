/// Ctrl-Step drives on one CAN bus, behind an SLCAN adapter on a serial port.
///
/// Each tick sends one stretch of frames, and the next reads the answers. A position setpoint is acknowledged with the position; motors
/// that are off, or under a current setpoint, are asked for it. One motor a tick, in turns, is asked for its current as well.
///
/// The protocol numbers nothing, so three things keep old answers from passing for new ones: the answer to a tick's current read shows that
/// no earlier tick's answers are still to come, as wire and adapter keep order; a request unanswered for `replyTimeout` is lost; and after
/// a silence of all motors the link is drained and probed (``LinkMonitor``) before anything counts. `sampleTime` is the time of the
/// tick that asked: a position is never older than that, and may be newer.
///
/// Nothing guards the serial text against damage either, so positions are believed only where motion leads (``MotionGate``).
public final class CtrlStepBus: MotorBus {
  /// All that is known of one motor.
  struct Record {
    let motor: Motor
    var state = MotorState()
    var gate: MotionGate
    var positions = RequestQueue()
    var current: RequestQueue.Request?
    /// No current is asked for before this [s]: an answer that is overdue may still come.
    var nextCurrentTime = 0.0
    var isOn = false
    /// When the motor was first told to be off, and when it is told again [s].
    var offRepeats = 0
    var nextOffTime = 0.0
    /// The drive is to begin its trapezoid anew at the motor's position.
    var needsRestart = false
  }

  /// Ticks in a row that repeat a switch-off before it goes over to `offInterval`.
  static let offRepeats = 5

  public let name: String
  public let settings: Settings
  public private(set) var statistics = BusStatistics()
  let channel: any ByteChannel

  var records: [Record]
  /// Index in `records` by node.
  private var indices = [Int?](repeating: nil, count: 16)
  private var link: LinkMonitor
  private var decoder = SLCANDecoder()
  private var batch: FrameBatch
  private var history = ReplyHistory()
  private var wireLoad = WireLoad()
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)

  private var tick: UInt64 = 0
  /// Requests of earlier ticks than this are answered or lost.
  private var fence: UInt64 = 0
  private var nextCurrentMotor = 0
  /// The setting to be written next, counted over all motors; at the end when all are.
  private var nextSetting = 0
  /// Why the channel cannot be used; nil while it can.
  private var loss: BusError?

  /// - Parameters:
  ///   - name: The bus's name in the arm file.
  ///   - channel: Where the adapter is. The bus opens and closes it.
  ///   - motors: 1…15 drives with different nodes.
  public init(name: String, channel: any ByteChannel, motors: [Motor], settings: Settings = Settings()) {
    precondition(1...15 ~= motors.count && Set(motors.map(\.node)).count == motors.count)
    precondition(SLCAN.bitRates.contains(settings.bitRate))
    self.name = name
    self.channel = channel
    self.settings = settings
    records = motors.map { Record(motor: $0, gate: MotionGate(settings: .init(maximumVelocity: $0.maximumVelocity))) }
    link = LinkMonitor(replyTimeout: settings.replyTimeout, quietTime: settings.quietTime)
    // A tick's most: per motor off, on, setpoint and read; one current read and one setting.
    batch = FrameBatch(capacity: 4 * motors.count + 2)
    for (index, motor) in motors.enumerated() { indices[motor.node] = index }
    nextSetting = motors.count * Motor.settingCount
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
  }

  deinit { input.deallocate() }

  public var motorCount: Int { records.count }

  // MARK: Connecting

  public func connect() throws(BusError) {
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
    channel.close()
    try channel.open()
    var handshake = CtrlStepHandshake(bus: name, channel: channel, settings: settings)
    do throws(BusError) {
      try handshake.startAdapter()
      reset()
      for index in records.indices { try begin(index, handshake: &handshake) }
      try handshake.writeSettings(of: records.map(\.motor))
    } catch {
      channel.close()
      throw error
    }
    loss = nil
  }

  private func reset() {
    statistics = BusStatistics()
    history = ReplyHistory()
    wireLoad = WireLoad()
    link = LinkMonitor(replyTimeout: settings.replyTimeout, quietTime: settings.quietTime)
    decoder.reset()
    batch.reset()
    tick = 0
    fence = 0
    nextSetting = records.count * Motor.settingCount
  }

  private func begin(_ index: Int, handshake: inout CtrlStepHandshake) throws(BusError) {
    let (turns, sent) = try handshake.position(of: records[index].motor)
    var record = Record(motor: records[index].motor, gate: records[index].gate)
    record.gate.trustNext()
    guard case .good(let position) = record.gate.judge(Motor.angle(turns), sent: sent, received: channel.now) else { return }
    record.state.position = position
    record.state.sampleTime = sent
    records[index] = record
  }

  public func disconnect() {
    if loss == nil {
      var handshake = CtrlStepHandshake(bus: name, channel: channel, settings: settings)
      handshake.switchOff(records.map(\.motor))
    }
    channel.close()
    loss = .losing(channel.name, errno: CtrlStepBus.notOpen)
  }

  public func clearFaults() {
    for index in records.indices { records[index].state.faults = [] }
    nextSetting = 0
  }

  /// `EBADF`
  private static let notOpen: Int32 = 9

  // MARK: Receiving

  public func receive(into states: inout [MotorState], time: Double) throws(BusError) {
    precondition(states.count == records.count)
    if let loss { throw loss }
    var count: Int
    repeat {
      do throws(BusError) { count = try channel.read(into: input) } catch { throw lose(error) }
      guard count > 0 else { break }
      statistics.bytesReceived += UInt64(count)
      link.noteBytes(at: time)
      for index in 0..<count {
        if let line = decoder.decode(input[index]) { take(line, time: time) }
      }
      // More than a buffer's worth is a backlog; it can wait for the next tick.
    } while count == input.count
    // First: what a stall loses is no noise.
    if case .stalled = link.judge(at: time) { abandonRequests() }
    expire(time: time)
    statistics.isStalled = !link.isUp
    statistics.errorRate = history.lostShare
    statistics.load = wireLoad.share(at: time, bitRate: Double(settings.bitRate))
    for index in records.indices { states[index] = records[index].state }
  }

  private func lose(_ error: BusError) -> BusError {
    channel.close()
    loss = error
    return error
  }

  private func take(_ line: SLCAN.Line, time: Double) {
    switch line {
    case .frame(let frame, _):
      statistics.framesReceived += 1
      wireLoad.add(bits: frame.wireBits, time: time)
      take(frame, time: time)
    case .malformed, .refusal:
      statistics.malformed += 1
      link.noteDamage()
    case .acknowledge, .sentStandard, .sentExtended, .open, .listen, .close, .bitRate, .timestamps, .query, .answer:
      break
    }
  }

  private func take(_ frame: CANFrame, time: Double) {
    guard frame.count >= 5, frame[4] <= 1, let message = CtrlStep.Message(frame), let index = indices[message.node], message.value.isFinite,
      message.command == .readPosition || message.command == .readCurrent || message.command == .readVelocity
    else {
      statistics.implausible += 1
      link.noteDamage()
      return
    }
    if message.command == .readVelocity {
      if !link.noteProbeReply(of: index, at: time) { statistics.stale += 1 }
      return
    }
    guard link.isUp else {
      link.noteReply()
      statistics.stale += 1
      return
    }
    link.noteReply()
    if message.command == .readPosition {
      takePosition(Motor.angle(message.value), of: index, time: time)
    } else {
      takeCurrent(Double(message.value), of: index, time: time)
    }
  }

  private func takePosition(_ reported: Double, of index: Int, time: Double) {
    miss(records[index].positions.removeRequests(before: fence), of: index)
    guard let request = records[index].positions.first, time - request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      return
    }
    records[index].positions.popFirst()
    switch records[index].gate.judge(reported, sent: request.sent, received: time) {
    case .good(let position):
      refresh(index, position: position, sent: request.sent)
    case .referenceLost(let position):
      statistics.implausible += 1
      records[index].state.faults.insert(.referenceLost)
      records[index].needsRestart = true
      refresh(index, position: position, sent: request.sent)
    case .withheld:
      statistics.implausible += 1
      records[index].state.missedReplies += 1
      history.record(isGood: false)
    }
  }

  private func refresh(_ index: Int, position: Double, sent: Double) {
    records[index].state.position = position
    records[index].state.sampleTime = sent
    records[index].state.missedReplies = 0
    history.record(isGood: true)
  }

  private func takeCurrent(_ current: Double, of index: Int, time: Double) {
    guard let request = records[index].current else {
      statistics.stale += 1
      return
    }
    records[index].current = nil
    // Whatever it says, everything before it has been said.
    fence = max(fence, request.tick)
    for other in records.indices { miss(records[other].positions.removeRequests(before: fence), of: other) }
    let motor = records[index].motor
    guard time - request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      statistics.missed += 1
      return
    }
    guard abs(current) <= 2 * motor.currentLimit else {
      statistics.implausible += 1
      history.record(isGood: false)
      return
    }
    records[index].state.effort = current * motor.torqueConstant
    history.record(isGood: true)
  }

  private func miss(_ count: Int, of index: Int) {
    guard count > 0 else { return }
    statistics.missed += UInt64(count)
    records[index].state.missedReplies += count
    for _ in 0..<count { history.record(isGood: false) }
  }

  private func expire(time: Double) {
    let limit = time - settings.replyTimeout
    for index in records.indices {
      miss(records[index].positions.removeRequests(sentBefore: limit), of: index)
      guard let request = records[index].current, request.sent < limit else { continue }
      records[index].current = nil
      // Asked again at once, its late answer would pass for the new one's.
      records[index].nextCurrentTime = time + settings.replyTimeout
      statistics.missed += 1
      history.record(isGood: false)
    }
  }

  /// What was asked before a stall is never answered in time. It says nothing about noise, so the error rate leaves it out.
  private func abandonRequests() {
    for index in records.indices {
      let lost = records[index].positions.removeAll()
      statistics.missed += UInt64(lost) + (records[index].current == nil ? 0 : 1)
      records[index].state.missedReplies += lost
      records[index].current = nil
    }
  }

  // MARK: Sending

  public func send(_ commands: [MotorCommand], time: Double) throws(BusError) {
    precondition(commands.count == records.count)
    if let loss { throw loss }
    tick += 1
    let isUp = link.isUp
    if isUp { askForCurrent(time: time) } else { probe(time: time) }
    for index in records.indices { command(commands[index], motor: index, isUp: isUp, time: time) }
    if isUp && nextSetting < records.count * Motor.settingCount {
      let (index, setting) = nextSetting.quotientAndRemainder(dividingBy: Motor.settingCount)
      append(records[index].motor.setting(setting), motor: index)
      nextSetting += 1
    }
    try flush(time: time)
  }

  private func append(_ message: CtrlStep.Message, reply: FrameBatch.Reply = .none, motor index: Int) {
    batch.append(message.frame, reply: reply, motor: index)
  }

  /// The next motor in turn that is not still to answer. First in the tick, so that its answer fences off the ticks before.
  private func askForCurrent(time: Double) {
    for step in 0..<records.count {
      let index = (nextCurrentMotor + step) % records.count
      guard records[index].current == nil, time >= records[index].nextCurrentTime else { continue }
      append(records[index].motor.read(.readCurrent, isOn: records[index].isOn), reply: .current, motor: index)
      nextCurrentMotor = index + 1
      return
    }
  }

  private func probe(time: Double) {
    guard let index = link.probe(at: time, motorCount: records.count) else { return }
    append(records[index].motor.read(.readVelocity, isOn: records[index].isOn), reply: .probe, motor: index)
  }

  private func command(_ command: MotorCommand, motor index: Int, isUp: Bool, time: Double) {
    if case .off = command { switchOff(index, time: time) }
    guard isUp else {
      // No setpoint on a stalled link: it would be obeyed when nobody knows.
      statistics.dropped += 1
      records[index].state.missedReplies += 1
      return
    }
    let motor = records[index].motor
    switch command {
    case .off: append(motor.read(.readPosition, isOn: false), reply: .position, motor: index)
    case .position(let position, let velocity):
      guard position.isFinite, velocity.isFinite else {
        append(motor.read(.readPosition, isOn: records[index].isOn), reply: .position, motor: index)
        return
      }
      switchOn(index)
      let setpoint = position + motor.lead(at: velocity) + velocity * delay(of: index) - records[index].gate.offset
      append(motor.position(setpoint), reply: .position, motor: index)
    case .effort(let effort):
      switchOn(index)
      let current = effort.isFinite ? min(max(effort / motor.torqueConstant, -motor.currentLimit), motor.currentLimit) : 0
      append(CtrlStep.Message(.current, node: motor.node, value: Float(current)), motor: index)
      append(motor.read(.readPosition, isOn: true), reply: .position, motor: index)
    }
  }

  /// How much later than the first motor's the setpoint of motor `index` arrives [s]: two frames each, a setpoint and an acknowledge.
  ///
  /// Led by as much, all motors are at the same moment of the motion; at 1 Mbit/s a sixth motor would be 1.2 ms behind otherwise. The delay
  /// that all share only shifts the motion in time, and is left alone.
  private func delay(of index: Int) -> Double { 2 * Double(index) * Self.wireBits / Double(settings.bitRate) }

  /// Of a standard frame of eight bytes.
  private static let wireBits = CANFrame(0).wireBits

  private func switchOff(_ index: Int, time: Double) {
    if records[index].isOn || records[index].nextOffTime == 0 {
      records[index].isOn = false
      records[index].offRepeats = Self.offRepeats
    }
    guard records[index].offRepeats > 0 || time >= records[index].nextOffTime else { return }
    records[index].offRepeats = max(records[index].offRepeats - 1, 0)
    records[index].nextOffTime = time + settings.offInterval
    append(CtrlStep.Message(.enable, node: records[index].motor.node, word: 0), motor: index)
  }

  private func switchOn(_ index: Int) {
    let node = records[index].motor.node
    if records[index].needsRestart { append(CtrlStep.Message(.enable, node: node, word: 0), motor: index) }
    if records[index].needsRestart || !records[index].isOn { append(CtrlStep.Message(.enable, node: node, word: 1), motor: index) }
    records[index].needsRestart = false
    records[index].isOn = true
  }

  private func flush(time: Double) throws(BusError) {
    let written: Int
    do throws(BusError) { written = try channel.write(batch.bytes) } catch { throw lose(error) }
    statistics.bytesSent += UInt64(written)
    let count = batch.entryCount
    let sent = batch.finish(written: written)
    statistics.framesSent += UInt64(sent)
    statistics.dropped += UInt64(count - sent)
    for position in 0..<sent {
      let entry = batch[position]
      wireLoad.add(bits: entry.wireBits, time: time)
      register(entry, time: time)
    }
  }

  private func register(_ entry: FrameBatch.Entry, time: Double) {
    let request = RequestQueue.Request(tick: tick, sent: time)
    switch entry.reply {
    case .none, .probe: return
    case .position:
      if records[entry.motor].positions.isFull {
        records[entry.motor].positions.popFirst()
        miss(1, of: entry.motor)
      }
      records[entry.motor].positions.append(request)
    case .current: records[entry.motor].current = request
    }
    link.noteRequest(at: time)
  }
}
