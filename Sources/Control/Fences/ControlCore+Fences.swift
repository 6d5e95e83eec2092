internal import Kinematics
internal import Planner

// What fences leave of what is wanted.

extension ControlCore {
  /// The rate at which a motion may go on. In front of a fence it is given up, and the arm brakes on its path; near a slow zone it goes slower.
  mutating func fencedRate(_ wanted: Double, of motion: Trajectory) -> Double {
    guard wanted != 0, fences.isActive else { return wanted }
    // Back leads where the arm has been.
    if wanted > 0, let fence = clearedWay.fence(along: motion, clock: clock, comingFrom: setpoint.position, settings: settings, watch: &fences) {
      giveUp(before: fence)
      return 0
    }
    // Looks ahead by what the clock takes to slow down. Small steps up are not worth a change of pace.
    let direction = wanted > 0 ? 1.0 : -1.0
    var least = Self.greatestPace
    for index in 0..<Self.lookAhead.count {
      least = min(least, fences.paceAllowed(at: motion.setpoint(at: clock.time + direction * Self.lookAhead[index])))
    }
    let stepped = max((least * 32).rounded(.down), 1) / 32
    if stepped < pace || stepped > pace + 0.1 || stepped == Self.greatestPace { pace = stepped }
    return direction * min(wanted.magnitude, pace)
  }

  /// Nobody asks for more.
  private static let greatestPace = 2.0

  /// [s]
  private static var lookAhead: InlineArray<4, Double> { [0, 0.1, 0.2, 0.4] }

  /// `next`, unless a stop from there would lead behind a fence or a part of the arm would be too fast: then the arm brakes for this tick.
  mutating func fenced(_ next: JointSetpoint) -> JointSetpoint {
    guard fences.isActive else { return next }
    if let fence = fences.fence(stoppingFrom: next, comingFrom: setpoint.position, limits: settings.limits) {
      if job != nil {
        giveUp(before: fence)
        startBrake()
        return nextOfBrake() ?? JointSetpoint(restingAt: setpoint.position)
      }
      report(fence)
    } else if fences.paceAllowed(at: next) >= 1 {
      return next
    }
    let braked = JerkLimitedStop(from: setpoint, limits: settings.limits).setpoint(at: settings.period)
    online.begin(at: braked)
    return braked
  }

  private mutating func giveUp(before fence: Int) {
    report(fence)
    interruptMotion(by: .fence)
    change(to: .stopped)
  }

  /// Tells of a fence, but not again and again while the arm is pushed against it.
  private mutating func report(_ fence: Int) {
    if let reported = reportedFence, reported.index == fence, time < reported.untilTime {
      reportedFence?.untilTime = time + 0.5
      return
    }
    reportedFence = (fence, time + 0.5)
    events.append(.fenced(fence: fence))
  }
}
