// What is asked of the core, and what it answers. Refusals are values and not thrown: a thrown error may allocate where a debugger or a test listens.

internal import Kinematics
internal import Planner

extension ControlCore {
  /// Whether there is room for the events of one more request, at most three, and of ``act()``, at most three.
  public var canAccept: Bool { events.count + 6 <= EventQueue.capacity }

  /// Takes a request in. What came of it is in ``events`` at once.
  ///
  /// - Parameter isOvertaken: A stop came after this request was made, so it must not set the arm in motion any more.
  /// - Precondition: ``canAccept``; else events are lost.
  /// - Real-time: does not allocate. The trajectory given up is released here, so whoever made it must keep it until its job has ended.
  public mutating func accept(_ request: ControlRequest, isOvertaken: Bool = false) {
    switch request {
    case .hold: note(hold(), of: .mode(.hold))
    case .off: switchOff()
    case .float: note(isOvertaken ? .stopped : startFloating(), of: .mode(.float))
    case .comply: note(isOvertaken ? .stopped : startComplying(), of: .mode(.comply))
    case .follow(let trajectory, let job): note(isOvertaken ? .stopped : follow(trajectory, job: job), of: .follow(job: job))
    case .cancel(let job): note(cancel(job), of: .cancel(job: job))
    case .goTo(let goal, let speed, let job): note(isOvertaken ? .stopped : goTo(goal, speed: speed, job: job), of: .follow(job: job))
    case .servo(let target, let mayTouch): note(isOvertaken ? .stopped : servo(target, mayTouch: mayTouch), of: .servo)
    case .surround(let box): box.swap(with: &proximity)
    case .pause: note(isOvertaken ? .stopped : turn(to: .paused), of: .pause)
    case .resume(let course): note(isOvertaken ? .stopped : turn(to: course), of: .resume)
    case .setSpeed(let share): speedOverride = share
    case .reset: note(reset(), of: .reset)
    }
  }

  /// Brakes as fast as the limits allow, on the path where there is one, and stays stiff there. Never refused; nothing to do in a fault or with
  /// the motors off.
  public mutating func stop() {
    guard isPowered, mode != .fault else { return }
    // An arm that was about to be switched off keeps its power.
    isPowerWanted = true
    interruptMotion(by: .stop)
    settleDown()
    change(to: .stopped)
  }

  private mutating func note(_ refusal: ControlRefusal?, of request: ControlEvent.Request) {
    if let refusal { events.append(.refused(request, refusal)) }
  }

  private mutating func hold() -> ControlRefusal? {
    if mode == .fault { return .faulted }
    guard isPowered else { return switchOn() }
    isPowerWanted = true
    interruptMotion(by: .mode)
    settleDown()
    change(to: .hold)
    return nil
  }

  private mutating func switchOn() -> ControlRefusal? {
    if let refusal = obstacleToPower { return refusal }
    isPowerWanted = true
    setpoint = JointSetpoint(restingAt: input.position)
    watch.begin(at: input.position)
    setPower(true)
    change(to: .hold)
    return nil
  }

  /// Why the motors must not be switched on, if anything stands in the way.
  private var obstacleToPower: ControlRefusal? {
    if input.isEmergencyStopPressed { return .emergencyStop }
    if input.isSafetyLineDead { return .safetyLine }
    if let bus = input.lostBus { return .busLost(index: bus) }
    return (lost.first ?? watch.unheardJoint(in: input)).map { .notHeard(joint: $0) }
  }

  private mutating func switchOff() {
    isPowerWanted = false
    interruptMotion(by: .mode)
    guard isPowered else { return }
    settleDown()
    if brake != nil || motion != nil || !isSettled || isYielding, mode != .fault { change(to: .stopped) }
  }

  private mutating func startFloating() -> ControlRefusal? {
    if let refusal = obstacleToSoftness { return refusal }
    change(to: .float)
    return nil
  }

  private var obstacleToSoftness: ControlRefusal? {
    if mode == .fault { return .faulted }
    guard isPowered, isPowerWanted else { return .off }
    guard brake == nil, motion == nil, onlineTask == nil, isSettled, !isYielding else { return .busy }
    return input.withoutEffort.first.map { .noEffort(joint: $0) }
  }

  private mutating func startComplying() -> ControlRefusal? {
    guard reflex?.settings.hardware == .torque else { return .cannotComply }
    if let refusal = obstacleToSoftness { return refusal }
    setpoint = JointSetpoint(restingAt: setpoint.position)
    change(to: .comply)
    return nil
  }

  private mutating func follow(_ trajectory: Trajectory, job newJob: Int) -> ControlRefusal? {
    if mode == .fault { return .faulted }
    guard isPowered, isPowerWanted else { return .off }
    if mode == .float || mode == .comply { return .floating }
    guard brake == nil, motion == nil, onlineTask == nil, isSettled, !isYielding else { return .busy }
    let gap = trajectory.start - setpoint.position
    for joint in gap.indices where !(gap[joint].magnitude <= 1e-6) { return .startsElsewhere(joint: joint, by: gap[joint]) }
    motion = trajectory
    clock = MotionClock()
    clearedWay = ClearedWay()
    pace = 2
    course = .forward
    job = newJob
    progress = 0
    events.append(.started(job: newJob))
    change(to: .move)
    return nil
  }

  private mutating func cancel(_ cancelled: Int) -> ControlRefusal? {
    guard job == cancelled else { return .noSuchJob }
    interruptMotion(by: .cancel)
    settleDown()
    change(to: .stopped)
    return nil
  }

  /// Pauses the job under way, or lets it go on or back.
  private mutating func turn(to newCourse: Course) -> ControlRefusal? {
    if mode == .fault { return .faulted }
    guard let job, motion != nil || onlineTask != nil && newCourse != .back else { return .idle }
    guard newCourse != course else { return nil }
    course = newCourse
    events.append(newCourse == .paused ? .paused(job: job) : .resumed(job: job))
    return nil
  }

  /// Leaves a fault. An arm that still has power goes on from its setpoint, one that lost it is held where it is measured.
  private mutating func reset() -> ControlRefusal? {
    guard mode == .fault else { return nil }
    if let refusal = obstacleToPower { return refusal }
    fault = nil
    events.append(.cleared)
    if isPowered {
      watch.begin(at: input.position)
      // Motors that had let go take over what lay on an end stop, or on the bench.
      reflex?.wake()
      change(to: isPowerWanted ? .hold : .stopped)
      return nil
    }
    if isPowerWanted { return switchOn() }
    change(to: .off)
    return nil
  }
}

// MARK: - Steps that both halves of a tick take

extension ControlCore {
  mutating func change(to newMode: ControlMode) {
    guard newMode != mode else { return }
    mode = newMode
    events.append(.modeChanged(newMode))
  }

  mutating func setPower(_ isOn: Bool) {
    guard isOn != isPowered else { return }
    isPowered = isOn
    brake = nil
    motion = nil
    onlineTask = nil
    reflex?.reset()
    events.append(.powerChanged(isOn: isOn))
  }

  /// Whatever moves the arm, it comes to rest: on its path if it is on one.
  private mutating func settleDown() {
    if isYielding { return stayWhereItIs() }
    if brake == nil, motion == nil { startBrake() }
  }

  mutating func endMotion() {
    motion = nil
    endJob()
  }

  private mutating func endJob() {
    job = nil
    progress = 0
  }

  /// Ends the job; its motion remains, for the way to standstill.
  mutating func interruptMotion(by cause: ControlEvent.Interruption) {
    guard let job else { return }
    endJob()
    events.append(.interrupted(job: job, by: cause))
  }
}
