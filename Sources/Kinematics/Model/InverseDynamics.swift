extension RobotModel {
  /// The joint efforts that give the arm these accelerations, by Newton's and Euler's equations from base to tip and back.
  ///
  /// Without friction and rotor inertia. With every quantity in base axes, about each body's own origin pᵢ, with r = pᵢ − pᵢ₋₁:
  ///
  ///     outward   ωᵢ = ωᵢ₋₁ + zᵢq̇ᵢ,   ω̇ᵢ = ω̇ᵢ₋₁ + zᵢq̈ᵢ + ωᵢ₋₁ × zᵢq̇ᵢ     (joints that turn)
  ///               aᵢ = aᵢ₋₁ + ω̇ᵢ₋₁ × r + ωᵢ₋₁ × (ωᵢ₋₁ × r),   a₀ = −g
  ///               aᵢ += zᵢq̈ᵢ + 2ωᵢ₋₁ × zᵢq̇ᵢ                                (joints that slide)
  ///     each      Fᵢ = m aᵢ + ω̇ᵢ × h + ωᵢ × (ωᵢ × h),   Nᵢ = I ω̇ᵢ + ωᵢ × I ωᵢ + h × aᵢ
  ///     inward    τᵢ = zᵢ·Nᵢ (turns) or zᵢ·Fᵢ (slides);   Fᵢ₋₁ += Fᵢ,   Nᵢ₋₁ += Nᵢ + r × Fᵢ
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - velocity: [rad/s; m/s]
  ///   - acceleration: [rad/s²; m/s²]
  /// - Returns: Efforts [N·m; N], positive along the joint axis.
  /// - Precondition: all three are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  /// - Source: R. Featherstone, *Rigid Body Dynamics Algorithms* (2008), equations 5.7 to 5.11 (table 5.1), in base axes.
  public func inverseDynamics(at q: JointVector, velocity: JointVector, acceleration: JointVector) -> JointVector {
    precondition(velocity.count == jointCount && acceleration.count == jointCount, "velocity and acceleration have one number a joint")
    let placement = placement(at: q)
    return effort(frames: placement.span, velocity: velocity, acceleration: acceleration)
  }

  /// The joint efforts that hold the arm still against gravity: inverse dynamics at rest.
  ///
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func gravityEffort(at q: JointVector) -> JointVector {
    let placement = placement(at: q), frames = placement.span, bodies = bodies.span
    let up = -Vector4(gravity)
    var effort = JointScalars(repeating: 0), force = Vector4.zero, torque = Vector4.zero
    for index in bodies.indices.reversed() {
      force += bodies[index].mass * up
      torque += cross(frames[index].turned(bodies[index].firstMoment), up)
      effort[index] = dot(frames[index].z, torque * bodies[index].turns + force * bodies[index].slides)
      if index > 0 { torque += cross(frames[index].origin - frames[index - 1].origin, force) }
    }
    return jointEffort(effort)
  }

  /// The joints' efforts, given the bodies'.
  @inline(__always)
  private func jointEffort(_ bodyEffort: JointScalars) -> JointVector {
    let effort = JointVector(scalars: bodyEffort, count: bodies.count)
    return coupling.map { $0.efforts(effort) } ?? effort
  }

  @inline(__always)
  func effort(frames: Span<Frame4>, velocity: JointVector, acceleration: JointVector) -> JointVector {
    let rates = (coupling.map { $0.rates(velocity) } ?? velocity).scalars, changes = (coupling.map { $0.rates(acceleration) } ?? acceleration).scalars
    let bodies = bodies.span, qd = rates.span, qdd = changes.span
    var forces = InlineArray<8, Vector4>(repeating: .zero), torques = InlineArray<8, Vector4>(repeating: .zero)

    var angularVelocity = Vector4.zero, angularAcceleration = Vector4.zero
    var linearAcceleration = -Vector4(gravity), parentOrigin = Vector4.zero
    for index in bodies.indices {
      let turns = bodies[index].turns, slides = bodies[index].slides, frame = frames[index]
      let r = frame.origin - parentOrigin
      let rate = frame.z * qd[index], change = frame.z * qdd[index]
      let turned = cross(angularVelocity, rate)
      linearAcceleration += cross(angularAcceleration, r) + cross(angularVelocity, cross(angularVelocity, r))
      linearAcceleration += slides * (change + 2 * turned)
      angularAcceleration += turns * (change + turned)
      angularVelocity += turns * rate
      parentOrigin = frame.origin

      let h = frame.turned(bodies[index].firstMoment)
      let ownVelocity = frame.turnedBack(angularVelocity), ownAcceleration = frame.turnedBack(angularAcceleration)
      let ownTorque = bodies[index].inertiaTimes(ownAcceleration) + cross(ownVelocity, bodies[index].inertiaTimes(ownVelocity))
      forces[index] =
        bodies[index].mass * linearAcceleration + cross(angularAcceleration, h) + cross(angularVelocity, cross(angularVelocity, h))
      torques[index] = frame.turned(ownTorque) + cross(h, linearAcceleration)
    }

    var effort = JointScalars(repeating: 0), force = Vector4.zero, torque = Vector4.zero
    let ownForces = forces.span, ownTorques = torques.span
    for index in bodies.indices.reversed() {
      force += ownForces[index]
      torque += ownTorques[index]
      effort[index] = dot(frames[index].z, torque * bodies[index].turns + force * bodies[index].slides)
      if index > 0 { torque += cross(frames[index].origin - frames[index - 1].origin, force) }
    }
    return jointEffort(effort)
  }
}
