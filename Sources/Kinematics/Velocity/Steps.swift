internal import Foundation

extension VelocityKinematics {
  /// The same motion, as a whole no faster than the velocity limits, how much too fast it was, and the joint that is the fastest for its limit.
  @inline(__always)
  func slowed(_ rates: JointLanes) -> (rates: JointLanes, excess: Double, fastest: Int) {
    let fast = JointScalars(rates)
    var excess = 1.0, fastest = 0
    // A joint that may not move at all is a bound, no reason for the others to be slow.
    for joint in 0..<model.jointCount where speedLimit[joint] > 0 && abs(fast[joint]) > excess * speedLimit[joint] {
      (excess, fastest) = (abs(fast[joint]) / speedLimit[joint], joint)
    }
    return (rates / excess, excess, fastest)
  }

  /// The point of a box nearest to the rates, as the tool sees it, and the bound that costs most.
  func bounded(_ rates: JointLanes, by box: VelocityBox, task: TwistTask) -> (rates: JointLanes, pressed: (joint: Int, isUpper: Bool)) {
    let count = model.jointCount, center = JointScalars(rates)
    if (0..<count).allSatisfy({ box.lower[$0] <= center[$0] && center[$0] <= box.upper[$0] }) { return (rates, (0, false)) }
    // Towards standstill all directions become alike.
    let motion = task.numbers(for: rates), speed = dot(motion, motion)
    let direction = motion / (speed + Self.standstill * Self.standstill).squareRoot()
    let stray = tan(settings.directionTolerance), along = stray * stray / (1 + stray * stray)
    // The faster the tool, the sooner the posture is another one, and the less a large joint motion pays that only now helps a little.
    let jointWeight = max(leastGain * leastGain / 4, along * speed.squareRoot() * Self.foresight)
    let metric = task.metric(direction: direction, alongWeight: along, jointWeight: jointWeight, jointCount: count)
    let projection = BoxProjection(of: center, into: box, metric: metric)
    var pressed = (joint: 0, isUpper: false), pressure = 0.0
    for joint in 0..<count where abs(projection.pressure[joint]) > pressure {
      pressure = abs(projection.pressure[joint])
      pressed = (joint, projection.point[joint] == box.upper[joint])
    }
    return (JointLanes(projection.point), pressed)
  }

  /// Slower than this, a motion has no direction to keep [typical lengths or radians a second].
  private static var standstill: Double { 1e-4 }
  /// [s]
  private static var foresight: Double { 0.05 }

  /// From the last joint velocity straight towards `rates`, as far as the acceleration limits allow; but no joint so fast that it could not stop in
  /// time, whatever the others do.
  @inline(__always)
  func stepped(towards rates: JointLanes, situation: Situation) -> (rates: JointLanes, slowest: Int) {
    let target = JointScalars(rates)
    var share = 1.0, slowest = 0
    for joint in 0..<model.jointCount {
      let change = abs(target[joint] - situation.velocity[joint]), most = accelerationLimit[joint] * situation.period
      if change * share > most { (share, slowest) = (most / change, joint) }
    }
    let box = box(at: situation.position, period: situation.period, share: 1)
    var next = JointScalars(repeating: 0)
    for joint in 0..<model.jointCount {
      let velocity = situation.velocity[joint], most = accelerationLimit[joint] * situation.period
      let wanted = box.clamped(velocity + share * (target[joint] - velocity), joint: joint)
      next[joint] = min(max(wanted, velocity - most), velocity + most)
    }
    return (JointLanes(next), slowest)
  }

  /// Why an arm is slower than wanted in some direction of the tool: the one that lost most.
  func singularity(rates: JointLanes, task: TwistTask, directions: TaskDirections) -> Hindrance {
    let missing = task.wanted - task.numbers(for: rates), size = dot(missing, missing).squareRoot()
    let lost = task.twist(of: missing / max(size, 1e-12))
    var worst = -1, loss = 0.0, found = 0.0
    for index in 0..<directions.count {
      let part = dot(directions.task[index], missing)
      found += part * part
      if abs(part) > loss { (worst, loss) = (index, abs(part)) }
    }
    guard worst >= 0, 2 * found > size * size else { return .freedom(lost: lost) }
    return .singularity(lost: lost, joints: JointVector(lanes: directions.joints[worst] * JointLanes(unit), count: model.jointCount))
  }

  /// Keeps count of how much of the wish is left after each step, and of the step that took most.
  struct Account {
    private let wanted: SIMD8<Double>
    private(set) var share = 1.0
    private(set) var hindrance: Hindrance?
    private var largestLoss = 0.01

    /// - Parameter wanted: Joint rates, or the numbers of a twist.
    init(wanted: SIMD8<Double>) { self.wanted = wanted }

    @inline(__always)
    mutating func note(_ rates: JointLanes, task: TwistTask, cause: () -> Hindrance) { note(task.numbers(for: rates), cause: cause) }

    @inline(__always)
    mutating func note(_ reached: SIMD8<Double>, cause: () -> Hindrance) {
      let square = dot(wanted, wanted)
      guard square > 0 else { return }
      let left = dot(wanted, reached) / square, loss = share - left
      share = left
      if loss > largestLoss { (largestLoss, hindrance) = (loss, cause()) }
    }
  }
}
