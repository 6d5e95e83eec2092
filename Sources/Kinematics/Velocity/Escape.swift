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
  /// zero, the arm is at the border of its workspace and stays. Where two singularities meet, none of it may show until the arm has moved a little:
  /// then any motion will do that changes the Jacobian at all.
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
    let count = model.jointCount
    let demand = dot(lost.demand, lost.demand).squareRoot(), wanted = lost.demand / demand

    var first = JointLanes.zero
    for index in 0..<directions.count {
      first += directions.joints[index] * (lost.share[index] * directions.gain[index] * dot(directions.task[index], wanted))
    }
    let gain = dot(first, first).squareRoot()

    var bends = InlineArray<8, JointLanes>(repeating: .zero), size = 0.0
    for joint in 0..<count {
      var axis = JointScalars(repeating: 0)
      axis[joint] = 1
      bends[joint] = task.effect(of: change(along: JointLanes(axis), q: situation.q), along: wanted, units: unit)
      size += dot(bends[joint], bends[joint])
    }
    size = size.squareRoot()

    let push = first + 2 * Self.foresight * free(symmetric(bends, times: others), lost: lost, directions: directions)
    let strength = dot(push, push).squareRoot()
    var way = strength > Self.nothing ? push / strength : free(Self.anyWay, lost: lost, directions: directions)
    let length = dot(way, way).squareRoot()
    guard length > Self.leastFreedom else { return Escape() }
    way /= length
    if size > Self.leastFreedom {
      for _ in 0..<Self.refinements {
        way += free(symmetric(bends, times: way), lost: lost, directions: directions) / size
        way /= dot(way, way).squareRoot()
      }
    }
    let bent = symmetric(bends, times: way), gained = transposed(bends, times: way)
    let any = task.size(of: change(along: way, q: situation.q), units: unit)
    let effect = max(dot(gained, gained).squareRoot(), max(0, 1 - 10 * gain / Self.blindGain) * any)
    var turning = 0.0
    for index in 0..<directions.count {
      let turned = (1 - lost.share[index]) * dot(gained, directions.joints[index]) / max(directions.gain[index], leastGain)
      turning += turned * turned
    }
    let reach = max(effect, turning.squareRoot())

    let opening = openness(reach: reach, bend: dot(way, bent), per: effect)
    // The lost direction turns away from what is wanted as the arm goes on; there the way ends.
    let left = asin(min(1, demand / dot(task.wanted, task.wanted).squareRoot())) / max(reach, 0.2)
    let (speed, acceleration) = ability(along: way)
    let stoppable = brakingSpeed(distance: left, acceleration: settings.brakingShare * acceleration, period: situation.period)
    let rate = min(demand / leastGain, speed * max(0.5, 0.95 - activity(of: others)), stoppable) * opening
    let isBack = goesBack(way, push: dot(push, way), need: left, situation: situation)
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
  private static var blindGain: Double { 1e-3 }
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

  private func transposed(_ rows: InlineArray<8, JointLanes>, times way: JointLanes) -> JointLanes {
    let way = JointScalars(way)
    var sum = JointLanes.zero
    for joint in 0..<model.jointCount { sum += rows[joint] * way[joint] }
    return sum
  }

  private func symmetric(_ rows: InlineArray<8, JointLanes>, times way: JointLanes) -> JointLanes {
    var product = JointScalars(repeating: 0)
    for joint in 0..<model.jointCount { product[joint] = dot(rows[joint], way) }
    return (JointLanes(product) + transposed(rows, times: way)) / 2
  }

  /// Whether the other side of a singularity is the better one to leave to: this one has less room than the way needs, and the other has more.
  ///
  /// The choice stands until there is hardly room in its direction: what moves already tells what was chosen.
  ///
  /// - Parameters:
  ///   - push: How much the tool goes on at first for each radian; where it is next to nothing, both sides are as good.
  ///   - need: How far the way leads [rad].
  func goesBack(_ way: JointLanes, push: Double, need: Double, situation: Situation) -> Bool {
    let way = JointScalars(way), quarter = Double.pi / 4
    var ahead = Double.infinity, behind = Double.infinity, moving = 0.0
    for joint in 0..<model.jointCount where way[joint] != 0 {
      // A joint that hardly takes part may as well stay where it is.
      let weight = abs(way[joint]), leeway = 4 * quarter * ramp(1 - weight / 0.2)
      let above = (upperLimit[joint] - situation.position[joint]) / weight + leeway
      let below = (situation.position[joint] - lowerLimit[joint]) / weight + leeway
      ahead = min(ahead, way[joint] > 0 ? above : below)
      behind = min(behind, way[joint] > 0 ? below : above)
      moving += way[joint] * situation.velocity[joint]
    }
    if moving < 0 { return (push < Self.blindGain || ahead < 4 * quarter) && !(behind < Self.scarce && ahead > behind) }
    return ahead < (moving > 0 ? Self.scarce : need) && behind > ahead
  }

  /// [rad]
  private static var scarce: Double { 0.01 }
}
