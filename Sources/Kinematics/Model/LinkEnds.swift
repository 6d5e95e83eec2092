extension RobotModel {
  /// How fast the far end of a joint's link moves: the origin of the next joint, or of the tool for the last [m/s], in base axes.
  ///
  ///     v = Σ zᵢ × (p − pᵢ) q̇ᵢ (joints that turn) + zᵢ q̇ᵢ (joints that slide),    i up to the joint
  ///
  /// - Precondition: `joint < jointCount`, and both vectors are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func linkEndVelocity(of joint: Int, at q: JointVector, velocity: JointVector) -> SIMD3<Double> {
    let placement = placement(at: q), frames = placement.span, bodies = bodies.span
    let rates = (coupling.map { $0.rates(velocity) } ?? velocity).scalars, own = coupling?.ownBody[joint] ?? joint
    let end = own + 1 < bodies.count ? frames[own + 1].origin : (frames[own] * lastBodyFromTool).origin
    var sum = Vector4.zero
    for index in 0...own {
      let axis = frames[index].z * rates[index]
      sum += cross(axis * bodies[index].turns, end - frames[index].origin) + axis * bodies[index].slides
    }
    return sum.xyz
  }

  /// What a joint carries: its own link and all beyond [kg].
  public func mass(beyond joint: Int) -> Double { bodies[(coupling?.ownBody[joint] ?? joint)...].reduce(0) { $0 + $1.mass } }
}
