// What goes out: a tick's frames in one write, and the note of what they ask.

extension DamiaoBus {
  public func send(_ commands: [MotorCommand], time: Double) throws(BusError) {
    precondition(commands.count == records.count)
    if let loss { throw loss }
    tick += 1
    for index in records.indices { note(commands[index], motor: index) }
    if link.isUp {
      let asked = motorToAsk(time: time)
      for index in records.indices {
        // What is not switched on yet is told nothing anyway.
        let isAsked = index == asked || (records[index].arming == .verify && canAsk(index, time: time))
        append(commands[index], motor: index, isAsked: isAsked, time: time)
      }
    } else {
      sendDown(time: time)
    }
    try flush(time: time)
  }

  /// On a link that is down nothing is commanded, as it would be obeyed when nobody knows, but to let go.
  private func sendDown(time: Double) {
    if let index = link.probe(at: time, motorCount: records.count) {
      batch.append(records[index].motor.ask(.read, Self.probeRegister), reply: .probe, motor: index)
    }
    let isDue = isAnyoneOff && (offRepeats > 0 || time >= nextOffTime)
    if isDue {
      offRepeats = max(offRepeats - 1, 0)
      nextOffTime = time + settings.offInterval
    }
    for index in records.indices {
      if isDue && !records[index].power.isWanted { batch.append(records[index].motor.command(.disable), reply: .none, motor: index) }
      statistics.dropped += 1
      records[index].state.missedReplies += 1
    }
  }

  private var isAnyoneOff: Bool {
    for index in records.indices where !records[index].power.isWanted { return true }
    return false
  }

  /// Asked for nothing else, so that its answer answers a probe.
  static let probeRegister = Damiao.Register.torqueRange

  private func note(_ command: MotorCommand, motor index: Int) {
    var isWanted = true
    if case .off = command { isWanted = false }
    guard isWanted != records[index].power.isWanted else { return }
    records[index].power.isWanted = isWanted
    records[index].power.wantedSince = tick
    records[index].power.wasEnabled = false
    records[index].power.enableCount = 0
    offRepeats = Self.offRepeats
  }

  /// The motor that is asked a question in this tick: at most one, as it is told nothing else; by preference the last to win the wire, as its
  /// answer tells of the others too.
  private func motorToAsk(time: Double) -> Int? {
    var last: Int?
    for index in records.indices where canAsk(index, time: time) {
      guard records[index].isAdrift || records[index].debt.isDoubtful(records[index].requests.count) else { continue }
      if last.map({ records[$0].motor.masterId < records[index].motor.masterId }) ?? true { last = index }
    }
    return last
  }

  private func canAsk(_ index: Int, time: Double) -> Bool { records[index].question == nil && time >= records[index].nextQuestionTime }

  /// The one frame that a motor is sent in a tick, by urgency.
  private func append(_ command: MotorCommand, motor index: Int, isAsked: Bool, time: Double) {
    let motor = records[index].motor
    let power = records[index].power
    if isAsked {
      // First, as nothing that a motor says is understood before it has answered, not even that it is off.
      ask(index, time: time)
    } else if !power.isWanted && power.mayBeOn {
      batch.append(motor.command(.disable), reply: .position, motor: index)
    } else if power.clearCount > 0 {
      records[index].power.clearCount -= 1
      batch.append(motor.command(.clearFault), reply: .position, motor: index)
    } else if records[index].arming == .write {
      records[index].arming = .verify
      batch.append(motor.ask(.write, .timeout, value: motor.timeoutUnits), reply: .none, motor: index)
    } else if power.isWanted && canBeOn(index), let impedance = impedance(for: command, motor: index, time: time) {
      if power.mayBeOn {
        batch.append(impedance.frame(to: motor.id, scale: records[index].scale), reply: .position, motor: index)
      } else {
        switchOn(index)
      }
    } else {
      batch.append(answersRefresh ? motor.ask(.refresh) : motor.command(.disable), reply: .position, motor: index)
    }
  }

  private func ask(_ index: Int, time: Double) {
    records[index].asksForTimeout.toggle()
    let register = records[index].arming == .verify || records[index].asksForTimeout ? Damiao.Register.timeout : .positionRange
    batch.append(records[index].motor.ask(.read, register), reply: .question, motor: index)
    records[index].question = Question(
      register: register, request: RequestQueue.Request(tick: tick, sent: time), owed: records[index].requests.count)
  }

