/// Where every moving body stands at one configuration, in base axes: the first pass of every kernel.
struct Placement {
  /// The columns of each body's rotation in the base; z is the joint's axis.
  var x = InlineArray<8, SIMD3<Double>>(repeating: .zero)
  var y = InlineArray<8, SIMD3<Double>>(repeating: .zero)
  var z = InlineArray<8, SIMD3<Double>>(repeating: .zero)
  /// Each body's origin in the base [m].
  var origin = InlineArray<8, SIMD3<Double>>(repeating: .zero)

  /// From base to tip: Rᵢ = Rᵢ₋₁·Xᵢ·Rz(qᵢ), pᵢ = pᵢ₋₁ + Rᵢ₋₁·xᵢ + zᵢ·dᵢ.
  @inline(__always)
  init(of bodies: Span<MovingBody>, at q: JointVector, turning: SIMD8<Double>, sliding: SIMD8<Double>) {
    let (sines, cosines) = sineAndCosine(q.lanes * turning)
    let sine = JointScalars(sines), cosine = JointScalars(cosines), shift = JointScalars(q.lanes * sliding)
    var rotation = Rotation.identity, position = SIMD3<Double>.zero
    for index in bodies.indices {
      let fixed = bodies[index].parentFromJoint
      let joint = rotation * fixed.rotation
      position += rotation * fixed.translation + joint.z * shift[index]
      rotation.x = joint.x * cosine[index] + joint.y * sine[index]
      rotation.y = joint.y * cosine[index] - joint.x * sine[index]
      rotation.z = joint.z
      x[index] = rotation.x
      y[index] = rotation.y
      z[index] = rotation.z
      origin[index] = position
    }
  }

  @inline(__always)
  func rotation(_ index: Int) -> Rotation { Rotation(x: x[index], y: y[index], z: z[index]) }

  @inline(__always)
  func pose(_ index: Int) -> Pose { Pose(rotation: rotation(index), translation: origin[index]) }
}

extension RobotModel {
  @inline(__always)
  func placement(at q: JointVector) -> Placement {
    precondition(q.count == jointCount, "the model has \(jointCount) joints, not \(q.count)")
    return Placement(of: bodies.span, at: q, turning: turning, sliding: sliding)
  }
}
