internal import Kinematics
internal import Planner

/// What a reflex wants of the motors for one tick.
struct ReflexCommand: Sendable {
  var setpoint: JointSetpoint
  /// Of motors that take torque [N·m/rad], [N·m·s/rad], [N·m].
  var stiffness, damping, effort: JointVector
  /// Motors that take positions give way, and some of them begin afresh where they are.
  var isLed = false
  var afresh = JointSet()
  /// How suddenly they may go [rad/s²].
  var agility: JointVector?
}

/// Feeling and giving way: what a knock does to the arm, from the first touch until it is back where it was.
struct Reflex: Sendable {
  enum Phase: Sendable, Equatable {
    case idle
    /// Gives way, and afterwards comes back, or stays where it came to rest.
    case yielding(comesBack: Bool)
    case returning
  }

  let settings: ComplianceSettings
  let control: ControlSettings
  let bound: ViabilityBound
  var body: BodyBound
  private(set) var observer: EffortObserver
  private var line: LineTrust
  var watch: ContactWatch
  private(set) var jolts: JoltWatch
  var tank: EnergyTank
  var phase = Phase.idle
  private(set) var dynamics: ArmDynamics?
  /// What was measured last [rad], [rad/s], by how much the velocity changes [rad/s²], and what is commanded [rad/s²].
  private(set) var position, velocity, gain: JointVector
  var acceleration: JointVector
  private var spans: SampleSpans
  private var load: ToolLoad
  var foresight: BlowForesight
  /// Where the arm comes back to [rad].
  var anchor: JointVector
  var law: YieldLaw
  var way: ReturnMotion?
  /// Where the setpoint of motors that take positions is, and how fast it would move if they could follow at once [rad/s].
  var lead: JointSetpoint
  var push: JointVector
  /// Joints whose setpoint a push has taken along, and what such setpoints keep clear of.
  var taken = JointSet()
  var clearance: LeadClearance
  let admittance: FloatAdmittance
  /// Whether such an arm came to rest and is still pushed; and since when its setpoint rests [s].
  var isLeantOn = false, sinceLed = 0.0
  /// The outermost joint that felt the contact.
  private(set) var joint = 0
  /// What the contact gave the joints so far [N·m·s].
  private(set) var impulse: JointVector
  /// Since the arm was last touched, and since anything was felt, since the phase began, and since it last recovered [s].
  var sinceTouch = Double.infinity, sinceFelt = Double.infinity, sincePhase = 0.0, sinceRecovery = Double.infinity
  /// Share of the springs that is left while the arm gives way, and of the usual stiffness that is back while it returns.
  var softness = 1.0, stiffening = 1.0
  /// What would make light parts drift where a blow has brought them, as their model is wrong there otherwise than before [N·m].
  var drift: JointVector
  /// How far from its setpoint the arm stood before it was knocked, as friction held it there [rad].
  private(set) var sag: JointVector, wasAtRest = false
  /// Where it was lately, and a little before [rad].
  private var perch: (now: JointVector, before: JointVector, age: Double)
  /// Where it keeps meanwhile [rad].
  var refuge: JointVector
  /// How long the arm keeps away from what it met again and again before it tries once more [s].
  private(set) var pause = 0.0
  /// Contacts in a row that each followed soon upon the last.
  private(set) var attempts = 0
  /// For how long nothing is felt yet [s].
  private var numbness = 0.0
  /// Since the arm is to stand still [s].
  private(set) var sinceMotion = 0.0
  private(set) var tracking: TrackingWatch
  private(set) var strain: StrainWatch
  /// What a return's allowance began with [N·m].
  var returnAllowance: JointVector
  /// What pushes joints the rest of their way back [N·m], and for how long it has [s].
  var nudges: JointVector, sincePlaced = 0.0

  /// A contact that follows a recovery so soon belongs to it [s].
  static let memory = 1.5

