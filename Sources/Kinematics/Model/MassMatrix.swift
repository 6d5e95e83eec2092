extension RobotModel {
  /// The joint-space inertia M(q): kinetic energy is ½ q̇ᵀ·M·q̇.
  ///
  /// The composite rigid body algorithm with every inertia taken about the base's origin in base axes, where composites are plain sums:
  ///
  ///     Sᵢ = (zᵢ turning, pᵢ × zᵢ) for a joint that turns, (0, zᵢ) for one that slides        (angular, linear)
  ///     Fᵢ = (Σ inertias of bodies i … tip) · Sᵢ,      Mᵢⱼ = Sⱼ · Fᵢ  for j ≤ i
  ///
  /// - Parameter q: Joint positions [rad; m for prismatic].
  /// - Returns: Symmetric, positive definite where every joint moves some mass [kg·m²; kg·m; kg].
  /// - Precondition: `q.count == jointCount`.
  /// - Real-time: does not allocate, lock or throw. O(joints²).
  /// - Source: Featherstone, *Rigid Body Dynamics Algorithms* (2008), equations 6.13 to 6.15 (table 6.2); shifting inertias: equation 2.63.
  public func massMatrix(at q: JointVector) -> JointMatrix { massMatrix(placement: placement(at: q)) }

  @inline(__always)
  func massMatrix(placement: Placement) -> JointMatrix {
    let bodies = bodies.span
    var linear = InlineArray<8, SIMD3<Double>>(repeating: .zero), angular = InlineArray<8, SIMD3<Double>>(repeating: .zero)
    for index in bodies.indices {
      angular[index] = placement.z[index] * bodies[index].turns
      linear[index] = cross(placement.origin[index], angular[index]) + placement.z[index] * bodies[index].slides
    }

    var matrix = JointMatrix(count: jointCount)
    var mass = 0.0, moment = SIMD3<Double>.zero
    var inertiaX = SIMD3<Double>.zero, inertiaY = SIMD3<Double>.zero, inertiaZ = SIMD3<Double>.zero
    for i in bodies.indices.reversed() {
      // Rotate the body's inertia into base axes, R·I·Rᵀ, and shift it from the body's origin p to the base's:
      // I₀ = I + (m p·p + 2 p·h)·1 − (m p + h) pᵀ − p hᵀ.
      let rotation = placement.rotation(i), p = placement.origin[i]
      let own = bodies[i].inertia
      let turnedX = rotation * own.columnX, turnedY = rotation * own.columnY, turnedZ = rotation * own.columnZ
      let h = rotation * bodies[i].firstMoment
      let shifted = bodies[i].mass * p + h
      let spread = dot(p, shifted + h)
      inertiaX += turnedX * rotation.x.x + turnedY * rotation.y.x + turnedZ * rotation.z.x - shifted * p.x - p * h.x + SIMD3(spread, 0, 0)
      inertiaY += turnedX * rotation.x.y + turnedY * rotation.y.y + turnedZ * rotation.z.y - shifted * p.y - p * h.y + SIMD3(0, spread, 0)
      inertiaZ += turnedX * rotation.x.z + turnedY * rotation.y.z + turnedZ * rotation.z.z - shifted * p.z - p * h.z + SIMD3(0, 0, spread)
      mass += bodies[i].mass
      moment += shifted

      let w = angular[i], v = linear[i]
      let force = mass * v - cross(moment, w)
      let torque = inertiaX * w.x + inertiaY * w.y + inertiaZ * w.z + cross(moment, v)
      for j in 0...i {
        let element = (linear[j] * force + angular[j] * torque).sum()
        matrix.elements[8 * i + j] = element
        matrix.elements[8 * j + i] = element
      }
    }
    return matrix
  }
}
