extension RobotModel {
  /// The geometric Jacobian's rate of change while the joints move.
  ///
  ///     J̇ᵢ = (żᵢ × (p − pᵢ) + zᵢ × (ṗ − ṗᵢ), żᵢ) for a joint that turns,
  ///          (żᵢ, 0) for one that slides;   żᵢ = ωᵢ₋₁ × zᵢ
  ///
  /// The tool's acceleration is J·q̈ + J̇·q̇; for the second term ask the result for its twist at `velocity`.
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - velocity: [rad/s; m/s]
  /// - Precondition: both are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  /// - Source: B. Siciliano et al., *Robotics: Modelling, Planning and Control* (2009), equation 3.30, differentiated.
  public func jacobianDerivative(at q: JointVector, velocity: JointVector) -> Jacobian {
    precondition(velocity.count == jointCount, "velocity has one number a joint")
    let placement = placement(at: q), frames = placement.span, bodies = bodies.span
    let rates = (coupling.map { $0.rates(velocity) } ?? velocity).scalars
    var parentTurn = InlineArray<8, Vector4>(repeating: .zero), originVelocity = InlineArray<8, Vector4>(repeating: .zero)
    var angularVelocity = Vector4.zero, linearVelocity = Vector4.zero, parentOrigin = Vector4.zero
    for body in bodies.indices {
      let axis = frames[body].z
      linearVelocity += cross(angularVelocity, frames[body].origin - parentOrigin) + axis * (rates[body] * bodies[body].slides)
      parentTurn[body] = angularVelocity
      originVelocity[body] = linearVelocity
      angularVelocity += axis * (rates[body] * bodies[body].turns)
      parentOrigin = frames[body].origin
    }
    let last = bodies.count - 1
    let tool = frames[last] * lastBodyFromTool
    let toolVelocity = linearVelocity + cross(angularVelocity, tool.origin - frames[last].origin)
    var derivative = Jacobian(count: bodies.count)
    for body in bodies.indices {
      let axis = frames[body].z, turns = bodies[body].turns, change = cross(parentTurn[body], axis)
      derivative.angular[body] = change * turns
      derivative.linear[body] =
        (cross(change, tool.origin - frames[body].origin) + cross(axis, toolVelocity - originVelocity[body])) * turns + change * bodies[body].slides
    }
    return coupling.map { $0.jacobian(derivative) } ?? derivative
  }
}
