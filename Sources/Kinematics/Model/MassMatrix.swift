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
  /// - Source: R. Featherstone, *Rigid Body Dynamics Algorithms* (2008), equations 6.13 to 6.15 (table 6.2); shifting inertias: equation 2.63.
  public func massMatrix(at q: JointVector) -> JointMatrix {
    let placement = placement(at: q)
    return massMatrix(frames: placement.span)
  }

  @inline(__always)
  func massMatrix(frames: Span<Frame4>) -> JointMatrix {
    let bodies = bodies.span
    var linear = InlineArray<8, Vector4>(repeating: .zero), angular = InlineArray<8, Vector4>(repeating: .zero)
    for index in bodies.indices {
      angular[index] = frames[index].z * bodies[index].turns
      linear[index] = cross(frames[index].origin, angular[index]) + frames[index].z * bodies[index].slides
    }
    let v = linear.span, w = angular.span

    var matrix = JointMatrix(count: bodies.count)
    var mass = 0.0, moment = Vector4.zero, inertiaX = Vector4.zero, inertiaY = Vector4.zero, inertiaZ = Vector4.zero
    for i in bodies.indices.reversed() {
      // Rotate the body's inertia into base axes, R·I·Rᵀ, and shift it from the body's origin p to the base's:
      // I₀ = R·I·Rᵀ + (m p·p + 2 p·h)·1 − (m p + h) pᵀ − p hᵀ.
      let frame = frames[i], p = frame.origin, h = frame.turned(bodies[i].firstMoment)
      let x = frame.turned(bodies[i].inertiaX), y = frame.turned(bodies[i].inertiaY), z = frame.turned(bodies[i].inertiaZ)
      let shifted = bodies[i].mass * p + h, spread = dot(p, shifted + h)
      inertiaX += x * frame.x.x + y * frame.y.x + z * frame.z.x - shifted * p.x - p * h.x + Vector4(spread, 0, 0, 0)
      inertiaY += x * frame.x.y + y * frame.y.y + z * frame.z.y - shifted * p.y - p * h.y + Vector4(0, spread, 0, 0)
      inertiaZ += x * frame.x.z + y * frame.y.z + z * frame.z.z - shifted * p.z - p * h.z + Vector4(0, 0, spread, 0)
      mass += bodies[i].mass
      moment += shifted

      let force = mass * v[i] - cross(moment, w[i])
      let torque = inertiaX * w[i].x + inertiaY * w[i].y + inertiaZ * w[i].z + cross(moment, v[i])
      for j in 0...i {
        let element = (v[j] * force + w[j] * torque).sum()
        matrix.elements[8 * i + j] = element
        matrix.elements[8 * j + i] = element
      }
    }
    return coupling.map { $0.matrix(matrix) } ?? matrix
  }
}
