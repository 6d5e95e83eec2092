internal import Foundation

/// Carries a script's tasks out over the command socket, one after the other.
final class ScriptRunner {
  /// How often a script may answer knocks and faults before it gives up.
  private static let mostAnswers = 100
  /// How often one motion is begun again after a fault.
  private static let mostRetries = 3
  /// How much live speed changes at a key.
  private static let speedStep = 0.1

  let session: ScriptSession
  let console: any RunConsole
  private let arm: ScriptArm
  private let answers: [String: [ScriptStep]]
  private var speed = 1.0
  /// How many knocks and faults the script has answered with routines.
  private(set) var answerCount = 0
  /// When the script began, CLOCK_MONOTONIC [s].
  private var start = Double.infinity
  /// What the person wished while a motion was planned.
  private var deferredWish: RunWish?
  /// The share of the script's planned time that is over, and what the present task adds to it.
  private var doneShare = 0.0
  private var taskShare = 0.0
  /// How much of the present task is over, as it was shown last.
  private var taskProgress = 0.0

  init(_ session: ScriptSession, console: any RunConsole, arm: ScriptArm, answers: [String: [ScriptStep]] = [:]) {
    self.session = session
    self.console = console
    self.arm = arm
    self.answers = answers
  }

  /// - Parameters:
  ///   - plan: Of the same tasks, for the progress; nil where there is none.
  ///   - isStepwise: Ask before every task.
  ///   - completion: Told of each task when it has ended.
  /// - Throws: ``CommandFailure`` naming the line of the script that was refused, failed or interrupted.
  func run(
    _ tasks: [ScriptTask], plan: ScriptPlan? = nil, isStepwise: Bool = false, completion: (ScriptOutcome) throws -> Void
  ) throws {
    let state = try session.ask("state"), before = state["speed"]?.number ?? 1
    speed = before
    if speed != 1 {
      console.tell(String(format: "The arm runs at %.0f %% of what is planned, as somebody has set it; armctl speed 100 ends that.", 100 * speed))
    }
    start = (state["time"]?.number ?? 0) * 1e-9
    defer { if speed != before { _ = try? session.ask("speed.set", ["speed": .number(before)]) } }
    let durations = plan.map { $0.outcomes.map(\.duration) } ?? []
    let total = max(durations.reduce(0, +), 1e-9)
    var isAsking = isStepwise
    for (index, task) in tasks.enumerated() {
      if isAsking {
        switch try console.confirm(task, idling: { try self.session.keepAlive() }) {
        case .go: break
        case .goOnWithoutAsking: isAsking = false
        case .end: return
        }
      }
      taskShare = index < durations.count ? durations[index] / total : 0
      try completion(try carryOut(task))
      doneShare += taskShare
    }
    console.clear()
  }

  /// What has hit the arm since the script began.
  var knocks: [ScriptKnock] { session.knocks.compactMap { ScriptKnock($0, since: start) } }

  private func carryOut(_ task: ScriptTask) throws -> ScriptOutcome {
    _ = try standBy(task)
    switch task.first.action {
    case .motion: return try move(task)
    case .wait(let seconds):
      try wait(seconds, task)
      return ScriptOutcome(task, waiting: seconds, end: [])
    case .waitForContact(let limit): return ScriptOutcome(task, waiting: try waitForContact(atMost: limit, task), end: [])
    case .waitForInput(let name, let isOn, let limit):
      return ScriptOutcome(task, waiting: try waitForInput(name, isOn: isOn, atMost: limit, task), end: [])
    case .gripper(let opening, let duration):
      show(task, share: 0)
      _ = try task.explaining { try session.ask("gripper.set", ["opening": .number(opening)]) }
      return ScriptOutcome(task, waiting: duration, end: [])
    }
  }

  /// Lets time pass, still hearing what the server says and what the person wants.
  func wait(_ seconds: Double, _ task: ScriptTask) throws {
    var end = ScriptSession.now + seconds
    while ScriptSession.now < end {
      show(task, share: 1 - (end - ScriptSession.now) / max(seconds, 1e-9))
      _ = try session.nextNews()
      end += try standBy(task)
    }
  }

  func show(_ task: ScriptTask, share: Double, remark: String? = nil, pauser: String? = nil) {
    taskProgress = share
    console.show(RunProgress(task: task, remark: remark, pauser: pauser, share: min(1, doneShare + taskShare * share), speed: speed))
  }
}

// MARK: - Motions

