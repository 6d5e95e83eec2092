/// Phases of constant jerk, one after the other: how long each lasts [s], and the acceleration with which it begins.
struct PhaseList {
  struct Phase {
    var duration, acceleration, jerk: Double
  }

  private var phases = InlineArray<7, Phase>(repeating: Phase(duration: 0, acceleration: 0, jerk: 0))
  private(set) var count = 0

  /// A phase that lasts no time is left out.
  @inline(__always)
  mutating func append(_ duration: Double, _ acceleration: Double, _ jerk: Double) {
    guard duration > 0 else { return }
    phases[count] = Phase(duration: duration, acceleration: acceleration, jerk: jerk)
    count += 1
  }

  @inline(__always)
  subscript(index: Int) -> Phase { phases[index] }
}

extension Transfer {
  /// The phases of the even motion.
  func phases(of motion: EvenMotion) -> PhaseList {
    let s = limits.inverseJerk, u = motion.acceleration
    var list = PhaseList()
    list.append(s * abs(u - a0), a0, u > a0 ? limits.jerk : -limits.jerk)
    list.append(motion.hold, u, 0)
    list.append(s * abs(a1 - u), u, a1 > u ? limits.jerk : -limits.jerk)
    return list
  }

  /// The phases of the motion that goes farthest.
  func phases(of motion: FarthestMotion) -> PhaseList {
    let s = limits.inverseJerk, jerk = limits.jerk
    var list = PhaseList()
    list.append(s * (motion.peak - a0), a0, jerk)
    list.append(motion.peakHold, motion.peak, 0)
    if motion.cruise > 0 {
      list.append(s * motion.peak, motion.peak, -jerk)
      list.append(motion.cruise, 0, 0)
      list.append(s * -motion.valley, 0, -jerk)
    } else {
      list.append(s * (motion.peak - motion.valley), motion.peak, -jerk)
    }
    list.append(motion.valleyHold, motion.valley, 0)
    list.append(s * (a1 - motion.valley), motion.valley, jerk)
    return list
  }
}

/// Writes one joint's phases into a table, each going on where the one before ended.
struct PhaseWriter {
  private let joint: Int
  /// The joint moves `scale` times as far as what is written, from `origin` [rad; m].
  private let origin, scale: Double
  private var phase = 0
  private var time = 0.0
  private var way = 0.0, velocity: Double

  init(joint: Int, origin: Double, velocity: Double, scale: Double = 1) {
    self.joint = joint
    self.origin = origin
    self.velocity = velocity
    self.scale = scale
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

  /// What follows: from `time` [s] on, the acceleration stays what it is in `state`, whose position is a way.
  mutating func finish(at time: Double, _ state: ScalarState, to table: inout PhaseTable) {
    self.time = time
    way = state.position
    velocity = state.velocity
    write(acceleration: state.acceleration, jerk: 0, to: &table)
  }

  /// The way so far.
  var reached: Double { way }

  @inline(__always)
  private mutating func append(_ duration: Double, _ acceleration: Double, _ jerk: Double, to table: inout PhaseTable) {
    guard duration > 0 else { return }
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
