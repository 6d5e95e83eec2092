/// Writes one joint's phases into a table, each going on where the one before ended.
struct PhaseWriter {
  private let joint: Int
  /// The joint moves `scale` times as far as what is written, from `origin` [rad; m].
  private let origin, scale: Double
  /// When the motion is over [s]; rounding may make the phases last a little longer.
  private let end: Double
  private var phase = 0
  private var time = 0.0
  private var way = 0.0, velocity: Double

  init(joint: Int, origin: Double, velocity: Double, scale: Double = 1, end: Double) {
    self.joint = joint
    self.origin = origin
    self.velocity = velocity
    self.scale = scale
    self.end = end
  }

  mutating func append(_ limitReturn: LimitReturn, acceleration: Double, to table: inout PhaseTable) {
    guard limitReturn.duration > 0 else { return }
    append(limitReturn.back, acceleration, limitReturn.backJerk, to: &table)
    append(limitReturn.harder, limitReturn.accelerationBack, limitReturn.harderJerk, to: &table)
    append(limitReturn.on, limitReturn.end.acceleration, 0, to: &table)
    (way, velocity, time) = (limitReturn.end.position, limitReturn.end.velocity, limitReturn.duration)
  }

  /// The mixture that `motion` is, of two lists of phases that last as long as each other.
  mutating func append(_ motion: TransferMotion, of transfer: Transfer, to table: inout PhaseTable) {
    let even = transfer.phases(of: motion.even)
    guard motion.share > 0 else {
      for index in 0..<even.count { append(even[index].duration, even[index].acceleration, even[index].jerk, to: &table) }
      return
    }
    let extreme = (motion.sign < 0 ? transfer.mirrored : transfer).phases(of: motion.extreme)
    let share = motion.sign * motion.share
    guard motion.share < 1 else {
      for index in 0..<extreme.count {
        append(extreme[index].duration, share * extreme[index].acceleration, share * extreme[index].jerk, to: &table)
      }
      return
    }
    guard even.count > 0, extreme.count > 0 else { return }
    let rest = 1 - motion.share
    var a = even[0], b = extreme[0]
    var nextA = 1, nextB = 1
    while true {
      let duration = min(a.duration, b.duration)
      append(duration, rest * a.acceleration + share * b.acceleration, rest * a.jerk + share * b.jerk, to: &table)
      let isAOver = a.duration <= b.duration, isBOver = b.duration <= a.duration
      if isAOver {
        guard nextA < even.count else { return }
        a = even[nextA]
        nextA += 1
      } else {
        a.duration -= duration
        a.acceleration += duration * a.jerk
      }
      if isBOver {
        guard nextB < extreme.count else { return }
        b = extreme[nextB]
        nextB += 1
      } else {
        b.duration -= duration
        b.acceleration += duration * b.jerk
      }
    }
  }

  /// What follows the end: the acceleration stays what it is in `state`, whose position is a way.
  mutating func finish(_ state: ScalarState, to table: inout PhaseTable) {
    time = end
    way = state.position
    velocity = state.velocity
    write(acceleration: state.acceleration, jerk: 0, to: &table)
  }

  /// The way so far.
  var reached: Double { way }

  @inline(__always)
  private mutating func append(_ duration: Double, _ acceleration: Double, _ jerk: Double, to table: inout PhaseTable) {
    guard duration > 0, time < end else { return }
    write(acceleration: acceleration, jerk: jerk, to: &table)
    way += duration * (velocity + duration * (acceleration / 2 + duration * jerk / 6))
    velocity += duration * (acceleration + duration * jerk / 2)
    time += duration
  }

  @inline(__always)
  private mutating func write(acceleration: Double, jerk: Double, to table: inout PhaseTable) {
    table.set(
      phase, of: joint, from: time,
      ScalarState(position: origin + scale * way, velocity: scale * velocity, acceleration: scale * acceleration, jerk: scale * jerk))
    phase += 1
  }
}