extension ScriptRunner {
  private func move(_ task: ScriptTask) throws -> ScriptOutcome {
    var retries = 0
    while true {
      let start = try session.ask("state")["setpoint"]?.numbers ?? []
      switch try attempt(task) {
      case .done(let outcome): return outcome
      case .knocked(let routine):
        try answer(with: routine, after: task)
        try goBack(to: start, of: task)
      case .faulted(let failure):
        guard task.first.reactions.toFault != .stop, retries < Self.mostRetries else { throw failure }
        retries += 1
        _ = try task.explaining { try session.ask("fault.reset") }
        if case .routine(let name) = task.first.reactions.toFault {
          try answer(with: name, after: task)
          throw failure
        }
        try goBack(to: start, of: task)
      }
    }
  }

  private enum Attempt {
    case done(ScriptOutcome)
    /// The arm went back to where the motion began, for this routine.
    case knocked(routine: String)
    case faulted(CommandFailure)
  }

  /// Begins the motion and waits for its end.
  private func attempt(_ task: ScriptTask) throws -> Attempt {
    guard let (method, parameters) = task.request else { preconditionFailure("only motions are attempted") }
    session.forgetNews()
    var isStopped = false
    let plan: JSONValue
    do {
      plan = try task.explaining {
        try session.ask(method, parameters) {
          guard !isStopped, let wish = console.nextWish() else { return }
          // Who interrupts twice is in a hurry.
          guard wish == .end || (wish == .interrupt && deferredWish == .interrupt) else { return deferredWish = wish }
          isStopped = true
          _ = try session.client.send("stop")
        }
      }
    } catch {
      throw isStopped ? interrupted(task) : error
    }
    if isStopped { throw interrupted(task) }
    var outcome = ScriptOutcome(task, plan: plan)
    guard let job = plan["job"]?.integer else { return .done(outcome) }
    // The stop came between two motions, and the word of it only now.
    if session.ending != nil {
      try session.ask("job.cancel", ["job": .number(Double(job))])
      try endIfStopped(task)
    }
    return try follow(job, of: task, &outcome)
  }

  private func follow(_ job: Int, of task: ScriptTask, _ outcome: inout ScriptOutcome) throws -> Attempt {
    var routine: String?
    var wasKnocked = false
    // It may wait behind another's motion.
    if let pauser = try session.ask("job.get")["pausedBy"]?.string { show(task, share: 0, pauser: pauser) }
    while true {
      switch try session.nextNews() {
      case .job(let update)? where update["job"]?.integer == job:
        let time = (update["time"]?.number ?? 0) * 1e-9
        switch update["state"]?.string {
        case "started": outcome.startTime = time
        case "progress": show(task, share: update["progress"]?.number ?? 0)
        case "paused", "knocked", "recovering":
          show(task, share: update["progress"]?.number ?? 0, remark: update["state"]?.string, pauser: update["pausedBy"]?.string)
        case "done":
          outcome.endTime = time
          return .done(outcome)
        case "cancelled", "failed":
          if let routine { return .knocked(routine: routine) }
          let failure = failure(of: task, update["reason"], wasKnocked: wasKnocked)
          guard try session.ask("state")["fault"]?.object != nil else { throw failure }
          return .faulted(failure)
        default: break
        }
      case .event(let event)? where event["kind"] == "knocked" && routine == nil && !wasKnocked:
        switch task.first.reactions.toKnock {
        case .resume: break
        case .stop:
          wasKnocked = true
          try session.ask("job.cancel", ["job": .number(Double(job))])
        case .routine(let name):
          routine = name
          try turnBack(job)
        }
      default: break
      }
      _ = try pauseIfWanted(task, job: job)
    }
  }

  private func failure(of task: ScriptTask, _ reason: JSONValue?, wasKnocked: Bool) -> CommandFailure {
    if wasKnocked {
      return task.failure("The arm was knocked, and the script says on knock stop.", suggestion: "the script again, or on knock resume")
    }
    return task.failure(
      reason?["message"]?.string ?? "The motion did not end.",
      suggestion: reason?["try"]?.string?.replacing(ServiceError.again, with: "run the script again") ?? "armctl status")
  }

  /// Sends a motion back along its path to where it began; where that cannot be, it just ends.
  private func turnBack(_ job: Int) throws {
    do {
      try session.ask("pause")
      try session.ask("resume", ["direction": "back"])
    } catch CommandClient.Failure.refused {
      try session.ask("job.cancel", ["job": .number(Double(job))])
    }
  }

  /// Carries out the routine that answers a knock or a fault. What happens during it is not answered again.
  private func answer(with routine: String, after task: ScriptTask) throws {
    answerCount += 1
    guard answerCount <= Self.mostAnswers else {
      throw task.failure("The script has answered \(Self.mostAnswers) knocks and faults.", suggestion: "see what troubles the arm")
    }
    let steps = (answers[routine] ?? []).map { ScriptStep(action: $0.action, place: $0.place) }
    for task in ScriptTask.tasks(of: steps) { _ = try carryOut(task) }
  }

