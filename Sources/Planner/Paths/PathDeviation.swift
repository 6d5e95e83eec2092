public import Kinematics

extension ToolPath {
  /// How far a tool pose is off the path.
  ///
  /// For judging motions afterwards: it looks at the whole path.
  ///
  /// - Returns: Of its centre point from the nearest point of the path [m], and of its rotation from the one that belongs there [rad]; where the
  ///   path turns on the spot there, from the nearest rotation.
  public func deviation(of baseFromTool: Pose) -> (position: Double, orientation: Double) {
    var best = (cost: Double.infinity, s: 0.0)
    for span in spans {
      let spacing = span.width / Double(Self.samplesPerSpan)
      let costs = (0...Self.samplesPerSpan).map { cost(at: span.start + Double($0) * spacing, of: baseFromTool) }
      for sample in costs.indices {
        // A place nearer than the best so far may be beside every sample that is lower than its neighbours, unless it is too far off.
        let isLowest = (sample == 0 || costs[sample] <= costs[sample - 1]) && (sample == Self.samplesPerSpan || costs[sample] <= costs[sample + 1])
        guard isLowest, costs[sample].squareRoot() - 2 * spacing < best.cost.squareRoot() else { continue }
        let s = span.start + Double(sample) * spacing
        let refined = nearest(to: baseFromTool, between: max(s - spacing, span.start), and: min(s + spacing, span.end))
        if refined.cost < best.cost { best = refined }
      }
    }
    let difference = PathTask(free: .none, point: point(at: best.s)).residual(of: baseFromTool)
    return (difference.linear.length, difference.angular.length)
  }

  /// By leaving out thirds, one after the other.
  private func nearest(to pose: Pose, between low: Double, and high: Double) -> (cost: Double, s: Double) {
    var (low, high) = (low, high)
    for _ in 0..<Self.narrowings {
      let third = (high - low) / 3
      if cost(at: low + third, of: pose) < cost(at: high - third, of: pose) { high -= third } else { low += third }
    }
    return (cost(at: (low + high) / 2, of: pose), (low + high) / 2)
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
