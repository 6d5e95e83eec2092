internal import Kinematics

extension Trajectory {
  /// The fastest motion along a path under limits on velocities and accelerations, and on jerks where those are finite.
  ///
  /// The path is kept exactly. Without limits on jerks the joints' limits hold at every instant, between the grid points too, and the motion is the
  /// fastest that the grid allows, found in less than a tenth of a millisecond. With them it takes tens of milliseconds and hardly longer than the
  /// fastest (0.3 % on lines, where that is known), and the joints' limits are verified densely.
  ///
  /// Where the path has no direction at an end (q′ = 0), the joints begin or end at rest whatever the path velocity asked for.
  ///
  /// - Parameters:
  ///   - path: Any.
  ///   - limits: Any may be infinite, if some still bound the motion.
  ///   - startPathVelocity, endPathVelocity: ṡ at the ends [units of the path parameter per s], at least 0.
  ///   - intervals: How finely the path is cut. The time that a coarse grid loses falls with its square: of a hundred random splines, 0.2 % in the
  ///     median and 2 % at most with 100 intervals, 0.003 % and 0.4 % with 400.
  ///   - shouldStop: Asked every 50 µs or so; ends the work with ``RetimingRefusal/stopped``.
  /// - Throws: Limits or path velocities that allow no motion; efforts that do not hold the arm.
  public static func timeOptimal(
    along path: JointPath, limits: RetimingLimits, startPathVelocity: Double = 0, endPathVelocity: Double = 0, intervals: Int = 400,
    shouldStop: () -> Bool = { false }
  ) throws(RetimingRefusal) -> Trajectory {
    try Interruption.whenever(shouldStop) { interruption throws(RetimingRefusal) in
      try timeOptimal(
        along: path, limits: limits, startPathVelocity: startPathVelocity, endPathVelocity: endPathVelocity, intervals: intervals, interruption)
    }
  }

  static func timeOptimal(
    along path: JointPath, limits: RetimingLimits, startPathVelocity: Double, endPathVelocity: Double, intervals: Int, _ interruption: Interruption
  ) throws(RetimingRefusal) -> Trajectory {
    try limits.check(jointCount: path.jointCount)
    for velocity in [startPathVelocity, endPathVelocity] where !(velocity >= 0 && velocity.isFinite) { throw .unusablePathVelocity(velocity) }
    let grid = RetimingGrid(path, intervals: intervals, interruption)
    guard !interruption.comes() else { throw .stopped }
    guard !grid.isStill else { return Trajectory(path: path, timing: .resting(at: path.length), peakShares: PeakShares(count: path.jointCount)) }
    let (startIsFree, endIsFree) = (limits.leaveFree(0, of: grid), limits.leaveFree(grid.count, of: grid))
    let (start, end) = (startIsFree ? 0 : startPathVelocity, endIsFree ? 0 : endPathVelocity)
    let withoutJerk = limits.hasJerk ? limits.withoutJerk(grid) : limits
    var curve = try VelocityCurve(grid, of: path, limits: withoutJerk, interruption)
    let y = try curve.solve(start: startIsFree ? nil : start, end: endIsFree ? nil : end, interruption)
    var timing = PathTiming(from: ScalarState(velocity: y[0].squareRoot()), capacity: grid.count)
    for i in 0..<grid.count { timing.append(to: grid.s[i + 1], velocity: y[i + 1].squareRoot()) }
    timing.settle(at: path.length, velocity: end)
    guard !limits.hasJerk else {
      return try jerkLimited(
        along: path, limits: limits, near: timing, ramp: limits.ramp(withoutJerk), startPathVelocity: start, endPathVelocity: end,
        intervals: intervals, interruption)
    }
    return Trajectory(path: path, timing: timing, peakShares: PeakShares(of: y, on: grid, limits: limits.joints))
  }
}

extension RetimingLimits {
  /// Whether any path velocity at a grid point leaves the joints at rest (q′ = 0), and nothing else is said of it.
  fileprivate func leaveFree(_ index: Int, of grid: RetimingGrid) -> Bool {
    !grid.hasDirection(at: index) && parameter.acceleration.isInfinite && parameter.jerk.isInfinite
  }

  fileprivate var hasJerk: Bool { joints.jerk.contains(where: \.isFinite) || parameter.jerk.isFinite }

  /// Refuses limits under which there is no motion.
  fileprivate func check(jointCount: Int) throws(RetimingRefusal) {
    guard joints.velocity.count == jointCount else { throw .wrongJointCount(limits: joints.velocity.count, path: jointCount) }
    for joint in 0..<jointCount {
      for (quantity, value) in [
        (MotionQuantity.velocity, joints.velocity[joint]), (.acceleration, joints.acceleration[joint]), (.jerk, joints.jerk[joint]),
      ] where !(value > 0) {
        throw .unusableLimit(joint: joint, quantity, value: value)
      }
    }
    var others = [(MotionQuantity.velocity, parameter.velocity), (.acceleration, parameter.acceleration), (.jerk, parameter.jerk)]
    if let tool = tool?.limits {
      others += [(.velocity, min(tool.speed, tool.angularSpeed)), (.acceleration, min(tool.acceleration, tool.angularAcceleration))]
    }
    for (quantity, value) in others where !(value > 0) { throw .unusablePathLimit(quantity, value: value) }
  }
}

extension PeakShares {
  /// Of a course of the squared path velocity; no shares of jerk limits, as the accelerations jump.
  fileprivate init(of y: [Double], on grid: RetimingGrid, limits: JointLimits) {
    var velocity = SIMD8<Double>()
    var acceleration = SIMD8<Double>()
    for i in 0..<grid.count {
      let change = (y[i + 1] - y[i]) / (2 * grid.width(i))
      velocity = velocity.larger(y[i].squareRoot() * grid.first[i].magnitudes)
      acceleration = acceleration.larger((change * grid.first[i] + y[i] * grid.second[i]).magnitudes)
      acceleration = acceleration.larger((change * grid.first[i + 1] + y[i + 1] * grid.second[i + 1]).magnitudes)
    }
    velocity = velocity.larger(y[grid.count].squareRoot() * grid.first[grid.count].magnitudes)
    self.init(count: limits.velocity.count)
    self.velocity = JointVector(lanes: velocity / limits.velocity.lanes, count: limits.velocity.count)
    self.acceleration = JointVector(lanes: acceleration / limits.acceleration.lanes, count: limits.velocity.count)
  }
}
