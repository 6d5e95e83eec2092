/// The trapezoid that a stock drive draws from where it is to its goal, one control step at a time.
///
/// On each step the soft velocity is raised or lowered by at most acceleration · step; it brakes as soon as v²/(2·acceleration) reaches the
/// distance that is left, and lands exactly on the goal. A new goal takes effect at once: nothing is queued, and a goal too near to stop at is
/// overrun and come back to.
struct SoftTracker: Sendable, Equatable {
  /// [turn], [turn/s], of the rotor.
  var position = 0.0
  var velocity = 0.0

  /// Moves on by one step towards `goal` [turn].
  ///
  /// - Parameters:
  ///   - limit: Largest velocity [turn/s].
  ///   - acceleration: Largest change of velocity [turn/s²].
  mutating func step(towardPosition goal: Double, limit: Double, acceleration: Double, period: Double) {
    let distance = goal - position
    let change = acceleration * period
    guard change > 0 else { return position += velocity * period }
    if abs(distance) <= change * period && abs(velocity) <= change {
      position = goal
      velocity = 0
      return
    }
    let direction = distance < 0 ? -1.0 : 1.0
    // The highest velocity from which steps of `change` come to rest within the distance; continuous time's √(2·a·d) would overrun by a step.
    let braking = change * (((0.25 + 2 * abs(distance) / (change * period)).squareRoot()) - 0.5)
    let wanted = direction * min(limit, braking)
    velocity += min(max(wanted - velocity, -change), change)
    position += velocity * period
  }

  /// Moves the velocity on by one step towards `goal` [turn/s].
  mutating func step(towardVelocity goal: Double, acceleration: Double, period: Double) {
    let change = acceleration * period
    velocity += min(max(goal - velocity, -change), change)
    position += velocity * period
  }
}
