// How the core feels knocks, gives way, and takes its task up again.

internal import Kinematics
internal import Planner

extension ControlCore {
  /// Whether the arm is giving way to a knock, or on its way back.
  var isYielding: Bool { reflex?.isActive ?? false }

  /// The first half of a tick: what touches the arm.
  ///
  /// - Returns: External efforts [N·m].
  mutating func feel() -> JointVector {
    let velocity = velocity, isGuided = mode == .float || mode == .comply || !isPowered
    let acceleration = isPowered ? setpoint.acceleration : JointVector(count: model.jointCount)
    let setpoint = JointSetpoint(position: setpoint.position, velocity: setpoint.velocity, acceleration: acceleration)
    var age = JointVector(count: model.jointCount)
    for joint in age.indices { age[joint] = watch.setpointAge(of: joint) }
    let joint = reflex?.observe(
      model: model, input: input, age: age, interval: watch.sendInterval, velocity: velocity, setpoint: setpoint, told: shapedSetpoint,
      isGuided: isGuided)
    if let joint, isHeard, isPowered { meet(contactAt: joint) }
    return reflex?.observer.residual ?? JointVector(count: model.jointCount)
  }

  private mutating func meet(contactAt joint: Int) {
    knock = Knock()
    knock.joint = joint
    knock.time = time
    if let reflex { knock = reflex.measured(knock, model: model, isOver: false) }
    events.append(.knocked(knock))
    let model = model, start = setpoint, anchor = setpoint.position, reaction = reflex?.settings.reaction ?? .none
    switch (mode, reaction) {
    case (.off, _), (.fault, _), (.float, _), (.comply, _), (_, .none): break
    case (.yield, _) where !(reflex?.isComingBack ?? false): break
    case (.yield, _), (.recover, _):
      // A knock in the middle is just another knock.
      reflex?.yield(model: model, joint: joint, from: start, anchor: nil, comesBack: true)
      if mode != .yield { change(to: .yield) }
      giveUpWhereHopeless()
    case (_, .stop): stop()
    case (_, .float):
      interruptMotion(by: .mode)
      stayWhereItIs()
      change(to: .float)
    case (_, .yield), (_, .retract):
      modeBeforeKnock = mode
      freeze()
      reflex?.yield(model: model, joint: joint, from: start, anchor: anchor, comesBack: reaction == .yield)
      change(to: .yield)
      if reaction == .retract { stop() } else { giveUpWhereHopeless() }
    }
  }

  /// What is in the way again and again stays there: the arm stays before it.
  private mutating func giveUpWhereHopeless() {
    if reflex?.isOutOfPatience ?? false { stop() }
  }

  /// Stops the time of whatever leads the setpoint; a task is taken up again from here.
  private mutating func freeze() {
    brake = nil
    if job == nil { motion = nil }
    clock.halt(along: motion)
    setpoint = JointSetpoint(restingAt: setpoint.position)
  }

  /// The reflex comes to rest where it is, for whatever interrupted the task.
  mutating func stayWhereItIs() {
    motion = nil
    onlineTask = nil
    brake = nil
    reflex?.stay()
  }

  /// The second half of a tick while the arm gives way.
  mutating func giveWay() -> ControlOutput {
    let model = model
    guard let command = reflex?.advance(model: model) else { return output(nil) }
    setpoint = command.setpoint
    switch reflex?.phase {
    case .returning where mode == .yield: change(to: .recover)
    case .idle: finishReflex()
    default: break
    }
    leaveUnshaped()
    return output(command)
  }

  /// Where a hand leads the arm, but not into itself.
  mutating func clear(_ next: JointSetpoint) -> JointSetpoint {
    guard reflex?.clearance.isBlocked(next.position, velocity: next.velocity, capability: settings.limits.acceleration) ?? false else { return next }
    return JerkLimitedStop(from: setpoint, limits: settings.limits).setpoint(at: settings.period)
  }

  /// What gives way is not shaped against swinging.
  private mutating func leaveUnshaped() {
    shaping.suspend()
    shapedSetpoint = setpoint
  }

  private mutating func finishReflex() {
    setpoint = JointSetpoint(restingAt: setpoint.position)
    watch.begin(at: input.position)
    if let reflex { knock = reflex.measured(knock, model: model, isOver: true) }
    events.append(.recovered(knock))
    if onlineTask != nil { online.begin(at: setpoint) }
    guard mode == .yield || mode == .recover else { return }
    let hasTask = job != nil || onlineTask != nil
    change(to: hasTask || modeBeforeKnock == .stopped ? modeBeforeKnock : .hold)
  }

  /// Whether the arm goes where it is pushed, so that neither its speed nor its distance from the setpoint tells of a fault.
  var isSoft: Bool { isYielding || (mode == .float || mode == .comply) && reflex?.settings.hardware == .torque }

  /// Hand guiding and springs, with motors that take torque.
  mutating func softCommand() -> ReflexCommand? {
    guard let dynamics = reflex?.dynamics, reflex?.settings.hardware == .torque else { return nil }
    switch mode {
    case .float:
      guard let command = reflex?.floating(dynamics) else { return nil }
      setpoint = command.setpoint
      leaveUnshaped()
      return command
    case .comply:
      leaveUnshaped()
      return reflex?.complying(at: setpoint, dynamics, model: model)
    default: return nil
    }
  }

  /// Holding and moving with motors that take torque: damped for what the arm weighs where it is, and caught before its limits.
  mutating func stiffCommand(_ feedForward: JointVector) -> ReflexCommand? {
    guard let settings = reflex?.settings, settings.hardware == .torque, let dynamics = reflex?.dynamics else { return nil }
    guard let damping = reflex?.damping(dynamics) else { return nil }
    let command = ReflexCommand(setpoint: shapedSetpoint, stiffness: settings.stiffness, damping: damping, effort: feedForward)
    return reflex?.bounded(command, dynamics)
  }

  func output(_ command: ReflexCommand?) -> ControlOutput {
    ControlOutput(
      isPowered: isPowered, setpoint: shapedSetpoint.position, setpointVelocity: shapedSetpoint.velocity,
      effort: command?.effort ?? 0 * setpoint.position,
      stiffness: command?.stiffness, damping: command?.damping, isYielding: command?.isLed ?? false, afresh: command?.afresh ?? JointSet(),
      agility: command?.agility)
  }
}
