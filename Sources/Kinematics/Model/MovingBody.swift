/// What moves with one joint, as constants that the kernels read straight through.
///
/// The body's frame sits on its joint with z along the joint's axis, so that the joint's own motion is Rz(q), or a shift by q along z.
/// Fixed joints, and joints that are held, are folded into `parentFromJoint`; the links behind them into the inertia.
struct MovingBody: Sendable {
  /// From the parent body's frame to this joint's frame at zero.
  let parentFromJoint: Frame4
  /// Mass × centre of mass in the body's frame [kg·m].
  private(set) var firstMoment = Vector4.zero
  /// The columns of the inertia about the body frame's origin, in its axes [kg·m²].
  private(set) var inertiaX = Vector4.zero, inertiaY = Vector4.zero, inertiaZ = Vector4.zero
  /// [kg]
  private(set) var mass = 0.0
  /// 1 for a joint that turns, else 0.
  let turns: Double
  /// 1 for a joint that slides, else 0.
  let slides: Double

  init(parentFromJoint: Pose, isSliding: Bool) {
    self.parentFromJoint = Frame4(parentFromJoint)
    turns = isSliding ? 0 : 1
    slides = isSliding ? 1 : 0
  }

  /// The same frame with something else in it.
  func filled(with content: Content) -> MovingBody {
    var body = MovingBody(parentFromJoint: parentFromJoint.pose, isSliding: slides == 1)
    (body.mass, body.firstMoment) = (content.mass, Vector4(content.firstMoment))
    body.inertiaX = Vector4(content.inertia.columnX)
    body.inertiaY = Vector4(content.inertia.columnY)
    body.inertiaZ = Vector4(content.inertia.columnZ)
    return body
  }

  @inline(__always)
  func inertiaTimes(_ v: Vector4) -> Vector4 { inertiaX * v.x + inertiaY * v.y + inertiaZ * v.z }

  /// The inertia about the centre of mass, in the body's axes [kg·m²].
  var centralInertia: SymmetricMatrix3 {
    guard mass > 0 else { return SymmetricMatrix3(xx: inertiaX.x, xy: inertiaX.y, xz: inertiaX.z, yy: inertiaY.y, yz: inertiaY.z, zz: inertiaZ.z) }
    let c = firstMoment / mass, square = (c * c).sum()
    return SymmetricMatrix3(
      xx: inertiaX.x - mass * (square - c.x * c.x), xy: inertiaX.y + mass * c.x * c.y, xz: inertiaX.z + mass * c.x * c.z,
      yy: inertiaY.y - mass * (square - c.y * c.y), yz: inertiaY.z + mass * c.y * c.z, zz: inertiaZ.z - mass * (square - c.z * c.z))
  }

  /// Adds a rigid piece, given by its mass [kg], the pose of its centre of mass, and its inertia about that in that pose's axes [kg·m²].
  ///
  /// By the parallel axis theorem: I₀ = R·I·Rᵀ + m·(|c|²·1 − c cᵀ).
  ///
  /// - Source: R. Featherstone, *Rigid Body Dynamics Algorithms* (2008), equation 2.63.
  mutating func add(mass: Double, bodyFromCenter: Pose, inertia: SymmetricMatrix3) {
    let c = bodyFromCenter.translation, square = dot(c, c), own = inertia.rotated(by: bodyFromCenter.rotation)
    self.mass += mass
    firstMoment += Vector4(mass * c)
    inertiaX += Vector4(own.columnX + mass * (SIMD3(square, 0, 0) - c * c.x))
    inertiaY += Vector4(own.columnY + mass * (SIMD3(0, square, 0) - c * c.y))
    inertiaZ += Vector4(own.columnZ + mass * (SIMD3(0, 0, square) - c * c.z))
  }
}