  /// No fault has made the motor let go, and its watchdog is armed.
  private func canBeOn(_ index: Int) -> Bool {
    records[index].state.faults.isDisjoint(with: .withoutTorque) && records[index].arming == .done
  }

  private func switchOn(_ index: Int) {
    records[index].power.mayBeOn = true
    records[index].power.enableTick = tick
    records[index].power.enableCount += 1
    batch.append(records[index].motor.command(.enable), reply: .position, motor: index)
  }

  private func flush(time: Double) throws(BusError) {
    let written: Int
    do throws(BusError) { written = try channel.write(batch.bytes) } catch { throw lose(error) }
    statistics.bytesSent += UInt64(written)
    let count = batch.entryCount
    let sent = batch.finish(written: written)
    statistics.framesSent += UInt64(sent)
    statistics.dropped += UInt64(count - sent)
    for position in 0..<count {
      let entry = batch[position]
      guard position < sent else {
        // A question that never left is none.
        if entry.reply == .question { records[entry.motor].question = nil }
        continue
      }
      wireLoad.add(bits: entry.wireBits, time: time)
      register(entry, time: time)
    }
  }

  private func register(_ entry: FrameBatch.Entry, time: Double) {
    switch entry.reply {
    case .none, .probe, .current, .home: return
    case .question: records[entry.motor].nextQuestionTime = time + settings.replyTimeout / 2
    case .position:
      if records[entry.motor].requests.isFull {
        records[entry.motor].requests.popFirst()
        miss(1, of: entry.motor)
      }
      records[entry.motor].requests.append(RequestQueue.Request(tick: tick, sent: time))
    }
    link.noteRequest(at: time)
  }
}

// MARK: - Impedances

extension DamiaoBus {
  /// What `command` is on the wire; nil for off, and where it is no number.
  ///
  /// A code is at most its number, by less than one code. What the motor's law loses by that is in the torque, and so is what stiffness and
  /// damping have beyond the codes' ends, from the state that was measured last; the torque's own code is the nearest one.
  private func impedance(for command: MotorCommand, motor index: Int, time: Double) -> Damiao.Impedance? {
    let motor = records[index].motor
    switch command {
    case .off: return nil
    case .position(let position, let velocity), .yielding(let position, let velocity, _, _):
      return impedance(
        index, position: position, velocity: velocity, effort: 0, stiffness: motor.stiffness, damping: motor.damping, time: time)
    case .effort(let effort):
      let at = records[index].state.position
      return impedance(index, position: at, velocity: 0, effort: effort, stiffness: 0, damping: 0, time: time)
    case .impedance(let position, let velocity, let effort, let stiffness, let damping):
      return impedance(index, position: position, velocity: velocity, effort: effort, stiffness: stiffness, damping: damping, time: time)
    }
  }

  private func impedance(
    _ index: Int, position: Double, velocity: Double, effort: Double, stiffness: Double, damping: Double, time: Double
  ) -> Damiao.Impedance? {
    guard position.isFinite, velocity.isFinite, effort.isFinite, stiffness.isFinite, damping.isFinite else { return nil }
    let scale = records[index].scale
    let own = position + velocity * delay(of: index) - records[index].gate.offset
    let softness = Damiao.stiffness.rounded(stiffness), drag = Damiao.damping.rounded(damping)
    var torque = effort + softness * (own - scale.position.rounded(own)) + drag * (velocity - scale.velocity.rounded(velocity))
    let state = records[index].state
    if let sampleTime = state.sampleTime, time - sampleTime <= settings.replyTimeout {
      torque += max(0, stiffness - Damiao.stiffness.range.upperBound) * (position - state.position)
      torque += max(0, damping - Damiao.damping.range.upperBound) * (velocity - (state.velocity ?? 0))
    }
    return Damiao.Impedance(
      position: own, velocity: velocity, stiffness: stiffness, damping: damping, torque: torque + 0.5 * scale.torque.resolution)
  }

  /// How much later than the first motor's the command of motor `index` arrives [s]. Led by as much, all motors are at the same moment of the
  /// motion. Answers give way to commands, as their identifiers are higher.
  private func delay(of index: Int) -> Double { Double(index) * Self.wireBits / Double(settings.bitRate) }

  /// Of a standard frame of eight bytes.
  private static let wireBits = CANFrame(0).wireBits
}
