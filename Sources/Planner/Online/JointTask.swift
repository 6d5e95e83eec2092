/// One joint's part of a motion: to come back within its limits where it must, then from there to its target.
struct JointTask {
  let limitReturn: LimitReturn
  let transfer: Transfer
  /// Whether the way matters.
  let bindsPosition: Bool
  private let start, target: ScalarState

  /// Nothing to do.
  static let idle = Self(
    from: ScalarState(), to: ScalarState(),
    limits: TransferLimits(lowestVelocity: -1, highestVelocity: 1, rise: 1, fall: 1, jerk: 1), bindsPosition: true)

  /// - Parameter bindsPosition: Whether the target's position matters, and with it the velocity limits on the way.
  init(from start: ScalarState, to target: ScalarState, limits: TransferLimits, bindsPosition: Bool) {
    var limits = limits
    if !bindsPosition { (limits.lowestVelocity, limits.highestVelocity) = (-.infinity, .infinity) }
    limitReturn = LimitReturn(velocity: start.velocity, acceleration: start.acceleration, limits: limits, bindsVelocity: bindsPosition)
    self.start = start
    self.target = target
    transfer = Transfer(
      v0: limitReturn.end.velocity, a0: limitReturn.end.acceleration, v1: target.velocity, a1: target.acceleration,
      distance: target.position - start.position - limitReturn.end.position, magnitude: abs(start.position) + abs(target.position),
      limits: limits)
    self.bindsPosition = bindsPosition
  }

  /// The shortest time in which the joint can be at its target [s].
  ///
  /// - Parameter comesBack: Whether a joint that moves through its target already has to come there again.
  func shortestDuration(comesBack: Bool) -> Double {
    if comesBack, bindsPosition, let duration = transfer.shortestReturn { return duration }
    return firstFeasibleDuration(from: 0)
  }

  /// The shortest time, at least `duration` [s], in which the joint can be at its target.
  func firstFeasibleDuration(from duration: Double) -> Double {
    let left = max(0, duration - limitReturn.duration)
    guard !bindsPosition else { return limitReturn.duration + transfer.firstFeasibleDuration(from: left) }
    let window = transfer.window
    guard let gap = window.gap, left > gap.start else { return limitReturn.duration + max(left, window.shortest) }
    return limitReturn.duration + max(left, gap.end)
  }

  /// What to do after coming back within the limits so as to be at the target after `duration` [s]; nil where that cannot be.
  func motion(lasting duration: Double) -> TransferMotion? {
    let left = max(0, duration - limitReturn.duration)
    return bindsPosition ? transfer.motion(lasting: left) : transfer.evenMotion(lasting: left)
  }

  /// Writes the whole motion into a joint's phases of a table, and what follows it.
  ///
  /// - Parameters:
  ///   - origin, scale: The joint moves from `origin` [rad; m], and `scale` times as far as this task says.
  func write(
    _ motion: TransferMotion, lasting duration: Double, of joint: Int, origin: Double, scale: Double = 1, to table: inout PhaseTable
  ) {
    var writer = PhaseWriter(joint: joint, origin: origin, velocity: start.velocity, scale: scale, end: duration)
    writer.append(limitReturn, acceleration: start.acceleration, to: &table)
    writer.append(motion, of: transfer, to: &table)
    var last = target
    last.acceleration = transfer.a1
    last.position = bindsPosition ? target.position - start.position : writer.reached
    writer.finish(last, to: &table)
  }
}
