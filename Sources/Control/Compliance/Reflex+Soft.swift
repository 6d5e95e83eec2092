// Hand guiding, and springs that a hand may stretch.

internal import Kinematics
internal import Planner

extension Reflex {
  /// How fast a floating arm comes to rest by itself [1/s], and beyond its velocity limits.
  private static let floatDrag = 4.0, overspeedDrag = 15.0
  /// Share of friction that is made up for: less than all, or an arm that is let go would creep.
  private static let frictionShare = 0.5

  /// Weight and most of the friction are carried; the rest is the hand's.
  mutating func floating(_ dynamics: ArmDynamics) -> ReflexCommand {
    var wanted = -Self.floatDrag * velocity
    for joint in wanted.indices {
      let limit = control.limits.velocity[joint], over = velocity[joint] - min(max(velocity[joint], -limit), limit)
      wanted[joint] -= Self.overspeedDrag * over
    }
    let none = JointVector(count: position.count)
    let effort = dynamics.effort(for: wanted) - watch.slow - (1 - Self.frictionShare) * dynamics.friction
    return ReflexCommand(
      setpoint: JointSetpoint(restingAt: position), stiffness: none, damping: none, effort: caught(effort, dynamics, home: bound.middle, isFree: true)
    )
  }

  /// Held by springs, at the joints or at the tool.
  mutating func complying(at setpoint: JointSetpoint, _ dynamics: ArmDynamics, model: RobotModel) -> ReflexCommand {
    let none = JointVector(count: position.count)
    let carried = dynamics.gravity - watch.slow
    switch settings.springs {
    case .joints(let share):
      let stiffness = share * settings.stiffness
      return bounded(
        ReflexCommand(setpoint: setpoint, stiffness: stiffness, damping: damping(dynamics, stiffness: stiffness), effort: carried), dynamics)
    case .tool(let linear, let angular):
      let effort = carried + toolSprings(linear: linear, angular: angular, at: setpoint, dynamics, model: model)
      return bounded(ReflexCommand(setpoint: JointSetpoint(restingAt: position), stiffness: none, damping: none, effort: effort), dynamics)
    }
  }

  /// Springs and dampers between the tool and where it should be, in base axes, and dampers for what does not move the tool.
  ///
  ///     τ = Jᵀ (K e − 2ζ√(KΛ) ẋ) + N (−d M q̇)
  private func toolSprings(
    linear: SIMD3<Double>, angular: SIMD3<Double>, at setpoint: JointSetpoint, _ dynamics: ArmDynamics, model: RobotModel
  ) -> JointVector {
    let wanted = model.pose(at: setpoint.position), (pose, jacobian) = model.poseAndJacobian(at: position)
    let twist = jacobian.twist(for: velocity), away = wanted.translation - pose.translation
    let turn = (wanted.rotation * pose.rotation.inverse).rotationVector
    guard let space = model.operationalSpace(at: position, armature: control.rotorInertia) else { return JointVector(count: position.count) }
    var wrench = Wrench()
    for axis in 0..<3 {
      let mass = 1 / max(space.mobility[axis, axis], 1e-6), moment = 1 / max(space.mobility[axis + 3, axis + 3], 1e-6)
      wrench.force[axis] = linear[axis] * away[axis] - 2 * Self.springDamping * (linear[axis] * mass).squareRoot() * twist.linear[axis]
      wrench.torque[axis] = angular[axis] * turn[axis] - 2 * Self.springDamping * (angular[axis] * moment).squareRoot() * twist.angular[axis]
    }
    let idle = dynamics.inertia * (-Self.nullDrag * velocity)
    return jacobian.effort(for: wrench) + (space.nullSpaceEffort(of: idle) ?? idle)
  }

  private static let springDamping = 0.8
  /// Of motions that leave the tool where it is [1/s].
  private static let nullDrag = 4.0
}
