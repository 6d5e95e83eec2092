internal import Foundation
public import Kinematics

/// A path through waypoints in joint space: straight between them, with rounded corners.
///
/// Its parameter is the length in joint space [rad; m]. A corner with a blend radius is left that far before its waypoint and met again that far
/// after it, and what is in between is never further from the waypoint, counted as the length of the joints' differences. Without a radius the
/// arm goes to the waypoint and rests there.
public struct JointWaypoints: Sendable {
  /// The path; it has a stop at every waypoint that is not rounded.
  public let path: JointPath
  /// Of every rounded corner, in the order of the path.
  public let blends: [Blend]

  /// A place to pass.
  public struct Waypoint: Sendable {
    /// [rad; m]
    public var position: JointVector
    /// [rad; m]
    public var blend: Double

    public init(_ position: JointVector, blend: Double = 0) {
      self.position = position
      self.blend = blend
    }
  }

  /// A rounded corner.
  public struct Blend: Sendable, Equatable, CustomStringConvertible {
    /// The number of its waypoint, from 1.
    public let waypoint: Int
    /// As asked for, and as the ways to the neighbouring waypoints have room [rad; m].
    public let askedRadius, radius: Double

    /// Whether there was no room for all of it.
    public var isShrunk: Bool { radius < askedRadius * (1 - 1e-9) }

    /// "The corner at waypoint 2 is rounded by 0.05", and if shrunk, " instead of 0.1, for want of room".
    public var description: String {
      let rounded = "The corner at waypoint \(waypoint) is rounded by \(String(format: "%.4g", radius))"
      return isShrunk ? rounded + String(format: " instead of %.4g, for want of room", askedRadius) : rounded
    }
  }

  /// - Parameters:
  ///   - start: Where the path begins [rad; m].
  ///   - waypoints: Where it goes, the last of them its end. Such as repeat the one before them are left out.
  ///   - limits: The positions that waypoints may have; between them the path is within these limits too.
  ///   - joints: What refusals call the joints.
  public init(
    from start: JointVector, through waypoints: [Waypoint], limits: JointLimits, joints: [JointLabel] = []
  ) throws(MotionRefusal) {
    let labels = JointLabels(joints)
    try limits.check(start, as: .start, labels: labels)
    var corners = [Corner(position: start, radius: 0, number: 0)]
    for (index, waypoint) in waypoints.enumerated() {
      try limits.check(waypoint.position, as: .target, labels: labels)
      try limits.checkInside(waypoint.position, from: start, labels: labels)
      guard waypoint.blend >= 0 else { throw .unusableBlend(corner: index + 1, radius: waypoint.blend) }
      let corner = Corner(position: waypoint.position, radius: waypoint.blend, number: index + 1)
      if (corner.position - corners[corners.count - 1].position).length > Self.leastLength {
        corners.append(corner)
      } else if corners.count > 1 {
        corners[corners.count - 1].radius = min(corners[corners.count - 1].radius, corner.radius)
      }
    }
    guard corners.count > 1 else { throw .leadsNowhere }
    (path, blends) = Self.path(through: corners)
  }

  private struct Corner {
    var position: JointVector
    var radius: Double
    let number: Int
  }

  /// What is shorter leads nowhere [rad; m].
  private static let leastLength = 1e-9

  private static func path(through corners: [Corner]) -> (JointPath, [Blend]) {
    let inner = corners.dropFirst().dropLast()
    let ways = zip(corners, corners.dropFirst()).map { $1.position - $0.position }
    let lengths = ways.map(\.length), directions = ways.map { (1 / $0.length) * $0 }
    let radii = zip(inner, zip(lengths, lengths.dropFirst())).map { min($0.radius, $1.0, $1.1) }
    // Of every corner but the start, the end without a blend among them.
    let distances = CornerBlend.distances(radii: radii, widths: lengths) + [0]
    let nothing = JointVector(count: corners[0].position.count)
    func point(_ position: JointVector, way: Int) -> PathPoint { PathPoint(position: position, first: directions[way], second: nothing) }

    var legs: [JointPath] = [], blends: [Blend] = []
    var knots = [0.0], points = [point(corners[0].position, way: 0)]
    /// Adds a point unless the last one is there already.
    func append(_ next: PathPoint, after width: Double) {
      guard width > leastLength else { return }
      knots.append(knots[knots.count - 1] + width)
      points.append(next)
    }
    var begun = 0.0
    for (way, corner) in zip(0..., corners.dropFirst()) {
      let distance = distances[way]
      append(point(corner.position - distance * directions[way], way: way), after: lengths[way] - begun - distance)
      if distance > leastLength {
        let next = way + 1
        // A blend that ends where the next one begins, or at the path's end, is counted from there, to end there to the last bit.
        let isWhole = lengths[next] - distance - distances[next] <= leastLength
        let end = isWhole ? corners[next + 1].position - distances[next] * directions[next] : corner.position + distance * directions[next]
        append(point(end, way: next), after: CornerBlend.width * distance)
        blends.append(Blend(waypoint: corner.number, askedRadius: corner.radius, radius: distance))
      } else {
        legs.append(JointPath(knots: knots, points: points))
        if way + 1 < directions.count { (knots, points) = ([0], [point(corner.position, way: way + 1)]) }
      }
      begun = distance
    }
    return (JointPath(joining: legs), blends)
  }
}

extension JointVector {
  /// The Euclidean norm.
  var length: Double { dot(self).squareRoot() }
}
