extension RobotModel {
  /// The tool's pose in the base: baseFromTool.
  ///
  /// - Parameter q: Joint positions [rad; m for prismatic].
  /// - Precondition: `q.count == jointCount`.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func pose(at q: JointVector) -> Pose {
    let placement = placement(at: q), frames = placement.span
    return (frames[jointCount - 1] * lastBodyFromTool).pose
  }

  /// The geometric Jacobian of the tool frame's origin, in base axes.
  ///
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func jacobian(at q: JointVector) -> Jacobian { poseAndJacobian(at: q).jacobian }

  /// Pose and Jacobian in one pass.
  ///
  ///     Jᵢ = (zᵢ × (p − pᵢ), zᵢ) for a joint that turns, (zᵢ, 0) for one that slides
  ///
  /// - Parameter q: Joint positions [rad; m for prismatic].
  /// - Precondition: `q.count == jointCount`.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  /// - Source: B. Siciliano et al., *Robotics: Modelling, Planning and Control* (2009), equation 3.30.
  public func poseAndJacobian(at q: JointVector) -> (pose: Pose, jacobian: Jacobian) {
    let placement = placement(at: q), frames = placement.span, bodies = bodies.span
    let baseFromTool = frames[jointCount - 1] * lastBodyFromTool
    var jacobian = Jacobian(count: jointCount)
    for joint in bodies.indices {
      let axis = frames[joint].z, angular = axis * bodies[joint].turns
      jacobian.angular[joint] = angular
      jacobian.linear[joint] = cross(angular, baseFromTool.origin - frames[joint].origin) + axis * bodies[joint].slides
    }
    return (baseFromTool.pose, jacobian)
  }
}
