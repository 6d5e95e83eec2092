// What goes out: a tick's frames in one write, and the note of what they ask.

extension CtrlStepBus {
  public func send(_ commands: [MotorCommand], time: Double) throws(BusError) {
    precondition(commands.count == records.count)
    if let loss { throw loss }
    tick += 1
    period = min(max(0, time - lastSendTime), settings.replyTimeout)
    lastSendTime = time
    let isUp = link.isUp
    if isUp { inquire(time: time) } else { probe(time: time) }
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

  /// Asks one motor for its current, or now and then where its zero is. First in the tick, so that its answer fences off the ticks before.
  private func inquire(time: Double) {
    if let index = motorToAskForHome(time: time) {
      append(records[index].motor.read(.readHomeOffset, isOn: records[index].isOn), reply: .home, motor: index)
      nextHomeMotor = index + 1
    } else if let index = doubtfulMotor(time: time) ?? strainedMotor(time: time)
      ?? motorToAsk(from: nextCurrentMotor, time: time, where: { _ in true })
    {
      append(records[index].motor.read(.readCurrent, isOn: records[index].isOn), reply: .current, motor: index)
      nextCurrentMotor = index + 1
    }
  }

  /// One whose zero is in doubt; at times the next in turn.
  private func motorToAskForHome(time: Double) -> Int? {
    if let index = motorToAsk(from: 0, time: time, where: { $0.home.isDoubtful }) { return index }
    guard tick.isMultiple(of: Self.homeInterval) else { return nil }
    return motorToAsk(from: nextHomeMotor, time: time, where: { $0.home.isKnown })
  }

  /// One whose current has to be told again.
  private func doubtfulMotor(time: Double) -> Int? { motorToAsk(from: 0, time: time, where: { $0.doubtfulCurrent != nil }) }

  /// Every other tick, the motor that must have changed its current most since it was last asked.
  private func strainedMotor(time: Double) -> Int? {
    guard tick.isMultiple(of: 2) else { return nil }
    var most = Self.noticedStrain, strained: Int?
    for index in records.indices where records[index].inquiry == nil && time >= records[index].nextInquiryTime {
      let change = abs(records[index].strain - records[index].strainAtCurrent)
      if change > most { (most, strained) = (change, index) }
    }
    return strained
  }

  /// At the rotor [rad].
  private static let noticedStrain = 0.004

  /// The next motor from `start` on that is wanted and has nothing to answer.
  private func motorToAsk(from start: Int, time: Double, where isWanted: (borrowing Record) -> Bool) -> Int? {
    for step in 0..<records.count {
      let index = (start + step) % records.count
      if records[index].inquiry == nil && time >= records[index].nextInquiryTime && isWanted(records[index]) { return index }
    }
    return nil
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
    records[index].told = nil
    switch command {
    case .yielding(let position, let velocity, _, _) where time - damageTime < Self.distrustTime:
      // A setpoint that was garbled on its way would be obeyed at once.
      self.command(.position(position, velocity: velocity), motor: index, isUp: isUp, time: time)
    case .off: append(motor.read(.readPosition, isOn: false), reply: .position, motor: index)
    case .position(let position, let velocity), .impedance(let position, let velocity, _, _, _):
      guard position.isFinite, velocity.isFinite else {
        append(motor.read(.readPosition, isOn: records[index].isOn), reply: .position, motor: index)
        return
      }
      switchOn(index)
      records[index].told = position
      let setpoint = position + motor.lead(at: velocity) + velocity * delay(of: index) - records[index].gate.offset
      if records[index].agility > 0 { (records[index].agility, records[index].calmRepeats) = (0, Self.calmRepeats) }
      if records[index].calmRepeats > 0 {
        records[index].calmRepeats -= 1
        append(motor.setting(2), motor: index)
        append(motor.limited(setpoint, velocity: motor.velocityLimit), reply: .position, motor: index)
      } else {
        append(motor.position(setpoint), reply: .position, motor: index)
      }
    case .yielding(let position, let velocity, let acceleration, let isAfresh):
      guard position.isFinite, velocity.isFinite, acceleration.isFinite else {
        append(motor.read(.readPosition, isOn: records[index].isOn), reply: .position, motor: index)
        return
      }
      records[index].told = position
      yield(index, to: position, velocity: velocity, acceleration: acceleration, isAfresh: isAfresh)
    case .effort(let effort):
      switchOn(index)
      let current = effort.isFinite ? min(max(effort / motor.torqueConstant, -motor.currentLimit), motor.currentLimit) : 0
      append(CtrlStep.Message(.current, node: motor.node, value: Float(current)), motor: index)
      append(motor.read(.readPosition, isOn: true), reply: .position, motor: index)
    }
  }

  /// For how long after a damaged line the drives keep their trapezoids [s].
  private static let distrustTime = 0.1

  /// The drive's own trapezoid is got out of the way, and where wanted begun anew at the rotor, as fast as that turns: entering the velocity mode
  /// does that, and the setpoint right behind it leaves that mode again.
  private func yield(_ index: Int, to position: Double, velocity: Double, acceleration: Double, isAfresh: Bool) {
    let motor = records[index].motor
    switchOn(index)
    let agility = max(acceleration, motor.accelerationLimit), isFresh = isAfresh || records[index].agility == 0
    if isFresh || agility > Self.agilityRatio * records[index].agility {
      append(motor.agile(agility), motor: index)
      records[index].agility = agility
    }
    if isFresh { append(CtrlStep.Message(.enable, node: motor.node, word: 1), motor: index) }
    // Never quite reached, so that the drive does not stop at each setpoint on its way.
    let setpoint = position + velocity * (delay(of: index) + period) - records[index].gate.offset
    append(motor.limited(setpoint, velocity: motor.ledVelocity(at: velocity)), reply: .position, motor: index)
  }

  /// Times what a drive was told before, from which on it is told anew how suddenly it may go.
  private static let agilityRatio = 2.0

  /// Ticks in a row that put a drive's usual limits back.
  private static let calmRepeats = 3

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
    case .none, .question, .probe: return
    case .position:
      if records[entry.motor].positions.isFull {
        records[entry.motor].positions.popFirst()
        miss(1, of: entry.motor)
      }
      records[entry.motor].positions.append(request)
    case .current: records[entry.motor].inquiry = Inquiry(command: .readCurrent, request: request)
    case .home: records[entry.motor].inquiry = Inquiry(command: .readHomeOffset, request: request)
    }
    link.noteRequest(at: time)
  }
}
