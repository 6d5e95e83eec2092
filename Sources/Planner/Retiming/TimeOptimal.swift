public import Kinematics

extension Trajectory {
  /// The fastest motion along a path under velocity and acceleration limits.
  public static func timeOptimal(
    along path: JointPath, limits: JointLimits, startPathVelocity: Double = 0, endPathVelocity: Double = 0, intervals: Int = 100
  ) -> Trajectory {
    var curve = VelocityCurve(RetimingGrid(path, intervals: intervals), limits: limits)
    let y = curve.solve(start: startPathVelocity, end: endPathVelocity)
    var timing = PathTiming(from: ScalarState(velocity: y[0].squareRoot()), capacity: y.count)
    for i in 1..<y.count { timing.append(to: curve.grid.s[i], velocity: y[i].squareRoot()) }
    return Trajectory(path: path, timing: timing, peakShares: PeakShares(count: path.jointCount))
  }
}
