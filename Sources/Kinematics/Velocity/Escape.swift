internal import Foundation

/// What is wanted of directions that have next to no gain left.
struct LostDirections {
  /// How much each direction is lost, from 0 to 1.
  var share = JointScalars(repeating: 0)
  /// The lost part of the wanted twist.
  var demand = TaskLanes.zero
}

/// How an arm leaves a singularity.
struct Escape {
  var rates = JointLanes.zero
  /// How much the lost direction opens, from 0 to 1.
  var opening = 0.0
}

extension VelocityKinematics {
  /// The joint rates that lead out of a singularity towards what is wanted there.
  ///
  /// No joint motion moves the tool that way at first, but some do as they go on. For the wanted direction v the tool gets, beside what other joints
  /// can make up for,
  ///
  ///     ½ eᵀ·Q·e,   Q = vᵀ·∂J/∂q
  ///
  /// of a joint motion e in the space that the lost directions leave free. Sought is the e with the largest eᵀQe, from the e on that first takes the
  /// tool the right way, a hair's breadth beside the singularity and as the other directions move the arm. Is it above zero, as for a straight elbow
  /// pulled inwards, the arm takes it, whichever way it bends. Is it zero but other joints gain from it, |Q·e| > 0, as where a wrist is straight, the
  /// lost direction turns away from v, by |Q·e| over the gains of those joints for each radian, and the arm goes on until they help. Is it below
  /// zero, the arm is at the border of its workspace and stays. Where two singularities meet, none of it may show until the arm has moved: then
  /// it goes to where the next direction is lost as well, and with it the first may open.
  ///
  /// The rate is the wanted one over ``leastGain``, at most what the other directions leave of the joints' speed, and half of it in any case.
  ///
  /// - Parameter others: The rates of the other directions when they get what they are asked for.
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  /// - Source: second-order motion at singularities after J. Kieffer, *Differential analysis of bifurcations and isolated singularities for robots
  ///   and mechanisms* (1994); the search is the power method, shifted, G. Golub and C. Van Loan, *Matrix Computations* (2013), section 7.3.1.
  func escape(lost: LostDirections, directions: TaskDirections, task: TwistTask, situation: Situation, others: JointLanes)
    -> Escape
  {
    let demand = dot(lost.demand, lost.demand).squareRoot(), wanted = lost.demand / demand

    var first = JointLanes.zero
    for index in 0..<directions.count {
      first += directions.joints[index] * (lost.share[index] * directions.gain[index] * dot(directions.task[index], wanted))
    }
    let gain = dot(first, first).squareRoot()

    let curvature = curvature(along: wanted, task: task, directions: directions, situation: situation)
    let push = first + 2 * Self.foresight * free(curvature.symmetric(times: others), lost: lost, directions: directions)
    let strength = dot(push, push).squareRoot()
    var way = strength > Self.nothing ? push / strength : free(Self.anyWay, lost: lost, directions: directions)
    let length = dot(way, way).squareRoot()
    guard length > Self.leastFreedom else { return Escape() }
    way /= length
    if curvature.size > Self.leastFreedom {
      for _ in 0..<Self.refinements {
        way += free(curvature.symmetric(times: way), lost: lost, directions: directions) / curvature.size
        way /= dot(way, way).squareRoot()
      }
    }
    var gained = curvature.transposed(times: way), bend = dot(way, gained)
    let isBlind = dot(gained, gained) < Self.blindEffect * Self.blindEffect && abs(bend) < Self.leastBend
    if isBlind {
      let fall = free(-curvature.slope, lost: lost, directions: directions), steepness = dot(fall, fall).squareRoot()
      if steepness > Self.leastSlope {
        way = fall / steepness
        gained = curvature.transposed(times: way)
        bend = dot(way, gained)
      }
    }
    let any = task.size(of: change(along: way, q: situation.q), units: unit)
    let effect = max(dot(gained, gained).squareRoot(), max(0, 1 - 10 * gain / Self.blindGain) * any)
    // What the other directions' joints take over for each radian.
    var help = JointLanes.zero
    for index in 0..<directions.count {
      let turned = (1 - lost.share[index]) * dot(gained, directions.joints[index]) / max(directions.gain[index], leastGain)
      help += directions.joints[index] * turned
    }
    let reach = max(effect, dot(help, help).squareRoot())

    let opening = openness(reach: reach, bend: bend, per: effect)
    // The lost direction turns away from what is wanted as the arm goes on; there the way ends.
    let left = asin(min(1, demand / dot(task.wanted, task.wanted).squareRoot())) / max(reach, 0.2)
    let (speed, acceleration) = ability(along: way)
    let stoppable = brakingSpeed(distance: left, acceleration: settings.brakingShare * acceleration, period: situation.period)
    let rate = min(demand / leastGain, speed * max(0.5, 0.95 - activity(of: others)), stoppable) * opening
    let isBack =
      isHelpBlocked(help, way: way, situation: situation) || goesBack(way, push: isBlind ? 0 : dot(push, way), need: left, situation: situation)
    return Escape(rates: way * (isBack ? -rate : rate), opening: opening)
  }

