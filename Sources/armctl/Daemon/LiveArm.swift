internal import Control
internal import Dispatch
internal import Glibc
internal import Kinematics
internal import Logging
internal import MotorDrivers
internal import Planner
internal import Synchronization

/// The arm behind the command socket: plans on a queue of its own, hands trajectories to the control loop, and tells what became of them.
///
/// - Threads: `state` and `stop` never wait. Planning runs on `planner`, reconnecting on `repair`, and every event leaves through `events`, in order.
final class LiveArm: ArmService, @unchecked Sendable {
  let arm: ArmDescription

  /// What the system granted the loop; set once, before clients come.
  var realTimeStatus: RealTimeStatus?

  let controlled: ControlledArm
  let loop: ControlLoop
  let motionPlanner: MotionPlanner
  let world: ArmWorld
  let recorder: PathRecorder
  /// For its sentences.
  let velocityKinematics: VelocityKinematics
  private let fenceNames: [String]
  private let homing: HomingCheck
  /// Whether every motor has told where it is.
  private let wasHeard = Atomic(false)
  /// When the latest command of a stream was passed on; no snapshot of that tick or the next need know of it.
  private let servoTick = Atomic(Int.min)
  /// Of the latched fault.
  private let flightRecord = Mutex<String?>(nil)
  private let flightLog: FlightLog
  private let planner = DispatchQueue(label: "arm.planner")
  private let repair = DispatchQueue(label: "arm.repair")
  /// Edits of the scene, one after the other.
  let sceneEdits = DispatchQueue(label: "arm.scene", qos: .userInitiated)
  let events = DispatchQueue(label: "arm.events")
  private let pump: any DispatchSourceTimer
  let queue = Mutex(MotionQueue())
  let sceneWatch = SceneWatch()
  /// Why jobs fail that were given up for an obstacle.
  let blocked = Mutex<[Int: ServiceError]>([:])
  private let pending = Mutex(PendingRequests())
  /// Only touched on `events`.
  private var handler: @Sendable (ArmEvent) -> Void = { _ in }
  private var lastProgress = 0.0
  private var lastFence = ""

  init(
    _ controlled: ControlledArm, loop: ControlLoop, planner: MotionPlanner, world: ArmWorld, fenceNames: [String] = [], name: String, rate: Double,
    homing: HomingCheck, flightLog: FlightLog
  ) {
    self.controlled = controlled
    self.loop = loop
    motionPlanner = planner
    self.world = world
    recorder = PathRecorder(controlled, period: planner.period, limits: planner.limits)
    velocityKinematics = VelocityKinematics(model: planner.model, limits: planner.limits)
    self.fenceNames = fenceNames
    self.homing = homing
    self.flightLog = flightLog
    let sliding = zip(controlled.jointNames, planner.model.isPrismatic).filter(\.1).map(\.0)
    arm = ArmDescription(
      name: name, jointNames: controlled.jointNames, prismaticJoints: Set(sliding), rate: rate, limits: planner.limits, poses: planner.poses)
    pump = DispatchSource.makeTimerSource(queue: events)
    pump.schedule(deadline: .now(), repeating: .milliseconds(2), leeway: .milliseconds(1))
    pump.setEventHandler { [weak self] in self?.drainEvents() }
    pump.resume()
    sceneEdits.async { self.watchScene() }
  }

  deinit { pump.cancel() }

  func observe(_ handler: @escaping @Sendable (ArmEvent) -> Void) { events.async { self.handler = handler } }

  /// Tells nobody anything from now on; returns when the last one has been told.
  func fallSilent() {
    pump.cancel()
    events.sync { handler = { _ in } }
  }

  func state() -> ArmState {
    let snapshot = controlled.snapshot
    let pose = motionPlanner.model.pose(at: snapshot.position)
    if snapshot.isHeard { wasHeard.store(true, ordering: .relaxed) }
    return ArmState(
      time: nanoseconds(snapshot.time), tick: UInt64(snapshot.tick), mode: ArmMode(snapshot.mode), position: snapshot.position,
      velocity: snapshot.velocity, effort: snapshot.effort, external: snapshot.external, setpoint: snapshot.setpoint,
      pose: ToolPose(position: pose.translation, quaternion: pose.rotation.quaternion), fault: snapshot.fault.map(error(of:)),
      isHomed: wasHeard.load(ordering: .relaxed) && homing.isPlausible(snapshot.position), speed: snapshot.speedOverride,
      hindrance: hindrance(in: snapshot))
  }

  private func error(of fault: ControlFault) -> ServiceError {
    var error = ServiceError(fault, joints: controlled.jointNames, buses: controlled.busNames)
    error.record = flightRecord.withLock(\.self)
    return error
  }

  private func error(of refusal: ControlRefusal) -> ServiceError {
    ServiceError(refusal, joints: controlled.jointNames, buses: controlled.busNames)
  }
}

// MARK: - Motions