  init(model: RobotModel, control: ControlSettings, settings: ComplianceSettings) {
    self.settings = settings
    self.control = control
    bound = ViabilityBound(limits: control.limits, margin: settings.margin, delay: 2.5 * control.period)
    body = BodyBound(outline: settings.outline, delay: bound.delay)
    observer = EffortObserver(gain: settings.observerGain, jointCount: model.jointCount)
    line = LineTrust(jointCount: model.jointCount)
    spans = SampleSpans(jointCount: model.jointCount, period: control.period)
    load = ToolLoad(jointCount: model.jointCount, period: control.period)
    tracking = TrackingWatch(jolt: settings.jolt, period: control.period)
    strain = StrainWatch(control: control)
    clearance = LeadClearance(control: control, settings: settings)
    var inside = control.limits
    (inside.lower, inside.upper) = (inside.lower + bound.margin, inside.upper - bound.margin)
    admittance = FloatAdmittance(limits: inside, coulombFriction: control.coulombFriction)
    watch = ContactWatch(thresholds: settings.thresholds, payload: settings.payload, observerGain: settings.observerGain)
    jolts = JoltWatch(threshold: settings.jolt, period: control.period)
    foresight = BlowForesight(jointCount: model.jointCount, delay: bound.delay, period: control.period)
    tank = EnergyTank(capacity: settings.tank)
    law = YieldLaw(settings: settings, speed: 0, mass: 2)
    position = JointVector(count: model.jointCount)
    (velocity, acceleration, anchor, push, impulse, returnAllowance) = (position, position, position, position, position, position)
    (refuge, sag, nudges, gain, drift) = (position, position, position, position, position)
    perch = (position, position, 0)
    lead = JointSetpoint(restingAt: position)
  }

  var isActive: Bool { phase != .idle }
  var isComingBack: Bool { phase == .yielding(comesBack: true) }
  /// Whether something is in the way again and again.
  var isOutOfPatience: Bool { attempts >= settings.patience }
}

// MARK: - Feeling

extension Reflex {
  /// Takes in what the wire told.
  ///
  /// - Parameters:
  ///   - age: How far the setpoint has gone since each joint's position was taken [s].
  ///   - interval: Between the last two times that motors were told something [s].
  ///   - setpoint: How the arm is to move.
  ///   - told: What the motors were told last.
  ///   - isGuided: Somebody may be leading the arm, so that what is felt tells nothing about the model.
  /// - Returns: The outermost joint that feels a new contact.
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  mutating func observe(
    model: RobotModel, input: ControlInput, age: JointVector, interval: Double, velocity newVelocity: JointVector, setpoint: JointSetpoint,
    told: JointSetpoint, isGuided: Bool
  ) -> Int? {
    let dynamics = ArmDynamics(model: model, settings: control, position: input.position, velocity: newVelocity)
    self.dynamics = dynamics
    position = input.position
    gain = (1 / control.period) * (newVelocity - velocity)
    velocity = newVelocity
    line.listen(to: input, period: control.period)
    let acceleration = isActive ? expected : setpoint.acceleration
    if settings.hardware == .torque {
      spans.listen(to: input, interval: interval)
      observer.update(
        dynamics: dynamics, velocity: velocity, effort: input.effort, silent: input.withoutEffort, spans: spans.spans,
        interval: min(max(interval, 0.5 * control.period), SampleSpans.longest))
    } else {
      // A joint that answered late has gone on as it was to.
      observer.update(
        dynamics: dynamics, velocity: velocity + age.scaled(by: acceleration), effort: input.effort, silent: line.unfelt,
        interval: min(max(interval, 0.5 * control.period), 2 * control.period))
    }
    load.update(model: model, position: position, velocity: told.velocity, acceleration: told.acceleration)
    watch.update(
      residual: observer.residual, position: position, velocity: velocity, acceleration: acceleration, effort: input.effort, load: load,
      following: isActive || isGuided ? .not : numbness > 0 ? .waking : sinceRecovery < Self.memory ? .warily : .slowly,
      period: control.period)
    foresight.listen(acceleration: observer.surprise, accounted: observer.accounted, fresh: observer.fresh)
    let lateness = abs(interval - control.period)
    sinceMotion = isActive || isGuided || told.velocity.maximumMagnitude > 0 ? 0 : sinceMotion + control.period
    jolts.update(
      acceleration: observer.surprise, accounted: observer.accounted, carried: settings.payload * (dynamics.mobility * load.effort),
      fresh: observer.fresh, isEven: input.noiseShare == 0 && lateness < Self.evenness * control.period,
      conduct: isActive ? .yielding : sinceMotion >= Self.settlingTime ? .resting : .moving)
    // What a joint did while it was not heard is no blow.
    if !(line.unfelt == input.withoutEffort) {
      jolts.reset()
      if settings.hardware != .torque { numbness = max(numbness, min(Self.longestNumbness, Self.gapRatio * line.longestSilence)) }
    }
    if input.lostBus != nil || !input.disconnected.isEmpty { numbness = Self.wakingTime }
    if isActive { tank.pay(for: input.effort - dynamics.gravity - dynamics.friction + watch.slow, velocity: velocity, period: control.period) }
    measure()
    notePerch()
    tracking.watch(
      position, age: age, silence: silence(isLossy: input.noiseShare > Self.lossyShare), lateness: lateness, setpoint: told,
      isAtTask: phase == .idle && !isGuided && numbness == 0, period: control.period)
    strain.watch(position, age: age, effort: input.effort, setpoint: told, isStraining: isActive)
    let ratio = isGuided ? settings.thresholds.collisionRatio : touchRatio
    let touched = settings.hardware == .torque ? pressed(beyond: ratio) : line.confirmed(touch(beyond: ratio, setpoint, isGuided: isGuided))
    sinceTouch = touched == nil ? sinceTouch + control.period : 0
    // Whatever the arm has left of its motion while nothing touches it, it may have as much as the tank holds.
    if isActive, sinceTouch >= Self.quietTime { tank.refill(upTo: tank.capacity - dynamics.kineticEnergy(at: velocity)) }
    sinceRecovery += control.period
    numbness = max(0, numbness - control.period)
    return onset(touched: touched, isGuided: isGuided)
  }