  /// Takes the arm to where a task began, as the task itself would go: with the tool in a straight line, or with the joints.
  private func goBack(to start: [Double], of task: ScriptTask) throws {
    let method = task.first.motion?.way.isOfTool == true ? "move.linear" : "move.joints"
    let job = try task.explaining {
      try session.ask(method, ["position": JSONValue(numbers: start), "speed": .number(task.first.motion?.speed ?? 1)])
    }["job"]?.integer
    var outcome = ScriptOutcome(task, waiting: 0, end: [])
    let withoutReactions = ScriptTask(steps: [ScriptStep(action: task.first.action, place: task.first.place)])
    if let job, case .faulted(let failure) = try follow(job, of: withoutReactions, &outcome) { throw failure }
  }
}

// MARK: - The person

extension ScriptRunner {
  /// Does what people want of a script whose arm is on no motion: who is at its terminal, and who has paused or stopped it from elsewhere.
  ///
  /// - Returns: How long they kept it waiting [s].
  func standBy(_ task: ScriptTask) throws -> Double {
    let began = ScriptSession.now
    var waited = false
    while true {
      waited = try pauseIfWanted(task, job: nil) > 0 || waited
      try endIfStopped(task)
      guard let pauser = session.pauser else { return waited ? ScriptSession.now - began : 0 }
      waited = true
      show(task, share: taskProgress, pauser: pauser)
      _ = try session.nextNews()
    }
  }

  private func endIfStopped(_ task: ScriptTask) throws {
    guard let reason = session.ending else { return }
    throw task.failure(reason.message, suggestion: reason.suggestion.replacing(ServiceError.again, with: "run the script again"))
  }

  /// Does what the person wants by now.
  ///
  /// - Returns: How long they kept the arm waiting [s].
  func pauseIfWanted(_ task: ScriptTask, job: Int?) throws -> Double {
    guard let wish = deferredWish ?? console.nextWish() else { return 0 }
    deferredWish = nil
    let began = ScriptSession.now
    switch wish {
    case .faster: try setSpeed(min(2, presentSpeed() + Self.speedStep))
    case .slower: try setSpeed(max(0.1, presentSpeed() - Self.speedStep))
    case .end:
      try session.ask("stop")
      throw interrupted(task)
    case .interrupt:
      // A job that ends at this very moment has nothing to pause.
      if job != nil { _ = try? session.ask("pause") }
      try carryOut(try console.choose(choices, idling: { try self.session.keepAlive() }), task, job: job)
    }
    return ScriptSession.now - began
  }

  private var choices: [RunChoice] { arm.parkingPose == nil ? [.resume, .off, .stop] : RunChoice.allCases }

  private func carryOut(_ choice: RunChoice, _ task: ScriptTask, job: Int?) throws {
    switch choice {
    case .resume:
      if job != nil || session.pauser != nil { _ = try? session.ask("resume") }
    case .park:
      guard let pose = arm.parkingPose else { return }
      if let job { try cancel(job, task) }
      let parking = try task.explaining { try session.ask("move.to", ["name": .string(pose)]) }["job"]?.integer ?? 0
      guard try end(of: parking, task) == "done" else { throw interrupted(task) }
      throw task.failure("Interrupted; the arm is parked at \(pose).", suggestion: "the script again")
    case .off:
      try session.ask("mode.set", ["mode": "off"])
      throw task.failure("Interrupted; the motors are off.", suggestion: "armctl serve --enable, and the script again")
    case .stop:
      try session.ask("stop")
      throw interrupted(task)
    }
  }

  /// Ends a job, and returns when the arm rests.
  private func cancel(_ job: Int, _ task: ScriptTask) throws {
    try session.ask("job.cancel", ["job": .number(Double(job))])
    _ = try end(of: job, task)
  }

  /// Waits for a job's end; the person may stop the arm.
  private func end(of job: Int, _ task: ScriptTask) throws -> String {
    while true {
      if case .job(let update)? = try session.nextNews(), update["job"]?.integer == job, let state = update["state"]?.string,
        JobState(rawValue: state)?.isFinal ?? false
      {
        return state
      }
      guard let wish = console.nextWish(), wish == .interrupt || wish == .end else { continue }
      try session.ask("stop")
      throw interrupted(task)
    }
  }

  /// Others may have made the arm slower.
  private func presentSpeed() throws -> Double { try session.ask("state")["speed"]?.number ?? speed }

  private func setSpeed(_ share: Double) throws {
    speed = (share * 100).rounded() / 100
    try session.ask("speed.set", ["speed": .number(speed)])
  }

  private func interrupted(_ task: ScriptTask) -> CommandFailure {
    task.failure("Interrupted; the arm was told to stop.", suggestion: "armctl status")
  }
}
