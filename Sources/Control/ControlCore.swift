public import Kinematics
public import Planner

/// The whole control law as a value: no clock, no thread, no bus, no allocation; it never throws.
///
/// Each tick takes what the wire told (``ControlInput``), judges it, moves the setpoint as the mode says, and checks the setpoint against the limits before
/// it lets it out. Requests change the mode between ticks; what came of them is in ``events``.
public struct ControlCore: Sendable {
  public let settings: ControlSettings
  public let model: RobotModel

  public private(set) var mode = ControlMode.off
  public internal(set) var fault: ControlFault?
  public private(set) var setpoint: JointSetpoint
  /// Whether the motors should have torque.
  public private(set) var isPowered = false
  /// The job under way, and how much of it is done, 0…1.
  public private(set) var job: Int?
  public private(set) var progress = 0.0
  /// What the hand or an obstacle does to each joint, estimated [N·m]. Quasi-static: inertia is not subtracted.
  public private(set) var externalEffort: JointVector
  /// What happened since the events were last removed.
  public var events = EventQueue()

  public private(set) var time = 0.0
  public internal(set) var input: ControlInput
  var velocityEstimate: VelocityEstimate
  var watch: SafetyWatch
  private let admittance: FloatAdmittance
  private var motion: Trajectory?
  private var motionTime = 0.0
  private var brake: JerkLimitedStop?
  private var brakeTime = 0.0
  private var isOffPending = false
  private var wasPoweredBeforeFault = false
  /// A motor was silent, so the setpoint may be far from the arm when it is heard again.
  private var isLost = false

  /// - Precondition: `settings.limits` has the model's joint count.
  public init(model: RobotModel, settings: ControlSettings) {
    precondition(settings.limits.lower.count == model.jointCount)
    self.model = model
    self.settings = settings
    input = ControlInput(jointCount: model.jointCount)
    setpoint = JointSetpoint(restingAt: JointVector(count: model.jointCount))
    externalEffort = JointVector(count: model.jointCount)
    velocityEstimate = VelocityEstimate(jointCount: model.jointCount)
    watch = SafetyWatch(settings: settings)
    admittance = FloatAdmittance(limits: settings.limits, coulombFriction: settings.coulombFriction)
  }

  /// Whether every motor has been heard of lately.
  public var isHeard: Bool { watch.silentJoint(in: input, time: time) == nil }

  /// Whether the setpoint stands still and nothing is about to move it.
  public var isAtRest: Bool {
    brake == nil && motion == nil && mode != .float && setpoint.velocity.maximumMagnitude == 0 && setpoint.acceleration.maximumMagnitude == 0
  }

  /// Measured joint velocities [rad/s].
  public var velocity: JointVector { velocityEstimate.velocity }

  /// One run of the control law.
  ///
  /// - Parameters:
  ///   - input: What the wire told since the last tick.
  ///   - time: The tick's time, monotonic [s].
  /// - Real-time: does not allocate, lock, throw or block. Constant time but for the dynamics, O(joints).
  public mutating func tick(_ input: ControlInput, time: Double) -> ControlOutput {
    self.input = input
    self.time = time
    velocityEstimate.update(position: input.position, sampleTime: input.sampleTime)
    estimateExternalEffort()

    if let cause = watch.fault(in: input, setpoint: setpoint, velocity: velocity, isPowered: isPowered, time: time) { enter(cause) }
    if isLost, watch.silentJoint(in: input, time: time) == nil { brakeFromMeasured() }

    var next = nextSetpoint()
    if isPowered, let passed = watch.passedLimit(from: setpoint, to: next) {
      enter(passed)
      next = nextSetpoint()
    }
    setpoint = next
    return ControlOutput(isPowered: isPowered, setpoint: setpoint.position, setpointVelocity: setpoint.velocity)
  }

  private mutating func estimateExternalEffort() {
    var friction = settings.viscousFriction.scaled(by: velocity)
    for joint in friction.indices {
      // Dry friction fades in over a speed well above the estimate's noise.
      let direction = min(max(velocity[joint] / 0.02, -1), 1)
      friction[joint] += settings.coulombFriction[joint] * direction
    }
    externalEffort = model.gravityEffort(at: input.position) + friction - input.effort
  }
}

// MARK: - The setpoint's way

extension ControlCore {
  private mutating func nextSetpoint() -> JointSetpoint {
    guard isPowered else { return JointSetpoint(restingAt: input.position) }
    if let brake {
      brakeTime += settings.period
      if brakeTime < brake.duration { return brake.setpoint(at: brakeTime) }
      let rest = JointSetpoint(restingAt: brake.setpoint(at: brake.duration).position)
      self.brake = nil
      if isOffPending { powerOff() }
      return rest
    }
    switch mode {
    case .move: return followMotion()
    case .float: return admittance.setpoint(after: setpoint, externalEffort: externalEffort, period: settings.period)
    case .off, .hold, .stopped, .fault: return JointSetpoint(restingAt: setpoint.position)
    }
  }

  private mutating func followMotion() -> JointSetpoint {
    guard let motion, let job else { return JointSetpoint(restingAt: setpoint.position) }
    motionTime += settings.period
    if motionTime < motion.duration {
      progress = motionTime / motion.duration
      return motion.setpoint(at: motionTime)
    }
    let rest = JointSetpoint(restingAt: motion.setpoint(at: motion.duration).position)
    endMotion()
    change(to: .hold)
    events.append(.finished(job: job))
    return rest
  }

  private mutating func startBrake() {
    let isMoving = setpoint.velocity.maximumMagnitude > 0 || setpoint.acceleration.maximumMagnitude > 0
    brake = isMoving ? JerkLimitedStop(from: setpoint, limits: settings.limits) : nil
    brakeTime = 0
  }

