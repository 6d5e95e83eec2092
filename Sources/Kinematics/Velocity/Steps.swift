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
  ///
  /// Where the tool strays by more than the tolerance, once more, with no more speed asked for than was left: of a way that a bound makes it stray
  /// from by k = tan(angle) it keeps the share (ρ/(k² + ρ))², with ρ the square of the tolerance. So the tool moves across its way by at most the
  /// tolerance times what it moves along it, or by a third of the tolerance, √(27/256), of what is wanted along it.
  ///
  /// What opens a lost direction is not slowed, as it hardly moves the tool and leads on; for its sake the tool may stray a little.
  ///
  /// - Parameters:
  ///   - opened: The part of `rates` that opens lost directions.
  ///   - wanted: What the tool is to do. Its direction counts, not that of `rates`, which may already stray a little.
  func bounded(_ rates: JointLanes, opened: JointLanes, wanted: TaskLanes, by box: VelocityBox, task: TwistTask)
    -> (rates: JointLanes, pressed: (joint: Int, isUpper: Bool))
  {
    let count = model.jointCount, center = JointScalars(rates)
    if (0..<count).allSatisfy({ box.lower[$0] <= center[$0] && center[$0] <= box.upper[$0] }) { return (rates, (0, false)) }
    // Towards standstill all directions become alike.
    let way = wanted / (dot(wanted, wanted) + Self.standstill * Self.standstill).squareRoot()
    let stray = tan(min(settings.directionTolerance, 1.5)), motion = task.numbers(for: rates), speed = dot(motion, motion).squareRoot()
    let strict = metric(along: way, speed: speed, task: task)
    let first = BoxProjection(of: center, into: box, metric: strict)

    let reached = task.numbers(for: JointLanes(first.point)), full = dot(way, motion), left = dot(way, reached), aside = reached - left * way
    let straying = ramp(2 * dot(aside, aside).squareRoot() / max(stray * left, 1e-12) - 1)
    let share = full > 0 ? 1 - straying * (1 - min(max(left / full, 0), 1)) : 1
    let isOpening = min(1, dot(opened, opened).squareRoot() / max(dot(rates, rates).squareRoot(), 1e-9)), weight = isOpening * Self.openingWeight
    let lenient = metric(along: way, speed: speed, task: task, leastWeight: weight * weight)
    let projection = BoxProjection(of: JointScalars(opened + share * (rates - opened)), into: box, metric: lenient)
    var pressed = (joint: 0, isUpper: false), pressure = 0.0
    for joint in 0..<count where abs(first.pressure[joint]) > pressure {
      pressure = abs(first.pressure[joint])
      pressed = (joint, first.point[joint] == box.upper[joint])
    }
    return (JointLanes(projection.point), pressed)
  }

  /// What joint motion costs while the tool goes along a way, of length 1 or less.
  ///
  /// The faster the tool, the sooner the posture is another one, and the less a large joint motion pays that only now helps a little.
  func metric(along way: TaskLanes, speed: Double, task: TwistTask, leastWeight: Double = 0) -> JointMatrix {
    let stray = tan(min(settings.directionTolerance, 1.5)), along = stray * stray / (1 + stray * stray)
    let jointWeight = max(leastWeight, max(leastGain * leastGain / 8, along * speed * Self.foresight))
    return task.metric(way: way, alongWeight: along, jointWeight: jointWeight, jointCount: model.jointCount)
  }

  /// Where all joint motion opens lost directions: how much the tool may stray, in typical lengths or radians, before a radian is not worth it.
  private static var openingWeight: Double { 0.05 }
  /// Slower than this, a motion has no direction to keep [typical lengths or radians a second].
  private static var standstill: Double { 1e-4 }
  /// [s]
  private static var foresight: Double { 0.05 }

  /// Why an arm is slower than wanted in some direction of the tool.
  func singularity(free: FreeRates, task: TwistTask, directions: TaskDirections) -> Hindrance {
    let missing = free.missing + free.beyond, size = dot(missing, missing).squareRoot(), lost = task.twist(of: missing / max(size, 1e-12))
    if 2 * dot(free.beyond, free.beyond) > size * size { return .freedom(lost: lost) }
    var worst = 0, loss = -1.0
    for index in 0..<directions.count {
      let part = abs(dot(directions.task[index], free.missing))
      if part > loss { (worst, loss) = (index, part) }
    }
    if free.opening[worst] < 0.5 { return .border(lost: lost) }
    return .singularity(lost: lost, joints: JointVector(lanes: directions.joints[worst] * JointLanes(unit), count: model.jointCount))
  }

  /// Keeps count of how much of the wish is left after each step, and of the step that took most. A velocity limit slows, but stops nobody: where
  /// another step takes all that it leaves, it is that one.
  struct Account {
    private let wanted: SIMD8<Double>
    private(set) var share = 1.0
    private(set) var hindrance: Hindrance?
    private var largestLoss = 0.01
    private var isSlowness: Bool {
      if case .velocity = hindrance { true } else { false }
    }

    /// - Parameter wanted: Joint rates, or the numbers of a twist.
    init(wanted: SIMD8<Double>) { self.wanted = wanted }

    @inline(__always)
    mutating func note(_ rates: JointLanes, task: TwistTask, cause: () -> Hindrance) { note(task.numbers(for: rates), cause: cause) }

    @inline(__always)
    mutating func note(_ reached: SIMD8<Double>, cause: () -> Hindrance) {
      let square = dot(wanted, wanted)
      guard square > 0 else { return }
      let left = dot(wanted, reached) / square, loss = share - left, takesAll = loss > 0.05 && left < 0.1 * share
      share = left
      if loss > largestLoss || (takesAll && isSlowness) { (largestLoss, hindrance) = (loss, cause()) }
    }
  }
}
