internal import Foundation
internal import Kinematics

/// The geometry of one segment, drawn over a parameter from 0 to `width`.
///
/// The parameter is the way of the tool [m]; where the tool mostly turns, the angle of the turn times ``turnRadius``.
struct SegmentCurve: Sendable {
  private enum Shape {
    case straight(start: SIMD3<Double>, rate: SIMD3<Double>)
    /// `spoke` from the centre to the start, square to the unit `axis`; `rate` in [rad] by the parameter.
    case circular(center: SIMD3<Double>, axis: SIMD3<Double>, spoke: SIMD3<Double>, rate: Double)
    /// In the coordinates of ``ToolPathPoint``.
    case drawn(JointPath)
  }

  private let shape: Shape
  private let startRotation: Rotation
  /// By the parameter, in base axes.
  private let turnRate: SIMD3<Double>
  let width: Double
  /// The tool's way [m].
  let length: Double
  /// What the tool turns in all [rad].
  let angle: Double
  /// Beyond so much of the parameter before or after a corner a blend would leave out more than a quarter turn.
  let longestBlend: Double

  /// What a radian of a tool that turns on the spot counts as [m].
  static let turnRadius = 0.1
  /// What is shorter leads nowhere [m].
  static let leastWidth = 1e-9

  private init(_ shape: (Double) -> Shape, from start: Rotation, turn: SIMD3<Double>, length: Double, bend: Double = 0) {
    self.length = length
    angle = turn.length
    width = max(length, Self.turnRadius * angle)
    self.shape = shape(max(width, Self.leastWidth))
    startRotation = start
    turnRate = turn / max(width, Self.leastWidth)
    longestBlend = width * (.pi / 2) / max(angle, bend, .pi / 2)
  }

  static func line(from start: Pose, to end: Pose) -> Self {
    let way = end.translation - start.translation
    return Self(
      { .straight(start: start.translation, rate: way / $0) }, from: start.rotation,
      turn: (end.rotation * start.rotation.inverse).rotationVector, length: way.length)
  }

  /// - Parameters:
  ///   - axis: Not zero.
  ///   - turn: Axis times angle of all that the tool turns.
  static func arc(from start: Pose, center: SIMD3<Double>, axis: SIMD3<Double>, angle: Double, turn: SIMD3<Double>) -> Self? {
    let axis = axis / axis.length
    let out = start.translation - center
    let spoke = out - dot(out, axis) * axis
    guard spoke.length > leastWidth, axis.length.isFinite else { return nil }
    return Self(
      { .circular(center: start.translation - spoke, axis: axis, spoke: spoke, rate: angle / $0) }, from: start.rotation, turn: turn,
      length: spoke.length * abs(angle), bend: abs(angle))
  }

  /// The arc through three points; nil where they lie on one line.
  static func arc(from start: Pose, via: SIMD3<Double>, to end: Pose) -> Self? {
    let (b, c) = (via - start.translation, end.translation - start.translation)
    let normal = cross(b, c)
    guard normal.length > 1e-6 * b.length * c.length else { return nil }
    let toCenter = (dot(c, c) * cross(normal, b) + dot(b, b) * cross(c, normal)) / (2 * dot(normal, normal))
    let (spoke, last) = (-toCenter, c - toCenter)
    let angle = atan2(dot(normal, cross(spoke, last)) / normal.length, dot(spoke, last))
    return arc(
      from: start, center: start.translation + toCenter, axis: normal, angle: angle > 0 ? angle : angle + 2 * .pi,
      turn: (end.rotation * start.rotation.inverse).rotationVector)
  }

  /// A natural cubic spline, with the distances between poses as its parameter.
  ///
  /// - Parameter poses: Two or more, of which no two neighbours are the same.
  static func spline(through poses: [Pose]) -> Self {
    var (knots, length, angle) = ([0.0], 0.0, 0.0)
    var coordinates = [ToolPathPoint(pose: poses[0], twist: Twist()).coordinates(near: SIMD4(0, 0, 0, 1)).position]
    for (pose, next) in zip(poses, poses.dropFirst()) {
      let step = line(from: pose, to: next)
      knots.append(knots[knots.count - 1] + step.width)
      let before = coordinates[coordinates.count - 1].lanes.highHalf
      coordinates.append(ToolPathPoint(pose: next, twist: Twist()).coordinates(near: before).position)
      length += step.length
      angle += step.angle
    }
    return Self(JointPath.spline(through: coordinates, knots: knots, ends: .natural), length: length, angle: angle)
  }

  private init(_ path: JointPath, length: Double, angle: Double) {
    shape = .drawn(path)
    startRotation = .identity
    turnRate = .zero
    width = path.length
    self.length = length
    self.angle = angle
    longestBlend = width * (.pi / 2) / max(angle, .pi / 2)
  }

  func point(at x: Double) -> ToolPathPoint {
    let rotation = { Rotation(rotationVector: x * turnRate) * startRotation }
    switch shape {
    case .straight(let start, let rate):
      return ToolPathPoint(pose: Pose(rotation: rotation(), translation: start + x * rate), twist: Twist(linear: rate, angular: turnRate))
    case .circular(let center, let axis, let spoke, let rate):
      let reach = Rotation(axis: axis, angle: rate * x) * spoke
      return ToolPathPoint(
        pose: Pose(rotation: rotation(), translation: center + reach), twist: Twist(linear: rate * cross(axis, reach), angular: turnRate),
        twistDerivative: Twist(linear: (-rate * rate) * reach))
    case .drawn(let path):
      return ToolPathPoint(coordinates: path.point(at: x))
    }
  }

  var isStraight: Bool { if case .straight = shape { true } else { false } }

  var end: Pose { point(at: width).pose }
}