extension LiveArm {
  func submit(_ motion: MotionRequest, completion: @escaping @Sendable (Result<PlannedMotion, ServiceError>) -> Void) {
    let stops = queue.withLock(\.stops)
    planner.async { [self] in
      completion(Result { () throws(ServiceError) -> PlannedMotion in try plan(motion, unlessStoppedAfter: stops) })
    }
  }

  private func plan(_ motion: MotionRequest, unlessStoppedAfter stops: Int) throws(ServiceError) -> PlannedMotion {
    if motion.isRetarget { return try retarget(motion, unlessStoppedAfter: stops) }
    let origin = if let given = motion.start { given } else { try startOfNextMotion(isDryRun: motion.isDryRun) }
    let surroundings = try surroundings(for: motion)
    let trajectory = try trajectory(for: motion, from: origin, in: surroundings) { queue.withLock { $0.stops != stops } }
    let peaks = trajectory.peakShares
    var planned = PlannedMotion(
      job: nil, duration: trajectory.duration, end: trajectory.end,
      peakShares: [peaks.velocity.maximumMagnitude, peaks.acceleration.maximumMagnitude, peaks.jerk.maximumMagnitude])
    if motion.isDryRun {
      report(on: trajectory, in: surroundings, &planned)
      return planned
    }
    let added = queue.withLock { queue -> (id: Int, startNow: MotionQueue.Job?)? in
      queue.stops == stops ? queue.add(trajectory, isChecked: motion.plan != false, mayTouch: motion.mayTouch) : nil
    }
    guard let added else { throw .stoppedWhilePlanning }
    planned.job = added.id
    events.async { self.tell(added.id, .queued) }
    if let job = added.startNow { start(job) }
    if surroundings.map({ $0.revision != world.revision }) ?? (motion.plan == nil && world.isInhabited) { checkMotionsAgain() }
    return planned
  }

  /// From whatever the arm does now straight on to the new target.
  private func retarget(_ motion: MotionRequest, unlessStoppedAfter stops: Int) throws(ServiceError) -> PlannedMotion {
    let snapshot = controlled.snapshot
    let target = try motionPlanner.target(of: motion, near: snapshot.setpoint)
    if let surroundings = try surroundings(for: motion) {
      try motionPlanner.checkRetarget(to: target, from: snapshot.setpoint, velocity: snapshot.velocity, speed: motion.speed, in: surroundings)
    }
    let duration = try motionPlanner.duration(to: target, from: snapshot.setpoint, velocity: snapshot.velocity, speed: motion.speed)
    let added = queue.withLock { $0.stops == stops ? $0.takeOver(to: target, speed: motion.speed) : nil }
    guard let (job, dropped) = added else { throw .stoppedWhilePlanning }
    let reason = ServiceError(.stopped, "Another motion took over.", suggestion: "send the motion again")
    events.async {
      for other in dropped { self.tell(other, .cancelled, reason) }
      self.tell(job.id, .queued)
    }
    start(job)
    return PlannedMotion(job: job.id, duration: duration, end: target)
  }

  /// Where the arm will be at rest when all that was asked for before is done.
  private func startOfNextMotion(isDryRun: Bool) throws(ServiceError) -> JointVector {
    // After a stop the arm brakes for a moment; a plan can only begin where it comes to rest.
    for _ in 0..<2500 {
      let (end, isEnding) = queue.withLock { ($0.end, $0.isEnding) }
      if let end { return end }
      let snapshot = controlled.snapshot
      if isDryRun, !snapshot.isPowered { return snapshot.position }
      switch snapshot.mode {
      case .off: throw error(of: .off)
      case .fault: throw snapshot.fault.map(error(of:)) ?? error(of: .faulted)
      case .float, .comply: throw error(of: .floating)
      case .hold, .stopped, .move, .servo, .yield, .recover:
        if snapshot.isAtRest, !isEnding, snapshot.tick > servoTick.load(ordering: .relaxed) + 1 { return snapshot.setpoint }
      }
      usleep(2000)
    }
    throw error(of: .busy)
  }

  private func start(_ job: MotionQueue.Job) {
    let request: ControlRequest
    switch job.work {
    case .trajectory(let trajectory): request = .follow(trajectory, job: job.id)
    case .goal(let goal, let speed): request = .goTo(goal, speed: speed, job: job.id)
    }
    guard !controlled.post(request) else { return }
    events.async { self.end(job.id, .failed, ServiceError(.busy, "Too many requests wait.", suggestion: "send the motion again")) }
  }

  func cancel(_ job: Int) {
    let wasWaiting = queue.withLock { $0.drop(job) }
    if wasWaiting {
      events.async { self.tell(job, .cancelled) }
    } else if let dropped = queue.withLock({ $0.running?.id == job ? $0.dropAll() : nil }) {
      _ = controlled.post(.cancel(job: job))
      let reason = ServiceError(.stopped, "The job before it was cancelled.", suggestion: "send the motion again")
      events.async { for other in dropped { self.tell(other, .cancelled, reason) } }
    }
  }

