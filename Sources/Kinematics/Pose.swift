/// A rigid transform. Read `baseFromTool` as "takes points in tool to points in base"; inner names cancel in products.
public struct Pose: Sendable, Equatable {
  public var rotation: Rotation
  /// [m]
  public var translation: SIMD3<Double>

  @inline(__always)
  public init(rotation: Rotation = .identity, translation: SIMD3<Double> = .zero) {
    self.rotation = rotation
    self.translation = translation
  }

  public static let identity = Pose()

  @inline(__always)
  public static func * (aFromB: Pose, bFromC: Pose) -> Pose {
    Pose(rotation: aFromB.rotation * bFromC.rotation, translation: aFromB * bFromC.translation)
  }

  /// The point's coordinates in a, given those in b.
  @inline(__always)
  public static func * (aFromB: Pose, pointInB: SIMD3<Double>) -> SIMD3<Double> { aFromB.rotation * pointInB + aFromB.translation }

  @inline(__always)
  public var inverse: Pose {
    let bFromA = rotation.inverse
    return Pose(rotation: bFromA, translation: -(bFromA * translation))
  }
}

/// A velocity of a rigid body: of the frame's origin, and of the body's turning, both in the same axes.
public struct Twist: Sendable, Equatable, BitwiseCopyable {
  /// [m/s]
  public var linear: SIMD3<Double>
  /// [rad/s]
  public var angular: SIMD3<Double>

  @inline(__always)
  public init(linear: SIMD3<Double> = .zero, angular: SIMD3<Double> = .zero) {
    self.linear = linear
    self.angular = angular
  }
}

/// A force on a rigid body at the frame's origin, and a torque, both in the same axes.
public struct Wrench: Sendable, Equatable {
  /// [N]
  public var force: SIMD3<Double>
  /// [N·m]
  public var torque: SIMD3<Double>

  @inline(__always)
  public init(force: SIMD3<Double> = .zero, torque: SIMD3<Double> = .zero) {
    self.force = force
    self.torque = torque
  }
}