  private static var nothing: Double { 1e-13 }
  private static var leastFreedom: Double { 1e-6 }
  private static var refinements: Int { 6 }
  /// A way that bends more opens, however little of it does so.
  static var leastBend: Double { 0.001 }
  /// How long the other directions move the arm, until it shows on which side of a singularity the tool goes on [s].
  private static var foresight: Double { 0.05 }
  /// Below this gain nothing tells the better side of a singularity.
  static var blindGain: Double { 1e-3 }
  /// Below this effect of a radian nothing tells what opens.
  private static var blindEffect: Double { 0.02 }
  private static var leastSlope: Double { 1e-4 }
  private static var anyWay: JointLanes { JointLanes(1, 0.91, 1.13, 0.83, 1.07, 0.97, 1.19, 0.87) }

  /// Of a joint motion what leaves the tool alone, but for lost directions.
  private func free(_ way: JointLanes, lost: LostDirections, directions: TaskDirections) -> JointLanes {
    var free = JointScalars(repeating: 0)
    let way = JointScalars(way)
    for joint in 0..<model.jointCount { free[joint] = way[joint] }
    var rest = JointLanes(free)
    for index in 0..<directions.count {
      rest -= directions.joints[index] * ((1 - lost.share[index]) * dot(directions.joints[index], rest))
    }
    return rest
  }

  /// How the joints' effects change with the posture.
  private struct Curvature {
    /// Qᵀ, a row for each joint that moves: how much the others gain along the wanted direction.
    var rows = InlineArray<8, JointLanes>(repeating: .zero)
    /// The root of the sum of all squares.
    var size = 0.0
    /// How the smallest gain that is not lost changes for each radian.
    var slope = JointLanes.zero
    let count: Int

    /// What the joints gain by a motion: Q·e.
    func transposed(times way: JointLanes) -> JointLanes {
      let way = JointScalars(way)
      var sum = JointLanes.zero
      for joint in 0..<count { sum += rows[joint] * way[joint] }
      return sum
    }

    func symmetric(times way: JointLanes) -> JointLanes {
      var product = JointScalars(repeating: 0)
      for joint in 0..<count { product[joint] = dot(rows[joint], way) }
      return (JointLanes(product) + transposed(times: way)) / 2
    }
  }

  private func curvature(along wanted: TaskLanes, task: TwistTask, directions: TaskDirections, situation: Situation) -> Curvature {
    var curvature = Curvature(count: model.jointCount), slope = JointScalars(repeating: 0), square = 0.0
    let weakest = (0..<directions.count).last { directions.gain[$0] > leastGain }
    for joint in 0..<model.jointCount {
      var axis = JointScalars(repeating: 0)
      axis[joint] = 1
      let change = change(along: JointLanes(axis), q: situation.q), row = task.effect(of: change, along: wanted, units: unit)
      curvature.rows[joint] = row
      square += dot(row, row)
      if let weakest { slope[joint] = dot(task.effect(of: change, along: directions.task[weakest], units: unit), directions.joints[weakest]) }
    }
    (curvature.size, curvature.slope) = (square.squareRoot(), JointLanes(slope))
    return curvature
  }
}