  func stop(_ reason: StopReason) {
    controlled.stop()
    let dropped = queue.withLock { $0.dropAll() }
    guard !dropped.isEmpty else { return }
    let cause = ServiceError(.stopped, reason.sentence, suggestion: "send the motion again")
    events.async { for job in dropped { self.tell(job, .cancelled, cause) } }
  }
}

// MARK: - Pace

extension LiveArm {
  func setCourse(_ course: Course, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    let snapshot = controlled.snapshot
    if snapshot.job != nil, snapshot.course == course { return completion(.success(())) }
    let request: PendingRequests.Request = course == .paused ? .pause : .resume
    pending.withLock { $0.append(request, completion: completion) }
    expire(request)
    _ = controlled.post(course == .paused ? .pause : .resume(course))
  }

  func servo(_ target: ServoTarget, mayTouch: Bool) throws(ServiceError) {
    let snapshot = controlled.snapshot
    if let refusal = ControlRefusal(ofStreamIn: snapshot.mode, job: snapshot.job) { throw error(of: refusal) }
    servoTick.store(snapshot.tick, ordering: .relaxed)
    _ = controlled.post(.servo(target, mayTouch: mayTouch))
  }

  func setSpeed(_ share: Double) { _ = controlled.post(.setSpeed(share)) }
}

// MARK: - Modes and repair

extension LiveArm {
  func setMode(_ mode: RequestedMode, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    let request: ControlRequest
    switch mode {
    case .hold: request = .hold
    case .off: request = .off
    case .float: request = .float
    case .comply: request = .comply
    }
    let wanted = ControlMode(mode)
    if controlled.snapshot.mode == wanted { return completion(.success(())) }
    if wanted == .hold || wanted == .off { _ = queue.withLock { $0.dropAll() } }
    pending.withLock { $0.append(.mode(wanted), completion: completion) }
    expire(.mode(wanted))
    _ = controlled.post(request)
  }

  func resetFault(completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    repair.async { [self] in
      guard controlled.snapshot.mode == .fault else { return completion(.success(())) }
      do throws(BusError) { try controlled.connect() } catch {
        return completion(.failure(ServiceError(.bus, error.description, suggestion: error.suggestion)))
      }
      // A bus that was just connected takes a moment until every motor has answered.
      for _ in 0..<500 where !controlled.snapshot.isHeard { usleep(2000) }
      pending.withLock { $0.append(.reset, completion: completion) }
      expire(.reset)
      _ = controlled.post(.reset)
    }
  }

  /// A loop that was halted answers nothing; nobody is to wait for ever.
  private func expire(_ request: PendingRequests.Request) {
    events.asyncAfter(deadline: .now() + 5) { [self] in
      settle(request, .failure(ServiceError(.timeout, "The control loop did not answer.", suggestion: "`armctl status`")))
    }
  }

  private func settle(_ request: PendingRequests.Request, _ result: Result<Void, ServiceError>) {
    for completion in pending.withLock({ $0.remove(request) }) { completion(result) }
  }
}

// MARK: - Events, all on `events`

extension LiveArm {
  private func drainEvents() {
    while let event = controlled.nextEvent() { take(event) }
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
    // In a fault the mode does not tell that the motors were switched off.
    case .powerChanged(let isOn): if !isOn { settle(.mode(.off), .success(())) }
    case .started(let job): tell(job, .started, at: timed)
    case .finished(let job): end(job, .done, at: timed)
    case .interrupted(let job, let cause): interrupt(job, cause, timed)
    case .refused(.follow(let job), let refusal): end(job, .failed, error(of: refusal), at: timed)
    case .refused(.mode(let mode), let refusal): settle(.mode(mode), .failure(error(of: refusal)))
    case .refused(.reset, let refusal): settle(.reset, .failure(error(of: refusal)))
    case .returned(let job):
      end(job, .cancelled, ServiceError(.stopped, "The arm went back to where the job began.", suggestion: "send the motion again"), at: timed)
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
    case .knocked(let knock): report(knock, as: "knocked", "Something hit \(controlled.jointNames[knock.joint]) or what it carries.", timed)
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
    case .stop: reason = ServiceError(.stopped, "The arm was stopped.", suggestion: "send the motion again")
    case .cancel:
      reason =
        blocked.withLock { $0.removeValue(forKey: job) } ?? ServiceError(.stopped, "The job was cancelled.", suggestion: "send the motion again")
    case .fence:
      reason = ServiceError(.fence, "The fence \"\(lastFence)\" is in the way.", suggestion: "a goal and a way on this side of it")
    case .mode: reason = ServiceError(.stopped, "The mode was changed.", suggestion: "send the motion again")
    case .retarget: reason = ServiceError(.stopped, "Another motion took over.", suggestion: "send the motion again")
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

  private func end(_ job: Int, _ state: JobState, _ reason: ServiceError? = nil, at timed: TimedEvent? = nil) {
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
          progress: state == .done ? 1 : progress, reason: reason)))
  }
}

private func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, seconds) * 1e9) }
