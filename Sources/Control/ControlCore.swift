public import Kinematics
public import Planner

/// The whole control law as a value: no clock, no thread, no bus, no allocation; it never throws.
///
/// A tick has two halves. ``sense(_:time:)`` takes what the wire told (``ControlInput``) and judges it; ``act()`` moves the setpoint as the mode
/// says, and checks it against the limits before it lets it out. Requests change the mode between the two, so that they are judged by what is
/// known now. What came of them is in ``events``.
public struct ControlCore: Sendable {
  public let settings: ControlSettings
  public let model: RobotModel

  // What follows changes only in this file and in ControlCoreRequests.swift.

  public internal(set) var mode = ControlMode.off
  public internal(set) var fault: ControlFault?
  /// Where motions have come to.
  public internal(set) var setpoint: JointSetpoint
  /// What the motors are told: the setpoint, or what is made of it lest joints swing. The same once both stand still.
  public internal(set) var shapedSetpoint: JointSetpoint
  var shaping: SetpointShaping
  /// Whether the motors should have torque now.
  public internal(set) var isPowered = false
  /// Whether they should have it when nothing forbids it: what was last asked for. An arm that moves brakes before it is switched off.
  var isPowerWanted = false
  /// The job under way, and how much of it is done, 0…1.
  public internal(set) var job: Int?
  public internal(set) var progress = 0.0
  /// Which way along its motion the arm is to go.
  public internal(set) var course = Course.forward
  /// How fast motions run, as a share of what was planned, 0…2; never beyond a limit.
  public internal(set) var speedOverride = 1.0
  /// The motion that the setpoint is on; after a stop until it has come to rest, without a job.
  var motion: Trajectory?
  var clock = MotionClock()
  /// What the setpoint is led to without a trajectory, if anything; `online` leads it.
  var onlineTask: OnlineTask?
  var online: OnlineMotion
  var brake: JerkLimitedStop?
  private var brakeTime = 0.0
  /// Joints that were silent while they had power. The setpoint may be far from them when they are heard again.
  var lost = JointSet()
  /// What happened since the events were last removed.
  public var events = EventQueue()

  public private(set) var time = 0.0
  public private(set) var input: ControlInput
  /// What the hand or an obstacle does to each joint, estimated [N·m]; zero where the motor does not tell its effort.
  /// Quasi-static: inertia is not subtracted.
  public internal(set) var externalEffort: JointVector
  var watch: SafetyWatch
  private var velocityEstimate: VelocityEstimate
  /// Feels knocks and gives way to them; nil for an arm that does not.
  var reflex: Reflex?
  /// The mode that a knock found the arm in.
  var modeBeforeKnock = ControlMode.hold
  var knock = Knock()
  private let admittance: FloatAdmittance
  var fences: FenceWatch
  /// What streams keep clear of, and what holds the present one back.
  var proximity: Proximity?
  public internal(set) var obstruction: Obstruction?
  /// How far along `motion` fences leave room.
  var clearedWay = ClearedWay()
  /// The share of what was planned that slow zones leave.
  var pace = 2.0
  /// The fence that was told of last, and until when it is not told of again [s].
  var reportedFence: (index: Int, untilTime: Double)?

  /// - Precondition: `settings.limits` has the model's joint count.
  public init(model: RobotModel, settings: ControlSettings) {
    precondition(settings.limits.lower.count == model.jointCount)
    self.model = model
    self.settings = settings
    input = ControlInput(jointCount: model.jointCount)
    setpoint = JointSetpoint(restingAt: JointVector(count: model.jointCount))
    shapedSetpoint = setpoint
    shaping = SetpointShaping(settings)
    externalEffort = JointVector(count: model.jointCount)
    let greatest = (settings.compliance == nil ? 1 : Self.knockedShare) * settings.limits.velocity
    velocityEstimate = VelocityEstimate(limit: greatest, period: settings.period, longestGap: settings.busSilence)
    watch = SafetyWatch(settings: settings)
    fences = FenceWatch(fences: settings.fences, outline: settings.outline)
    online = OnlineMotion(model: model, limits: settings.limits)
    admittance = FloatAdmittance(limits: settings.limits, coulombFriction: settings.coulombFriction)
    reflex = settings.compliance.map { Reflex(model: model, control: settings, settings: $0) }
  }

  /// How many times as fast as its limit a joint may be that something hits.
  private static let knockedShare = 40.0

  /// Whether every motor has been heard of lately, and none is still to be found again after a silence.
  public var isHeard: Bool { input.lostBus == nil && lost.isEmpty && watch.unheardJoint(in: input) == nil }

  /// Whether the setpoint stands still and nothing is about to move it.
  public var isAtRest: Bool {
    !isYielding && brake == nil && motion == nil && onlineTask == nil && mode != .float && !isMoving && isSettled
  }

  /// Whether what the motors are told has come to where motions have.
  var isSettled: Bool { shapedSetpoint == setpoint }

