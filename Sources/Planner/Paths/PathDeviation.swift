public import Kinematics

extension ToolPath {
  /// How far a tool pose is off the path.
  ///
  /// For judging motions afterwards: it looks at the whole path.
  ///
  /// - Returns: Of its centre point from the nearest point of the path [m], and of its rotation from the one that belongs there [rad]; where the
  ///   path turns on the spot there, from the nearest rotation.
  public func deviation(of baseFromTool: Pose) -> (position: Double, orientation: Double) {
    var best = (cost: Double.infinity, s: 0.0, spacing: 0.0)
    for span in spans {
      let spacing = span.width / Double(Self.samplesPerSpan)
      for sample in 0...Self.samplesPerSpan {
        let s = span.start + Double(sample) * spacing
        let cost = cost(at: s, of: baseFromTool)
        if cost < best.cost { best = (cost, s, spacing) }
      }
    }
    // The place is between its neighbours; thirds of that are left out one after the other.
    var (low, high) = (max(best.s - best.spacing, 0), min(best.s + best.spacing, length))
    for _ in 0..<Self.narrowings {
      let third = (high - low) / 3
      if cost(at: low + third, of: baseFromTool) < cost(at: high - third, of: baseFromTool) { high -= third } else { low += third }
    }
    let difference = PathTask(free: .none, point: point(at: (low + high) / 2)).residual(of: baseFromTool)
    return (difference.linear.length, difference.angular.length)
  }

  /// The square of the distance, with so little of the rotation that it decides only where the position does not.
  private func cost(at s: Double, of other: Pose) -> Double {
    let pose = pose(at: s)
    let way = pose.translation - other.translation
    let x = pose.rotation.x - other.rotation.x, y = pose.rotation.y - other.rotation.y, z = pose.rotation.z - other.rotation.z
    return dot(way, way) + 1e-10 * (dot(x, x) + dot(y, y) + dot(z, z))
  }

  private static let samplesPerSpan = 32
  private static let narrowings = 60
}
