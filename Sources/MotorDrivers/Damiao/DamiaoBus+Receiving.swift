// What comes in: lines, answers, what they answer, and what they are worth.

extension DamiaoBus {
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
    for index in records.indices {
      records[index].debt.note(records[index].requests.count)
      states[index] = records[index].state
    }
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
    guard !frame.isExtended, !frame.isRemote, frame.count == 8, indices[Int(frame.identifier)] >= 0 else { return refuse() }
    let index = Int(indices[Int(frame.identifier)])
    // A state with these bytes would be one of a motor that is off and at the far end of its codes.
    if let answer = Damiao.RegisterFrame(frame), answer.motor == records[index].motor.id, answer.operation == .read || answer.operation == .write {
      return take(answer, of: index, time: time)
    }
    guard let feedback = Damiao.Feedback(frame, scale: records[index].scale), feedback.motor == records[index].motor.id & 15 else {
      return refuse()
    }
    guard link.isUp else {
      link.noteReply()
      statistics.stale += 1
      return
    }
    link.noteReply()
    take(feedback, of: index, time: time)
  }

  /// A frame that cannot be true.
  private func refuse() {
    statistics.implausible += 1
    link.noteDamage()
  }

  private func take(_ feedback: Damiao.Feedback, of index: Int, time: Double) {
    // What is too old to be used is answered all the same: the next answer is the next request's.
    guard !records[index].isAdrift, let request = records[index].requests.popFirst(), time - request.sent <= settings.replyTimeout else {
      statistics.stale += 1
      history.forgive()
      return
    }
    let verdict = records[index].gate.judge(feedback.position, sent: request.sent, received: time)
    switch verdict {
    case .good(let position), .surprising(let position):
      records[index].state.take(feedback, position: position, sent: request.sent, scale: records[index].scale)
    case .referenceLost(let position):
      statistics.implausible += 1
      records[index].state.faults.insert(.referenceLost)
      records[index].state.take(feedback, position: position, sent: request.sent, scale: records[index].scale)
    case .withheld:
      statistics.implausible += 1
      records[index].state.missedReplies += 1
    }
    history.record(isGood: verdict != .withheld)
    if verdict != .withheld, request.tick >= records[index].power.wantedSince { take(feedback.status, of: index, askedBy: request.tick) }
  }

  private func take(_ status: Damiao.Status, of index: Int, askedBy tick: UInt64) {
    let isRepeated = status == records[index].power.status
    records[index].power.status = status
    if status.isFault {
      guard isRepeated, records[index].power.clearCount == 0 else { return }
      records[index].state.faults.formUnion(MotorFaults(status))
      records[index].power.mayBeOn = false
      return
    }
    records[index].power.clearCount = 0
    switch (status, records[index].power.isWanted) {
    case (.enabled, let isWanted):
      records[index].power.mayBeOn = true
      records[index].power.wasEnabled = isWanted
    case (_, false): records[index].power.mayBeOn = false
    case (_, true) where isRepeated && tick > records[index].power.enableTick && records[index].power.mayBeOn:
      records[index].power.mayBeOn = false
      if records[index].power.wasEnabled || records[index].power.enableCount >= Self.enableAttempts {
        records[index].state.faults.insert(.switchedOff)
      }
    default: break
    }
  }

  private func take(_ answer: Damiao.RegisterFrame, of index: Int, time: Double) {
    if answer.operation == .read, answer.register == Self.probeRegister {
      if !link.noteProbeReply(of: index, at: time) { statistics.stale += 1 }
      return
    }
    link.noteReply()
    // The answer to a write only repeats it.
    guard answer.operation == .read else { return }
    guard link.isUp, let question = records[index].question, question.register == answer.register,
      time - question.request.sent <= settings.replyTimeout
    else {
      statistics.stale += 1
      return
    }
    records[index].question = nil
    history.record(isGood: true)
    let before = records[index].requests.count
    fenceOff(at: question.request.tick, answeredBy: index)
    let left = records[index].requests.count
    records[index].debt.settle(owed: question.owed, lost: question.lost + before - left, left: left)
    guard answer.register == .timeout else { return }
    let isArmed = answer.value == records[index].motor.timeoutUnits
    if !isArmed { statistics.implausible += 1 }
    records[index].arming = isArmed ? .done : .write
  }

  /// Motor `answerer` has answered tick `tick`. So none of its answers to earlier ticks are still to come; nor any to this tick of those that were
  /// told before it and win the wire; and of the others none but to this tick and the one before, which may still wait for the wire.
  private func fenceOff(at tick: UInt64, answeredBy answerer: Int) {
    let masterId = records[answerer].motor.masterId
    for index in records.indices {
      let isAhead = index < answerer && records[index].motor.masterId < masterId
      let fence = isAhead ? tick + 1 : index == answerer ? tick : max(tick, 1) - 1
      let lost = records[index].requests.removeRequests(before: fence)
      records[index].question?.lost += lost
      miss(lost, of: index)
      records[index].isAdrift = false
    }
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
      let lost = records[index].requests.removeRequests(sentBefore: limit)
      if lost > 0 { records[index].isAdrift = true }
      records[index].question?.lost += lost
      miss(lost, of: index)
      guard let question = records[index].question, question.request.sent < limit else { continue }
      records[index].question = nil
      // Asked again at once, its late answer would pass for the new one's.
      records[index].nextQuestionTime = time + settings.replyTimeout
      miss(1, of: index)
    }
  }

  /// What was asked before a stall is never answered in time. It says nothing about noise, so the error rate leaves it out.
  private func abandonRequests() {
    for index in records.indices {
      let lost = records[index].requests.removeAll() + (records[index].question == nil ? 0 : 1)
      statistics.missed += UInt64(lost)
      records[index].state.missedReplies += lost
      records[index].question = nil
      records[index].debt = ReplyDebt()
      records[index].isAdrift = false
    }
  }
}
