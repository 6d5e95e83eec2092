internal import Kinematics

/// Leads the joints along a tool line: from each knot to the next by prediction and Newton's correction, so that the arm never changes its
/// posture on the way.
struct LineFollower {
  let model: RobotModel
  let line: ToolLine
  let labels: JointLabels
  /// With room for the start, should a joint stand outside its limits there.
  let allowed: JointLimits
  /// The limits as they are, for refusals and for judging joint velocities.
  let limits: JointLimits
  /// The largest velocity of the path parameter [1/s].
  let pathVelocity: Double

  /// How far the tool may be off the line between knots [m; rad].
  static let tolerance = 1e-5
  /// How much of the tool's velocity may be missed [1].
  static let shareMissed = 1e-3
  /// A velocity so many times its limit tells a singularity, even where the line is only beginning.
  static let hopeless = 1000.0

  /// A path whose tool stays within the tolerance of the line throughout.
  ///
  /// Begins with a knot about every millimetre or half degree, and halves the spans until the tool is near enough to the line between the
  /// knots too, and until a failure to go on is certain.
  func path(from start: JointVector) throws(MotionRefusal) -> JointPath {
    let fewest = max(8, Int(max(line.length / 1e-3, line.angle / 0.01).rounded(.up)))
    var spans = fewest
    while true {
      let isLast = spans >= 64 * fewest
      do throws(MotionRefusal) {
        let path = try path(from: start, spans: spans)
        guard let stray = try firstStray(from: path, spans: spans) else { return path }
        if isLast { throw refusal(at: path.point(at: stray), share: stray) }
      } catch .outOfReach(let place) {
        if isLast { throw .outOfReach(at: place) }
      }
      spans *= 2
    }
  }

  private func path(from start: JointVector, spans: Int) throws(MotionRefusal) -> JointPath {
    let width = 1 / Double(spans)
    var points = [point(at: start)]
    points.reserveCapacity(spans + 1)
    if missed(by: points[0]) > Self.shareMissed { throw .singular }
    try check(points[0], share: 0)
    for index in 1...spans {
      let before = points[index - 1]
      let share = Double(index) / Double(spans)
      let predicted = before.position + width * before.first + (width * width / 2) * before.second
      guard let q = corrected(predicted, share: share) else { throw .outOfReach(at: line.place(at: share)) }
      let point = point(at: q)
      if missed(by: point) > Self.shareMissed { throw .outOfReach(at: line.place(at: share)) }
      try check(point, share: share)
      points.append(point)
    }
    return JointPath(knots: (0...spans).map { Double($0) / Double(spans) }, points: points)
  }

  /// The joint positions near `predicted` that put the tool on the line; nil where Newton's method does not find any nearby.
  private func corrected(_ predicted: JointVector, share: Double) -> JointVector? {
    let baseFromTarget = line.pose(at: share)
    var q = predicted
    for _ in 0..<12 {
      let (pose, jacobian) = model.poseAndJacobian(at: q)
      let difference = PoseDifference(from: pose, to: baseFromTarget)
      if difference.magnitude < 1e-11 { break }
      q += jacobian.leastVelocity(for: difference.twist)
      guard (q - predicted).maximumMagnitude < 0.2 else { return nil }
    }
    return PoseDifference(from: model.pose(at: q), to: baseFromTarget).magnitude < 1e-8 ? q : nil
  }

  /// The derivatives of the joint positions along the line: q′ solves J q′ = x′, with the line's twist x′ the same everywhere, and q″ is how
  /// that solution changes along itself, by central differences.
  private func point(at q: JointVector) -> PathPoint {
    let first = derivative(at: q)
    let step = 1e-4 / max(1e-3, first.maximumMagnitude)
    let second = (0.5 / step) * (derivative(at: q + step * first) - derivative(at: q - step * first))
    return PathPoint(position: q, first: first, second: second)
  }

  private func derivative(at q: JointVector) -> JointVector {
    model.jacobian(at: q).leastVelocity(for: Twist(linear: line.translation, angular: line.turn))
  }

  /// How much of the line's twist the joints do not bring about, as a share of it.
  private func missed(by point: PathPoint) -> Double {
    let made = model.jacobian(at: point.position).twist(for: point.first)
    return ((made.linear - line.translation).length + (made.angular - line.turn).length) / (line.length + line.angle)
  }

  /// The first middle of a span where the tool is off the line, in place or in direction.
  private func firstStray(from path: JointPath, spans: Int) throws(MotionRefusal) -> Double? {
    for index in 0..<spans {
      let share = (Double(index) + 0.5) / Double(spans)
      let point = path.point(at: share)
      let difference = PoseDifference(from: line.pose(at: share), to: model.pose(at: point.position))
      if difference.magnitude > Self.tolerance || missed(by: point) > Self.shareMissed { return share }
      try check(point, share: share)
    }
    return nil
  }

  private func check(_ point: PathPoint, share: Double) throws(MotionRefusal) {
    let q = point.position
    for joint in q.indices where q[joint] < allowed.lower[joint] - 1e-9 || q[joint] > allowed.upper[joint] + 1e-9 {
      throw .leavesLimits(
        joint: labels[joint], value: q[joint], lower: limits.lower[joint], upper: limits.upper[joint], at: line.place(at: share))
    }
    if excess(of: point).factor > Self.hopeless { throw refusal(at: point, share: share) }
  }

  /// The joint that would be furthest beyond its velocity limit, were the line gone at its full speed here, and how many times.
  private func excess(of point: PathPoint) -> (joint: Int, factor: Double) {
    var worst = (joint: 0, factor: 0.0)
    for joint in point.first.indices {
      let factor = abs(point.first[joint]) * pathVelocity / limits.velocity[joint]
      if factor > worst.factor { worst = (joint, factor) }
    }
    return worst
  }

  private func refusal(at point: PathPoint, share: Double) -> MotionRefusal {
    let joint = excess(of: point).joint
    return .nearSingularity(
      joint: labels[joint], .velocity, value: abs(point.first[joint]) * pathVelocity, limit: limits.velocity[joint],
      at: line.place(at: share))
  }
}
