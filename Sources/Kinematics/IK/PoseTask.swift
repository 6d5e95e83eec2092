internal import Foundation

extension InverseKinematics {
  /// What a pose must meet: errors in base axes, with what is free projected away.
  struct Task {
    let goal: Pose
    let free: FreeAxes
    /// [1/m]
    let lengthWeight: Double
    /// Whether the tool has to be turned in any way.
    let bindsTurns: Bool

    /// - Parameter pointAlone: Leaves all orientation free, whatever `free` says of it.
    init(goal: Pose, free: FreeAxes, lengthWeight: Double, pointAlone: Bool = false) {
      (self.goal, self.free, self.lengthWeight) = (goal, free, lengthWeight)
      bindsTurns = free != .position && !pointAlone
    }

    /// From a pose to the goal.
    struct Error {
      /// [m]
      var linear: SIMD3<Double>
      /// Rotation vector [rad].
      var angular: SIMD3<Double>

      var residual: Residual { Residual(position: linear.length, orientation: angular.length) }
    }

    /// Whether all numbers are finite, and the goal near enough that the square of its distance is.
    var isFinite: Bool {
      let place = goal.translation * lengthWeight, sum = goal.rotation.x + goal.rotation.y + goal.rotation.z
      return (dot(place, place) + sum.x + sum.y + sum.z).isFinite
    }

    /// Half the squared weighted error.
    @inline(__always)
    func cost(of error: Error) -> Double {
      let linear = error.linear * lengthWeight
      return (linear * linear + error.angular * error.angular).sum() / 2
    }

    func error(of pose: Pose) -> Error {
      var linear = goal.translation - pose.translation
      if free == .plane { linear = goal.rotation.z * dot(goal.rotation.z, linear) }
      guard bindsTurns else { return Error(linear: linear, angular: .zero) }
      switch free {
      case .none: return Error(linear: linear, angular: (goal.rotation * pose.rotation.inverse).rotationVector)
      case .position: return Error(linear: linear, angular: .zero)
      case .axis, .plane: return Error(linear: linear, angular: Self.turn(from: pose.rotation, toZ: goal.rotation.z))
      }
    }

    /// The part of a twist, weighted, that changes the error of a pose with the z direction `toolZ`.
    @inline(__always)
    func bearing(_ linear: Vector4, _ angular: Vector4, toolZ: Vector4) -> (linear: Vector4, angular: Vector4) {
      if free == .none && bindsTurns { return (linear * lengthWeight, angular) }
      let goalZ = Vector4(goal.rotation.z)
      let seen = free == .plane ? goalZ * dot(goalZ, linear) : linear
      return (seen * lengthWeight, bindsTurns ? angular - toolZ * dot(toolZ, angular) : .zero)
    }

    /// The shortest turn of a frame that brings its z axis to `z`, as a rotation vector. Half turns go about the frame's x axis.
    private static func turn(from frame: Rotation, toZ z: SIMD3<Double>) -> SIMD3<Double> {
      let normal = cross(frame.z, z), sine = normal.length, cosine = dot(frame.z, z)
      if sine > 1e-9 { return normal * (atan2(sine, cosine) / sine) }
      return cosine > 0 ? normal : frame.x * .pi
    }
  }
}
