/// Turns looks into points of the table.
public enum GazeMap: Sendable, Equatable {
  /// Of a tracker whose picture stays where it is: on a screen, or a camera that looks at the table.
  case screen(Homography)
  /// Of a tracker that tells sight lines.
  case ray(TrackerPose)

  /// Where a look meets the table, in the plane's coordinates [m]; nil where it does not, or the look is of the other kind.
  public func point(of look: GazeSample.Look, on plane: TablePlane) -> SIMD2<Double>? {
    switch (self, look) {
    case (.screen(let homography), .screen(let share)): homography(share)
    case (.ray(let pose), .ray(let origin, let direction)):
      plane.crossing(from: pose.basePoint(origin), along: pose.baseDirection(direction))
    default: nil
    }
  }
}
