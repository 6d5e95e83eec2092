import Control
import Kinematics
import Planner

/// Whether setpoints follow one another as a motion within limits would.
enum Smoothness {
  /// Position, velocity and acceleration of `next` are within reach of `before` in one period at the limits' jerk.
  static func isSmooth(from before: JointSetpoint, to next: JointSetpoint, limits: JointLimits = TestArm.model.limits) -> Bool {
    let dt = TestArm.period
    return next.position.indices.allSatisfy { joint in
      let jerk = limits.jerk[joint]
      let acceleration = max(limits.acceleration[joint], before.acceleration[joint].magnitude) * (1 + 1e-6)
      let mean = (before.velocity[joint] + next.velocity[joint]) / 2
      return next.acceleration[joint].magnitude <= acceleration + 1e-9
        && (next.acceleration[joint] - before.acceleration[joint]).magnitude <= jerk * dt * (1 + 1e-6) + 1e-9
        && (next.velocity[joint] - before.velocity[joint]).magnitude <= acceleration * dt + jerk * dt * dt
        && (next.position[joint] - before.position[joint] - mean * dt).magnitude <= jerk * dt * dt * dt + 1e-12
    }
  }
}
