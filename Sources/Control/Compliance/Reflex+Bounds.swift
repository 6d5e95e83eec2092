// What every command of motors that take torque keeps to: their ratings, and the catch.

internal import Kinematics
internal import Planner

extension Reflex {
  /// With a little in hand for what the wire rounds [N·m].
  var mostEffort: JointVector { 0.98 * settings.effort }

  /// The catch: which joints have to brake.
  ///
  /// - Parameter home: See ``ViabilityBound``.
  func braking(_ dynamics: ArmDynamics, home: JointVector?) -> ViabilityBound.Braking {
    let carried = dynamics.gravity - watch.slow
    var down = mostEffort + carried, up = mostEffort - carried
    for joint in down.indices {
      // What leans on it takes its share of what the motor can do; a blow is over before long.
      let leaning = watch.fast[joint]
      down[joint] = max(0, max(down[joint] - max(0, leaning), Self.leastShare * down[joint]) * dynamics.mobility[joint, joint])
      up[joint] = max(0, max(up[joint] + min(0, leaning), Self.leastShare * up[joint]) * dynamics.mobility[joint, joint])
    }
    return bound.braking(position: position, velocity: coming(dynamics), capability: (down, up), home: home)
  }

  /// How fast the joints will be when an answer acts, as a blow that is still under way makes them faster. One that has just been felt is likely to
  /// go on, and shows in how the speeds change before the observer knows.
  private func coming(_ dynamics: ArmDynamics) -> JointVector {
    guard case .yielding = phase else { return velocity + bound.delay * (dynamics.mobility * watch.fast) }
    return foresight.isUnderWay ? foresight.velocity : velocity + Self.belief * bound.delay * gain
  }

  /// The efforts nearest to `effort` with which every joint brakes in time and no motor is asked too much.
  ///
  /// - Parameters:
  ///   - home: See ``ViabilityBound``.
  ///   - isFree: Nobody has planned where the arm goes: its parts are caught before each other, too.
  mutating func caught(_ effort: JointVector, _ dynamics: ArmDynamics, home: JointVector?, isFree: Bool) -> JointVector {
    let braking = braking(dynamics, home: home)
    let row = isFree ? apart(effort, dynamics) : nil
    var lacking = braking.acceleration, urgency = braking.urgency
    if braking.isUrgent {
      let coming = dynamics.acceleration(for: effort + watch.slow), pushed = dynamics.mobility * watch.fast
      for joint in lacking.indices where urgency[joint] > 0 {
        let direction = lacking[joint] < 0 ? -1.0 : 1.0
        // What pushes on is braked too; what brakes already may go away.
        lacking[joint] -= coming[joint] + direction * min(0, direction * pushed[joint])
        if direction * lacking[joint] <= 0 { urgency[joint] = 0 }
      }
    }
    return EffortAllocation(mobility: dynamics.mobility, limit: mostEffort).efforts(
      wanted: effort, braking: lacking, urgency: urgency, row: row, velocity: velocity + bound.delay * gain,
      carried: dynamics.gravity + dynamics.friction - watch.slow)
  }

  /// What keeps the arm's parts from each other, beyond what `effort` and the blow do anyway.
  private mutating func apart(_ effort: JointVector, _ dynamics: ArmDynamics) -> EffortAllocation.Row? {
    let carried = dynamics.gravity - watch.slow
    var room = mostEffort
    for joint in room.indices { room[joint] -= abs(carried[joint]) }
    guard var row = body.braking(position: position, velocity: velocity, mobility: dynamics.mobility, room: room) else { return nil }
    row.acceleration -= row.direction.dot(dynamics.acceleration(for: effort + watch.slow) + dynamics.mobility * watch.fast)
    return row.acceleration > 0 ? row : nil
  }

  /// The same command, within what may be commanded and with the catch on top.
  ///
  /// A drive's own damper answers at once, and with whatever a blow makes of the speed. So it has only as much of the damping as asks no more than
  /// its motor may do at such speeds; the rest comes a few milliseconds later, through the effort, and within its limits.
  ///
  /// - Parameter home: See ``ViabilityBound``; the setpoint where nil.
  mutating func bounded(_ command: ReflexCommand, _ dynamics: ArmDynamics, home: JointVector? = nil) -> ReflexCommand {
    var bounded = command
    let away = command.setpoint.position - position, slower = command.setpoint.velocity - velocity
    var damping = command.damping
    for joint in damping.indices {
      bounded.damping[joint] = min(damping[joint], Self.surpriseShare * settings.effort[joint] / (Self.surprise * control.limits.velocity[joint]))
      damping[joint] = min(damping[joint], bounded.damping[joint] + Self.promptness / (dynamics.mobility[joint, joint] * bound.delay))
    }
    let isPlanned = home == nil && command.setpoint.velocity.maximumMagnitude > 0
    let total = command.stiffness.scaled(by: away) + damping.scaled(by: slower) + command.effort
    let now = command.stiffness.scaled(by: away) + bounded.damping.scaled(by: slower)
    let effort = caught(total, dynamics, home: isPlanned ? nil : home ?? command.setpoint.position, isFree: false) - now
    // What the drive adds by itself until it is told anew counts, too.
    let soon = bound.delay
    let later =
      command.stiffness.scaled(by: away + soon * slower - (0.5 * soon * soon) * gain) + bounded.damping.scaled(by: slower - soon * gain)
    bounded.effort =
      effort.clamped(lower: -1 * mostEffort - later, upper: mostEffort - later).clamped(lower: -1 * mostEffort - now, upper: mostEffort - now)
    return bounded
  }

  /// What of a change of speed is believed once a blow is over, as a share.
  private static let belief = 0.5
  /// What a motor counts as able to do whatever leans on its joint, as a share.
  private static let leastShare = 0.35

  /// A blow makes a joint faster than its limit by this before the loop knows, and its own damper may then ask for this share of its rating.
  private static let surprise = 3.0, surpriseShare = 0.5
  /// What damping may take of a joint's speed until it acts, as a share.
  private static let promptness = 0.3

  /// Of a stiff joint: near critical for what it carries, and never less than the arm's file says.
  ///
  /// - Parameter stiffness: The usual one where nil.
  func damping(_ dynamics: ArmDynamics, stiffness: JointVector? = nil) -> JointVector {
    let stiffness = stiffness ?? settings.stiffness
    var damping = settings.damping
    for joint in damping.indices {
      // Of what the joint moves by itself: the others' inertia does not hold it.
      let critical = 2 * (stiffness[joint] / dynamics.mobility[joint, joint]).squareRoot()
      damping[joint] = max(damping[joint], Self.holdDamping * critical - control.viscousFriction[joint])
    }
    return damping
  }

  private static let holdDamping = 0.8
}
