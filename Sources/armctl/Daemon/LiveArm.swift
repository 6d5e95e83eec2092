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
  let peripherals: Peripherals
  let hand = Mutex(Hand())
  /// For its sentences.
  let velocityKinematics: VelocityKinematics
  let fenceNames: [String]
  private let homing: HomingCheck
  /// Whether every motor has told where it is.
  private let wasHeard = Atomic(false)
  /// When the latest command of a stream was passed on; no snapshot of that tick or the next need know of it.
  private let servoTick = Atomic(Int.min)
  /// Of the latched fault.
  let flightRecord = Mutex<String?>(nil)
  let flightLog: FlightLog
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
  /// Who stopped the arm last, and at which tick.
  private let lastStop = Mutex<(tick: Int, reason: StopReason)?>(nil)
  private let pending = Mutex(PendingRequests())
  /// Only touched on `events`.
  var handler: @Sendable (ArmEvent) -> Void = { _ in }
  var lastProgress = 0.0
  var lastFence = ""
  var knocks = KnockCounter()

  init(
    _ controlled: ControlledArm, loop: ControlLoop, planner: MotionPlanner, world: ArmWorld, fenceNames: [String] = [], name: String, rate: Double,
    homing: HomingCheck, peripherals: Peripherals? = nil, flightLog: FlightLog
  ) {
    self.controlled = controlled
    self.loop = loop
    motionPlanner = planner
    self.world = world
    self.peripherals = peripherals ?? .none
    recorder = PathRecorder(controlled, period: planner.period, limits: planner.limits)
    velocityKinematics = VelocityKinematics(model: planner.model, limits: planner.limits)
    self.fenceNames = fenceNames
    self.homing = homing
    self.flightLog = flightLog
    let sliding = zip(controlled.jointNames, planner.model.isPrismatic).filter(\.1).map(\.0)
    arm = ArmDescription(
      name: name, jointNames: controlled.jointNames, prismaticJoints: Set(sliding), rate: rate, limits: planner.limits, poses: planner.poses,
      inputNames: self.peripherals.inputNames, gripperDuration: self.peripherals.gripper?.duration)
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

  func error(of fault: ControlFault) -> ServiceError {
    var error = ServiceError(fault, joints: controlled.jointNames, buses: controlled.busNames)
    error.record = flightRecord.withLock(\.self)
    return error
  }

  func error(of refusal: ControlRefusal) -> ServiceError {
    ServiceError(refusal, joints: controlled.jointNames, buses: controlled.busNames)
  }
}

// MARK: - Motions

extension LiveArm {
  func submit(_ motion: MotionRequest, _ ticket: PlanTicket, completion: @escaping @Sendable (Result<PlannedMotion, ServiceError>) -> Void) {
    let stops = queue.withLock(\.stops)
    planner.async { [self] in
      completion(Result { () throws(ServiceError) -> PlannedMotion in try plan(motion, ticket, unlessStoppedAfter: stops) })
    }
  }

  private func plan(_ motion: MotionRequest, _ ticket: PlanTicket, unlessStoppedAfter stops: Int) throws(ServiceError) -> PlannedMotion {
    // A dry run moves nothing, so that no stop concerns it.
    let isVoid = { [self] in ticket.isCalledOff || !motion.isDryRun && queue.withLock { $0.stops != stops } }
    if isVoid() { throw .stoppedWhilePlanning }
    if motion.isRetarget { return try retarget(motion, ticket, unlessStoppedAfter: stops) }
    let origin = if let given = motion.start { given } else { try startOfNextMotion(isDryRun: motion.isDryRun, isVoid: isVoid) }
    let surroundings = try surroundings(for: motion)
    let trajectory = try trajectory(for: motion, from: origin, in: surroundings, isVoid: isVoid)
    let peaks = trajectory.peakShares
    var planned = PlannedMotion(
      job: nil, duration: trajectory.duration, end: trajectory.end,
      peakShares: [peaks.velocity.maximumMagnitude, peaks.acceleration.maximumMagnitude, peaks.jerk.maximumMagnitude])
    if motion.isDryRun {
      report(on: trajectory, in: surroundings, &planned, isVoid: isVoid)
      return planned
    }
    let added = queue.withLock { queue -> (id: Int, startNow: MotionQueue.Job?)? in
      queue.stops == stops && ticket.carryOut() ? queue.add(trajectory, isChecked: motion.plan != false, mayTouch: motion.mayTouch) : nil
    }
    guard let added else { throw .stoppedWhilePlanning }
    planned.job = added.id
    events.async { self.tell(added.id, .queued) }
    if let job = added.startNow { start(job) }
    if surroundings.map({ $0.revision != world.revision }) ?? (motion.plan == nil && world.isInhabited) { checkMotionsAgain() }
    return planned
  }

