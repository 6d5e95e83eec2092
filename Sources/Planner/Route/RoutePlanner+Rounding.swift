public import Kinematics

extension RoutePlanner {
  /// The route's waypoints with rounded corners, as ``Trajectory/waypoints(from:through:limits:speed:joints:)`` takes them.
  ///
  /// Each corner has the widest blend of a few for which the rounded path is as free as the route; where none is, the arm rests in the corner.
  ///
  /// - Parameters:
  ///   - start: Where the arm rests. It may be a little outside the limits, where the route begins within them.
  ///   - limits: The positions that the path may have.
  ///   - blend: The widest blend radius [rad; m].
  ///   - shouldStop: Asked every 50 µs or so.
  /// - Throws: ``MotionRefusal/stopped`` where that was answered with true.
  public func rounded(
    _ route: Route, from start: JointVector, limits: JointLimits, blend: Double, shouldStop: () -> Bool = { false }
  ) throws(MotionRefusal) -> [JointWaypoints.Waypoint] {
    try Interruption.whenever(shouldStop) { interruption throws(MotionRefusal) in
      try rounded(route, from: start, limits: limits, blend: blend, interruption)
    }
  }

  private func rounded(
    _ route: Route, from start: JointVector, limits: JointLimits, blend: Double, _ interruption: Interruption
  ) throws(MotionRefusal) -> [JointWaypoints.Waypoint] {
    var waypoints = route.waypoints.dropFirst().map { JointWaypoints.Waypoint($0.clamped(lower: limits.lower, upper: limits.upper), blend: blend) }
    guard !waypoints.isEmpty else { return [] }
    waypoints[waypoints.count - 1].blend = 0
    while waypoints.contains(where: { $0.blend > 0 }) {
      let path = try JointWaypoints(from: start, through: waypoints, limits: limits).path
      guard let s = try checker.firstContact(along: path, interruption) else { break }
      let contact = path.point(at: s).position
      let rounded = waypoints.indices.filter { waypoints[$0].blend > 0 }
      guard let corner = rounded.min(by: { (waypoints[$0].position - contact).length < (waypoints[$1].position - contact).length }) else { break }
      waypoints[corner].blend = waypoints[corner].blend > blend / 16 ? waypoints[corner].blend / 2 : 0
    }
    return waypoints
  }
}
