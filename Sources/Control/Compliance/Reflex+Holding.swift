// Feeling with motors that hold positions: what they do is told late, but where they are is told in every tick.

internal import Kinematics
internal import Planner

extension Reflex {
  /// Of a joint's velocity limit.
  private static let outrunShare = 0.6
  /// Of the thresholds, as these motors' efforts are told late.
  static let lateRatio = 1.7

  /// What each joint feels, with its sign; zero where that is nothing. Four things are a touch:
  ///
  /// - an effort beyond the threshold, but not while the motors follow a setpoint that gives way: they tell too late what they do;
  /// - while the arm is at its task, a joint that is not where its drive was told to be;
  /// - on the way back, a joint that does not follow, or whose drive works beyond its limit;
  /// - while it gives way and comes back, and until its drives follow again, a joint that goes faster than its drive was told, or another way: it
  ///   is being pushed, whatever its current is said to be. One that is slower may be held by its own friction.
  ///
  /// - Parameter ratio: Of the thresholds.
  func touch(beyond ratio: Double, _ setpoint: JointSetpoint, isGuided: Bool) -> JointVector {
    var touch = JointVector(count: velocity.count)
    let ratio = isGuided ? ratio : Self.lateRatio * ratio
    for joint in touch.indices {
      let excess = velocity[joint] - setpoint.velocity[joint]
      if feelsEffort, abs(watch.fast[joint]) > ratio * watch.threshold[joint] {
        touch[joint] = watch.fast[joint]
      } else if phase == .returning, strain.isAstray(joint) {
        touch[joint] = strain.astray[joint]
      } else if phase == .returning, strain.isOverworked(joint) {
        touch[joint] = watch.fast[joint]
      } else if phase == .idle, tracking.isReady {
        if tracking.isPushed(joint) { touch[joint] = tracking.give[joint] }
      } else if !isGuided, excess * velocity[joint] > 0, abs(excess) > Self.outrunShare * control.limits.velocity[joint] {
        touch[joint] = excess
      }
    }
    return touch
  }

  private var feelsEffort: Bool { if case .yielding = phase { sincePhase <= Self.feelingTime } else { true } }
}