  /// From whatever the arm does now straight on to the new target.
  private func retarget(_ motion: MotionRequest, _ ticket: PlanTicket, unlessStoppedAfter stops: Int) throws(ServiceError) -> PlannedMotion {
    if queue.withLock(\.isHeld) { throw .held }
    let snapshot = controlled.snapshot
    let target = try motionPlanner.target(of: motion, near: snapshot.setpoint)
    if let surroundings = try surroundings(for: motion) {
      try motionPlanner.checkRetarget(to: target, from: snapshot.setpoint, velocity: snapshot.velocity, speed: motion.speed, in: surroundings)
    }
    let duration = try motionPlanner.duration(to: target, from: snapshot.setpoint, velocity: snapshot.velocity, speed: motion.speed)
    let added = queue.withLock { $0.stops == stops && ticket.carryOut() ? $0.takeOver(to: target, speed: motion.speed) : nil }
    guard let (job, dropped) = added else { throw .stoppedWhilePlanning }
    let reason = ServiceError(.stopped, "Another motion took over.", suggestion: ServiceError.again)
    events.async {
      for other in dropped { self.tell(other, .cancelled, reason) }
      self.tell(job.id, .queued)
    }
    start(job)
    return PlannedMotion(job: job.id, duration: duration, end: target)
  }

  /// Where the arm will be at rest when all that was asked for before is done.
  private func startOfNextMotion(isDryRun: Bool, isVoid: () -> Bool) throws(ServiceError) -> JointVector {
    // After a stop the arm brakes for a moment; a plan can only begin where it comes to rest.
    for _ in 0..<2500 {
      if isVoid() { throw .stoppedWhilePlanning }
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

  func start(_ job: MotionQueue.Job) {
    let request: ControlRequest
    switch job.work {
    case .trajectory(let trajectory): request = .follow(trajectory, job: job.id)
    case .goal(let goal, let speed): request = .goTo(goal, speed: speed, job: job.id)
    }
    guard !controlled.post(request) else { return }
    events.async { self.end(job.id, .failed, ServiceError(.busy, "Too many requests wait.", suggestion: ServiceError.again)) }
  }

  func cancel(_ job: Int) {
    let wasWaiting = queue.withLock { $0.drop(job) }
    if wasWaiting {
      events.async { self.tell(job, .cancelled) }
    } else if let dropped = queue.withLock({ $0.running?.id == job ? $0.dropAll() : nil }) {
      _ = controlled.post(.cancel(job: job))
      let reason = ServiceError(.stopped, "The job before it was cancelled.", suggestion: ServiceError.again)
      events.async { for other in dropped { self.tell(other, .cancelled, reason) } }
    }
  }

  func stop(_ reason: StopReason) {
    lastStop.withLock { $0 = (controlled.snapshot.tick, reason) }
    controlled.stop()
    let dropped = queue.withLock { queue -> [Int] in
      queue.isHeld = false
      return queue.dropAll()
    }
    guard !dropped.isEmpty else { return }
    events.async { for job in dropped { self.tell(job, .cancelled, .stopped(reason)) } }
  }

  /// Why the arm stopped at a tick: whose stop came just before it, or a reason of its own.
  func causeOfStop(at tick: Int, _ circumstance: String? = nil) -> ServiceError {
    if let stop = lastStop.withLock(\.self), stop.tick...(stop.tick + 10) ~= tick { return .stopped(stop.reason, circumstance) }
    return ServiceError(.stopped, "The arm was stopped" + (circumstance.map { " \($0)." } ?? "."), suggestion: ServiceError.again)
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

  func setHeld(_ isHeld: Bool) {
    let next = queue.withLock { queue -> MotionQueue.Job? in
      queue.isHeld = isHeld
      return queue.startNext()
    }
    if let next { start(next) }
  }

  func servo(_ target: ServoTarget, mayTouch: Bool) throws(ServiceError) {
    if queue.withLock(\.isHeld) { throw .held }
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

  func settle(_ request: PendingRequests.Request, _ result: Result<Void, ServiceError>) {
    for completion in pending.withLock({ $0.remove(request) }) { completion(result) }
  }
}
