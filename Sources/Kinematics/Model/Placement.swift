/// Where every moving body stands at one configuration, in base axes: the first pass of every kernel.
///
/// Entries beyond the model's bodies hold the base's frame.
typealias Placement = InlineArray<8, Frame4>

extension RobotModel {
  /// From base to tip: Rᵢ = Rᵢ₋₁·Xᵢ·Rz(qᵢ), pᵢ = pᵢ₋₁ + Rᵢ₋₁·xᵢ + zᵢ·dᵢ.
  @inline(__always)
  func placement(at jointPositions: JointVector) -> Placement {
    let q = bodyPositions(jointPositions)
    let (sines, cosines) = sineAndCosine(q.lanes * turning)
    let sineArray = JointScalars(sines), cosineArray = JointScalars(cosines), shiftArray = JointScalars(q.lanes * sliding)
    let sine = sineArray.span, cosine = cosineArray.span, shift = shiftArray.span, bodies = bodies.span
    return Placement { output in
      var frame = Frame4.identity
      for index in bodies.indices {
        let fixed = bodies[index].parentFromJoint
        let x = frame.turned(fixed.x), y = frame.turned(fixed.y), z = frame.turned(fixed.z)
        frame.origin += frame.turned(fixed.origin) + z * shift[index]
        frame.x = x * cosine[index] + y * sine[index]
        frame.y = y * cosine[index] - x * sine[index]
        frame.z = z
        output.append(frame)
      }
      while !output.isFull { output.append(.identity) }
    }
  }
}
