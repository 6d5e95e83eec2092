// Coming back.

internal import Kinematics
internal import Planner

extension Reflex {
  private static let stiffeningTime = 0.06
  /// Contacts in a row that may be knocks; each more makes the next way back slower by this.
  private static let boldAttempts = 1, caution = 0.6

  mutating func beginReturn(_ dynamics: ArmDynamics) {
    var start = settings.hardware == .torque ? JointSetpoint(position: position, velocity: velocity, acceleration: acceleration) : lead
    start.acceleration = acceleration
    start.acceleration = start.acceleration.clamped(lower: -control.limits.acceleration, upper: control.limits.acceleration)
    var slowdown = 1.0
    for _ in 0..<min(max(0, attempts - Self.boldAttempts), settings.patience) { slowdown *= Self.caution }
    // Whatever the arm has left of its motion now, it may have as much as the tank holds.
    tank.refill(upTo: tank.capacity - dynamics.kineticEnergy(at: velocity))
    let energy = max(tank.level, 0.2 * tank.capacity)
    way = ReturnMotion(from: start, to: anchor + sag, dynamics: dynamics, limits: control.limits, energy: energy, slowdown: slowdown)
    returnAllowance = watch.fast + watch.allowance
    phase = .returning
    sincePlaced = 0
    nudges = JointVector(count: position.count)
    sincePhase = 0
    stiffening = 0
  }

  mutating func returning(_ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    guard var way else {
      settle()
      return rest
    }
    stiffening = min(1, stiffening + control.period / Self.stiffeningTime)
    let setpoint = way.advance(by: control.period, pace: tank.pace)
    self.way = way
    acceleration = setpoint.acceleration
    // What the model has wrong is carried by the springs again in the end, as it was before.
    let borrowed = 1 - way.progress
    allowNoMore(than: watch.fast + watch.allowance)
    watch.allowance = borrowed * returnAllowance
    // Back where friction held it, it is told to be where it was told to be.
    var wanted = setpoint
    wanted.position = setpoint.position - (1 - borrowed) * sag
    if way.progress >= 1 {
      sincePlaced += control.period
      let isInPlace = !wasAtRest || nudge()
      if isInPlace || sincePlaced > Self.placingTime { settle() }
    }
    return hold(wanted, dynamics, model: model, borrowed: borrowed)
  }

  /// What was taken for granted and is gone was no wrong model.
  private mutating func allowNoMore(than felt: JointVector) {
    for joint in felt.indices { returnAllowance[joint] = min(max(returnAllowance[joint], min(0, felt[joint])), max(0, felt[joint])) }
  }

  /// What friction holds away from where the arm stood is pushed there; friction then holds it there without.
  ///
  /// - Returns: Whether every joint is in its place.
  private mutating func nudge() -> Bool {
    var isInPlace = true
    for joint in position.indices {
      let away = anchor[joint] + sag[joint] - position[joint]
      guard abs(away) > Self.placeTolerance else { continue }
      isInPlace = false
      let most = 2 * control.coulombFriction[joint]
      nudges[joint] = min(max(nudges[joint] + Self.nudgeRate * settings.stiffness[joint] * away * control.period, -most), most)
    }
    return isInPlace
  }

  /// How near its place a joint is put [rad], how fast it is pushed there [1/s], and for how long at most [s].
  private static let placeTolerance = 0.0008, nudgeRate = 30.0, placingTime = 0.35

  private mutating func hold(_ setpoint: JointSetpoint, _ dynamics: ArmDynamics, model: RobotModel, borrowed: Double) -> ReflexCommand {
    let carried = model.inverseDynamics(at: setpoint.position, velocity: setpoint.velocity, acceleration: setpoint.acceleration)
    let effort =
      carried + control.rotorInertia.scaled(by: setpoint.acceleration) + ArmDynamics.friction(at: setpoint.velocity, settings: control)
      - borrowed * (watch.slow + drift) + nudges
    return bounded(
      ReflexCommand(setpoint: setpoint, stiffness: stiffening * settings.stiffness, damping: damping(dynamics), effort: effort), dynamics,
      home: anchor)
  }

  /// Stiff where the arm is.
  var rest: ReflexCommand {
    ReflexCommand(
      setpoint: JointSetpoint(restingAt: settings.hardware == .torque ? position : lead.position), stiffness: settings.stiffness,
      damping: settings.damping,
      effort: (dynamics?.gravity ?? JointVector(count: position.count)) - watch.slow)
  }
}
