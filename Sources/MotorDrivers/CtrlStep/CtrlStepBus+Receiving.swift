// What comes in: lines, replies, what they answer, and what they are worth.

extension CtrlStepBus {
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
    noticeRestarts()
    statistics.isStalled = !link.isUp
    statistics.errorRate = history.lostShare
    statistics.load = wireLoad.share(at: time, bitRate: Double(settings.bitRate))
    for index in records.indices { states[index] = records[index].state }
  }

  private func take(_ line: SLCAN.Line, time: Double) {
    switch line {
    case .frame(let frame, _):
      statistics.framesReceived += 1
      wireLoad.add(bits: frame.wireBits, time: time)
      take(frame, time: time)
    case .malformed, .refusal:
      statistics.malformed += 1
      damageTime = time
      link.noteDamage()
    case .acknowledge, .sentStandard, .sentExtended, .open, .listen, .close, .bitRate, .timestamps, .query, .answer:
      break
    }
  }

  private func take(_ frame: CANFrame, time: Double) {
    guard frame.count >= 5, frame[4] <= 1, let message = CtrlStep.Message(frame), let index = indices[message.node], isAnswer(message) else {
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
      takeInquiry(message, of: index, time: time)
    }
  }

  private func isAnswer(_ message: CtrlStep.Message) -> Bool {
    switch message.command {
    case .readPosition, .readCurrent, .readVelocity: message.value.isFinite
    case .readHomeOffset: true
    default: false
    }
  }

  private func takePosition(_ reported: Double, of index: Int, time: Double) {
    miss(records[index].positions.removeRequests(before: records[index].fence), of: index)
    // What is too old to be used is answered all the same: the next answer is the next request's.
    guard let request = records[index].positions.popFirst(), time - request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      history.forgive()
      return
    }
    switch records[index].gate.judge(reported, sent: request.sent, received: time, isPushed: records[index].agility > 0) {
    case .good(let position):
      blame(index)
      refresh(index, position: position, sent: request.sent)
    case .surprising(let position):
      records[index].doubts = 0
      refresh(index, position: position, sent: request.sent)
    case .referenceLost(let position):
      statistics.implausible += 1
      records[index].state.faults.insert(.referenceLost)
      records[index].needsRestart = true
      records[index].hasEstimatedOffset = true
      records[index].doubts = 0
      refresh(index, position: position, sent: request.sent)
    case .withheld:
      statistics.implausible += 1
      records[index].state.missedReplies += 1
      records[index].doubts += 1
    }
  }

  /// What was withheld was no motion, so it was damage.
  private func blame(_ index: Int) {
    for _ in 0..<records[index].doubts { history.record(isGood: false) }
    records[index].doubts = 0
  }

  private func refresh(_ index: Int, position: Double, sent: Double) {
    records[index].state.position = position
    records[index].state.sampleTime = sent
    records[index].state.missedReplies = 0
    records[index].isHeard = true
    history.record(isGood: true)
  }

  /// One that comes back after a silence in which the others went on was without power: it holds nothing, and has forgotten its limits.
  private func noticeRestarts() {
    guard records.contains(where: \.isHeard) else { return }
    for index in records.indices {
      if records[index].isHeard, records[index].isOn, records[index].silence > Self.restartSilence {
        records[index].state.faults.insert(.switchedOff)
        records[index].needsRestart = true
      }
      records[index].silence = records[index].isHeard ? 0 : records[index].silence + period
      records[index].isHeard = false
    }
  }

  /// Longer than what bad luck takes of a bad line, and shorter than a drive takes to boot [s].
  private static let restartSilence = 0.06

  private func takeInquiry(_ message: CtrlStep.Message, of index: Int, time: Double) {
    guard let inquiry = records[index].inquiry, inquiry.command == message.command else {
      statistics.stale += 1
      return
    }
    records[index].inquiry = nil
    fenceOff(before: inquiry.request.tick, answeredBy: records[index].motor.node)
    guard time - inquiry.request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      statistics.missed += 1
      return
    }
    if message.command == .readHomeOffset {
      takeHome(Int32(bitPattern: message.word), of: index)
    } else {
      takeCurrent(Double(message.value), of: index)
    }
  }

  /// No answers to ticks before `tick` are still to come; of higher nodes, those to the one before it may still wait for the wire.
  private func fenceOff(before tick: UInt64, answeredBy node: Int) {
    for index in records.indices {
      let fence = records[index].motor.node <= node ? tick : max(tick, 1) - 1
      records[index].fence = max(records[index].fence, fence)
      miss(records[index].positions.removeRequests(before: records[index].fence), of: index)
    }
  }

  private func takeCurrent(_ current: Double, of index: Int) {
    let motor = records[index].motor
    guard abs(current) <= 2 * motor.currentLimit else {
      statistics.implausible += 1
      history.record(isGood: false)
      return
    }
    // Nothing guards the text: what jumps is asked again, and believed once it is told a second time.
    let present = (records[index].state.effort ?? 0) / motor.torqueConstant, isSudden = abs(current - present) > Self.suddenShare * motor.currentLimit
    if isSudden, !(records[index].doubtfulCurrent.map { ($0 - present) * (current - present) > 0 } ?? false) {
      records[index].doubtfulCurrent = current
      return
    }
    records[index].doubtfulCurrent = nil
    records[index].state.effort = current * motor.torqueConstant
    records[index].strainAtCurrent = records[index].strain
    history.record(isGood: true)
  }

  /// Of the current limit.
  private static let suddenShare = 0.4

  private func takeHome(_ home: Int32, of index: Int) {
    history.record(isGood: true)
    guard let offset = records[index].home.correction(for: home, present: records[index].gate.offset) else { return }
    records[index].state.position += offset - records[index].gate.offset
    records[index].gate.correct(offset: offset)
    if !records[index].hasEstimatedOffset { records[index].state.faults.insert(.referenceLost) }
    records[index].hasEstimatedOffset = false
  }

  func miss(_ count: Int, of index: Int) {
    guard count > 0 else { return }
    statistics.missed += UInt64(count)
    records[index].state.missedReplies += count
    for _ in 0..<count { history.record(isGood: false) }
  }

  private func expire(time: Double) {
    let limit = time - settings.replyTimeout
    for index in records.indices {
      miss(records[index].positions.removeRequests(sentBefore: limit), of: index)
      guard let inquiry = records[index].inquiry, inquiry.request.sent < limit else { continue }
      records[index].inquiry = nil
      // Asked again at once, its late answer would pass for the new one's.
      records[index].nextInquiryTime = time + settings.replyTimeout
      statistics.missed += 1
      history.record(isGood: false)
    }
  }

  /// What was asked before a stall is never answered in time. It says nothing about noise, so the error rate leaves it out.
  private func abandonRequests() {
    for index in records.indices {
      let lost = records[index].positions.removeAll()
      statistics.missed += UInt64(lost) + (records[index].inquiry == nil ? 0 : 1)
      records[index].state.missedReplies += lost
      records[index].inquiry = nil
    }
  }
}
