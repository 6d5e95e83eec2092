extension RobotModel {
  /// The tool's pose in the base: baseFromTool.
  ///
  /// - Parameter q: Joint positions [rad; m for prismatic].
  /// - Precondition: `q.count == jointCount`.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func pose(at q: JointVector) -> Pose {
    let placement = placement(at: q), frames = placement.span
    return (frames[bodies.count - 1] * lastBodyFromTool).pose
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
    let baseFromTool = frames[bodies.count - 1] * lastBodyFromTool
    var jacobian = Jacobian(count: bodies.count)
    for body in bodies.indices {
      let axis = frames[body].z, angular = axis * bodies[body].turns
      jacobian.angular[body] = angular
      jacobian.linear[body] = cross(angular, baseFromTool.origin - frames[body].origin) + axis * bodies[body].slides
    }
    return (baseFromTool.pose, coupling.map { $0.jacobian(jacobian) } ?? jacobian)
  }

  /// Where every joint stands: frames in the base with their origin on the joint and z along its axis, from base to tip.
  ///
  /// - Precondition: `q.count == jointCount`.
  public func jointFrames(at q: JointVector) -> [Pose] {
    let placement = placement(at: q)
    return (0..<jointCount).map { placement[coupling?.ownBody[$0] ?? $0].pose }
  }
}
