internal import Foundation

extension VelocityKinematics {
  /// From the last joint velocity straight towards `rates`, as far as the acceleration limits allow; but no joint so fast that it could not stop in
  /// time, whatever the others do.
  @inline(__always)
  func stepped(towards rates: JointLanes, situation: Situation) -> (rates: JointLanes, slowest: Int) {
    let step = step(within: situation, towards: rates)
    return (step.rates, step.slowest)
  }

  /// The same for a tool. Where it strays by more than the tolerance, because some joint does not keep up, instead the step by which it strays least,
  /// at the price of speed along its way.
  ///
  /// Only while it is on its way: a wish that leaves it less than half of its speed is braked for in step, and on the way out of a singularity the
  /// joints' motion matters, which hardly shows at the tool.
  ///
  /// - Parameter leaving: The part of `rates` that leads out of a singularity.
  func stepped(towards rates: JointLanes, leaving: JointLanes, task: TwistTask, situation: Situation) -> (rates: JointLanes, slowest: Int) {
    let step = step(within: situation, towards: rates)
    guard step.share < 1 else { return (step.rates, step.slowest) }
    let goal = task.numbers(for: rates), speed = length(goal), way = goal / max(speed, Self.crawl)
    let reached = task.numbers(for: step.rates), along = dot(way, reached), stray = tan(min(settings.directionTolerance, 1.5))
    let isStraying = ramp(2 * length(reached - along * way) / (stray * max(along, speed / 10, Self.crawl)) - 1)
    let isOnItsWay = ramp(4 * speed / max(length(task.numbers(for: JointLanes(situation.velocity))), 1e-9) - 1)
    let isLeaving = min(1, length(leaving) / max(length(rates), 1e-9))
    let share = isStraying * isOnItsWay * (1 - isLeaving)
    guard share > 0, along > 0 else { return (step.rates, step.slowest) }
    let straight = JointLanes(BoxProjection(of: JointScalars(rates), into: step.box, metric: metric(along: way, speed: speed, task: task)).point)
    // It slows down, but does not turn back.
    let back = max(0, -dot(way, task.numbers(for: straight)))
    return (step.rates + share * along / (along + back) * (straight - step.rates), step.slowest)
  }

  /// Slower than that, a motion strays from nothing [typical lengths or radians a second].
  private static var crawl: Double { 0.02 }

  private struct Step {
    /// What a period leaves.
    var box = VelocityBox()
    var rates = JointLanes.zero
    /// How much of the change that is wanted the acceleration limits allow, and the joint that allows least.
    var share = 1.0
    var slowest = 0
  }

  @inline(__always)
  private func step(within situation: Situation, towards rates: JointLanes) -> Step {
    var step = Step()
    let target = JointScalars(rates), count = model.jointCount
    for joint in 0..<count {
      let change = abs(target[joint] - situation.velocity[joint]), most = accelerationLimit[joint] * situation.period
      if change * step.share > most { (step.share, step.slowest) = (most / change, joint) }
    }
    let stoppable = box(at: situation.position, period: situation.period, share: 1)
    var next = JointScalars(repeating: 0)
    for joint in 0..<count {
      let velocity = situation.velocity[joint], most = accelerationLimit[joint] * situation.period
      step.box.lower[joint] = min(max(stoppable.lower[joint], velocity - most), velocity + most)
      step.box.upper[joint] = min(max(stoppable.upper[joint], velocity - most), velocity + most)
      next[joint] = step.box.clamped(velocity + step.share * (target[joint] - velocity), joint: joint)
    }
    step.rates = JointLanes(next)
    return step
  }

  @inline(__always)
  private func length(_ lanes: SIMD8<Double>) -> Double { dot(lanes, lanes).squareRoot() }
}
