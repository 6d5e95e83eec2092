/// How a joint that begins beyond a limit, or cannot help passing one, comes back: as fast as it can, before anything else.
///
/// At most three phases: the acceleration returns to its limit; then it changes at full jerk toward the limit that brakes most, and stays
/// there, until the velocity is back at its own limit.
struct LimitReturn {
  /// How long each phase lasts [s], in turn: acceleration back, braking harder, braking on.
  private(set) var back = 0.0, harder = 0.0, on = 0.0
  private(set) var backJerk = 0.0, harderJerk = 0.0
  /// The acceleration when it is back within its limits.
  private(set) var accelerationBack: Double
  /// The state in which it ends, with the way from the start as its position.
  private(set) var end: ScalarState

  var duration: Double { back + harder + on }

  /// - Parameter bindsVelocity: Whether velocity limits count.
  init(velocity: Double, acceleration: Double, limits: TransferLimits, bindsVelocity: Bool) {
    end = ScalarState(velocity: velocity, acceleration: limits.inverseJerk > 0 ? acceleration : 0)
    accelerationBack = end.acceleration
    if end.acceleration > limits.rise {
      back = limits.inverseJerk * (end.acceleration - limits.rise)
      backJerk = -limits.jerk
      advance(by: back, jerk: backJerk)
      end.acceleration = limits.rise
    } else if end.acceleration < -limits.fall {
      back = limits.inverseJerk * (-limits.fall - end.acceleration)
      backJerk = limits.jerk
      advance(by: back, jerk: backJerk)
      end.acceleration = -limits.fall
    }
    accelerationBack = end.acceleration
    guard bindsVelocity else { return }
    if Self.isTooFast(end, limits) {
      slowDown(limits, sign: 1)
    } else if Self.isTooFast(end.mirrored, limits.mirrored) {
      slowDown(limits.mirrored, sign: -1)
    }
  }

  /// Whether the velocity is, or will be however hard the acceleration is taken back, above its limit.
  ///
  /// Not if it is on such a way down that it falls below the lower limit: then braking less is what helps.
  private static func isTooFast(_ state: ScalarState, _ limits: TransferLimits) -> Bool {
    let swing = limits.inverseJerk * state.acceleration * state.acceleration / 2
    return state.acceleration > 0 && state.velocity + swing > limits.highestVelocity
      || state.velocity > limits.highestVelocity && state.velocity - swing > limits.lowestVelocity
  }

  /// Brakes until the velocity is at its highest V again, or until any more braking would let it swing below its lowest.
  ///
  /// Falling at full jerk from (v, a), the acceleration is −g at V with g² = a² + 2J(v − V), and when it can just swing out at the lowest
  /// velocity with g² = a²/2 + J(v − lowest).
  private mutating func slowDown(_ limits: TransferLimits, sign: Double) {
    let s = limits.inverseJerk
    let v = sign * end.velocity, a = sign * end.acceleration
    let atHighest = a * a + 2 * limits.jerk * (v - limits.highestVelocity)
    let atLowest = a * a / 2 + limits.jerk * (v - limits.lowestVelocity)
    let square = min(atHighest, atLowest)
    harderJerk = -sign * limits.jerk
    guard square >= limits.fall * limits.fall else {
      let g = max(0, square).squareRoot()
      harder = max(0, s * (a + g))
      advance(by: harder, jerk: harderJerk)
      end.acceleration = -sign * g
      if atHighest <= atLowest { end.velocity = sign * limits.highestVelocity }
      return
    }
    harder = max(0, s * (a + limits.fall))
    advance(by: harder, jerk: harderJerk)
    end.acceleration = -sign * limits.fall
    let until = max(limits.highestVelocity, limits.lowestVelocity + s * limits.fall * limits.fall / 2)
    on = max(0, (sign * end.velocity - until) / limits.fall)
    advance(by: on, jerk: 0)
    if on > 0 { end.velocity = sign * until }
  }

  private mutating func advance(by time: Double, jerk: Double) {
    guard time > 0 else { return }
    end.position += time * (end.velocity + time * (end.acceleration / 2 + time * jerk / 6))
    end.velocity += time * (end.acceleration + time * jerk / 2)
  }
}

extension ScalarState {
  fileprivate var mirrored: Self { Self(position: -position, velocity: -velocity, acceleration: -acceleration, jerk: -jerk) }
}