  /// For how long what each drive was told may not have reached it [s]: where nothing is lost, an answer may just have come after the tick.
  private func silence(isLossy: Bool) -> JointVector {
    var silence = line.silence
    if !isLossy { for joint in silence.indices { silence[joint] = max(0, silence[joint] - control.period) } }
    return silence
  }

  private mutating func notePerch() {
    perch.age += control.period
    guard perch.age >= Self.perchTime else { return }
    perch = (position, perch.now, 0)
  }

  /// The outermost joint that feels a contact that was not there a moment ago.
  private mutating func onset(touched: Int?, isGuided: Bool) -> Int? {
    let felt = isGuided || settings.hardware != .torque ? touched : met, sinceLast = sinceFelt
    let isNumb = numbness > 0 && !outrunsDrive(felt)
    // What a drive that holds positions meets while it is numb is new to it afterwards.
    sinceFelt = felt == nil || isNumb && settings.hardware != .torque ? sinceFelt + control.period : 0
    guard !isNumb else { return nil }
    switch phase {
    case .idle: return sinceLast >= Self.separation ? felt : nil
    case .returning: return felt
    case .yielding: return settings.hardware == .torque && sinceLast >= Self.separation && sincePhase > Self.aftermath ? felt : nil
    }
  }

  /// What the motors do of their own while the arm gives way [rad/s²].
  private var expected: JointVector {
    settings.hardware == .torque ? acceleration : acceleration.clamped(lower: -control.limits.acceleration, upper: control.limits.acceleration)
  }

  /// Sums up what the contact gives, beginning a little before it counts as one.
  private mutating func measure() {
    if !isActive, watch.level < 0.3 {
      impulse = JointVector(count: impulse.count)
    } else if !isActive || sinceTouch < Self.quietTime {
      impulse += control.period * watch.fast
    }
  }

  /// The knock as it is known by now.
  func measured(_ knock: Knock, model: RobotModel, isOver: Bool) -> Knock {
    guard
      let force = contactForce(of: impulse, threshold: settings.thresholds.base, jacobian: model.jacobian(at: position), through: impulse.count - 1)
    else { return knock }
    let size = (force * force).sum().squareRoot()
    guard size > 0 else { return knock }
    var measured = knock
    measured.direction = force / size
    if isOver { measured.impulse = size }
    return measured
  }

