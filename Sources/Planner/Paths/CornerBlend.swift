internal import Kinematics

/// What rounds a corner between two pieces of a path: the quintic that has the position and both derivatives of the first piece `distance` before
/// the corner and of the second one `distance` after it.
///
/// Where both pieces are straight, its six control points lie on them, and so the whole of it within `distance` of the corner.
enum CornerBlend {
  /// How much of the path parameter the quintic takes, for each unit of `distance`.
  ///
  /// With 2 it is as long as what it replaces, and pointed: its control points crowd at the corner. With less they are drawn apart until it bulges
  /// at its ends. At 1.8 an acceleration of bounded magnitude gets past corners of 30° to 120° in within 0.3 % of the least time that any width
  /// allows.
  static let width = 1.8

  /// How far before and after each corner the blends may reach, where each piece has to hold those of both its ends.
  ///
  /// - Parameters:
  ///   - radii: One a corner: what was asked for.
  ///   - widths: Of the pieces: one more than there are corners.
  static func distances(radii: [Double], widths: [Double]) -> [Double] {
    let shares = widths.indices.map { piece in
      let asked = (piece > 0 ? radii[piece - 1] : 0) + (piece < radii.count ? radii[piece] : 0)
      return asked > widths[piece] ? widths[piece] / asked : 1
    }
    return radii.indices.map { radii[$0] * min(shares[$0], shares[$0 + 1]) }
  }

  /// The blend of two tool segments as a path in the coordinates of ``ToolPathPoint``, and how far from the corner it begins and ends: `longest`, or
  /// less where curved segments would lead it out of the ball of `radius` [m] about the corner.
  static func between(
    _ incoming: SegmentCurve, _ outgoing: SegmentCurve, longest: Double, radius: Double
  ) -> (path: JointPath, distance: Double) {
    let corner = outgoing.point(at: 0)
    var distance = longest
    while true {
      let width = width * distance
      let near = incoming.point(at: incoming.width - distance), far = outgoing.point(at: distance)
      let polygon = near.controlPoints(width: width) + far.controlPoints(width: -width)
      if distance > 1e-3 * longest, polygon.contains(where: { ($0 - corner.pose.translation).length > radius * (1 + 1e-12) }) {
        distance *= 0.9
        continue
      }
      let quaternion = corner.pose.rotation.quaternion
      return (JointPath(knots: [0, width], points: [near.coordinates(near: quaternion), far.coordinates(near: quaternion)]), distance)
    }
  }
}

extension ToolPathPoint {
  /// The three control points that a quintic of this width has from this end.
  fileprivate func controlPoints(width: Double) -> [SIMD3<Double>] {
    let first = pose.translation + (width / 5) * twist.linear
    let second = pose.translation + (2 * width / 5) * twist.linear + (width * width / 20) * twistDerivative.linear
    return [pose.translation, first, second]
  }
}