  var isMoving: Bool { setpoint.velocity.maximumMagnitude > 0 || setpoint.acceleration.maximumMagnitude > 0 }

  /// Measured joint velocities [rad/s].
  public var velocity: JointVector { velocityEstimate.velocity }

  /// One run of the control law, without requests.
  ///
  /// - Parameters:
  ///   - input: What the wire told since the last tick.
  ///   - time: When the tick began, monotonic [s].
  /// - Real-time: does not allocate, lock, throw or block. Constant time but for the dynamics, O(joints²).
  public mutating func tick(_ input: ControlInput, time: Double) -> ControlOutput {
    sense(input, time: time)
    return act()
  }
}

// MARK: - Sensing

extension ControlCore {
  /// The first half of a tick: takes in what the wire told, and latches a fault where something is not as it must be.
  ///
  /// - Parameters:
  ///   - newInput: What the wire told since the last tick. What is no number in it counts as not heard.
  ///   - time: When the tick began, monotonic [s].
  /// - Real-time: does not allocate, lock, throw or block. O(joints).
  public mutating func sense(_ newInput: ControlInput, time: Double) {
    self.time = time
    input = newInput.finite(after: input)
    // What a joint did when its bus broke tells nothing about what it does when the bus is back.
    for joint in input.position.indices where input.disconnected.contains(joint) { velocityEstimate.forget(joint) }
    watch.listen(to: input, time: time)
    velocityEstimate.update(
      position: input.position, sampleTime: input.sampleTime, reported: input.velocity, reporting: input.withVelocity)
    if reflex == nil { estimateExternalEffort() } else { externalEffort = feel() }
    findLostJoints()
    if let cause = watch.fault(in: input, setpoint: shapedSetpoint, velocity: velocity, isPowered: isPowered, isYielding: isSoft) { enter(cause) }
    followReleased()
  }

  /// Joints that their motors let go of go where they like; the setpoint goes with them, so that the motors can take over again where they are.
  private mutating func followReleased() {
    guard mode == .fault, !input.withoutTorque.isEmpty, isPowered, !isYielding else { return }
    stopShaping()
    for joint in input.position.indices where input.withoutTorque.contains(joint) { startAnew(joint) }
    startBrake()
  }

  private mutating func estimateExternalEffort() {
    let friction = settings.viscousFriction.scaled(by: velocity)
    externalEffort = model.gravityEffort(at: input.position) + friction - input.effort
    for joint in externalEffort.indices {
      // Dry friction fades in over a speed well above the estimate's noise.
      let direction = min(max(velocity[joint] / 0.02, -1), 1)
      externalEffort[joint] += settings.coulombFriction[joint] * direction
      if input.withoutEffort.contains(joint) { externalEffort[joint] = 0 }
    }
  }

  /// A joint that was silent is taken up again where it is: at once where it was found, and then, as soon as its velocity is known, on its way.
  private mutating func findLostJoints() {
    guard isPowered else {
      lost = JointSet()
      return
    }
    for joint in input.position.indices {
      if watch.isSilent(joint) || input.disconnected.contains(joint) {
        lost.insert(joint)
      } else if lost.contains(joint), watch.heard.contains(joint) {
        anchor(joint)
        if velocityEstimate.isKnown(joint) { lost.remove(joint) }
      }
    }
  }

  /// Latches `cause`. A second fault changes nothing, but for one that takes the power away or that tells where not to push.
  private mutating func enter(_ cause: ControlFault) {
    let isFirst = mode != .fault
    if isFirst {
      interruptMotion(by: .fault)
      fault = cause
      change(to: .fault)
      events.append(.faulted(cause))
      if isYielding {
        stayWhereItIs()
      } else if isPowered, brake == nil || !isSettled {
        stopShaping()
        startBrake()
      }
    }
    switch cause {
    case .emergencyStop, .safetyLine: setPower(false)
    // What blocks the joint is not to be pushed any further.
    case .followingError(let joint, _, _): anchor(joint)
    case .limit(.effort, let joint, _, _), .motor(let joint, .stalled): if isFirst { anchor(joint) }
    case .busSilent, .busLost, .busNoise, .limit, .motor: break
    }
  }

  /// From now on the motors are told the setpoint itself, which goes on from what they were told last.
  mutating func stopShaping() {
    guard shaping.isActive else { return }
    setpoint = shapedSetpoint
    shaping.suspend()
  }

  /// Lets the setpoint of one joint start anew where the joint was measured, and come to rest from there; the others go on as they were.
  private mutating func anchor(_ joint: Int) {
    guard isPowered, !isYielding else { return }
    stopShaping()
    startAnew(joint)
    startBrake()
  }

  private mutating func startAnew(_ joint: Int) {
    setpoint.position[joint] = input.position[joint] + velocity[joint] * watch.age(of: joint)
    setpoint.velocity[joint] = velocity[joint]
    setpoint.acceleration[joint] = 0
  }
}

