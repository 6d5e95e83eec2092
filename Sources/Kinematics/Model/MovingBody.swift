/// What moves with one joint, as constants that the kernels read straight through.
///
/// The body's frame sits on its joint with z along the joint's axis, so that the joint's own motion is Rz(q), or a shift by q along z.
/// Fixed joints, and joints that are held, are folded into `parentFromJoint`; the links behind them into the inertia.
struct MovingBody: Sendable {
  /// From the parent body's frame to this joint's frame at zero.
  var parentFromJoint: Pose
  /// 1 for a joint that turns, else 0.
  var turns: Double
  /// 1 for a joint that slides, else 0.
  var slides: Double
  /// [kg]
  var mass = 0.0
  /// Mass × centre of mass in the body's frame [kg·m].
  var firstMoment = SIMD3<Double>.zero
  /// About the body frame's origin, in its axes [kg·m²].
  var inertia = SymmetricMatrix3.zero

  /// Adds a rigid piece, given by its mass [kg], the pose of its centre of mass, and its inertia about that in that pose's axes [kg·m²].
  ///
  /// - Source: the parallel axis theorem, I₀ = R·I·Rᵀ + m·(|c|²·1 − c cᵀ); Featherstone, *Rigid Body Dynamics Algorithms* (2008), equation 2.63.
  mutating func add(mass: Double, bodyFromCenter: Pose, inertia: SymmetricMatrix3) {
    let c = bodyFromCenter.translation
    let square = (c * c).sum()
    self.mass += mass
    firstMoment += mass * c
    self.inertia =
      self.inertia + inertia.rotated(by: bodyFromCenter.rotation)
      + SymmetricMatrix3(
        xx: mass * (square - c.x * c.x), xy: -mass * c.x * c.y, xz: -mass * c.x * c.z,
        yy: mass * (square - c.y * c.y), yz: -mass * c.y * c.z, zz: mass * (square - c.z * c.z))
  }
}
