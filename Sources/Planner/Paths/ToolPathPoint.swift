public import Kinematics

/// The tool's pose on a path, and how it changes with the path parameter.
public struct ToolPathPoint: Sendable, Equatable {
  /// baseFromTool
  public var pose: Pose
  /// By the parameter, in base axes: linear [1], angular [rad/m].
  public var twist: Twist
  /// The twist's own derivative by the parameter [1/m], [rad/m²].
  public var twistDerivative: Twist

  public init(pose: Pose, twist: Twist, twistDerivative: Twist = Twist()) {
    self.pose = pose
    self.twist = twist
    self.twistDerivative = twistDerivative
  }
}

// Blends and splines are drawn in the coordinates of a pose: three of its position, a nought, and the four of its quaternion. A curve through
// them need not stay among the unit quaternions; what it means is the rotation in the same direction. That keeps every smoothness the curve
// has, and looks the same from every base and tool frame, as turning a frame turns the quaternions rigidly.
extension ToolPathPoint {
  /// The pose's coordinates, with the sign of the quaternion that is nearer to `neighbour`.
  ///
  ///     q′ = ½ ω q,   q″ = ½ α q + ½ ω q′
  func coordinates(near neighbour: SIMD4<Double>) -> PathPoint {
    var q = pose.rotation.quaternion
    if (q * neighbour).sum() < 0 { q = -q }
    let angular = SIMD4(twist.angular, 0)
    let first = 0.5 * product(angular, q)
    let second = 0.5 * (product(SIMD4(twistDerivative.angular, 0), q) + product(angular, first))
    return PathPoint(
      position: Self.vector(pose.translation, q), first: Self.vector(twist.linear, first), second: Self.vector(twistDerivative.linear, second))
  }

  /// From coordinates whose quaternion x = n q may be of any length n but 0:
  ///
  ///     q′ = (x′ − n′ q)/n,   q″ = (x″ − n″ q − 2 n′ q′)/n   with n′ = q·x′, n″ = q′·x′ + q·x″
  ///     ω = 2 q′ q̄,   α = 2 q″ q̄   (vector parts)
  init(coordinates: PathPoint) {
    let (value, first, second) = (coordinates.position.lanes, coordinates.first.lanes, coordinates.second.lanes)
    let (x, x1, x2) = (value.highHalf, first.highHalf, second.highHalf)
    let n = (x * x).sum().squareRoot()
    let q = x / n
    let n1 = (q * x1).sum()
    let q1 = (x1 - n1 * q) / n
    let n2 = (q1 * x1).sum() + (q * x2).sum()
    let q2 = (x2 - n2 * q - (2 * n1) * q1) / n
    let conjugate = q * SIMD4(-1, -1, -1, 1)
    self.init(
      pose: Pose(rotation: Rotation(quaternion: q), translation: value.xyz),
      twist: Twist(linear: first.xyz, angular: 2 * product(q1, conjugate).xyz),
      twistDerivative: Twist(linear: second.xyz, angular: 2 * product(q2, conjugate).xyz))
  }

  private static func vector(_ linear: SIMD3<Double>, _ quaternion: SIMD4<Double>) -> JointVector {
    JointVector(lanes: SIMD8(lowHalf: SIMD4(linear, 0), highHalf: quaternion), count: 8)
  }
}

/// The product of two quaternions x, y, z, w.
private func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
  SIMD4(a.w * b.xyz + b.w * a.xyz + cross(a.xyz, b.xyz), a.w * b.w - dot(a.xyz, b.xyz))
}

extension SIMD4<Double> {
  fileprivate var xyz: SIMD3<Double> { SIMD3(x, y, z) }
}

extension SIMD8<Double> {
  /// The first three lanes.
  fileprivate var xyz: SIMD3<Double> { lowHalf.xyz }
}
