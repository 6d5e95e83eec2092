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
    miss(records[index].positions.removeRequests(before: records[index].fence), of: index)
    guard let request = records[index].positions.first, time - request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      history.forgive()
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
    let motor = records[index].motor
    for other in records.indices {
      // Of higher nodes, answers to the tick before may still wait for the wire.
      let fence = records[other].motor.node <= motor.node ? request.tick : max(request.tick, 1) - 1
      records[other].fence = max(records[other].fence, fence)
      miss(records[other].positions.removeRequests(before: records[other].fence), of: other)
    }
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
}
