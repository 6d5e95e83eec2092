import Foundation
import Kinematics
import TestSupport

@testable import Planner

/// A random spline and limits for it.
struct SplineCase: Sendable {
  let waypoints: [JointVector]
  let knots: [Double]
  let ends: SplineEnds
  var limits: JointLimits

  var path: JointPath { .spline(through: waypoints, knots: knots, ends: ends) }

  /// The same way back.
  var reversed: JointPath {
    .spline(through: waypoints.reversed(), knots: knots.reversed().map { knots[knots.count - 1] - $0 }, ends: ends)
  }

  var text: String { "waypoints \(waypoints.map { Array($0) }) knots \(knots) \(ends) limits \(limits)" }
}

extension SeededGenerator {
  mutating func spline() -> SplineCase {
    let joints = Int.random(in: 1...8, using: &self)
    let limits = limits(count: joints)
    let waypoints = (0..<Int.random(in: 2...8, using: &self)).map { _ in configuration(within: limits) }
    var knots = [0.0]
    for _ in waypoints.dropFirst() { knots.append(knots[knots.count - 1] + Double.random(in: 0.3...1.5, using: &self)) }
    return SplineCase(waypoints: waypoints, knots: knots, ends: SplineEnds.allCases.randomElement(using: &self)!, limits: limits)
  }
}

/// What a trajectory does at its most, seen from outside: by its setpoints and by what they add up to.
struct DensePeaks {
  /// Shares of the limits.
  var velocity = 0.0, acceleration = 0.0, jerk = 0.0
  /// How far the positions are from what the velocities add up to [rad], as a share of what the accelerations allow.
  var drift = 0.0

  init(_ trajectory: Trajectory, limits: JointLimits, samples: Int = 2000) {
    let dt = trajectory.duration / Double(samples)
    var before = trajectory.setpoint(at: 0)
    for sample in 0...samples {
      // Not quite the end: there the motion has already stopped.
      let now = trajectory.setpoint(at: min(Double(sample) * dt, trajectory.duration * (1 - 1e-12)))
      for joint in now.position.indices {
        velocity = max(velocity, abs(now.velocity[joint]) / limits.velocity[joint])
        acceleration = max(acceleration, abs(now.acceleration[joint]) / limits.acceleration[joint])
        guard sample > 0 else { continue }
        jerk = max(jerk, abs(now.acceleration[joint] - before.acceleration[joint]) / dt / limits.jerk[joint])
        let average = (now.velocity[joint] + before.velocity[joint]) / 2
        drift = max(drift, abs(now.position[joint] - before.position[joint] - average * dt) / (dt * dt * limits.acceleration[joint]))
      }
      before = now
    }
  }
}

extension JointLimits {
  var withoutJerk: Self {
    var limits = self
    limits.jerk = JointVector(repeating: .infinity, count: jerk.count)
    return limits
  }
}
