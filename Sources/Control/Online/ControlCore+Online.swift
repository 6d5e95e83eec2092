internal import Kinematics
internal import Planner

/// What an online motion is for.
enum OnlineTask: Sendable {
  /// A job: joint positions, and the share of the limits to use.
  case goal(JointVector, speed: Double)
  /// A stream of commands, the last of which is so old [s].
  case stream(age: Double, mayTouch: Bool)
}

extension ControlRefusal {
  /// Why a stream of commands would be refused in that mode and with that job under way; nil where it would be followed.
  public init?(ofStreamIn mode: ControlMode, job: Int?) {
    switch mode {
    case .off: self = .off
    case .fault: self = .faulted
    case .float, .comply: self = .floating
    case .yield, .recover: self = .busy
    case .hold, .move, .servo, .stopped:
      guard job != nil else { return nil }
      self = .busy
    }
  }
}

extension ControlCore {
  mutating func goTo(_ goal: JointVector, speed: Double, job newJob: Int) -> ControlRefusal? {
    if let refusal = obstacleToOnline { return refusal }
    for joint in goal.indices {
      let (value, lower, upper) = (goal[joint], settings.limits.lower[joint], settings.limits.upper[joint])
      guard value >= lower, value <= upper else { return .outsideLimits(joint: joint, value: value, limit: value < lower ? lower : upper) }
    }
    interruptMotion(by: .retarget)
    begin(.goal(goal, speed: speed))
    job = newJob
    course = .forward
    progress = 0
    events.append(.started(job: newJob))
    change(to: .move)
    return nil
  }

  mutating func servo(_ target: ServoTarget, mayTouch: Bool) -> ControlRefusal? {
    if let refusal = obstacleToOnline { return refusal }
    guard job == nil else { return .busy }
    if mode != .servo { begin(.stream(age: 0, mayTouch: mayTouch)) }
    onlineTask = .stream(age: 0, mayTouch: mayTouch)
    online.aim(at: target, from: setpoint, speed: min(1, speedOverride))
    change(to: .servo)
    return nil
  }

  /// How much of the motion that a stream wants is brought about, 1 all of it, and what takes most of the rest.
  var streamOutcome: (share: Double, hindrance: VelocityKinematics.Hindrance?) {
    guard mode == .servo, case .stream(let age, _) = onlineTask, age <= settings.servoSilence else { return (1, nil) }
    return online.outcome
  }

  private var obstacleToOnline: ControlRefusal? {
    if mode == .fault { return .faulted }
    guard isPowered, isPowerWanted else { return .off }
    if isYielding { return .busy }
    return mode == .float || mode == .comply ? .floating : nil
  }

  /// Takes the setpoint over as it is, moving or not.
  private mutating func begin(_ task: OnlineTask) {
    motion = nil
    brake = nil
    onlineTask = task
    online.begin(at: setpoint)
  }

  mutating func next(of task: OnlineTask) -> JointSetpoint {
    let still = ServoTarget.rates(JointVector(count: model.jointCount))
    switch task {
    case .goal(let goal, let speed):
      let isWaiting = course != .forward || watch.isAnyoneOverdue || speedOverride == 0
      online.aim(at: isWaiting ? still : .position(goal), from: setpoint, speed: min(1, speed * speedOverride))
    case .stream(let age, let mayTouch):
      let isStale = age > settings.servoSilence
      if isStale { online.aim(at: still, from: setpoint) }
      if isStale, age - settings.period <= settings.servoSilence { events.append(.servoStale) }
      onlineTask = .stream(age: age + settings.period, mayTouch: mayTouch)
      lookAround(mayTouch: mayTouch)
    }
    return online.advance(from: setpoint, period: settings.period)
  }

  mutating func finishWhereDone(_ task: OnlineTask) {
    switch task {
    case .goal:
      guard let job, online.hasArrived(setpoint), isSettled else { return }
      onlineTask = nil
      endMotion()
      change(to: .hold)
      events.append(.finished(job: job))
    case .stream(let age, _):
      guard age > settings.servoSilence, !isMoving, isSettled else { return }
      onlineTask = nil
      obstruction = nil
      change(to: .hold)
    }
  }
}