  private mutating func endMotion() {
    motion = nil
    job = nil
    progress = 0
  }

  private mutating func interruptMotion(by cause: ControlEvent.Interruption) {
    guard let job else { return }
    endMotion()
    events.append(.interrupted(job: job, by: cause))
  }
}

// MARK: - Modes

extension ControlCore {
  /// Takes a request in. What came of it is in ``events`` at once.
  ///
  /// - Real-time: does not allocate. The trajectory given up is released here, so whoever made it must keep it until its job has ended.
  public mutating func accept(_ request: ControlRequest) {
    switch request {
    case .hold: attempt(.mode(.hold)) { core throws(ControlRefusal) in try core.hold() }
    case .off: requestOff()
    case .float: attempt(.mode(.float)) { core throws(ControlRefusal) in try core.startFloating() }
    case .follow(let trajectory, let job):
      attempt(.follow(job: job)) { core throws(ControlRefusal) in try core.follow(trajectory, job: job) }
    case .cancel(let job): attempt(.cancel(job: job)) { core throws(ControlRefusal) in try core.cancel(job) }
    case .reset: attempt(.reset) { core throws(ControlRefusal) in try core.reset() }
    }
  }

  /// Brakes as fast as the limits allow, and stays stiff there. Never refused; nothing to do in a fault or with the motors off.
  public mutating func stop() {
    guard isPowered, mode != .fault, mode != .stopped else { return }
    interruptMotion(by: .stop)
    startBrake()
    change(to: .stopped)
  }

  private mutating func attempt(_ name: ControlEvent.Request, _ body: (inout ControlCore) throws(ControlRefusal) -> Void) {
    do { try body(&self) } catch { events.append(.refused(name, error)) }
  }

  private mutating func change(to newMode: ControlMode) {
    guard newMode != mode else { return }
    mode = newMode
    events.append(.modeChanged(newMode))
  }

  private mutating func hold() throws(ControlRefusal) {
    if mode == .fault { throw .faulted }
    isOffPending = false
    guard isPowered else { return try powerOn() }
    interruptMotion(by: .mode)
    if brake == nil { startBrake() }
    change(to: .hold)
  }

  private mutating func powerOn() throws(ControlRefusal) {
    if input.isEmergencyStopPressed { throw .emergencyStop }
    if let bus = input.lostBus { throw .busLost(index: bus) }
    if let joint = watch.silentJoint(in: input, time: time) { throw .notHeard(joint: joint) }
    isPowered = true
    brake = nil
    setpoint = JointSetpoint(restingAt: input.position)
    watch.begin(at: input.position)
    change(to: .hold)
  }

  private mutating func requestOff() {
    interruptMotion(by: .mode)
    guard isPowered, mode != .fault else {
      wasPoweredBeforeFault = false
      if mode == .fault { isPowered = false }
      return
    }
    if brake == nil { startBrake() }
    if brake == nil { powerOff() } else { isOffPending = true }
  }

  private mutating func powerOff() {
    isPowered = false
    isOffPending = false
    change(to: .off)
  }

  private mutating func startFloating() throws(ControlRefusal) {
    if mode == .fault { throw .faulted }
    guard isPowered else { throw .off }
    guard brake == nil, motion == nil else { throw .busy }
    change(to: .float)
  }

  private mutating func follow(_ trajectory: Trajectory, job newJob: Int) throws(ControlRefusal) {
    if mode == .fault { throw .faulted }
    guard isPowered, !isOffPending else { throw .off }
    if mode == .float { throw .floating }
    guard brake == nil, motion == nil else { throw .busy }
    let gap = trajectory.start - setpoint.position
    for joint in gap.indices where gap[joint].magnitude > 1e-6 { throw .startsElsewhere(joint: joint, by: gap[joint]) }
    motion = trajectory
    motionTime = 0
    job = newJob
    progress = 0
    events.append(.started(job: newJob))
    change(to: .move)
  }

  private mutating func cancel(_ cancelled: Int) throws(ControlRefusal) {
    guard job == cancelled else { throw .noSuchJob }
    interruptMotion(by: .cancel)
    startBrake()
    change(to: .stopped)
  }

  private mutating func reset() throws(ControlRefusal) {
    guard mode == .fault else { return }
    if input.isEmergencyStopPressed { throw .emergencyStop }
    if let bus = input.lostBus { throw .busLost(index: bus) }
    if let joint = watch.silentJoint(in: input, time: time) { throw .notHeard(joint: joint) }
    let shouldPower = wasPoweredBeforeFault
    fault = nil
    isPowered = false
    brake = nil
    isLost = false
    watch = SafetyWatch(settings: settings)
    events.append(.cleared)
    if shouldPower { try powerOn() } else { change(to: .off) }
  }

  /// Latches `cause`. A second fault changes nothing, but for one that takes the power away.
  private mutating func enter(_ cause: ControlFault) {
    if mode != .fault {
      wasPoweredBeforeFault = isPowered
      interruptMotion(by: .fault)
      isOffPending = false
      fault = cause
      change(to: .fault)
      events.append(.faulted(cause))
      if isPowered { startBrake() }
    }
    switch cause {
    case .emergencyStop, .safetyLine:
      isPowered = false
      brake = nil
    case .busSilent, .busLost: isLost = true
    case .followingError: if isPowered { brakeFromMeasured() }  // what blocks the arm is not to be pushed any further
    case .busNoise, .limit, .motor: break
    }
  }

  /// Lets the setpoint start anew where the arm was found, and come to rest from there.
  private mutating func brakeFromMeasured() {
    isLost = false
    guard isPowered else { return }
    setpoint = JointSetpoint(position: input.position, velocity: velocity, acceleration: JointVector(count: model.jointCount))
    startBrake()
  }
}