  /// Signs that a push is over are believed after this long [s].
  static let quietTime = 0.016
  /// So many contacts in a row may be knocks; then something is in the way, and each further pause is twice as long [s].
  private static let boldAttempts = 2, firstPause = 0.5
  /// How many times as long as a gap of the line drives that hold positions take to follow again, and at most [s].
  private static let gapRatio = 3.0, longestNumbness = 0.3
  /// How long motors that are switched on take to carry what something else did [s].
  private static let wakingTime = 0.15
  /// Share of answers that are missing from which on setpoints are likely to be lost, too.
  private static let lossyShare = 0.01
  /// By how much of its period the loop may be late so that nobody notices.
  private static let evenness = 0.25
  /// How long an arm that has come back, or to the end of its way, takes to settle [s].
  static let settlingTime = 0.25
  /// What follows a touch sooner than this belongs to it [s].
  private static let separation = 0.05
  /// No blow is felt later than this [s].
  private static let perchTime = 0.03
  /// What a blow leaves behind in the joints' speeds is no second one [s].
  private static let aftermath = 0.06
}

// MARK: - Changing phases

extension Reflex {
  /// Begins to give way.
  ///
  /// - Parameters:
  ///   - joint: The outermost that feels the contact.
  ///   - setpoint: Where the arm was to be, and how it was to move there.
  ///   - anchor: Where to come back to; nil to keep where it was to come back to.
  mutating func yield(model: RobotModel, joint: Int, from setpoint: JointSetpoint, anchor newAnchor: JointVector?, comesBack: Bool) {
    let isSudden = phase == .idle
    if let newAnchor { anchor = newAnchor }
    body.begin(at: position)
    if settings.hardware == .torque, jolts.joint(beyond: 1) == nil || sinceRecovery < Self.memory { watch.regret() }
    lead = setpoint
    push = setpoint.velocity
    taken = JointSet()
    (isLeantOn, sinceLed) = (false, 0)
    if phase == .idle {
      wasAtRest = settings.hardware == .torque && setpoint.velocity.maximumMagnitude == 0
      sag = !wasAtRest ? 0 * sag : perch.before - setpoint.position
      attempts = sinceRecovery < Self.memory ? attempts + 1 : 0
      tank.refill()
    } else {
      if phase == .returning { attempts += 1 }
      impulse = JointVector(count: impulse.count)
    }
    self.joint = joint
    pause = attempts < Self.boldAttempts ? 0 : Self.firstPause
    for _ in 0..<max(0, attempts - Self.boldAttempts) { pause *= 2 }
    law = YieldLaw(settings: settings, speed: 0, mass: model.meanToolMass(at: position, rotorInertia: control.rotorInertia))
    phase = .yielding(comesBack: comesBack)
    watch.allowance = JointVector(count: impulse.count)
    sincePhase = 0
    sinceTouch = 0
    drift = 0 * drift
    foresight.begin(isSudden: isSudden)
    refuge = position
    softness = 1
    stiffening = 0
    way = nil
  }

  /// Comes to rest where it is, and does not come back.
  mutating func stay() {
    guard isActive else { return }
    phase = .yielding(comesBack: false)
    way = nil
    stiffening = 0
  }

  /// The arm is at rest where it stays.
  mutating func settle() {
    phase = .idle
    way = nil
    watch.allowance = JointVector(count: impulse.count)
    sinceRecovery = 0
  }

  mutating func reset() {
    settle()
    stiffening = 1
    attempts = 0
    sinceRecovery = .infinity
    wake()
  }

  /// The motors take over from something else, of which nothing is known yet.
  mutating func wake() {
    (numbness, sinceMotion) = (Self.wakingTime, 0)
    observer.reset()
    jolts.reset()
  }

  /// The next tick's command, while the reflex is active.
  mutating func advance(model: RobotModel) -> ReflexCommand {
    guard let dynamics else { return rest }
    sincePhase += control.period
    if case .yielding(let comesBack) = phase {
      guard isSpent(dynamics) else {
        return settings.hardware == .torque ? yielding(dynamics, model: model) : leading(dynamics, model: model)
      }
      if !comesBack {
        settle()
        return rest
      }
      beginReturn(dynamics)
    }
    return returning(dynamics, model: model)
  }
}
