extension RobotModel {
  /// The joint efforts that give the arm these accelerations, by Newton's and Euler's equations from base to tip and back.
  ///
  /// Without friction and rotor inertia. With every quantity in base axes, about each body's own origin pᵢ, with r = pᵢ − pᵢ₋₁:
  ///
  ///     outward   ωᵢ = ωᵢ₋₁ + zᵢq̇ᵢ,   ω̇ᵢ = ω̇ᵢ₋₁ + zᵢq̈ᵢ + ωᵢ₋₁ × zᵢq̇ᵢ              (joints that turn)
  ///               aᵢ = aᵢ₋₁ + ω̇ᵢ₋₁ × r + ωᵢ₋₁ × (ωᵢ₋₁ × r),   a₀ = −g
  ///               aᵢ += zᵢq̈ᵢ + 2ωᵢ₋₁ × zᵢq̇ᵢ                                       (joints that slide)
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
  /// - Source: Featherstone, *Rigid Body Dynamics Algorithms* (2008), equations 5.7 to 5.11 (table 5.1), in base axes.
  public func inverseDynamics(at q: JointVector, velocity: JointVector, acceleration: JointVector) -> JointVector {
    precondition(velocity.count == jointCount && acceleration.count == jointCount, "velocity and acceleration have one number a joint")
    let placement = placement(at: q)
    return effort(placement: placement, velocity: velocity.scalars, acceleration: acceleration.scalars)
  }

  /// The joint efforts that hold the arm still against gravity: inverse dynamics at rest.
  ///
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func gravityEffort(at q: JointVector) -> JointVector {
    let placement = placement(at: q), bodies = bodies.span
    var effort = JointScalars(repeating: 0)
    var force = SIMD3<Double>.zero, torque = SIMD3<Double>.zero
    for index in bodies.indices.reversed() {
      let own = -bodies[index].mass * gravity
      force += own
      torque += cross(placement.rotation(index) * bodies[index].firstMoment, -gravity)
      effort[index] = dot(placement.z[index], torque * bodies[index].turns + force * bodies[index].slides)
      if index > 0 { torque += cross(placement.origin[index] - placement.origin[index - 1], force) }
    }
    return JointVector(scalars: effort, count: jointCount)
  }

  @inline(__always)
  func effort(placement: Placement, velocity: JointScalars, acceleration: JointScalars) -> JointVector {
    let bodies = bodies.span
    var forces = InlineArray<8, SIMD3<Double>>(repeating: .zero), torques = InlineArray<8, SIMD3<Double>>(repeating: .zero)

    var angularVelocity = SIMD3<Double>.zero, angularAcceleration = SIMD3<Double>.zero
    var linearAcceleration = -gravity, parentOrigin = SIMD3<Double>.zero
    for index in bodies.indices {
      let turns = bodies[index].turns, slides = bodies[index].slides
      let axis = placement.z[index], r = placement.origin[index] - parentOrigin
      let rate = axis * velocity[index], change = axis * acceleration[index]
      let turned = cross(angularVelocity, rate)
      linearAcceleration += cross(angularAcceleration, r) + cross(angularVelocity, cross(angularVelocity, r))
      linearAcceleration += slides * (change + 2 * turned)
      angularAcceleration += turns * (change + turned)
      angularVelocity += turns * rate
      parentOrigin = placement.origin[index]

      let rotation = placement.rotation(index), back = rotation.inverse
      let h = rotation * bodies[index].firstMoment
      let ownVelocity = back * angularVelocity, ownAcceleration = back * angularAcceleration
      let inertia = bodies[index].inertia
      let ownTorque = inertia * ownAcceleration + cross(ownVelocity, inertia * ownVelocity)
      forces[index] =
        bodies[index].mass * linearAcceleration + cross(angularAcceleration, h) + cross(angularVelocity, cross(angularVelocity, h))
      torques[index] = rotation * ownTorque + cross(h, linearAcceleration)
    }

    var effort = JointScalars(repeating: 0)
    var force = SIMD3<Double>.zero, torque = SIMD3<Double>.zero
    for index in bodies.indices.reversed() {
      force += forces[index]
      torque += torques[index]
      effort[index] = dot(placement.z[index], torque * bodies[index].turns + force * bodies[index].slides)
      if index > 0 { torque += cross(placement.origin[index] - placement.origin[index - 1], force) }
    }
    return JointVector(scalars: effort, count: jointCount)
  }
}
