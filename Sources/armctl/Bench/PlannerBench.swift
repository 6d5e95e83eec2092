internal import Kinematics
internal import Planner

/// Figures of the planner, on the arm at hand: a move of all joints from the middle of their ranges, the tool 20 mm down from there, and a spline
/// through four waypoints retimed.
enum PlannerBench {
  /// What the arm refuses there is left out.
  static func run(configuration: ArmConfiguration) -> [Measurement] {
    let (model, limits) = (configuration.model, configuration.limits)
    let wide = JointVector(repeating: .pi, count: model.jointCount)
    let start = 0.5 * (limits.lower.clamped(lower: -wide, upper: wide) + limits.upper.clamped(lower: -wide, upper: wide))
    let target = 0.9 * start + 0.1 * limits.upper.clamped(lower: -wide, upper: wide)
    var baseFromGoal = model.pose(at: start)
    baseFromGoal.translation.z -= 0.02
    func plannedMove() -> Trajectory? { try? .jointMove(from: start, to: target, limits: limits) }
    func plannedLine() -> Trajectory? { try? .toolLine(from: start, to: baseFromGoal, model: model, limits: limits) }

    var figures: [Measurement] = []
    if let move = plannedMove() {
      let underWay = move.setpoint(at: 0.4 * move.duration)
      let stop = JerkLimitedStop(from: underWay, limits: limits)
      figures += [
        .nanoseconds("move.plan") { consume(plannedMove()) },
        setpoints("move.setpoint", lasting: move.duration, move.setpoint),
        .nanoseconds("stop.plan") { consume(JerkLimitedStop(from: underWay, limits: limits)) },
        setpoints("stop.setpoint", lasting: stop.duration, stop.setpoint),
      ]
    }
    if let line = plannedLine() {
      figures += [
        .nanoseconds("line.plan", samples: 200, batch: 1) { consume(plannedLine()) },
        setpoints("line.setpoint", lasting: line.duration, line.setpoint),
      ]
    }
    var withoutJerk = RetimingLimits(joints: limits)
    withoutJerk.joints.jerk = JointVector(repeating: .infinity, count: model.jointCount)
    let path = JointPath.spline(through: [start, target, start - 0.5 * (target - start), start], knots: [0, 1, 2, 3], ends: .natural)
    func retimed(_ bounds: RetimingLimits, intervals: Int) -> Trajectory? { try? .timeOptimal(along: path, limits: bounds, intervals: intervals) }
    figures += [
      .nanoseconds("retime.100", samples: 200, batch: 1) { consume(retimed(withoutJerk, intervals: 100)) },
      .nanoseconds("retime.400", samples: 200, batch: 1) { consume(retimed(withoutJerk, intervals: 400)) },
      .nanoseconds("retime.jerk", samples: 20, batch: 1) { consume(retimed(RetimingLimits(joints: limits), intervals: 100)) },
    ]
    return figures
  }

  /// Evaluations at instants spread evenly over the motion.
  private static func setpoints(
    _ name: String, lasting duration: Double, _ setpoint: (Double) -> JointSetpoint
  ) -> Measurement {
    var share = 0.0
    return .nanoseconds(name) {
      share = (share + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      consume(setpoint(share * duration))
    }
  }
}
