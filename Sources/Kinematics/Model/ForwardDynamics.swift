extension RobotModel {
  /// The joint accelerations that efforts cause.
  ///
  ///     (M(q) + armature)·q̈ = τ − C(q, q̇)          C: inverse dynamics at q̈ = 0
  ///
  /// - Parameters:
  ///   - q: Joint positions [rad; m for prismatic].
  ///   - velocity: [rad/s; m/s]
  ///   - effort: What the drives give, less friction [N·m; N].
  ///   - armature: Each rotor's inertia × ratio² [kg·m²]; none where nil.
  /// - Returns: [rad/s²; m/s²]. NaN where a joint moves no mass at all, as nothing would resist its effort.
  /// - Precondition: all are `jointCount` long.
  /// - Real-time: does not allocate, lock or throw. O(joints³), faster than the O(joints) algorithm for up to eight joints.
  /// - Source: R. Featherstone, *Rigid Body Dynamics Algorithms* (2008), section 6.1 and equation 6.1.
  public func forwardDynamics(at q: JointVector, velocity: JointVector, effort: JointVector, armature: JointVector? = nil) -> JointVector {
    precondition(velocity.count == jointCount && effort.count == jointCount, "velocity and effort have one number a joint")
    let placement = placement(at: q), frames = placement.span
    let bias = self.effort(frames: frames, velocity: velocity, acceleration: JointVector(count: jointCount))
    var matrix = massMatrix(frames: frames)
    if let armature {
      for joint in 0..<jointCount { matrix.elements[9 * joint] += armature[joint] }
    }
    return matrix.solution(of: effort - bias, leastPivot: JointMatrix.roundedPivot) ?? JointVector(repeating: .nan, count: jointCount)
  }
}
