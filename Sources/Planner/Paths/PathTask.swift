internal import Foundation
internal import Kinematics

/// What a path asks of the tool, less what is left free.
///
/// Free directions are projected away from twists: P x has only what binds. With the path's z axis n and its rate n′ = ω × n,
///
///     axis:      P = 1 − n nᵀ on turning
///     position:  P = 0 on turning
///     plane:     P = n nᵀ on travel, 1 − n nᵀ on turning
struct PathTask {
  let free: InverseKinematics.FreeAxes
  let point: ToolPathPoint

  private var normal: SIMD3<Double> { point.pose.rotation.z }

  /// What binds of a twist.
  func bound(_ twist: Twist) -> Twist {
    switch free {
    case .none: twist
    case .position: Twist(linear: twist.linear)
    case .axis: Twist(linear: twist.linear, angular: twist.angular - dot(normal, twist.angular) * normal)
    case .plane: Twist(linear: dot(normal, twist.linear) * normal, angular: twist.angular - dot(normal, twist.angular) * normal)
    }
  }

  /// How many numbers bind.
  var boundCount: Int {
    switch free {
    case .none: 6
    case .axis: 5
    case .position, .plane: 3
    }
  }

  /// From a pose to the path, as far as it binds.
  func residual(of pose: Pose) -> Twist {
    let way = point.pose.translation - pose.translation
    switch free {
    case .none: return Twist(linear: way, angular: (point.pose.rotation * pose.rotation.inverse).rotationVector)
    case .position: return Twist(linear: way)
    case .axis, .plane:
      // The shortest turn that brings one z axis onto the other.
      let turn = cross(pose.rotation.z, normal), sine = turn.length
      let angular = sine > 1e-9 ? (atan2(sine, dot(pose.rotation.z, normal)) / sine) * turn : turn
      return Twist(linear: free == .plane ? dot(normal, way) * normal : way, angular: angular)
    }
  }

  /// The twist that keeps a tool on the path, at `offset` from the path's pose; the plane turns under it:
  ///
  ///     plane:  n·v = n·v_path − n′·offset
  func boundTwist(offset: SIMD3<Double>) -> Twist {
    var twist = point.twist
    if free == .plane { twist.linear -= dot(cross(twist.angular, normal), offset) * normal }
    return bound(twist)
  }

  /// The twist derivative that keeps a tool on the path which is there with a `twist` of its own, at `offset` from the path's pose.
  ///
  /// What is free may move: with λ = n·(ω − ω_path), the tool's own turning about n,
  ///
  ///     axis:   P α = P (α_path − λ n × ω_path)
  ///     plane:  n·a = n·a_path − 2 n′·(v − v_path) − n″·offset
  func boundDerivative(twist: Twist, offset: SIMD3<Double>) -> Twist {
    let path = point.twist
    var derivative = point.twistDerivative
    if free == .axis || free == .plane {
      derivative.angular -= dot(normal, twist.angular - path.angular) * cross(normal, path.angular)
    }
    if free == .plane {
      let turning = cross(path.angular, normal)
      let swinging = cross(point.twistDerivative.angular, normal) + cross(path.angular, turning)
      derivative.linear -= (2 * dot(turning, twist.linear - path.linear) + dot(swinging, offset)) * normal
    }
    return bound(derivative)
  }

  /// What the direction of what binds, turning with the path, adds to the derivative of a bound y: (1 − P) P′ y.
  func escape(of y: Twist) -> Twist {
    let turning = cross(point.twist.angular, normal)
    switch free {
    case .none, .position: return Twist()
    case .axis: return Twist(angular: -dot(turning, y.angular) * normal)
    case .plane: return Twist(linear: dot(normal, y.linear) * turning, angular: -dot(turning, y.angular) * normal)
    }
  }
}

extension Twist {
  /// The larger of both parts' lengths.
  var magnitude: Double { max(linear.length, angular.length) }

  static func + (a: Self, b: Self) -> Self { Twist(linear: a.linear + b.linear, angular: a.angular + b.angular) }
  static func - (a: Self, b: Self) -> Self { Twist(linear: a.linear - b.linear, angular: a.angular - b.angular) }
}
