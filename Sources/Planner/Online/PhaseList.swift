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

extension ScalarProfile {
  /// Goes on with each phase in turn, multiplied by `sign`.
  mutating func append(_ phases: PhaseList, sign: Double = 1) {
    for index in 0..<phases.count {
      let phase = phases[index]
      append(acceleration: sign * phase.acceleration, jerk: sign * phase.jerk, for: phase.duration)
    }
  }
}
