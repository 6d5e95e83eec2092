public import Kinematics

/// One piece of a tool path, from where the piece before it ends.
///
/// `blend` rounds the corner at its end: the tool leaves the piece at most so far before the corner, comes onto the next one at most so far after
/// it, and never is further from the corner in between [m]. With 0 the tool goes to the corner and rests there. At the end of a path it does not
/// matter.
public enum ToolSegment: Sendable {
  /// Straight to a pose, turning evenly on the way by the shortest turn.
  case line(to: Pose, blend: Double = 0)
  /// Along the circle through a point [m] to a pose, turning evenly on the way by the shortest turn.
  case arc(via: SIMD3<Double>, to: Pose, blend: Double = 0)
  /// Round an axis through a centre [m] by an angle [rad] of either sign, also by more than a whole turn. The axis need not have length 1.
  case turn(about: SIMD3<Double>, axis: SIMD3<Double>, angle: Double, orientation: ArcOrientation = .turning, blend: Double = 0)
  /// Through poses, along a natural cubic spline of both position and rotation.
  case spline(through: [Pose], blend: Double = 0)

  /// How the tool turns while it goes round an axis.
  public enum ArcOrientation: Sendable {
    /// With the arc, as if fastened to its centre.
    case turning
    /// Not at all.
    case kept
    /// Evenly to a rotation by the shortest turn: baseFromTool.
    case to(Rotation)
  }

  /// [m]
  public var blend: Double {
    switch self {
    case .line(_, let blend), .arc(_, _, let blend), .turn(_, _, _, _, let blend), .spline(_, let blend): blend
    }
  }

  /// What refusals call it: "line", "arc" or "spline".
  public var name: String {
    switch self {
    case .line: "line"
    case .arc, .turn: "arc"
    case .spline: "spline"
    }
  }
}
