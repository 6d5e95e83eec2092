internal import Kinematics

/// What rounds a corner between two pieces of a path: the quintic that has the position and both derivatives of the first piece `distance` before
/// the corner and of the second one `distance` after it.
///
/// Where both pieces are straight, its six control points lie on them, and so the whole of it within `distance` of the corner.
enum CornerBlend {
  /// How much of the path parameter the quintic takes, so that it is passed about as quickly as the pieces.
  ///
  /// At its middle a quintic between two straight pieces with the unit derivatives u and v has the derivative by its share of the width w
  ///
  ///     15/8·d (u + v) − 7/16·w (u + v)
  ///
  /// which has the length w for w = 15/8·d c / (1 + 7/16 c), c = |u + v|: 2 d where there is no corner, 1.64 d at a right angle. Where the
  /// path turns back the middle stands still, and d itself is enough.
  static func width(distance: Double, bisector c: Double) -> Double { distance * max(1, 15 * c / (8 + 3.5 * c)) }

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
    let bisector = (corner.direction + incoming.point(at: incoming.width).direction).length
    var distance = longest
    while true {
      let width = width(distance: distance, bisector: bisector)
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
  /// The direction of the motion, travel and turn together, as six numbers of length 1.
  fileprivate var direction: SIMD8<Double> {
    let all = SIMD8(lowHalf: SIMD4(twist.linear, 0), highHalf: SIMD4(SegmentCurve.turnRadius * twist.angular, 0))
    return all / all.length
  }

  /// The three control points that a quintic of this width has from this end.
  fileprivate func controlPoints(width: Double) -> [SIMD3<Double>] {
    let first = pose.translation + (width / 5) * twist.linear
    let second = pose.translation + (2 * width / 5) * twist.linear + (width * width / 20) * twistDerivative.linear
    return [pose.translation, first, second]
  }
}

extension SIMD8<Double> {
  fileprivate var length: Double { (self * self).sum().squareRoot() }
}
