internal import Control
internal import Logging
internal import Synchronization

// What the control loop tells, told on. All of this runs on `events`.

extension LiveArm {
  func drainEvents() {
    while let event = controlled.nextEvent() { take(event) }
    lookAtInputs()
    let snapshot = controlled.snapshot
    guard let job = snapshot.job, snapshot.course != .paused, snapshot.time - lastProgress >= 0.1 else { return }
    lastProgress = snapshot.time
    tell(job, .progress, progress: snapshot.progress)
  }

  private func take(_ timed: TimedEvent) {
    switch timed.event {
    case .modeChanged(let mode):
      settle(.mode(mode), .success(()))
      if mode != .fault { settle(.reset, .success(())) }
      flightLog.logger.debug("Tick \(timed.tick): mode \(mode.rawValue).")
      tellOfReaction(in: mode, timed)
      occur("mode", timed, "The arm is now in mode \(mode.rawValue).", details: ["mode": .string(mode.rawValue)])
      knocks.note(mode)
    // In a fault the mode does not tell that the motors were switched off.
    case .powerChanged(let isOn): if !isOn { settle(.mode(.off), .success(())) }
    case .started(let job): tell(job, .started, at: timed)
    case .finished(let job): end(job, .done, at: timed)
    case .interrupted(let job, let cause): interrupt(job, cause, timed)
    case .refused(.follow(let job), .stopped): end(job, .cancelled, causeOfStop(at: timed.tick, "before the motion began"), at: timed)
    case .refused(.follow(let job), let refusal): end(job, .failed, error(of: refusal), at: timed)
    case .refused(.mode(let mode), let refusal): settle(.mode(mode), .failure(error(of: refusal)))
    case .refused(.reset, let refusal): settle(.reset, .failure(error(of: refusal)))
    case .returned(let job):
      end(job, .cancelled, ServiceError(.stopped, "The arm went back to where the job began.", suggestion: ServiceError.again), at: timed)
    case .paused(let job):
      settle(.pause, .success(()))
      tell(job, .paused, at: timed, progress: controlled.snapshot.progress)
    case .resumed(let job):
      settle(.resume, .success(()))
      tell(job, .progress, at: timed, progress: controlled.snapshot.progress)
    case .refused(.pause, let refusal): settle(.pause, .failure(error(of: refusal)))
    case .refused(.resume, let refusal): settle(.resume, .failure(error(of: refusal)))
    case .fenced(let fence):
      lastFence = fenceNames.indices.contains(fence) ? fenceNames[fence] : ""
      occur("fence", timed, "The fence \"\(lastFence)\" holds the arm back.", details: ["fence": .string(lastFence)])
    case .servoStale: occur("servo.stale", timed, "No servo command has come for too long; the arm comes to rest.")
    case .refused(.servo, let refusal):
      occur("servo.refused", timed, error(of: refusal).message, details: ["why": .string(refusal.kind), "try": .string(refusal.suggestion)])
    case .refused(.cancel, _): break
    case .knocked(let knock):
      knocks.feel(at: timed.tick)
      report(knock, as: "knocked", "Something hit \(controlled.jointNames[knock.joint]) or what it carries.", timed)
    case .recovered(let knock):
      if let job = controlled.snapshot.job { tell(job, .progress, at: timed, progress: controlled.snapshot.progress) }
      report(knock, as: "recovered", "The arm has recovered from the knock.", timed)
    case .faulted(let fault): report(fault, timed)
    case .cleared:
      flightRecord.withLock { $0 = nil }
      occur("reset", timed, "The fault was cleared.")
    }
  }

  private func interrupt(_ job: Int, _ cause: ControlEvent.Interruption, _ timed: TimedEvent) {
    // What was asked for after the job had been told to end does not end with it.
    let dropped = queue.withLock { $0.running?.id == job && !$0.isEnding ? $0.dropAll() : [] }
    let reason: ServiceError
    switch cause {
    case .stop: reason = causeOfStop(at: timed.tick)
    case .cancel:
      reason =
        blocked.withLock { $0.removeValue(forKey: job) } ?? ServiceError(.stopped, "The job was cancelled.", suggestion: ServiceError.again)
    case .fence:
      reason = ServiceError(.fence, "The fence \"\(lastFence)\" is in the way.", suggestion: "a goal and a way on this side of it")
    case .mode: reason = ServiceError(.stopped, "The mode was changed.", suggestion: ServiceError.again)
    case .retarget: reason = ServiceError(.stopped, "Another motion took over.", suggestion: ServiceError.again)
    case .fault: reason = controlled.snapshot.fault.map(error(of:)) ?? error(of: .faulted)
    }
    let hasFailed = cause == .fault || cause == .fence || reason.kind == .collision
    end(job, hasFailed ? .failed : .cancelled, reason, at: timed)
    for other in dropped { tell(other, .cancelled, reason, at: timed) }
  }

  private func report(_ fault: ControlFault, _ timed: TimedEvent) {
    var details: JSONObject = ["fault": .string(fault.kind), "try": .string(fault.suggestion)]
    if let figures = fault.figures {
      details["value"] = .number(figures.value)
      details["limit"] = .number(figures.limit)
    }
    let path = flightLog.write(controlled.recorder.last(seconds: 1, through: timed.tick), joints: controlled.jointNames, tick: timed.tick)
    flightRecord.withLock { $0 = path }
    details["record"] = path.map(JSONValue.string)
    let sentence = fault.sentence(joints: controlled.jointNames, buses: controlled.busNames)
    flightLog.logger.error(
      "\(sentence) try: \(fault.suggestion)\(path.map { "; the last second before it, to tick \(timed.tick), is in \($0)" } ?? "")")
    occur("fault", timed, sentence, joint: fault.joint.map { controlled.jointNames[$0] }, details: details)
  }

  func occur(_ kind: String, _ timed: TimedEvent, _ message: String, joint: String? = nil, details: JSONObject = [:]) {
    var details = details
    details["knock"] = knocks.number(at: timed.tick).map { .number(Double($0)) }
    handler(
      .occurrence(
        Occurrence(kind: kind, time: nanoseconds(timed.time), tick: UInt64(timed.tick), message: message, joint: joint, details: details)))
  }

  /// What happened now.
  func occur(_ kind: String, _ message: String, details: JSONObject) {
    let snapshot = controlled.snapshot
    handler(
      .occurrence(
        Occurrence(kind: kind, time: nanoseconds(snapshot.time), tick: UInt64(snapshot.tick), message: message, details: details)))
  }

  func end(_ job: Int, _ state: JobState, _ reason: ServiceError? = nil, at timed: TimedEvent? = nil) {
    let next = queue.withLock { queue -> MotionQueue.Job? in
      queue.endRunning(job)
      return queue.startNext()
    }
    tell(job, state, reason, at: timed)
    if let next { start(next) }
  }

  func tell(_ job: Int, _ state: JobState, _ reason: ServiceError? = nil, at timed: TimedEvent? = nil, progress: Double? = nil) {
    let snapshot = controlled.snapshot
    handler(
      .job(
        JobUpdate(
          job: job, state: state, time: nanoseconds(timed?.time ?? snapshot.time), tick: UInt64(timed?.tick ?? snapshot.tick),
          progress: state == .done ? 1 : progress, knock: timed.flatMap { knocks.number(at: $0.tick) }, reason: reason)))
  }
}

func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, seconds) * 1e9) }
