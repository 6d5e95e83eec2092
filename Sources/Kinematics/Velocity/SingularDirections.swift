extension VelocityKinematics {
  /// How the arm moves and stands, each joint in its unit.
  struct Situation {
    let q: JointVector
    let position: JointScalars
    /// The last joint velocity.
    let velocity: JointScalars
    let period: Double
  }

  /// Joint rates, and how much each direction opens while the arm moves by them, from 0 to 1.
  struct FreeRates {
    var rates = JointLanes.zero
    /// What is left of the wanted twist when its parts are slowed to what they can keep.
    var wanted = TaskLanes.zero
    /// What directions on their way to be lost take from the wanted twist.
    var missing = TaskLanes.zero
    /// What no posture of so few joints can do.
    var beyond = TaskLanes.zero
    var opening = JointScalars(repeating: 1)
    /// The part of the rates that opens what is lost, and of that what leads out of a singularity itself; both hardly move the tool.
    var opened = JointLanes.zero
    var escape = JointLanes.zero
  }

  /// The joint rates that bring a wanted twist about, direction by direction, where no limit stops them.
  ///
  /// A direction with a large gain gets what it is asked for. Below six times ``Settings/singularGain`` it matters where the joint motion w of that
  /// direction leads. While the arm moves by it, the joints become able to move the tool as wanted by
  ///
  ///     g = vᵀ·J̇(w),   of which  g·w  is the change of the gain itself,
  ///
  /// for each radian, where v is the wanted direction.
  ///
  /// - *It opens*: some joint gains (|g| is not small) and the gain does not fall (g·w ≥ 0). It gets the wanted rate over the gain, and below
  ///   ``Settings/singularGain`` at most what leaves the other directions half of the joints' speed.
  /// - *It closes*: the border of the workspace, or a direction that the arm hardly has in any posture. No faster than the joints can brake before
  ///   they are there; and below ``Settings/singularGain`` less the smaller the gain, nothing at the singularity.
  ///
  /// Where next to nothing is left of a gain, ``escape(lost:directions:task:situation:others:)`` takes over.
  ///
  /// A direction that closes takes the others along, part by part (``TwistParts``), so that the tool keeps its direction and slows to a stop on its
  /// line. Where one opens, whatever another does, all go on, as that is what leads out of the singularity; the tool strays until the gain is up, by
  /// about as much as ``Settings/singularGain``.
  ///
  /// - Source: damping of the lost direction alone after A. Maciejewski and C. Klein, *Numerical filtering for the operation of robotic manipulators
  ///   through kinematically singular configurations* (1988).
  func freeRates(for task: TwistTask, directions: TaskDirections, situation: Situation) -> FreeRates {
    var found = FreeRates(), lost = LostDirections(), parts = TwistParts(of: task, tolerance: settings.directionTolerance)
    var rate = JointScalars(repeating: 0), share = JointScalars(repeating: 1)
    found.beyond = task.wanted
    for index in 0..<directions.count {
      let gain = directions.gain[index], demand = dot(directions.task[index], task.wanted)
      found.beyond -= directions.task[index] * demand
      guard gain < farGain, demand != 0 else {
        rate[index] = demand == 0 ? 0 : demand / gain
        continue
      }
      let lostShare = ramp(2 * (1 - gain / leastGain))
      lost.share[index] = lostShare
      lost.demand += directions.task[index] * (lostShare * demand)
      if lostShare < 1 {
        let watched = watchedRate(of: index, demand: demand, task: task, directions: directions, situation: situation)
        rate[index] = (1 - lostShare) * watched.rate
        found.opening[index] = watched.opening
      }
      share[index] = min(max(gain * rate[index] / demand, 0), 1)
      found.missing += directions.task[index] * ((1 - share[index]) * demand)
    }
    for index in 0..<directions.count { found.rates += directions.joints[index] * rate[index] }
    var leaving = JointLanes.zero
    if lost.demand != .zero {
      let escape = escape(lost: lost, directions: directions, task: task, situation: situation, others: found.rates)
      leaving = escape.rates
      for index in 0..<directions.count { found.opening[index] += lost.share[index] * (escape.opening - found.opening[index]) }
    }
    let wayOut = wayOut(opening: found.opening, task: task, directions: directions)
    for index in 0..<directions.count where share[index] < 1 {
      let demand = dot(directions.task[index], task.wanted)
      parts.slow(to: 1 - (1 - share[index]) * (1 - found.opening[index]) * (1 - wayOut), demand: demand, along: directions.task[index])
    }
    let excess = dot(found.beyond, found.beyond).squareRoot()
    if excess > 1e-9 { parts.slow(to: 0, demand: excess, along: found.beyond / excess) }
    found.wanted = parts.slowed
    found.rates = leaving
    (found.escape, found.opened) = (leaving, leaving)
    for index in 0..<directions.count {
      let gain = directions.gain[index]
      if gain >= leastGain {
        let straight = dot(directions.task[index], found.wanted) / gain, most = abs(rate[index])
        rate[index] = gain >= farGain ? straight : min(max(straight, -most), most)
      }
      found.rates += directions.joints[index] * rate[index]
      found.opened += directions.joints[index] * (rate[index] * found.opening[index] * ramp(2 * (1 - gain / settings.singularGain)))
    }
    return found
  }

  /// From 0 to 1: whether some direction with a small gain opens, and with it a way out of a singularity.
  private func wayOut(opening: JointScalars, task: TwistTask, directions: TaskDirections) -> Double {
    let size = dot(task.wanted, task.wanted).squareRoot(), smallGain = 2 * settings.singularGain
    guard size > 0 else { return 0 }
    var way = 0.0
    for index in 0..<directions.count where directions.gain[index] < smallGain {
      let part = abs(dot(directions.task[index], task.wanted)) / size
      way = max(way, opening[index] * ramp(2 * (1 - directions.gain[index] / smallGain)) * ramp(3 * part))
    }
    return way
  }

  /// The joint rates for a motion of the tool by the gains alone: what directions on their way to be lost would take is left out the more, the
  /// nearer they are.
  func plainRates(for wanted: TaskLanes, directions: TaskDirections) -> JointLanes {
    var rates = JointLanes.zero
    for index in 0..<directions.count {
      let gain = max(directions.gain[index], settings.singularGain), demand = dot(directions.task[index], wanted)
      rates += directions.joints[index] * (demand * min(1, directions.gain[index] / gain) / gain)
    }
    return rates
  }

  /// The gain below which a direction is lost: no use to divide by it any more.
  var leastGain: Double { settings.singularGain / 8 }

  /// The gain from which on no singularity is near enough to brake for.
  private var farGain: Double { 6 * settings.singularGain }

  private func watchedRate(of index: Int, demand: Double, task: TwistTask, directions: TaskDirections, situation: Situation)
    -> (rate: Double, opening: Double)
  {
    let gain = directions.gain[index], full = settings.singularGain, (speed, acceleration) = ability(along: directions.joints[index])
    let prospect = prospect(along: index, task: task, directions: directions, q: situation.q)
    let opening = openness(reach: prospect.reach, bend: prospect.bend, per: prospect.reach)

    let fastest = gain < full ? speed / 2 / (1 - gain / full) : .infinity
    var leaving = min(max(demand / max(gain, leastGain), -fastest), fastest)
    if gain < leastGain, goesBack((demand > 0 ? 1 : -1) * directions.joints[index], push: gain, need: .pi / 2, situation: situation) {
      leaving = -leaving
    }

    let distance = gain / abs(prospect.bend)
    let stoppable = brakingSpeed(distance: distance, acceleration: settings.brakingShare * acceleration, period: situation.period)
    let slowest = min(fastest, min(stoppable, distance / (4 * situation.period)) / (1 - gain / farGain))
    let closing = min(max(gain < full ? demand * gain / (full * full) : demand / gain, -slowest), slowest)
    return (opening * leaving + (1 - opening) * closing, opening)
  }

  /// The largest share of a velocity limit that joint rates take, at most 1.
  func activity(of rates: JointLanes) -> Double {
    let rates = JointScalars(rates)
    var activity = 0.0
    for joint in 0..<model.jointCount where speedLimit[joint] > 0 { activity = max(activity, abs(rates[joint]) / speedLimit[joint]) }
    return min(1, activity)
  }

  /// How fast, and with which acceleration, the joints can move along a direction of length 1 [1/s, 1/s²].
  func ability(along way: JointLanes) -> (speed: Double, acceleration: Double) {
    let way = JointScalars(way)
    var speed = Double.infinity, acceleration = Double.infinity
    for joint in 0..<model.jointCount where way[joint] != 0 && speedLimit[joint] > 0 {
      speed = min(speed, speedLimit[joint] / abs(way[joint]))
      acceleration = min(acceleration, accelerationLimit[joint] / abs(way[joint]))
    }
    return (speed, acceleration)
  }

  /// Whether a joint motion opens a direction, from 0 to 1 smoothly.
  ///
  /// - Parameters:
  ///   - reach: How much the joints gain for each radian, or how far the lost direction turns, whichever is more.
  ///   - bend: How much the gain itself grows, g·w.
  ///   - effect: What the bend is small or large beside: how much the joints gain, |g|.
  func openness(reach: Double, bend: Double, per effect: Double) -> Double {
    max(ramp((reach - 0.02) / 0.06) * ramp(1 + 10 * bend / max(effect, 1e-9)), ramp(bend / Self.leastBend))
  }

  /// What a radian along a direction's joint motion does for the wanted twist: to the effect of all joints, and of that motion itself.
  ///
  /// Of the wanted twist only what is as hard to get counts: directions with gains not much larger.
  private func prospect(along index: Int, task: TwistTask, directions: TaskDirections, q: JointVector) -> (reach: Double, bend: Double) {
    let way = directions.joints[index], like = leastGain / 10
    var missing = TaskLanes.zero
    for other in 0..<directions.count {
      let share = min(1, (directions.gain[index] + like) / max(directions.gain[other], like))
      missing += directions.task[other] * (share * share * dot(directions.task[other], task.wanted))
    }
    let size = dot(missing, missing).squareRoot()
    guard size > 0 else { return (0, 0) }
    let gained = task.effect(of: change(along: way, q: q), along: missing / size, units: unit)
    return (dot(gained, gained).squareRoot(), dot(gained, way))
  }

  /// How the Jacobian changes for each radian along a joint motion.
  func change(along way: JointLanes, q: JointVector) -> Jacobian {
    model.jacobianDerivative(at: q, velocity: JointVector(lanes: way * JointLanes(unit), count: model.jointCount))
  }
}