// MARK: - The setpoint's way

extension ControlCore {
  /// The second half of a tick: where the motors should be.
  ///
  /// - Real-time: does not allocate, lock, throw or block. O(joints²) in mode `float`, else O(joints).
  public mutating func act() -> ControlOutput {
    if isPowered, !isPowerWanted, brake == nil, motion == nil, isSettled, !isYielding {
      setPower(false)
      if mode != .fault { change(to: .off) }
    }
    if isPowered, isYielding { return giveWay() }
    if isPowered, brake == nil, let command = softCommand() { return output(command) }
    setpoint = nextSetpoint()
    shapedSetpoint = shaping.shaped(setpoint, isWanted: isPowered && mode != .float)
    if isPowered, let command = stiffCommand(feedForward(along: shapedSetpoint)) { return output(command) }
    return ControlOutput(
      isPowered: isPowered, setpoint: shapedSetpoint.position, setpointVelocity: shapedSetpoint.velocity,
      effort: isPowered ? feedForward(along: shapedSetpoint) : 0 * setpoint.position)
  }

  /// What holds and moves the arm along a setpoint, within the effort limits.
  private func feedForward(along setpoint: JointSetpoint) -> JointVector {
    var effort = model.inverseDynamics(at: setpoint.position, velocity: setpoint.velocity, acceleration: setpoint.acceleration)
    effort = effort + settings.rotorInertia.scaled(by: setpoint.acceleration) + settings.viscousFriction.scaled(by: setpoint.velocity)
    for joint in effort.indices {
      // As sharply as dry friction can turn without a jolt.
      let direction = min(max(setpoint.velocity[joint] / 0.02, -1), 1)
      let limit = settings.limits.effort[joint]
      effort[joint] = min(max(effort[joint] + settings.coulombFriction[joint] * direction, -limit), limit)
    }
    return effort
  }

  private mutating func nextSetpoint() -> JointSetpoint {
    guard isPowered else { return JointSetpoint(restingAt: input.position) }
    if let braked = nextOfBrake() { return braked }
    guard let next = nextOfTask() else { return JointSetpoint(restingAt: setpoint.position) }
    // Only a task can lead too far. A brake is the best that can be done, whatever it passes.
    if let passed = watch.passedLimit(from: setpoint, to: next) {
      enter(passed)
      return nextOfBrake() ?? JointSetpoint(restingAt: setpoint.position)
    }
    finishMotionWhereDone()
    return next
  }

  mutating func nextOfBrake() -> JointSetpoint? {
    guard let duration = brake?.duration else { return nil }
    brakeTime += settings.period
    let next = brake?.setpoint(at: brakeTime)
    if brakeTime >= duration { brake = nil }
    return next
  }

  private mutating func nextOfTask() -> JointSetpoint? {
    if let motion {
      let rate = fencedRate(wantedRate(of: motion), of: motion)
      return clock.advance(along: motion, toward: rate, limits: settings.limits, period: settings.period)
    }
    if let onlineTask { return fenced(unobstructed(next(of: onlineTask))) }
    guard mode == .float else { return nil }
    return fenced(clear(admittance.setpoint(after: setpoint, externalEffort: externalEffort, inertia: inertiaBound, period: settings.period)))
  }

  private func wantedRate(of motion: Trajectory) -> Double {
    // While a motor is not heard, nobody knows whether it follows.
    guard job != nil, !watch.isAnyoneOverdue else { return 0 }
    let rate = min(speedOverride, MotionClock.greatestRate(of: motion))
    switch course {
    case .forward: return rate
    case .paused: return 0
    case .back: return -rate
    }
  }

  /// No joint has more than this to speed up, however the others move along: the sums of the mass matrix's rows, and the rotors [kg·m²].
  private var inertiaBound: JointVector {
    let mass = model.massMatrix(at: input.position)
    var bound = settings.rotorInertia
    for row in bound.indices {
      for column in bound.indices { bound[row] += mass[row, column].magnitude }
    }
    return bound
  }

  private mutating func finishMotionWhereDone() {
    if let onlineTask { return finishWhereDone(onlineTask) }
    guard let duration = motion?.duration else { return }
    guard let job else {
      // A stop has come to rest on the path.
      if clock.isStill || clock.time >= duration { motion = nil }
      return
    }
    let isThrough = clock.time >= duration, isBack = course == .back && clock.time <= 0
    guard isThrough || isBack, isSettled else {
      progress = min(max(clock.time / duration, 0), 1)
      return
    }
    endMotion()
    change(to: .hold)
    events.append(isThrough ? .finished(job: job) : .returned(job: job))
  }

  /// Brakes each joint as fast as its limits allow, leaving the path.
  mutating func startBrake() {
    motion = nil
    onlineTask = nil
    brake = isMoving ? JerkLimitedStop(from: setpoint, limits: settings.limits) : nil
    brakeTime = 0
  }
}
