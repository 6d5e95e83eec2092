extension RobotModel {
  /// How fast the far end of a joint's link moves: the origin of the next joint, or of the tool for the last [m/s], in base axes.
  ///
  ///     v = Σ zᵢ × (p − pᵢ) q̇ᵢ (joints that turn) + zᵢ q̇ᵢ (joints that slide),    i up to the joint
  ///
  /// - Precondition: `joint < jointCount`, and both vectors are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func linkEndVelocity(of joint: Int, at q: JointVector, velocity: JointVector) -> SIMD3<Double> {
    endVelocity(of: coupling?.ownBody[joint] ?? joint, frames: placement(at: q).span, velocity: velocity)
  }

  /// How fast the place moves where a push met the arm that joints up to `joint` feel [m/s], in base axes: the first end of a link from there on
  /// that is `lever` [m] off the joint's axis, as a push on the axis would not be felt; else the tool.
  ///
  /// - Precondition: `joint < jointCount`, and both vectors are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints).
  public func pushedVelocity(feltBy joint: Int, lever: Double, at q: JointVector, velocity: JointVector) -> SIMD3<Double> {
    let placement = placement(at: q), frames = placement.span, own = coupling?.ownBody[joint] ?? joint
    var body = own
    while body + 1 < bodies.count {
      let away = cross(frames[own].z, frames[body + 1].origin - frames[own].origin).xyz
      if (away * away).sum() >= lever * lever { break }
      body += 1
    }
    return endVelocity(of: body, frames: frames, velocity: velocity)
  }

  private func endVelocity(of body: Int, frames: Span<Frame4>, velocity: JointVector) -> SIMD3<Double> {
    let bodies = bodies.span, rates = (coupling.map { $0.rates(velocity) } ?? velocity).scalars
    let end = body + 1 < bodies.count ? frames[body + 1].origin : (frames[body] * lastBodyFromTool).origin
    var sum = Vector4.zero
    for index in 0...body {
      let axis = frames[index].z * rates[index]
      sum += cross(axis * bodies[index].turns, end - frames[index].origin) + axis * bodies[index].slides
    }
    return sum.xyz
  }

  /// What a joint carries: its own link and all beyond [kg].
  public func mass(beyond joint: Int) -> Double { bodies[(coupling?.ownBody[joint] ?? joint)...].reduce(0) { $0 + $1.mass } }
}
