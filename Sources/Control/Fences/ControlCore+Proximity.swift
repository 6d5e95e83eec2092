internal import Kinematics
internal import Planner

// What obstacles, and the arm itself, leave of a stream of commands.

/// What holds a stream back.
public struct Obstruction: Sendable, Equatable, BitwiseCopyable {
  /// Of the ``Proximity``, and the place of the thing among its names; −1 while not everything has been looked at.
  public var revision, thing: Int
  /// How much of the wish is left, 0 none of it.
  public var share: Double
}

extension ControlCore {
  /// Slows a stream down before what it nears: by as much at once as it must be, and up again by and by.
  mutating func lookAround(mayTouch: Bool) {
    obstruction = nil
    guard !mayTouch, proximity != nil else {
      online.pace = 1
      return
    }
    proximity?.come(to: setpoint.position)
    let found = proximity?.pace(along: online.reference, from: setpoint.position)
    let share = found?.share ?? 1
    online.pace = share < 1 ? max(Self.leastPace, online.pace * max(share, Self.paceDecay)) : min(1, online.pace * Self.paceGrowth)
    if let found, online.pace < 1 { obstruct(by: found.thing, share: online.pace) }
  }

  /// `next`, unless a stop from there would lead too near to something: then the arm brakes for this tick.
  mutating func unobstructed(_ next: JointSetpoint) -> JointSetpoint {
    guard case .stream(_, mayTouch: false) = onlineTask, let thing = proximity?.hindrance(stoppingFrom: next, limits: settings.limits) else {
      return next
    }
    obstruct(by: thing, share: 0)
    let braked = JerkLimitedStop(from: setpoint, limits: settings.limits).setpoint(at: settings.period)
    online.begin(at: braked)
    return braked
  }

  private mutating func obstruct(by thing: Int, share: Double) {
    obstruction = Obstruction(revision: proximity?.revision ?? 0, thing: thing, share: share)
  }

  /// Never quite nothing: a wish to turn back must be felt.
  private static let leastPace = 0.02
  /// By so much the pace changes in a tick at most: the arm's own speed follows it with limited jerk.
  private static let paceDecay = 0.93, paceGrowth = 1.05
}
