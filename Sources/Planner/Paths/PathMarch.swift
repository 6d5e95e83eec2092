internal import Foundation
internal import Kinematics

/// One way along a tool path, knot by knot.
///
/// A span's quintic errs most in its middle, with the sixth power of its width. So the next width follows from how far the tool is off the path
/// in the last span.
struct PathMarch {
  private let follower: PathFollower
  private let path: ToolPath
  /// With room for the start, should a joint stand outside its limits there.
  private let allowed: JointLimits
  private let interruption: Interruption
  /// Of the leg that is being gone: since the last stop.
  private var knots: [PathKnot] = []
  private var legs: [JointPath] = []
  private var step: Double
  private var violation: LimitViolation?

  init(follower: PathFollower, path: ToolPath, allowed: JointLimits, interruption: Interruption) {
    (self.follower, self.path, self.allowed, self.interruption) = (follower, path, allowed, interruption)
    step = follower.settings.longestStep / 4
  }

  /// A joint beyond its limit: where it leaves it, and how far it would go.
  private struct LimitViolation {
    let joint: Int
    let s: Double
    var furthest: Double
  }

  /// Goes on beyond limits, to tell how far a joint would have to go.
  mutating func path(from start: JointVector) throws(MotionRefusal) -> JointPath {
    do throws(MotionRefusal) {
      try go(from: start)
    } catch {
      throw interruption.hasCome ? .stopped : violation.map(refusal) ?? error
    }
    if let violation { throw refusal(violation) }
    return JointPath(joining: legs)
  }

  private mutating func go(from start: JointVector) throws(MotionRefusal) {
    var q = start
    for (index, span) in path.spans.enumerated() {
      if index == 0 || path.stops.contains(span.start) {
        finishLeg()
        let task = task(at: span.start, span: index)
        let (pose, jacobian) = follower.model.poseAndJacobian(at: q)
        let knot = follower.knot(at: q, s: span.start, pose: pose, jacobian: jacobian, task: task)
        guard knot.missed < Self.mostMissed else { throw index == 0 ? .singular : losesPosture(at: knot) }
        try judge(knot.point, at: knot.s)
        knots = [knot]
      }
      while let last = knots.last, last.s < span.end { try advance(from: last, in: index, to: span.end) }
      q = knots[knots.count - 1].point.position
    }
    finishLeg()
  }

  private mutating func finishLeg() {
    guard let first = knots.first else { return }
    legs.append(JointPath(knots: knots.map { $0.s - first.s }, points: knots.map(\.point)))
    knots = []
  }

  private func task(at s: Double, span: Int) -> PathTask { PathTask(free: follower.freeAxes, point: path.point(at: s, span: span)) }

  /// Adds the next knot, as far on as the tolerance allows.
  private mutating func advance(from last: PathKnot, in span: Int, to end: Double) throws(MotionRefusal) {
    while true {
      guard !interruption.comes(before: 16) else { throw .stopped }
      let left = end - last.s
      let s = step >= left ? end : step > left / 2 ? last.s + left / 2 : last.s + step
      let width = s - last.s
      let excess: Double
      if let knot = nextKnot(after: last, at: s, in: span) {
        let quintic = QuinticSpan(from: last.point, to: knot.point, start: last.s, width: width)
        excess = self.excess(of: quintic, from: last.s, width: width, in: span)
        if excess <= 1 {
          try judge(quintic, from: last, to: knot)
          knots.append(knot)
          step = min(width * growth(for: excess), follower.settings.longestStep)
          return
        }
      } else {
        excess = .infinity
      }
      step = width * growth(for: excess)
      guard step > Self.shortestStep else { throw losesPosture(at: last) }
    }
  }

  private func nextKnot(after last: PathKnot, at s: Double, in span: Int) -> PathKnot? {
    let h = s - last.s
    var third = JointVector(count: last.point.position.count)
    if knots.count > 1 {
      let before = knots[knots.count - 2]
      third = (1 / (last.s - before.s)) * (last.point.second - before.point.second)
    }
    let predicted = last.point.position + h * (last.point.first + (h / 2) * (last.point.second + (h / 3) * third))
    let task = task(at: s, span: span)
    guard let found = follower.corrected(predicted, task: task) else { return nil }
    let knot = follower.knot(at: found.q, s: s, pose: found.pose, jacobian: found.jacobian, task: task)
    return knot.missed < Self.mostMissed ? knot : nil
  }

  /// How many times what a span aims at the tool is off the path between its knots, in its pose or in its twist.
  private func excess(of quintic: QuinticSpan, from start: Double, width: Double, in span: Int) -> Double {
    var excess = 0.0
    for share in [0.5, 0.25, 0.75] {
      let s = start + share * width
      let task = task(at: s, span: span)
      let point = quintic.point(at: s, joints: follower.model.jointCount)
      let (pose, jacobian) = follower.model.poseAndJacobian(at: point.position)
      let missing = task.bound(jacobian.twist(for: point.first)) - task.boundTwist(offset: pose.translation - task.point.pose.translation)
      excess = max(
        excess, task.residual(of: pose).magnitude / (Self.aim * follower.settings.tolerance),
        missing.magnitude / (Self.mostStrayRate * task.point.twist.magnitude))
      if excess > 1 { break }
    }
    return excess
  }

  /// How many times as long the next step may be.
  private func growth(for excess: Double) -> Double { min(max(0.9 / cbrt(max(excess, 1e-6)).squareRoot(), 0.25), 2) }

  /// Looks at a span's end and twice within it, and for joints that leave their limits everywhere.
  private mutating func judge(_ quintic: QuinticSpan, from last: PathKnot, to knot: PathKnot) throws(MotionRefusal) {
    if violation == nil, let crossing = allowed.crossing(from: last, to: knot) {
      violation = LimitViolation(joint: crossing.joint, s: crossing.s, furthest: crossing.position)
    }
    let width = knot.s - last.s
    for share in [1.0 / 3, 2.0 / 3] {
      let s = last.s + share * width
      try judge(quintic.point(at: s, joints: follower.model.jointCount), at: s)
    }
    try judge(knot.point, at: knot.s)
  }

  /// Refuses what no slowness makes possible, and notes how far a joint that has left its limits goes.
  private mutating func judge(_ point: PathPoint, at s: Double) throws(MotionRefusal) {
    if let left = violation {
      let q = point.position[left.joint]
      let isBelow = left.furthest < (allowed.lower[left.joint] + allowed.upper[left.joint]) / 2
      violation?.furthest = isBelow ? min(left.furthest, q) : max(left.furthest, q)
    }
    for joint in point.first.indices
    where abs(point.first[joint]) * follower.settings.slowest > follower.limits.velocity[joint] {
      throw follower.nearSingularity(joint: joint, rate: point.first[joint], s: s, on: path, q: point.position, interruption)
    }
  }

  private func losesPosture(at knot: PathKnot) -> MotionRefusal { follower.lostPosture(s: knot.s, on: path, q: knot.point.position, interruption) }

  private func refusal(_ violation: LimitViolation) -> MotionRefusal {
    .leavesLimits(
      joint: follower.labels[violation.joint], value: violation.furthest, lower: follower.limits.lower[violation.joint],
      upper: follower.limits.upper[violation.joint], at: path.place(at: violation.s))
  }

  /// How much of the path's twist may be missed at a knot [1].
  private static let mostMissed = 1e-3
  /// What share of the tolerance spans aim at where they are looked at.
  private static let aim = 0.2
  /// How much of the path's twist may be missed between knots [1].
  private static let mostStrayRate = 2e-3
  /// [m]
  private static let shortestStep = 1e-7
}
