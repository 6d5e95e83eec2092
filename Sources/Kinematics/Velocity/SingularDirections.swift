extension VelocityKinematics {
  /// How the arm moves and stands, each joint in its unit.
  struct Situation {
    let q: JointVector
    let position: JointScalars
    /// The last joint velocity.
    let velocity: JointScalars
    let period: Double
  }

  /// The joint rates that bring a wanted twist about, direction by direction, where no limit stops them.
  ///
  /// A direction with a gain of ``Settings/singularGain`` or more gets what it is asked for. Below, it is on its way to be lost, and it matters where
  /// the joint motion w of that direction leads. While the arm moves by it, the joints become able to move the tool as wanted by
  ///
  ///     g = vᵀ·J̇(w),   of which  g·w  is the change of the gain itself,
  ///
  /// for each radian, where v is the wanted direction.
  ///
  /// - *It opens*: some joint gains (|g| is not small) and the gain does not fall (g·w ≥ 0). The wanted rate over the gain, for which the least is an
  ///   eighth of ``Settings/singularGain``, and at most what leaves the other directions half of the joints' speed. So at the singularity itself the
  ///   joints move, though the tool does not at first: a straight elbow bends, a straight wrist turns, until the direction is there again.
  /// - *It closes*: the border of the workspace, or a direction that the arm hardly has in any posture. Less the smaller the gain, nothing at the
  ///   singularity, and no faster than the joints can brake before they are there.
  ///
  /// Both are the same at the gain where the watch begins.
  ///
  /// - Source: damping of the lost direction alone after A. Maciejewski and C. Klein, *Numerical filtering for the operation of robotic manipulators
  ///   through kinematically singular configurations* (1988); motion along the null direction by second-order effects after
  ///   J. Kieffer, *Differential analysis of bifurcations and isolated singularities for robots and mechanisms* (1994).
  func freeRates(for task: TwistTask, directions: TaskDirections, situation: Situation) -> JointLanes {
    var rates = JointLanes.zero
    for index in 0..<directions.count {
      let gain = directions.gain[index], demand = dot(directions.task[index], task.wanted)
      if gain >= settings.singularGain {
        rates += directions.joints[index] * (demand / gain)
      } else if demand != 0 {
        rates += directions.joints[index] * watchedRate(of: index, demand: demand, task: task, directions: directions, situation: situation)
      }
    }
    return rates
  }

  private func watchedRate(of index: Int, demand: Double, task: TwistTask, directions: TaskDirections, situation: Situation) -> Double {
    let gain = directions.gain[index], least = settings.singularGain / 8, nearness = 1 - gain / settings.singularGain
    let way = JointScalars(directions.joints[index])
    var speed = Double.infinity, acceleration = Double.infinity
    for joint in 0..<model.jointCount where way[joint] != 0 && speedLimit[joint] > 0 {
      speed = min(speed, speedLimit[joint] / abs(way[joint]))
      acceleration = min(acceleration, accelerationLimit[joint] / abs(way[joint]))
    }
    let prospect = prospect(along: index, task: task, directions: directions, q: situation.q)
    let opening = Self.ramp(prospect.reach / Self.fullReach) * Self.ramp(1 + prospect.bend / Self.fullBend)

    let fastest = speed / 2 / nearness
    var leaving = min(max(demand / max(gain, least), -fastest), fastest)
    if gain < least, isCramped(leaving, along: way, situation: situation) { leaving = -leaving }

    let distance = gain / abs(prospect.bend)
    let stoppable = brakingSpeed(distance: distance, acceleration: settings.brakingShare * acceleration, period: situation.period)
    let slowest = min(fastest, min(stoppable, distance / (4 * situation.period)) / nearness)
    let closing = min(max(demand * gain / (settings.singularGain * settings.singularGain), -slowest), slowest)
    return opening * leaving + (1 - opening) * closing
  }

  /// A fall of the gain that counts as closing altogether, and a change of the joints' effect that counts as opening altogether [1/rad].
  private static var fullBend: Double { 0.05 }
  private static var fullReach: Double { 0.2 }

  /// From 0 to 1 smoothly.
  private static func ramp(_ x: Double) -> Double {
    let x = min(max(x, 0), 1)
    return x * x * (3 - 2 * x)
  }

  /// What a radian along a direction's joint motion does for the wanted twist: to the effect of all joints (`reach`, |g|) and of that motion itself
  /// (`bend`, g·w).
  ///
  /// Of the wanted twist only what is as hard to get counts: directions with gains not much larger.
  private func prospect(along index: Int, task: TwistTask, directions: TaskDirections, q: JointVector) -> (reach: Double, bend: Double) {
    let count = model.jointCount, way = directions.joints[index]
    let change = model.jacobianDerivative(at: q, velocity: JointVector(lanes: way * JointLanes(unit), count: count))
    var missing = TaskLanes.zero
    for other in 0..<directions.count {
      let share = min(1, (directions.gain[index] + Self.likeGain) / max(directions.gain[other], Self.likeGain))
      missing += directions.task[other] * (share * share * dot(directions.task[other], task.wanted))
    }
    let size = dot(missing, missing).squareRoot()
    guard size > 0 else { return (0, 0) }
    let linear = change.linear.span, angular = change.angular.span
    var gained = JointScalars(repeating: 0)
    for joint in 0..<count { gained[joint] = dot(missing, task.numbers(linear: linear[joint], angular: angular[joint])) * unit[joint] / size }
    let g = JointLanes(gained)
    return (dot(g, g).squareRoot(), dot(g, way))
  }

  private static var likeGain: Double { 1e-3 }

  /// Whether joints along a direction have less than a quarter turn to their limits, and more room the other way, where a singular posture is left
  /// as well. What is already in motion goes on a half turn's room more.
  private func isCramped(_ rate: Double, along way: JointScalars, situation: Situation) -> Bool {
    var ahead = Double.infinity, behind = Double.infinity, moving = 0.0
    for joint in 0..<model.jointCount where abs(way[joint]) > 0.02 {
      let above = (upperLimit[joint] - situation.position[joint]) / abs(way[joint])
      let below = (situation.position[joint] - lowerLimit[joint]) / abs(way[joint])
      let isUpwards = way[joint] * rate > 0
      ahead = min(ahead, isUpwards ? above : below)
      behind = min(behind, isUpwards ? below : above)
      moving += way[joint] * situation.velocity[joint]
    }
    let needed = Double.pi / 2 * (moving * rate < 0 ? 2 : moving * rate > 0 ? 0.5 : 1)
    return ahead < needed && behind > ahead
  }

  /// Joint rates in the null space that lead away from position limits, in proportion to how much the arm moves.
  ///
  /// - Source: A. Liégeois, *Automatic supervisory control of the configuration and behavior of multibody mechanisms* (1977); the potential is the
  ///   fourth power of the distance from the middle of the range.
  func roomSeeking(rates: JointLanes, directions: TaskDirections, situation: Situation) -> JointLanes {
    guard directions.count < model.jointCount else { return .zero }
    let fast = JointScalars(rates)
    var push = JointScalars(repeating: 0), activity = 0.0
    for joint in 0..<model.jointCount {
      let half = (upperLimit[joint] - lowerLimit[joint]) / 2
      guard speedLimit[joint] > 0 else { continue }
      activity = max(activity, abs(fast[joint]) / speedLimit[joint])
      guard half.isFinite, half > 0, speedLimit[joint].isFinite else { continue }
      let place = (situation.position[joint] - (upperLimit[joint] + lowerLimit[joint]) / 2) / half
      push[joint] = -settings.roomSeeking * speedLimit[joint] * place * place * place
    }
    var seeking = JointLanes(push) * min(1, 4 * activity)
    for index in 0..<directions.count { seeking -= directions.joints[index] * dot(directions.joints[index], seeking) }
    return seeking
  }
}
